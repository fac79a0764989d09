// Runs the rules on one database: on its migrations and on its seeds.
import type { UpEffects } from '../../catalog/up-effect.js'
import { ignores, withoutIgnored } from '../../impact/ignored.js'
import { impactOf, type Config, type ImpactSettings } from '../../model/config.js'
import { lowerLevel, type Finding } from '../../model/finding.js'
import type { DatabaseReport } from '../../report/check-report.js'
import type { ChangeInput } from '../../rules/rule.js'
import { IMPACT_RULES } from '../../rules/index.js'
import { runRules } from '../../rules/run.js'
import { seedsFolderOf, type ReadDatabase, type ReadStream } from '../shared/read-database.js'

/**
 * The findings of the rules on one database. Migrations and seeds are checked as two separate streams: their versions
 * are independent.
 */
export function runDatabaseRules(options: {
  readonly read: ReadDatabase
  readonly report: DatabaseReport
  readonly effects: UpEffects
  readonly config: Pick<Config, 'checks' | 'maxFileBytes' | 'impact'>
  readonly change?: { readonly schema: ChangeInput; readonly seeds: ChangeInput } | undefined
  readonly judged?: ReadonlySet<string> | undefined
  readonly now: number
}): readonly Finding[] {
  const { read, effects, config, change, judged, now } = options
  const impact = impactOf(config, read.config)
  const report = withoutRelations(options.report, impact)
  const stream = (stream: ReadStream, own: DatabaseReport, change?: ChangeInput): readonly Finding[] =>
    runRules({
      input: {
        database: read.config.name,
        folder: stream === read.schema ? read.config.folder : seedsFolderOf(read.config),
        now,
        tool: stream.layout,
        naming: read.config.naming,
        maxFileBytes: config.maxFileBytes,
        files: stream.files,
        migrations: stream.migrations,
        problems: stream.problems,
        report: own,
        effects: stream === read.schema ? effects : new Map(),
        change,
        judged,
      },
      levels: { ...impactLevels(impact), ...config.checks },
    })
  const ofKind = (kind: 'schema' | 'seed') => report.migrations.filter((migration) => migration.kind === kind)
  const schema = stream(read.schema, { ...report, migrations: ofKind('schema') }, change?.schema)
  if (read.seeds === undefined) return schema
  const seeds = { ...report, migrations: ofKind('seed'), chain: undefined, notProved: undefined, ignored: [] }
  return [...schema, ...stream(read.seeds, seeds, change?.seeds)]
}

/** The facts that the rules judge; the report keeps all. */
function withoutRelations(report: DatabaseReport, { ignore }: ImpactSettings): DatabaseReport {
  if (ignore.length === 0) return report
  const isIgnored = ignores(ignore)
  const migrations = report.migrations.map((migration) =>
    migration.impact === undefined ? migration : { ...migration, impact: withoutIgnored(migration.impact, isIgnored) },
  )
  return { ...report, migrations }
}

/** The levels of the rules about a database in use, none higher than the user wants. */
const impactLevels = ({ level }: ImpactSettings): Config['checks'] =>
  Object.fromEntries(
    IMPACT_RULES.map((rule) => [
      rule.id,
      level === 'off' || rule.level === 'off' ? 'off' : lowerLevel(rule.level, level),
    ]),
  )
