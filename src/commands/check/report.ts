// What a check comes to: the proofs and the files of all databases -> findings, counts, verdict.
import type { ChangeInput } from '../../rules/rule.js'
import type { Settings } from '../../config/settings.js'
import { numberOf, type DatabaseChange } from '../../model/change.js'
import type { DebtEntry } from '../../model/baseline-findings.js'
import { compareFindings, type Finding } from '../../model/finding.js'
import type { LayoutName } from '../../model/migration.js'
import { nextVersion } from '../../model/next-version.js'
import { comesAfter } from '../../model/file-order.js'
import { versionInPath } from '../../model/path-version.js'
import type { OpenPulls } from '../../model/change.js'
import type { Fixed, Ignored, Report } from '../../report/check-report.js'
import { compareNumbers } from '../../model/version.js'
import type { Basis } from './base.js'
import { applyDebt } from './baseline-findings.js'
import { fixDatabase } from './fix.js'
import { judge } from './run-rules.js'
import type { ProvedDatabase } from './prove-database.js'
import type { ReadChange } from './changed-migrations.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { CheckRequest } from '../shared/request.js'
import { filesTouched, withoutOld, type Sorted } from './known-findings.js'
import { countAll, decide } from './verdict.js'
import { waive } from './waivers.js'
import type { World } from '../shared/context.js'

/** A database, what was proved of it, and what the change does to it where there is something to compare with. */
export type Judgeable = ProvedDatabase & { readonly read: ReadDatabase; readonly change: ReadChange | undefined }

/** What was learned of the surroundings of the databases. */
type Around = {
  readonly basis: Basis | undefined
  readonly others: OpenPulls | undefined
  readonly request: CheckRequest
  readonly settings: Settings
  readonly world: World
}

type Learned = Omit<Report, 'schema' | 'tool' | 'command' | 'started' | 'milliseconds' | 'server'>

/** `skipped` are folders in which no database was seen, `entries` the committed debt. Mends files where that was asked for. */
export async function conclude(
  options: Around & {
    readonly proved: readonly Judgeable[]
    readonly skipped: readonly Ignored[]
    readonly entries: readonly DebtEntry[]
  },
): Promise<Learned> {
  const { proved, basis, others, entries, request } = options
  const { files } = options.world
  const databases = withSkipped(
    proved.map(({ report }) => report),
    options.skipped,
  )
  const judged = proved.map((one) => judgeOne(one, options))
  const told = await applyDebt({
    sorted: { findings: judged.flatMap((one) => one.findings), setAside: judged.flatMap((one) => one.setAside) },
    entries,
    update: request.updateDebt,
    databases,
    files,
  })
  const findings: readonly Finding[] = told.findings.toSorted(compareFindings)
  const setAside = told.setAside.toSorted(compareFindings)
  const bugs = proved.flatMap(({ bug }) => (bug === undefined ? [] : [{ what: bug, fix: REPORT_BUG }]))
  const problems = [...proved.flatMap(({ problem }) => problem ?? []), ...bugs, ...(told.problem ? [told.problem] : [])]
  return {
    ...decide({ failOn: request.failOn, findings, databases }),
    counts: countAll(databases, findings, setAside),
    ...(basis && { change: { ...basis.report, notSeen: [...basis.report.notSeen, ...(others?.notSeen ?? [])] } }),
    databases,
    findings,
    setAside,
    problems: unique(problems),
    ...(request.fix && { fixed: await fixAll(proved, options.world) }),
  }
}

const REPORT_BUG =
  'The result is right: it was found by whole snapshots. Please report this as a bug of pg-migration-gate.'

function judgeOne({ read, report, effects, change }: Judgeable, { basis, others, settings, world }: Around): Sorted {
  const now = world.clock.now()
  const seen = (stream: DatabaseChange, layout: LayoutName, { branch, pull }: Basis['report']): ChangeInput => {
    const pulls = others?.pulls ?? []
    return {
      ...stream,
      branch,
      pull,
      pulls,
      next: nextFree({ ...stream, pulls }, { folder: report.folder, layout, now }),
    }
  }
  const compared = change &&
    basis && {
      schema: seen(change.schema, read.schema.layout.name, basis.report),
      seeds: seen(change.seeds, (read.seeds ?? read.schema).layout.name, basis.report),
    }
  const fresh = change && filesTouched(read, change)
  const said = judge({ read, report, effects, config: settings, change: compared, judged: fresh })
  const sorted = withoutOld(said, { fresh, report })
  return waive({ sorted, read, report, config: settings, compared: change !== undefined, now })
}

/**
 * The next version that nobody has, other pull requests included, written as the newest one is; undefined where no number
 * comes after it in the order of the tool.
 */
function nextFree(
  { base, tip, added, pulls }: Omit<ChangeInput, 'next' | 'branch' | 'pull'>,
  { folder, layout, now }: { readonly folder: string; readonly layout: LayoutName; readonly now: number },
): string | undefined {
  const theirs = pulls.flatMap(({ files }) => files.flatMap(({ path }) => versionInPath(path, folder) ?? []))
  const own = [...[...base, ...tip, ...added].map(numberOf), ...theirs]
  const newest = (tip.length > 0 ? tip : added).at(-1)
  const like = newest === undefined ? '00000' : numberOf(newest)
  const highest = own.reduce((a, b) => (compareNumbers(a, b) < 0 ? b : a), like)
  if (!/^\d/.test(like)) return undefined
  const next = nextVersion({ like, highest, now })
  return newest === undefined || comesAfter(layout, next, newest) ? next : undefined
}

async function fixAll(proved: readonly Judgeable[], { files, environment }: World): Promise<readonly Fixed[]> {
  const fixed: Fixed[] = []
  for (const { read, report } of proved) fixed.push(...(await fixDatabase({ read, report, files, environment })))
  return fixed
}

/** Folders beside the databases are told with the first one; they belong to none. */
const withSkipped = (
  reports: readonly Report['databases'][number][],
  skipped: readonly Ignored[],
): Report['databases'] =>
  reports.map((report, i) => (i === 0 ? { ...report, ignored: [...report.ignored, ...skipped] } : report))

/** A server that is not there is one problem, not one for each database. */
function unique<T extends { readonly what: string }>(problems: readonly T[]): readonly T[] {
  return problems.filter((problem, i) => problems.findIndex((other) => other.what === problem.what) === i)
}
