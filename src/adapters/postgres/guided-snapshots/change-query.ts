// The query that follows a script in its transaction and asks what the script changed in the catalogue, and its answer.
//
// Guided snapshots, on one page
//
// A proof needs the whole catalogue after each step. Reading all of it each time makes a proof about seven times as long, so
// it is read once, and after each step only what the step may have changed is read again:
//
// 1. `scratch/send-plan.ts` reads the text of a script. Are its changes *provable* (provable-changes.ts: locks and new OIDs
//    show all of them), or *unknown* (it may change rights or run code that does)? The answer is in sql/statement-kinds.ts.
// 2. This file makes the *change query*, a call of one of the functions of catalog/change.ts: `gate_step` for provable
//    changes, `gate_change` for all others, `gate_all` for the whole catalogue. It runs in the transaction of the script.
// 3. It also reads the *change answer*: one line for each object. It asks again for what prints the name of
//    something that was renamed, and reads the whole catalogue when the server answers that nothing less will do.
// 4. catalog-state.ts keeps what is known, by OID, and turns the answer into a change: documents by object group (`unit`),
//    such as a table with its columns, indexes and constraints. prove/snapshot-tracker.ts compares these.
//
// A wrong guess would be a wrong verdict. So prove/audit.ts compares the state with a whole catalogue now and then and at the
// end, and the proof is made again with full snapshots when they differ.
import type { SendPlan } from '../scratch/send-plan.js'
import type { CatalogState, CatalogRow, RelationPart } from './catalog-state.js'
import type { SnapshotChange } from '../../../catalog/snapshot.js'
import type { Answers } from '../simple-query.js'

/** Reads the whole catalogue. */
export const WHOLE_CATALOG = 'SELECT pg_temp.gate_all()'
/** A time limit that a script set for its own statements does not apply to ours. */
export const WITHOUT_TIME_LIMIT = 'SET LOCAL statement_timeout=0;'

/** How to read the change of a script: by what it touched, from the whole catalogue, or not at all. */
export type ReadChange = 'guided' | 'full' | 'none'

/** What decides how the change of a script is read. */
type ReadPlan = Pick<SendPlan, 'provableChanges' | 'unknownChanges' | 'domains' | 'setsSession'>

/**
 * For a statement about indexes that no transaction takes: a transaction that locks the table afterwards reads that table.
 * Only where `readsByLocks`.
 */
export const AFTER_INDEX: ReadPlan = {
  provableChanges: () => ({ triggers: false, comments: false, others: false, types: false, routines: false }),
  unknownChanges: false,
  domains: false,
  setsSession: true,
}

/** Whether locks show everything that a provable script changes: no event trigger and no earlier script adds any. */
export const readsByLocks = ({ state, options }: ReadFor): boolean =>
  options.session === 'reset' && !state.eventTriggers

type ReadFor = { readonly state: CatalogState; readonly options: { readonly session: 'reset' | 'shared' } }

/** Ends with a semicolon. Empty when nothing is read. */
export function changeQuery(plan: ReadPlan, read: ReadChange, database: ReadFor): string {
  if (read === 'none') return ''
  const { options } = database
  const head = plan.setsSession || options.session === 'shared' ? WITHOUT_TIME_LIMIT : ''
  return `${head}${read === 'full' ? WHOLE_CATALOG : `SELECT ${changeCall(plan, database)}`};`
}

const array = (oids: readonly string[]): string => `'{${oids.join(',')}}'`

const PARTS: readonly RelationPart[] = ['triggers', 'comments', 'others']

/** Arguments about rare parts: which ones a script may have made, and which relations had some before. */
function partArguments(state: CatalogState, made: Partial<Readonly<Record<RelationPart, boolean>>>): string {
  const relations = PARTS.map((part) => state.relationsWith(part))
  const flags = PARTS.map((part, i) => relations[i] === undefined || made[part] === true)
  return [...flags, ...relations.map((oids) => array(oids ?? [])), state.extensions].join(', ')
}

/** `gate_step` when all changes are provable and no event trigger or session can add any, else `gate_change`. */
function changeCall(plan: ReadPlan, database: ReadFor): string {
  const { state } = database
  const provable = plan.provableChanges()
  const newest = `${state.newestType}, ${state.newestRoutine}`
  if (provable !== undefined && readsByLocks(database)) {
    return `pg_temp.gate_step(${provable.types}, ${provable.routines}, ${newest}, ${partArguments(state, provable)})`
  }
  const domains = plan.domains || plan.unknownChanges ? state.domains : []
  return `pg_temp.gate_change(${plan.unknownChanges}, ${newest}, ${array(domains)}, ${partArguments(state, provable ?? {})})`
}

/** `gate_dependents` of the objects of an answer: what else prints their names. */
function dependentsCall(rows: readonly CatalogRow[], state: CatalogState): string {
  const ids = (name: string): string => array(rows.flatMap((row) => (row.class === name ? [row.id] : [])))
  return `pg_temp.gate_dependents(${ids('r')}, ${ids('t')}, ${ids('p')}, ${partArguments(state, {})})`
}

/** `gate_objects` of these OIDs: the objects as they are now. */
const objectsCall = (types: readonly string[], routines: readonly string[]): string =>
  `pg_temp.gate_objects(${array(types)}, ${array(routines)})`

/** `readAll` reads the whole catalogue into the state and returns the difference from before. */
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
      ...(name === 'r' && document !== undefined
        ? withoutNumbers(document)
        : { document: document ?? null, numbers: '' }),
    }
  })
}

/** Takes the numbers of columns (see `numbered` in catalog/sql.ts) out of the document of a relation. */
function withoutNumbers(document: string): Pick<CatalogRow, 'document' | 'numbers'> {
  const numbers: string[] = []
  const plain = document.replaceAll(/\[(\d+) "column"/g, (_, number: string) => {
    numbers.push(number)
    return '["column"'
  })
  return { document: plain, numbers: numbers.join(',') }
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

/** Whether the server answers that only the whole catalogue shows what changed. */
const needsWholeCatalog = (rows: readonly CatalogRow[]): boolean => rows.some((row) => row.class === 'full')

const mergeChanges = (first: SnapshotChange, second: SnapshotChange): SnapshotChange => new Map([...first, ...second])
