// What the answer behind a script says, and what has to be asked further because names travelled.
import type { SnapshotChange } from '../core/snapshot.js'
import { rowsOf } from './outcome.js'
import type { Session } from './session.js'
import type { CatalogueRow, CatalogueState } from './state.js'

/** `readAll` takes the whole catalogue into the state. */
export type Asked = {
  readonly session: Pick<Session, 'send'>
  readonly state: CatalogueState
  readonly readAll: () => Promise<SnapshotChange>
}

/** Takes the rows of gate_change; where names travelled, the dependents are read until nothing is renamed any more. */
export async function learn(asked: Asked, rows: readonly CatalogueRow[], renames: boolean): Promise<SnapshotChange> {
  const { session, state, readAll } = asked
  if (asksForAll(rows)) return readAll()
  const objects = await locked(asked, rows)
  if (asksForAll(objects)) return readAll()
  const { change, renamed } = state.apply(
    [...rows.filter((row) => row.class !== 'moved' && !row.class.startsWith('locked')), ...objects],
    renames,
  )
  if (renamed.length === 0) return change
  const all = new Map(change)
  let open = renamed
  while (open.length > 0) {
    if (open.some((row) => !['r', 't', 'p'].includes(row.class))) return merged(all, await readAll())
    const ids = (name: string): string => array(open.filter((row) => row.class === name).map((row) => row.id))
    const answers = await session.send(`SELECT pg_temp.gate_dependents(${ids('r')}, ${ids('t')}, ${ids('p')})`)
    const found = rowsOf(answers.at(-1))
    if (asksForAll(found)) return merged(all, await readAll())
    const next = state.apply(found)
    for (const [unit, document] of next.change) all.set(unit, document)
    open = next.renamed
  }
  return all
}

/** Types and routines that were locked although the script does not speak of any: they went with something else. */
async function locked({ session, state }: Asked, rows: readonly CatalogueRow[]): Promise<readonly CatalogueRow[]> {
  const told = new Set(rows.map((row) => `${row.class} ${row.id}`))
  const open = (lock: string, name: string): readonly string[] =>
    rows.flatMap(({ class: kind, id }) =>
      kind === lock && !told.has(`${name} ${id}`) && state.knows(name, id) ? [id] : [],
    )
  const [types, routines] = [open('locked type', 't'), open('locked routine', 'p')]
  if (types.length + routines.length === 0) return []
  const answers = await session.send(`SELECT pg_temp.gate_objects(${array(types)}, ${array(routines)})`)
  return rowsOf(answers.at(-1))
}

/** Whether the script changed rows of a table that is known. */
export const rowsMoved = (rows: readonly CatalogueRow[], state: CatalogueState): 'moved' | 'still' =>
  rows.some((row) => row.class === 'moved' && state.knows('r', row.id)) ? 'moved' : 'still'

const array = (oids: readonly string[]): string => `'{${oids.join(',')}}'`

const asksForAll = (rows: readonly CatalogueRow[]): boolean => rows.some((row) => row.class === 'full')

const merged = (first: SnapshotChange, second: SnapshotChange): SnapshotChange => new Map([...first, ...second])
