// The command `restore`: a backup put in the place of a live database, which is kept; or the last time that was done, undone.
import type { Observation, Way } from '../../release/preview.js'
import { UserError } from '../../model/errors.js'
import { refuseStranger, type Refused } from '../../release/gate.js'
import type { LiveReport, Stopped, SwappedIn, TargetReport } from '../../report/run-report.js'
import { digestOf, type Sheet } from '../../release/approval-digest.js'
import { shellWord } from '../../model/shell-quote.js'
import { identifier } from '../../sql/quote.js'
import type { Backed, Foreseen, Restored, Swapped } from '../../ports/backup.js'
import { liveReport, withTargets, type Reached, type Running } from '../live/run.js'
import { environmentOf, tlsIn } from '../live/connect.js'
import { pasted } from '../live/suggest-command.js'
import { refuseUnnamed } from './prepare.js'
import type { RestoreRequest } from '../shared/request.js'
import { locksOf } from '../live/bookkeeping-tables.js'
import { sinceSeen } from './swap-losses.js'
import { stoppedBy, targetReport } from '../live/target-report.js'
import type { World } from '../shared/context.js'

/** Ends with a report. Rejects with a UserError for wrong use, and for several databases. */
export async function restore(request: RestoreRequest, world: World): Promise<LiveReport> {
  const running: Running = { request, world }
  refuseUnnamed(running)
  const { archive, undo } = request
  if ((archive === undefined) === !undo) {
    const what = undo ? '--from and --undo contradict each other' : 'restore needs a backup'
    throw new UserError({ kind: 'use', what, fix: 'Say one of --from ARCHIVE and --undo.' })
  }
  const { clock } = world
  const started = clock.now()
  const start = clock.elapsed()
  return withTargets(running, { count: 'one' }, async ([one]) => {
    if (one === undefined) throw new Error('one database was asked for')
    const about = { one, request, running, start }
    const { target, refused, ways } = await (archive === undefined ? undoLast(about) : bringBack(about, archive))
    const sheet: Sheet = {
      format: 1,
      commit: undefined,
      environment: environmentOf(request, world),
      expires: new Date(started).toISOString(),
      databases: [],
    }
    return liveReport({
      running,
      started,
      start,
      targets: [target],
      ways,
      short: refused.length > 0,
      approval: { digest: digestOf(sheet), sheet, given: request.confirm, refused },
    })
  })
}

type About = {
  readonly one: Reached
  readonly request: RestoreRequest
  readonly running: Running
  readonly start: number
}
type Came = { readonly target: TargetReport; readonly refused: readonly Refused[]; readonly ways: readonly Way[] }

async function bringBack(about: About, archive: string): Promise<Came> {
  const { one, running, request } = about
  const { world } = running
  const { backups } = world
  if (one.opened === undefined)
    return { target: told(about, { seen: [], stopped: one.stopped }), refused: [], ways: [] }
  const { name } = one.read.config
  const backed = backedOf(about)
  const stranger = refuseStranger(world.origin)
  if (stranger.length > 0) return { target: told(about, { seen: [] }), refused: stranger, ways: [] }
  let came: Pick<Came, 'ways'> & { readonly seen: readonly Observation[] } = { seen: [], ways: [] }
  try {
    // A deploy that is under way would lose its database under its feet; what only states what it would do takes it nothing.
    if (confirmation(request, `${name} restore`).length === 0) await one.opened.target.lock(locksOf(one.opened))
    const restored = await backups.restore({ ...backed, archive, jobs: request.jobs })
    const { seen, ways } = (came = { seen: observed(restored), ways: keptWays(restored, name) })
    const refused = refusals(restored, request, name)
    if (refused.length > 0) return { target: told(about, { seen }), refused, ways }
    // Our own connection would be in the way.
    await one.opened.target.close()
    const swapped = await backups.swap({ ...backed, restored: restored.database })
    const done = [...seen, ...reasonSeen(request), swappedSeen(swapped)]
    return { target: told(about, { seen: done, swapped: 'restored' }), refused: [], ways: undoWays(about) }
  } catch (error) {
    return { target: told(about, { seen: came.seen, stopped: stoppedBy(error) }), refused: [], ways: came.ways }
  }
}

async function undoLast(about: About): Promise<Came> {
  const { one, running, request } = about
  const { name } = one.read.config
  if (one.opened === undefined)
    return { target: told(about, { seen: [], stopped: one.stopped }), refused: [], ways: [] }
  const stranger = refuseStranger(running.world.origin)
  if (stranger.length > 0) return { target: told(about, { seen: [] }), refused: stranger, ways: [] }
  const refused = confirmation(request, `${name} undo`)
  const { backups } = running.world
  try {
    if (refused.length === 0) await one.opened.target.lock(locksOf(one.opened))
    const foreseen = await backups.foresee(backedOf(about))
    const stated = [comingSeen(foreseen), ...sinceSeen(foreseen)]
    if (refused.length > 0) return { target: told(about, { seen: stated }), refused, ways: [] }
    await one.opened.target.close()
    const swapped = await backups.undo({ ...backedOf(about), coming: foreseen.coming })
    const seen = [...stated, ...reasonSeen(request), putBackSeen(swapped)]
    return { target: told(about, { seen, swapped: 'put back' }), refused: [], ways: [] }
  } catch (error) {
    return { target: told(about, { seen: [], stopped: stoppedBy(error) }), refused: [], ways: [] }
  }
}

function backedOf({ one, request, running }: About): Backed {
  const { config } = one.read
  const found = one.opened?.found
  return {
    name: config.name,
    dsn: config.dsn,
    signal: running.world.signal,
    tls: tlsIn(environmentOf(request, running.world)),
    history: found && { schema: found.schema, name: found.name },
  }
}

function told(
  { one, request, running, start }: About,
  more: {
    readonly seen: readonly Observation[]
    readonly stopped?: Stopped | undefined
    readonly swapped?: SwappedIn
  },
): TargetReport {
  const { world } = running
  return {
    ...targetReport({
      read: one.read,
      opened: one.opened,
      environment: environmentOf(request, world),
      standing: undefined,
      steps: [],
      notes: [],
      stopped: more.stopped,
      milliseconds: world.clock.elapsed() - start,
    }),
    seen: more.seen,
    ...(more.swapped && { swapped: more.swapped }),
  }
}

function observed({
  database,
  elsewhere,
  same,
  differences,
  rows,
  since,
  bound,
  notes,
}: Restored): readonly Observation[] {
  const apart = [
    ...differences.slice(0, 10).map(({ kind, identity }) => `${kind} ${identity}`),
    ...rows.slice(0, 10).map(({ table, backup, now }) => `${table} has ${now} rows instead of ${backup}`),
  ]
  return [
    { what: 'the backup is restored beside the live database', result: 'held', seen: database },
    ...(elsewhere === undefined
      ? []
      : [{ what: 'it is a backup of this database', result: 'broken' as const, seen: elsewhere }]),
    {
      what: 'it holds what was backed up',
      result: notes.length > 0 ? 'open' : same ? 'held' : 'broken',
      seen: notes.length > 0 ? notes.join(', ') : same ? 'compared with what stands beside it' : apart.join(', '),
    },
    ...sinceSeen({ since, bound }),
  ]
}

const comingSeen = ({ coming }: Foreseen): Observation => ({
  what: 'the database from before the last restore is kept',
  result: 'held',
  seen: coming,
})

const swappedSeen = ({ live, kept, ended, milliseconds }: Swapped): Observation => ({
  what: `${live} is the restored one now`,
  result: 'held',
  seen: `the former one is kept as ${kept}, ${ended} sessions were ended, ${Math.round(milliseconds)} ms without a database`,
})

const putBackSeen = ({ live, kept, ended, milliseconds }: Swapped): Observation => ({
  what: `${live} is the one from before the last restore again`,
  result: 'held',
  seen: `what was live until now, with all that was written to it, is kept as ${kept}; ${ended} sessions were ended, ${Math.round(milliseconds)} ms without a database`,
})

/** Nothing asks for it at night; where it was given it stands in the report. */
const reasonSeen = ({ reason }: RestoreRequest): readonly Observation[] =>
  reason === undefined ? [] : [{ what: 'reason written down', result: 'held', seen: reason }]

function refusals({ same, elsewhere }: Restored, request: RestoreRequest, name: string): readonly Refused[] {
  const fix = 'Look at what differs. To go on all the same: --accept-differences.'
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

function confirmation({ confirm }: RestoreRequest, typed: string): readonly Refused[] {
  if (confirm?.trim().replaceAll(/\s+/g, ' ') === typed) return []
  return [{ rule: 'confirmation', what: 'nobody has confirmed it', fix: `To go on: --confirm ${shellWord(typed)}` }]
}

const keptWays = ({ database }: Restored, name: string): readonly Way[] => [
  { what: `The restored copy of ${name} stays until it is dropped`, command: `DROP DATABASE ${identifier(database)};` },
]

function undoWays({ one, running }: About): readonly Way[] {
  const { name } = one.read.config
  const words = `--databases ${shellWord(name)} --undo --confirm ${shellWord(`${name} undo`)}`
  return [{ what: 'Take this back', command: pasted(running, 'restore', [words]) }]
}
