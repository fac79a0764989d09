// Rows that the statements of a step remove or overwrite, with what foreign keys do to rows that refer to them.
import { nameIn } from '../../sql/clauses.js'
import { retypesOf } from '../../sql/effects/retypes.js'
import { rowChangesOf, type Condition, type RowChange, type Written } from '../../sql/effects/row-changes.js'
import type { Statement } from '../../sql/statements.js'
import { lastPart } from '../derive/names.js'
import type { PossibleLoss } from '../data-loss.js'
import { cascadesOfDelete, truncatedWith } from './cascades.js'
import { below, whyNot, withLiveNames, type Asked, type Found } from './countable.js'
import { EARLIER, type Change, type Course } from './course.js'
import { later } from './dropped.js'
import { howMany, rowsFound, rowsOf } from './questions.js'
import type { Table } from './relations.js'
import type { StepFacts, Writing } from './step-facts.js'
import { updateLosses, upsertLosses } from './updated.js'

/**
 * `losses` are those of the statements in their order, `course` is the one after them, `known` the tables (by their names
 * now) whose rows they write, `fired` the events for triggers of tables. `indirect`: a statement writes through a view or
 * a rule.
 */
export type WrittenLosses = {
  readonly losses: readonly PossibleLoss[]
  readonly course: Course
  readonly known: ReadonlySet<string>
  readonly fired: readonly { readonly table: Table; readonly event: string }[]
  readonly indirect: boolean
}

export function writtenLosses(facts: StepFacts, statements: readonly Statement[]): WrittenLosses {
  let writing: Writing = { facts, course: facts.course, schemas: [facts.schema, 'public'], settings: [] }
  const losses: PossibleLoss[] = []
  const changes: Change[] = []
  const filled: string[] = []
  const known = new Set<string>()
  const fired: { table: Table; event: string }[] = []
  for (const statement of statements) {
    writing = { ...writing, ...searchPath(statement, writing) }
    for (const change of rowChangesOf(statement)) {
      const found = changeLosses(writing, change)
      losses.push(...found.losses)
      fired.push(...found.tables.flatMap((table) => EVENTS[change.kind].map((event) => ({ table, event }))))
      fired.push(...(found.updated ?? []).map((table) => ({ table, event: 'UPDATE' })))
      for (const { identity } of [...found.tables, ...(found.updated ?? [])]) known.add(identity)
      changes.push(...found.changes)
      filled.push(...found.filled)
      writing = { ...writing, course: writing.course.changed(found.changes, found.filled) }
    }
    writing = { ...writing, course: writing.course.changed(convertedBy(statement, writing)) }
  }
  return {
    losses: withoutRemoved(losses),
    course: facts.course.changed(changes, filled),
    known,
    fired,
    indirect: fired.some(({ table }) => table.kind !== 'table' || table.rules.length > 0),
  }
}

/** For the statements behind it, a column with a new type holds other values. */
function convertedBy(statement: Statement, { facts, schemas }: Writing): readonly Change[] {
  return retypesOf(statement).flatMap(({ table, column }): readonly Change[] => {
    const own = facts.relations.named(table, schemas)
    const live = own && facts.course.liveTable(own.identity)
    return live === undefined ? [] : [{ table: live, columns: [nameIn(column)], by: EARLIER }]
  })
}

/** PostgreSQL, "Overview of Trigger Behavior": an upsert and a MERGE fire the triggers of all that they may do. */
const EVENTS = {
  delete: ['DELETE'],
  update: ['UPDATE'],
  truncate: ['TRUNCATE'],
  insert: ['INSERT'],
  upsert: ['INSERT', 'UPDATE'],
  merge: ['INSERT', 'UPDATE', 'DELETE'],
} as const

const SEARCH_PATH = /^SET\s+(?:LOCAL\s+|SESSION\s+)?search_path\s*(?:=|\bTO\b)\s*([^;]+)$/i

/** A search path that the script sets also holds for the questions about its statements. */
function searchPath({ text }: Statement, { facts }: Writing): Partial<Writing> {
  const [, list] = SEARCH_PATH.exec(text.trim()) ?? []
  if (list === undefined || /\$/.test(list)) return {}
  const names = list.split(',').map((name) => name.trim().replace(/^'(.*)'$/, '"$1"'))
  const schemas = names.map((name) => nameIn(name)).filter((name) => name !== '')
  return /^default$/i.test(list.trim())
    ? { schemas: [facts.schema, 'public'], settings: [] }
    : { schemas, settings: [`SET LOCAL search_path = ${names.join(', ')}`] }
}

const NOTHING: Found = { losses: [], changes: [], filled: [], tables: [] }

function changeLosses(writing: Writing, change: RowChange): Found {
  const { facts, course, schemas } = writing
  if (change.kind === 'truncate') return truncateLosses(writing, change)
  const written = change.kind === 'delete' || change.kind === 'update' ? change.target.table : change.table
  const table = facts.relations.named(written, schemas) ?? renamedHere(facts, written, schemas)
  const live = table && course.liveTable(table.identity)
  // A table that the step or an earlier one made holds no row of the live database.
  if (table === undefined || live === undefined) return NOTHING
  const tables = [table]
  const whole: Change = { table: live, columns: 'rows', by: EARLIER }
  switch (change.kind) {
    case 'insert':
      return { ...NOTHING, tables, filled: [live] }
    case 'merge': {
      const question = { why: 'MERGE decides row by row' }
      const loss: PossibleLoss = { kind: 'written', verb: 'MERGE', table: table.identity, question }
      return { losses: [loss], changes: [whole], filled: [live], tables }
    }
    case 'upsert':
      return upsertLosses(writing, { change, table, live, whole })
    case 'delete':
      return deleteLosses(writing, { change, table, live, whole })
    case 'update':
      return updateLosses(writing, { change, table, live, whole })
  }
}

/** A table that got the name of the statement in the same step. */
function renamedHere(
  { rehearsed, relations }: StepFacts,
  written: string,
  schemas: readonly string[],
): Table | undefined {
  const name = nameIn(lastPart(written))
  const [from] =
    [...(rehearsed?.fates ?? [])].find(([, { to }]) => to !== undefined && nameIn(lastPart(to)) === name) ?? []
  const table = from === undefined ? undefined : relations.ofGroup(from)
  return table !== undefined && schemas.length > 0 ? table : undefined
}

function deleteLosses(writing: Writing, { change: given, table, live, whole }: Asked<Condition>): Found {
  const { settings } = writing
  const { change } = withLiveNames(writing, given, table)
  const rows = rowsFound(live, change)
  const why = whyNot(writing, change, { table, live, columns: [], event: 'DELETE' })
  const cascades = cascadesOfDelete(writing, { table, live, rows, why })
  const question = why ?? cascades.why ?? howMany(cascades.rows, settings)
  return {
    losses: [{ kind: 'written', verb: 'DELETE', table: table.identity, question }, ...cascades.losses],
    changes: [whole, ...below(writing, table), ...cascades.changes],
    filled: [],
    tables: [table, ...cascades.tables],
    updated: cascades.updated,
  }
}

function truncateLosses(writing: Writing, { tables, cascade }: Extract<RowChange, { kind: 'truncate' }>): Found {
  const { facts, schemas } = writing
  const named = tables.flatMap((written: Written) => {
    const table = facts.relations.named(written.table, schemas) ?? renamedHere(facts, written.table, schemas)
    return table === undefined ? [] : [{ table, only: written.only }]
  })
  const all = truncatedWith(writing, named, cascade)
  const losses = all.flatMap(({ table, verb }): readonly PossibleLoss[] => {
    const live = facts.course.liveTable(table.identity)
    if (live === undefined || table.isPartitioned) return []
    const by = facts.course.writerOf({ table: live, columns: [], words: new Set() })
    const question = by === undefined ? rowsOf(live) : later(by)
    return [{ kind: 'written', verb, table: table.identity, question }]
  })
  const changes = all.flatMap(({ table }): readonly Change[] => {
    const live = facts.course.liveTable(table.identity)
    return live === undefined ? [] : [{ table: live, columns: 'rows', by: EARLIER }]
  })
  return { losses, changes, filled: [], tables: all.map(({ table }) => table) }
}

/** A TRUNCATE takes whatever statements before it have left: it counts alone. */
function withoutRemoved(losses: readonly PossibleLoss[]): readonly PossibleLoss[] {
  return losses.filter((loss, at) => {
    if (loss.kind !== 'written') return true
    const rest = losses.slice(at + 1)
    return !rest.some((one) => one.kind === 'written' && one.verb.startsWith('TRUNCATE') && one.table === loss.table)
  })
}
