// The whole chain: all downs to empty, all ups again, and nothing left to do.
import { compareSnapshots } from '../core/compare.js'
import { sameness } from '../core/difference.js'
import type { History } from '../core/history.js'
import type { Migration, Script } from '../core/migration.js'
import type { ChainReport } from '../core/report.js'
import type { Snapshot } from '../core/snapshot.js'
import { stopIfCancelled } from './cancel.js'
import { downWord } from './words.js'
import type { Workplace } from './workplace.js'

/**
 * `applied` are the migrations whose up has run, in that order. The snapshots at both ends are read whole, not pieced
 * together. Rejects only when the server is gone.
 */
export async function proveChain(options: {
  readonly place: Workplace
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
  let milliseconds = 0
  let downs = 0
  for (const migration of [...applied].reverse()) {
    stopIfCancelled(options.signal)
    const stopped = { ...report, downs, stoppedAt: migration.id, milliseconds }
    if (migration.down === undefined)
      return { ...stopped, down: migration.irreversible === undefined ? 'missing' : 'irreversible' }
    const ran = await place.main.runBlind(migration.down, 'down')
    milliseconds += ran.milliseconds
    if (!ran.ok) return { ...stopped, down: 'failed', failure: ran.failure, milliseconds }
    downs++
  }
  const differences = compareSnapshots(empty, await place.main.snapshot())
  const down = downWord(
    differences,
    applied.flatMap((migration) => migration.down ?? []),
  )
  const undone = { ...report, down, downs, differences }
  const { history } = options
  await place.main.runBlind(bookkeeping(history.create(history.table)), 'up')
  for (const migration of applied) {
    stopIfCancelled(options.signal)
    if (migration.up === undefined) continue
    const ran = await place.main.runBlind(migration.up, 'up')
    milliseconds += ran.milliseconds
    if (!ran.ok) return { ...undone, again: 'failed', stoppedAt: migration.id, failure: ran.failure, milliseconds }
    await place.main.runBlind(bookkeeping(history.record(history.table, migration)), 'up')
  }
  const again = without(history, await place.main.snapshot())
  const againDifferences = compareSnapshots(without(history, head), again)
  const upToDate = await nothingToDo(place, history, applied)
  return { ...undone, again: sameness(againDifferences), againDifferences, upToDate, milliseconds }
}

/** Whether the tool, reading its own table now, would find something to apply: it must not. */
async function nothingToDo(
  place: Workplace,
  history: History,
  applied: readonly Migration[],
): Promise<ChainReport['upToDate']> {
  const rows = await place.main.read(history.read(history.table)).catch(() => undefined)
  return rows !== undefined && history.pending(applied, rows).length === 0 ? 'nothing to do' : 'runs again'
}

/** The tool's own table is not the chain's work. */
function without(history: History, snapshot: Snapshot): Snapshot {
  const name = history.table.replaceAll('"', '')
  const own = name.includes('.') ? name : `public.${name}`
  return new Map([...snapshot].filter(([unit]) => unit !== `relation ${own}` && unit !== `relation ${own}_id_seq`))
}

const bookkeeping = (text: string): Script => ({
  file: 'history',
  transaction: 'message',
  messages: [{ text, lines: [1], column: 1 }],
  checksum: '',
})
