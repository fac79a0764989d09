// Runs the rules on one database: on its migrations and on its seeds.
import type { UpEffects } from '../../catalog/up-effect.js'
import type { Config } from '../../model/config.js'
import type { Finding } from '../../model/finding.js'
import type { DatabaseReport } from '../../report/check-report.js'
import type { ChangeInput } from '../../rules/rule.js'
import { runRules } from '../../rules/run.js'
import type { ReadDatabase, ReadStream } from '../shared/read-database.js'

/**
 * The findings of the rules on one database. Migrations and seeds are checked as two separate streams: their versions
 * are independent.
 */
export function runDatabaseRules(options: {
  readonly read: ReadDatabase
  readonly report: DatabaseReport
  readonly effects: UpEffects
  readonly config: Pick<Config, 'checks' | 'maxFileBytes'>
  readonly change?: { readonly schema: ChangeInput; readonly seeds: ChangeInput } | undefined
  readonly judged?: ReadonlySet<string> | undefined
}): readonly Finding[] {
  const { read, report, effects, config, change, judged } = options
  const stream = (stream: ReadStream, own: DatabaseReport, change?: ChangeInput): readonly Finding[] =>
    runRules({
      input: {
        database: read.config.name,
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
      levels: config.checks,
    })
  const ofKind = (kind: 'schema' | 'seed') => report.migrations.filter((migration) => migration.kind === kind)
  const schema = stream(read.schema, { ...report, migrations: ofKind('schema') }, change?.schema)
  if (read.seeds === undefined) return schema
  const seeds = { ...report, migrations: ofKind('seed'), chain: undefined, notProved: undefined, ignored: [] }
  return [...schema, ...stream(read.seeds, seeds, change?.seeds)]
}
