// The whole chain: all downs to empty, all ups again, and nothing left to apply.
import { stopIfCancelled } from '../model/errors.js'
import { compareSnapshots } from '../catalog/compare-snapshots.js'
import { sameness } from '../catalog/difference.js'
import type { History } from '../state/history.js'
import { ownScript, type Migration, type Script } from '../model/migration.js'
import type { ChainReport } from '../report/check-report.js'
import { literal } from '../sql/quote.js'
import type { Snapshot } from '../catalog/snapshot.js'
import type { ReplayResult, ReplayStep } from '../ports/scratch.js'
import { downOutcome, refusal } from './migration-report.js'
import type { WorkingCopy } from './scratch-copies.js'

/**
 * Proves the chain as a whole. `applied` are the migrations whose up has run, in that order. The snapshots at both ends
 * are read in full, not assembled. Rejects only when the server is gone.
 */
export async function proveChain(options: {
  readonly place: WorkingCopy
  readonly applied: readonly Migration[]
  readonly empty: Snapshot
  readonly history: History
  readonly signal: AbortSignal
}): Promise<ChainReport> {
  const { place, applied, empty } = options
  const head = place.tracker.now
  const report: ChainReport = {
    down: 'not run',
    again: 'skipped',
    upToDate: 'not run',
    downs: 0,
    stoppedAt: undefined,
    differences: [],
    againDifferences: [],
    failure: undefined,
    milliseconds: 0,
  }
  const back = [...applied].reverse()
  const end = back.findIndex((migration) => migration.down === undefined)
  const steps = back.slice(0, end === -1 ? undefined : end)
  const downs = await replay(place, downSteps(steps), options.signal)
  const stopped = { ...report, downs: downs.done, stoppedAt: back[downs.done]?.id, milliseconds: downs.milliseconds }
  if (downs.failure !== undefined) return { ...stopped, down: 'failed', failure: downs.failure }
  const last = back[downs.done]
  if (last !== undefined) return { ...stopped, ...withoutDown(last) }
  const differences = compareSnapshots(empty, await place.main.snapshot())
  const down = downOutcome(
    differences,
    applied.flatMap((migration) => migration.down ?? []),
  )
  const undone = { ...report, down, downs: downs.done, differences, milliseconds: downs.milliseconds }
  const { history } = options
  await place.main.replay([{ script: bookkeeping(await createMissing(place, history)), direction: 'up' }])
  const ups = await replay(place, upSteps(applied, history), options.signal)
  const milliseconds = downs.milliseconds + ups.milliseconds
  if (ups.failure !== undefined) {
    return { ...undone, again: 'failed', stoppedAt: applied[ups.done]?.id, failure: ups.failure, milliseconds }
  }
  const again = without(history, await place.main.snapshot())
  const againDifferences = compareSnapshots(without(history, head), again)
  const upToDate = await nothingToDo(place, history, applied)
  return { ...undone, again: sameness(againDifferences), againDifferences, upToDate, milliseconds }
}

const downSteps = (migrations: readonly Migration[]): readonly ReplayStep[] =>
  migrations.flatMap(({ down }) => (down === undefined ? [] : [{ script: down, direction: 'down' }]))

const upSteps = (migrations: readonly Migration[], history: History): readonly ReplayStep[] =>
  migrations.flatMap((migration) => {
    const record = `${history.record(history.table, migration)};`
    return migration.up === undefined ? [] : [{ script: migration.up, direction: 'up', record }]
  })

function withoutDown(migration: Migration): Pick<ChainReport, 'down' | 'failure'> {
  if (migration.refused !== undefined) return { down: 'failed', failure: refusal(migration.refused, 'down') }
  return { down: migration.irreversible === undefined ? 'missing' : 'irreversible', failure: undefined }
}

/** The number of scripts between two checks for cancellation. */
const STRETCH = 100

async function replay(place: WorkingCopy, steps: readonly ReplayStep[], signal: AbortSignal): Promise<ReplayResult> {
  let done = 0
  let milliseconds = 0
  while (done < steps.length) {
    stopIfCancelled(signal)
    const part = await place.main.replay(steps.slice(done, done + STRETCH))
    done += part.done
    milliseconds += part.milliseconds
    if (part.failure !== undefined) return { done, failure: part.failure, milliseconds }
  }
  return { done, failure: undefined, milliseconds }
}

/**
 * Whether the tool finds nothing to apply after a chain whose ups have run already: they are recorded at once. Not run
 * where the chain protects the history table with a trigger that lets only its own program write there.
 */
export async function judgeHistory(
  place: WorkingCopy,
  history: History,
  applied: readonly Migration[],
): Promise<ChainReport['upToDate']> {
  const records = applied.map((migration) => `${history.record(history.table, migration)};`)
  const text = `${await createMissing(place, history)};${records.join('\n')}`
  const { failure } = await place.main.replay([{ script: bookkeeping(text), direction: 'up' }])
  return failure === undefined ? nothingToDo(place, history, applied) : 'not run'
}

/** Whether the tool, reading its history table now, would find a migration to apply: it must not. */
async function nothingToDo(
  place: WorkingCopy,
  history: History,
  applied: readonly Migration[],
): Promise<ChainReport['upToDate']> {
  const rows = await place.main.read(history.read(history.table)).catch(() => undefined)
  return rows !== undefined && history.pending(applied, rows).length === 0 ? 'nothing to do' : 'runs again'
}

/** SQL that makes the history table; empty where a migration made it already. */
async function createMissing(place: WorkingCopy, { create, table }: History): Promise<string> {
  const there = await place.main.read(`SELECT 1 FROM pg_class WHERE oid = to_regclass(${literal(table)})`)
  return there.length === 0 ? create(table) : ''
}

/** The snapshot without the history table, which does not belong to the chain. */
function without(history: History, snapshot: Snapshot): Snapshot {
  const name = history.table.replaceAll('"', '')
  const own = new Set([name, `public.${name}`].flatMap((one) => [`relation ${one}`, `relation ${one}_id_seq`]))
  return new Map([...snapshot].filter(([unit]) => !own.has(unit.replaceAll('"', ''))))
}

const bookkeeping = (text: string): Script => ownScript('history', text === '' ? [] : [text], 'message')
