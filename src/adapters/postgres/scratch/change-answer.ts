// What a look has told -> the change, with the questions that it raises.
import type { SnapshotChange } from '../../../catalog/snapshot.js'
import { asksForAll, merged, rowsOf } from './send-result.js'
import { dependentsCall, objectsCall } from './change-questions.js'
import type { Answers } from '../simple-query.js'
import type { CatalogueRow, CatalogueState } from './catalogue-state.js'

/** `readAll` reads the whole catalogue into the state. */
export type Learning = {
  readonly state: CatalogueState
  readonly send: (text: string) => Promise<Answers>
  readonly readAll: () => Promise<SnapshotChange>
}

/**
 * Takes the rows of gate_change or gate_step into the state; where names travelled, the dependents are read until nothing
 * is renamed any more. `renames` says that names may have been swapped.
 */
export async function learn(
  rows: readonly CatalogueRow[],
  renames: boolean,
  learning: Learning,
): Promise<SnapshotChange> {
  const { state, readAll } = learning
  if (asksForAll(rows)) return readAll()
  const told = rows.filter((row) => row.class !== 'moved' && !row.class.startsWith('locked'))
  const { change, renamed } = state.apply([...told, ...(await lockedObjects(rows, learning))], renames)
  if (renamed.length === 0) return change
  const all = new Map(change)
  let open = renamed
  while (open.length > 0) {
    if (open.some((row) => !['r', 't', 'p'].includes(row.class))) return merged(all, await readAll())
    const found = await ask(dependentsCall(open, state), learning)
    if (asksForAll(found)) return merged(all, await readAll())
    // They print another name; that others print theirs differently needs a change of their own.
    const next = state.apply(found, false)
    for (const [unit, document] of next.change) all.set(unit, document)
    open = next.renamed
  }
  return all
}

/** Types and routines that were locked although the script does not speak of any: they went with something else. */
async function lockedObjects(rows: readonly CatalogueRow[], learning: Learning): Promise<readonly CatalogueRow[]> {
  const told = new Set(rows.map((row) => `${row.class} ${row.id}`))
  const open = (lock: string, name: string): readonly string[] =>
    rows.flatMap(({ class: kind, id }) =>
      kind === lock && !told.has(`${name} ${id}`) && learning.state.knows(name, id) ? [id] : [],
    )
  const types = open('locked type', 't')
  const routines = open('locked routine', 'p')
  return types.length + routines.length === 0 ? [] : ask(objectsCall(types, routines), learning)
}

const ask = async (call: string, { send }: Learning): Promise<readonly CatalogueRow[]> =>
  rowsOf((await send(`SELECT ${call}`)).at(-1))
