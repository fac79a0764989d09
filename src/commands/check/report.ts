// Makes the report of a check from the proofs and files of all databases: findings, counts and verdict.
import type { ChangeInput } from '../../rules/rule.js'
import type { Settings } from '../../config/settings.js'
import { numberOf, type DatabaseChange, type OpenPulls } from '../../model/change.js'
import type { BaselineFinding } from '../../model/baseline-findings.js'
import { compareFindings, type Finding } from '../../model/finding.js'
import { versionedOf } from '../../model/migration.js'
import { type Order, comesAfter, versionInPath, compareNumbers } from '../../model/version.js'
import { nextVersion } from '../../model/next-version.js'
import type { Fixed, Ignored, Report, DatabaseReport } from '../../report/check-report.js'
import type { ComparisonBase } from './base.js'
import { applyBaseline } from './baseline-findings.js'
import { fixDatabase } from './fix.js'
import type { ProvedDatabase } from './prove-database.js'
import type { ChangedMigrations } from './changed-migrations.js'
import type { ReadDatabase, ReadStream } from '../shared/read-database.js'
import type { CheckRequest } from '../shared/request.js'
import { touchedFiles, separateKnownFindings, type SortedFindings } from './known-findings.js'
import { countResults, decideVerdict } from './verdict.js'
import { applyWaivers } from './waivers.js'
import type { World } from '../shared/context.js'
import { runRules } from '../../rules/run.js'
import type { Config } from '../../model/config.js'
import type { UpEffects } from '../../catalog/up-effect.js'

/** A database with its proof, and the change to it where there is something to compare with. */
export type CheckedDatabase = ProvedDatabase & {
  readonly read: ReadDatabase
  readonly change: ChangedMigrations | undefined
}

/** What else the findings depend on. */
type CheckContext = {
  readonly basis: ComparisonBase | undefined
  readonly others: OpenPulls | undefined
  readonly request: CheckRequest
  readonly settings: Settings
  readonly world: World
}

type CheckOutcome = Omit<Report, 'schema' | 'tool' | 'command' | 'started' | 'milliseconds' | 'server'>

/** `skipped`: folders without a database. `entries`: the committed list of known findings. With --fix it also writes repairs. */
export async function buildReport(
  options: CheckContext & {
    readonly proved: readonly CheckedDatabase[]
    readonly skipped: readonly Ignored[]
    readonly entries: readonly BaselineFinding[]
  },
): Promise<CheckOutcome> {
  const { proved, basis, others, entries, request } = options
  const { files } = options.world
  const databases = withSkippedFolders(
    proved.map(({ report }) => report),
    options.skipped,
  )
  const sorted = proved.map((one) => findingsOf(one, options))
  const result = await applyBaseline({
    sorted: { findings: sorted.flatMap((one) => one.findings), setAside: sorted.flatMap((one) => one.setAside) },
    entries,
    update: request.updateDebt,
    databases,
    files,
  })
  const findings: readonly Finding[] = result.findings.toSorted(compareFindings)
  const setAside = result.setAside.toSorted(compareFindings)
  const bugs = proved.flatMap(({ bug }) => (bug === undefined ? [] : [{ what: bug, fix: REPORT_BUG }]))
  const problems = [
    ...proved.flatMap(({ problem }) => problem ?? []),
    ...bugs,
    ...(result.problem ? [result.problem] : []),
  ]
  return {
    ...decideVerdict({ failOn: request.failOn, findings, setAside, databases }),
    counts: countResults(databases, findings, setAside),
    ...(basis && { change: { ...basis.report, notSeen: [...basis.report.notSeen, ...(others?.notSeen ?? [])] } }),
    databases,
    findings,
    setAside,
    problems: withoutRepeats(problems),
    ...(request.fix && { fixed: await fixDatabases(proved, options.world) }),
  }
}

const REPORT_BUG =
  'The result is correct: it comes from full snapshots. Please report this as a bug of pg-migration-gate.'

function findingsOf(
  { read, report, effects, change }: CheckedDatabase,
  { basis, others, settings, world }: CheckContext,
): SortedFindings {
  const now = world.clock.now()
  const seen = (stream: DatabaseChange, order: Order, { branch, pull }: ComparisonBase['report']): ChangeInput => {
    const pulls = others?.pulls ?? []
    return {
      ...stream,
      branch,
      pull,
      pulls,
      next: nextFreeVersion({ ...stream, pulls }, { folder: report.folder, order, now }),
    }
  }
  const compared = change &&
    basis && {
      schema: seen(change.schema, read.schema.layout.order.compare, basis.report),
      seeds: seen(change.seeds, (read.seeds ?? read.schema).layout.order.compare, basis.report),
    }
  const fresh = change && touchedFiles(read, change)
  const found = runDatabaseRules({ read, report, effects, config: settings, change: compared, judged: fresh })
  const sorted = separateKnownFindings(found, { fresh, report })
  return applyWaivers({ sorted, read, report, config: settings, compared: change !== undefined, now })
}

/**
 * The next version that neither this folder nor an open pull request uses, in the style of the newest one. Undefined where
 * no number comes after that one in the order of the tool.
 */
function nextFreeVersion(
  change: Pick<ChangeInput, 'base' | 'tip' | 'added' | 'pulls'>,
  { folder, order, now }: { readonly folder: string; readonly order: Order; readonly now: number },
): string | undefined {
  const { pulls } = change
  const base = versionedOf(change.base)
  const tip = versionedOf(change.tip)
  const added = versionedOf(change.added)
  const theirs = pulls.flatMap(({ files }) => files.flatMap(({ path }) => versionInPath(path, folder) ?? []))
  const own = [...[...base, ...tip, ...added].map(numberOf), ...theirs]
  const newest = (tip.length > 0 ? tip : added).at(-1)
  const like = newest === undefined ? '00000' : numberOf(newest)
  const highest = own.reduce((a, b) => (compareNumbers(a, b) < 0 ? b : a), like)
  if (!/^\d/.test(like)) return undefined
  const next = nextVersion({ like, highest, now })
  return newest === undefined || comesAfter(order, next, newest) ? next : undefined
}

async function fixDatabases(
  proved: readonly CheckedDatabase[],
  { files, environment }: World,
): Promise<readonly Fixed[]> {
  const fixed: Fixed[] = []
  for (const { read, report } of proved) fixed.push(...(await fixDatabase({ read, report, files, environment })))
  return fixed
}

/** Skipped folders belong to no database; the first one lists them. */
const withSkippedFolders = (
  reports: readonly Report['databases'][number][],
  skipped: readonly Ignored[],
): Report['databases'] =>
  reports.map((report, i) => (i === 0 ? { ...report, ignored: [...report.ignored, ...skipped] } : report))

/** Each problem once: a missing server is one problem, not one for each database. */
function withoutRepeats<T extends { readonly what: string }>(problems: readonly T[]): readonly T[] {
  return problems.filter((problem, i) => problems.findIndex((other) => other.what === problem.what) === i)
}

/**
 * The findings of the rules on one database. Migrations and seeds are checked as two separate streams: their versions
 * are independent.
 */
function runDatabaseRules(options: {
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
