// Makes the report of a check from the proofs and files of all databases: findings, counts and verdict.
import type { ChangeInput } from '../../rules/rule.js'
import type { Settings } from '../../config/settings.js'
import type { DatabaseChange, OpenPulls } from '../../model/change.js'
import type { BaselineFinding } from '../../model/baseline-findings.js'
import { WAITING_RULES } from '../../impact/judge/effect.js'
import { compareFindings, LEVELS, listFirst, type Finding } from '../../model/finding.js'
import type { Fixed, Ignored, Report } from '../../report/check-report.js'
import type { ComparisonBase } from './base.js'
import { applyBaseline } from './baseline-findings.js'
import { fixDatabase } from './fix.js'
import type { ProvedDatabase } from './prove-database.js'
import type { ChangedMigrations } from './changed-migrations.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { CheckRequest } from '../../requests/request.js'
import { isAboutFiles, separateOlder, type SortedFindings } from './known-findings.js'
import { countResults, decideVerdict } from './verdict.js'
import { applyWaivers } from './waivers.js'
import { withoutMerged, type Unmerged } from './unmerged.js'
import type { World } from '../shared/context.js'
import { runDatabaseRules } from './run-rules.js'
import { findingsAtBase, type ProvedBase } from './findings-at-base.js'
import { CHANGE_RULES, WAIVER_RULES } from '../../rules/index.js'

/** A database with its proof, and the change to it where there is something to compare with. */
export type CheckedDatabase = ProvedDatabase & {
  readonly read: ReadDatabase
  readonly change: ChangedMigrations | undefined
  /** Where there is nothing to compare with: what git knows not to be merged. */
  readonly unmerged: Unmerged | undefined
  /** Undefined where the base was not proved: nothing failed that the change does not touch. */
  readonly base: ProvedBase | undefined
  /** What could not be found out about the base, in sentences. */
  readonly notSeen: readonly string[]
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
  const sorted = await Promise.all(proved.map((one) => findingsOf(one, options)))
  const result = await applyBaseline({
    sorted: { findings: sorted.flatMap((one) => one.findings), setAside: sorted.flatMap((one) => one.setAside) },
    entries,
    update: request.updateDebt,
    databases,
    files,
  })
  const findings: readonly Finding[] = result.findings.toSorted(ownFirst(proved))
  const setAside = result.setAside.toSorted(compareFindings)
  const notSeen = [...(basis?.report.notSeen ?? []), ...proved.flatMap((one) => one.notSeen)]
  const bugs = proved.flatMap(({ bug }) => (bug === undefined ? [] : [{ what: bug, fix: REPORT_BUG }]))
  const problems = [
    ...proved.flatMap(({ problem }) => problem ?? []),
    ...bugs,
    ...proved.flatMap(({ refused }) => refused.map((what) => ({ what: `The fixture ${what}`, fix: FIX_FIXTURE }))),
    ...(result.problem ? [result.problem] : []),
  ]
  return {
    ...decideVerdict({ failOn: request.failOn, findings, setAside, databases }),
    counts: countResults(databases, findings, setAside),
    ...(basis && { change: { ...basis.report, notSeen: [...notSeen, ...(others?.notSeen ?? [])] } }),
    databases,
    findings: listFirst(findings),
    setAside: listFirst(setAside),
    problems: withoutRepeats(problems),
    ...(request.fix && { fixed: await fixDatabases(proved, findings, options.world) }),
  }
}

const FIX_FIXTURE = 'Correct the file. The impact was watched without its rows; the proof does not depend on them.'

const REPORT_BUG =
  'The result is correct: it comes from full snapshots. Please report this as a bug of pg-migration-gate.'

/** Errors first. Then what the change does to merged files, what is wrong in its steps, what is elsewhere, and what follows. */
function ownFirst(proved: readonly CheckedDatabase[]): (a: Finding, b: Finding) => number {
  const touched = new Set(
    proved.flatMap(({ report }) =>
      report.migrations.flatMap(({ id, touched }) =>
        touched === undefined ? [] : [JSON.stringify([report.name, id])],
      ),
    ),
  )
  const rank = ({ rule, database, migration, follows }: Finding): number => {
    if (ABOUT_CHANGES.has(rule)) return 0
    if (follows !== undefined) return 3
    return touched.has(JSON.stringify([database, migration])) ? 1 : 2
  }
  return (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || rank(a) - rank(b) || compareFindings(a, b)
}

const ABOUT_CHANGES = new Set(CHANGE_RULES.map(({ id }) => id))

async function findingsOf(
  { read, report, effects, change, unmerged, base }: CheckedDatabase,
  { basis, others, settings, world, request }: CheckContext,
): Promise<SortedFindings> {
  const now = world.clock.now()
  const seen = (
    stream: DatabaseChange,
    from: ChangedMigrations,
    { branch, pull }: ComparisonBase['report'],
  ): ChangeInput => ({
    ...stream,
    checksums: stream === from.schema ? from.checksums : undefined,
    branch,
    baseTexts: from.baseTexts,
    moved: from.base.moved,
    pull,
    pulls: others?.pulls ?? [],
  })
  const input = change &&
    basis && { schema: seen(change.schema, change, basis.report), seeds: seen(change.seeds, change, basis.report) }
  const judged = change?.changedFiles
  const found = runDatabaseRules({ read, report, effects, config: settings, change: input, judged, now })
  const waiving = { read, report, config: settings, compared: change !== undefined, now }
  // The list of known findings holds all of them.
  if (change === undefined || request.updateDebt) {
    return applyWaivers({ ...waiving, sorted: withoutMerged(found, request.updateDebt ? undefined : unmerged) })
  }
  const isAsked = base !== undefined || found.some(isAboutFiles)
  const atBase = isAsked ? await findingsAtBase({ change, base, settings, world }) : undefined
  const compared = { change, report, proves: request.proof !== 'none', base: atBase }
  const waived = applyWaivers({ ...waiving, sorted: separateOlder(found, compared) })
  const isOfWaiver = ({ rule }: Finding): boolean => ABOUT_WAIVERS.has(rule)
  const waivers = separateOlder(waived.findings.filter(isOfWaiver), compared)
  return {
    findings: [...waived.findings.filter((finding) => !isOfWaiver(finding)), ...waivers.findings],
    setAside: [...waived.setAside, ...waivers.setAside],
  }
}

const ABOUT_WAIVERS = new Set(WAIVER_RULES.map(({ id }) => id))

/** What is waived or known keeps its files. */
const WAITING: ReadonlySet<string> = new Set(WAITING_RULES)

async function fixDatabases(
  proved: readonly CheckedDatabase[],
  findings: readonly Finding[],
  { files, environment }: World,
): Promise<readonly Fixed[]> {
  const waits = findings.filter(({ rule }) => WAITING.has(rule))
  const fixed: Fixed[] = []
  for (const { read, report } of proved) {
    const own = waits.filter(({ database }) => database === report.name)
    const waiting = new Set(own.flatMap(({ migration }) => migration ?? []))
    fixed.push(...(await fixDatabase({ read, report, waiting, files, environment })))
  }
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
