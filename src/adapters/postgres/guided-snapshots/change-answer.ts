// Turns the answer of the change query into the change, with further queries for renamed objects.
import type { SnapshotChange } from '../../../catalog/snapshot.js'
import type { Answers } from '../simple-query.js'
import type { CatalogRow, CatalogState } from './catalog-state.js'
import { dependentsCall, objectsCall } from './change-query.js'

/** `readAll` reads the whole catalog into the state and returns the difference from before. */
export type AnswerContext = {
  readonly state: CatalogState
  readonly send: (text: string) => Promise<Answers>
  readonly readAll: () => Promise<SnapshotChange>
}

/** The lines of an answer (see `line` in catalog/sql.ts). */
export function parseRows(answer: Answers[number] | undefined): readonly CatalogRow[] {
  const [text] = (answer?.rows[0] ?? []) as (string | null)[]
  if (text === null || text === undefined || text === '') return []
  return text.split('\n').map((line) => {
    const [name = '', id = '', unit, document] = line.split('\t')
    return {
      class: name,
      id,
      unit: unit === undefined ? null : (JSON.parse(unit) as string),
      document: document ?? null,
    }
  })
}

/**
 * Adds the rows of gate_change or gate_step to the state. For renamed objects it reads what prints their names, until
 * no object is renamed any more. `renames` says that columns may have swapped their names.
 */
export async function readAnswer(
  rows: readonly CatalogRow[],
  renames: boolean,
  context: AnswerContext,
): Promise<SnapshotChange> {
  const { state, readAll } = context
  if (needsWholeCatalog(rows)) return readAll()
  const objects = rows.filter((row) => row.class !== 'moved' && !row.class.startsWith('locked'))
  const { change, renamed } = state.apply([...objects, ...(await lockedObjects(rows, context))], renames)
  if (renamed.length === 0) return change
  const all = new Map(change)
  let open = renamed
  while (open.length > 0) {
    if (open.some((row) => !['r', 't', 'p'].includes(row.class))) return mergeChanges(all, await readAll())
    const dependents = await ask(dependentsCall(open, state), context)
    if (needsWholeCatalog(dependents)) return mergeChanges(all, await readAll())
    // These print another name. Others print them differently only if these change themselves.
    const next = state.apply(dependents, false)
    for (const [unit, document] of next.change) all.set(unit, document)
    open = next.renamed
  }
  return all
}

/** Types and routines that are locked although the script does not name any: they were dropped with another object. */
async function lockedObjects(rows: readonly CatalogRow[], context: AnswerContext): Promise<readonly CatalogRow[]> {
  const answered = new Set(rows.map((row) => `${row.class} ${row.id}`))
  const lockedOnly = (lock: string, name: string): readonly string[] =>
    rows.flatMap(({ class: kind, id }) =>
      kind === lock && !answered.has(`${name} ${id}`) && context.state.knows(name, id) ? [id] : [],
    )
  const types = lockedOnly('locked type', 't')
  const routines = lockedOnly('locked routine', 'p')
  return types.length + routines.length === 0 ? [] : ask(objectsCall(types, routines), context)
}

const ask = async (call: string, { send }: AnswerContext): Promise<readonly CatalogRow[]> =>
  parseRows((await send(`SELECT ${call}`)).at(-1))

/** Whether the server answers that only the whole catalog shows what changed. */
const needsWholeCatalog = (rows: readonly CatalogRow[]): boolean => rows.some((row) => row.class === 'full')

const mergeChanges = (first: SnapshotChange, second: SnapshotChange): SnapshotChange => new Map([...first, ...second])
