// The command `restore`: a backup replaces a live database, which is kept. With --undo the last restore is rolled back.
import type { Observation, LiveReport, Stopped, SwappedIn, Way } from '../../report/run-report.js'
import { UserError } from '../../model/errors.js'
import type { Difference } from '../../catalog/difference.js'
import { refuseStranger, unconfirmed, type Refused } from '../../release/gate.js'
import { digestOf, type ApprovalPlan } from '../../release/approval-digest.js'
import { shellWord } from '../../model/shell-quote.js'
import { identifier } from '../../sql/quote.js'
import type { Foreseen, Restored, Swapped, TableRows } from '../../ports/backup.js'
import { connectTargets, locksOf } from '../live/connect.js'
import { runReport, targetReport } from '../live/report.js'
import { requireEnvironment, startRun, type Run } from '../live/run.js'
import { backedOf, stoppedBy, type ConnectedTarget, type Staged } from '../live/target.js'
import type { RestoreRequest } from '../../requests/request.js'
import { suggestCommand } from '../../requests/suggested-command.js'
import type { World } from '../shared/context.js'
import { firstFew } from '../../model/list-words.js'

/** Ends with a report. Rejects with a UserError for wrong use, and for several databases. */
export async function restore(request: RestoreRequest, world: World): Promise<LiveReport> {
  requireEnvironment(request, world)
  const { archive, undo } = request
  if ((archive === undefined) === !undo) {
    const what = undo ? '--from and --undo contradict each other' : 'restore needs a backup'
    throw new UserError({ kind: 'use', what, fix: 'Give either --from ARCHIVE or --undo.' })
  }
  const run = startRun(request, world)
  try {
    const { targets } = await connectTargets(run, { count: 'one' })
    const [one] = targets
    if (one === undefined) throw new Error('one database was asked for')
    const { seen, stopped, swapped, refused, ways } = await swapTarget(run, one)
    const report = targetReport(run, one, {
      standing: undefined,
      steps: [],
      notes: [],
      stopped,
      milliseconds: world.clock.elapsed() - run.start,
    })
    const plan: ApprovalPlan = {
      format: 1,
      commit: undefined,
      environment: run.environment,
      expires: new Date(run.started).toISOString(),
      databases: [],
    }
    return runReport(run, [{ ...report, seen, ...(swapped && { swapped }) }], {
      ways,
      short: refused.length > 0,
      approval: { digest: digestOf(plan), sheet: plan, given: request.confirm, refused },
    })
  } finally {
    await run.end()
  }
}

/** The result for a target. `seen` and `ways` hold what is known until it was `stopped`. */
type SwapResult = {
  readonly seen: readonly Observation[]
  readonly stopped?: Stopped
  readonly swapped?: SwappedIn
  readonly refused: readonly Refused[]
  readonly ways: readonly Way[]
}

const NOTHING = { seen: [], refused: [], ways: [] } as const

async function swapTarget(run: Run<RestoreRequest>, one: Staged<ConnectedTarget>): Promise<SwapResult> {
  if (one.stopped !== undefined) return { ...NOTHING, stopped: one.stopped }
  const refused = refuseStranger(run.world.origin)
  if (refused.length > 0) return { ...NOTHING, refused }
  const { archive } = run.request
  return archive === undefined ? undoLast(run, one) : bringBack(run, one, archive)
}

async function bringBack(run: Run<RestoreRequest>, one: ConnectedTarget, archive: string): Promise<SwapResult> {
  const { request, world } = run
  const { name } = one.read.config
  const backed = backedOf(run, one)
  let known: Pick<SwapResult, 'seen' | 'ways'> = NOTHING
  try {
    // The lock keeps a running deploy from losing its database. A restore that is not confirmed locks nothing.
    if (confirmation(request, `${name} restore`).length === 0) await one.target.lock(locksOf(one))
    const { free } = await world.inspection.room(one.target, [])
    const restored = await world.backups.restore({ ...backed, archive, jobs: request.jobs, free })
    known = { seen: observed(restored, free), ways: keptWays(restored, name) }
    const refused = refusals(restored, request, name)
    if (refused.length > 0) return { ...known, refused }
    // Our own connection would block the swap.
    await one.target.close()
    const swapped = await world.backups.swap({ ...backed, restored: restored.database })
    const seen = [
      ...copySeen(restored),
      ...sinceSeen(restored, swapped.kept),
      ...reasonSeen(request),
      swappedSeen(swapped),
    ]
    return { seen, swapped: 'restored', refused: [], ways: undoWays(run, name) }
  } catch (error) {
    return { ...known, stopped: stoppedBy(error), refused: [] }
  }
}

async function undoLast(run: Run<RestoreRequest>, one: ConnectedTarget): Promise<SwapResult> {
  const { request, world } = run
  const backed = backedOf(run, one)
  const refused = confirmation(request, `${one.read.config.name} undo`)
  try {
    if (refused.length === 0) await one.target.lock(locksOf(one))
    const foreseen = await world.backups.foresee(backed)
    const stated = [comingSeen(foreseen), ...sinceSeen(foreseen)]
    if (refused.length > 0) return { seen: stated, refused, ways: [] }
    await one.target.close()
    const swapped = await world.backups.undo({ ...backed, coming: foreseen.coming })
    return {
      seen: [comingSeen(foreseen), ...sinceSeen(foreseen, swapped.kept), ...reasonSeen(request), putBackSeen(swapped)],
      swapped: 'put back',
      refused: [],
      ways: [],
    }
  } catch (error) {
    return { ...NOTHING, stopped: stoppedBy(error) }
  }
}

const observed = (restored: Restored, free: number | undefined): readonly Observation[] => [
  ...copySeen(restored),
  ...roomSeen(restored, free),
  ...sinceSeen(restored),
]

/** Whether the copy is what it should be. */
function copySeen(restored: Restored): readonly Observation[] {
  const { database, made, eased, elsewhere, same, differences, rows, notes } = restored
  const apart = [
    ...differences.slice(0, 10).map(({ kind, identity }) => `${kind} ${identity}`),
    ...rows.slice(0, 10).map(({ table, backup, now }) => `${table} has ${now} rows instead of ${backup}`),
  ]
  return [
    {
      what: 'the backup is restored next to the live database',
      result: 'held',
      seen: made.by === 'this start' ? database : `${database}, by an earlier start, and unchanged since`,
    },
    ...eased.map((seen) => ({
      what: 'pg_restore alone fails on this backup; restored all the same',
      result: 'open' as const,
      seen,
    })),
    ...(elsewhere === undefined
      ? []
      : [{ what: 'it is a backup of this database', result: 'broken' as const, seen: elsewhere }]),
    {
      what: 'it holds what was backed up',
      result: notes.length > 0 ? 'open' : same ? 'held' : 'broken',
      seen: notes.length > 0 ? notes.join(', ') : same ? 'compared with its description' : apart.join(', '),
    },
  ]
}

/** What the copy takes on the disk of the server, until it is swapped in or dropped. */
function roomSeen({ made }: Restored, free: number | undefined): readonly Observation[] {
  if (made.by !== 'this start') return []
  const before = free === undefined ? 'how much was free is unknown' : `${megabytes(free)} were free before`
  return [
    {
      what: 'the copy takes room on the disk of the server',
      result: 'open',
      seen: `${megabytes(made.bytes)}; ${before}`,
    },
  ]
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`

const comingSeen = ({ coming }: Foreseen): Observation => ({
  what: 'the database from before the last restore is kept',
  result: 'held',
  seen: coming,
})

const swappedSeen = ({ live, kept, ended, milliseconds }: Swapped): Observation => ({
  what: `${live} is now the restored database`,
  result: 'held',
  seen: `the previous one is kept as ${kept}, ${ended} sessions were ended, ${Math.round(milliseconds)} ms without a database`,
})

const putBackSeen = ({ live, kept, ended, milliseconds }: Swapped): Observation => ({
  what: `${live} is again the database from before the last restore`,
  result: 'held',
  seen: `what was live until now, with all that was written to it, is kept as ${kept}; ${ended} sessions were ended, ${Math.round(milliseconds)} ms without a database`,
})

/** The reason is optional. If it is given, it is in the report. */
const reasonSeen = ({ reason }: RestoreRequest): readonly Observation[] =>
  reason === undefined ? [] : [{ what: 'reason recorded', result: 'held', seen: reason }]

function refusals({ same, elsewhere }: Restored, request: RestoreRequest, name: string): readonly Refused[] {
  const fix = 'Look at the differences. To continue anyway: --accept-differences.'
  const stranger = elsewhere !== undefined && request.differences !== 'accept'
  return [
    ...(stranger
      ? [{ rule: 'plan' as const, what: `${name}: the backup is of another database: ${elsewhere}`, fix }]
      : []),
    ...(same || request.differences === 'accept'
      ? []
      : [{ rule: 'plan' as const, what: `${name}: the backup does not hold what was backed up`, fix }]),
    ...confirmation(request, `${name} restore`),
  ]
}

function confirmation({ confirm }: RestoreRequest, due: string): readonly Refused[] {
  if (confirm?.trim().replaceAll(/\s+/g, ' ') === due) return []
  return [unconfirmed(confirm, due)]
}

const keptWays = ({ database }: Restored, name: string): readonly Way[] => [
  {
    what: `The restored copy of ${name} stays: the confirmed restore takes it. To drop it instead`,
    command: `DROP DATABASE ${identifier(database)};`,
  },
]

function undoWays(run: Run, name: string): readonly Way[] {
  const words = `--databases ${shellWord(name)} --undo --confirm ${shellWord(`${name} undo`)}`
  return [{ what: 'Undo this', command: suggestCommand(run, 'restore', [words]) }]
}

const VERBS = { 'left behind': 'adds', lost: 'drops', changed: 'changes' } as const

const effectWords = ({ change, kind, identity, was }: Difference): string =>
  was === undefined ? `${VERBS[change]} ${kind} ${identity}` : `renames ${kind} ${was} to ${identity}`

/**
 * What is lost if another database replaces the live one. `kept` is the name of the former live one after a swap, which
 * still holds it.
 */
function sinceSeen({ since, bound }: Pick<Foreseen, 'since' | 'bound'>, kept?: string): readonly Observation[] {
  const apart = ({ table, backup, now }: TableRows): string => `${table} ${backup} -> ${now} rows`
  const real = since.schema.filter((one) => one.class === 'real')
  const schema = firstFew(real.map(effectWords))
  const where = kept === undefined ? 'would be lost' : `is only in ${kept} now`
  return [
    {
      what: `what was written since ${where}`,
      result: 'open',
      seen:
        since.rows.length === 0
          ? 'no number of rows has changed; changed rows cannot be counted'
          : since.rows.slice(0, 20).map(apart).join(', '),
    },
    ...open(
      kept === undefined ? 'the history of migrations would go along' : 'the history of migrations went along',
      since.history === undefined ? '' : apart(since.history),
    ),
    ...open(
      kept === undefined
        ? 'schema changes since then would be lost, with their data'
        : `schema changes since then are only in ${kept} now, with their data`,
      schema,
    ),
    ...open('what stays with the previous database: no backup holds it, so it must be created again', firstFew(bound)),
  ]
}

const open = (what: string, seen: string): readonly Observation[] =>
  seen === '' ? [] : [{ what, result: 'open', seen }]
