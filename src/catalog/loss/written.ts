// Rows that the statements of a step remove or overwrite, with what foreign keys do to rows that refer to them.
import { nameIn, wordsIn } from '../../sql/clauses.js'
import { retypesOf } from '../../sql/retypes.js'
import { rowChangesOf, type Condition, type RowChange, type Written } from '../../sql/row-changes.js'
import type { Statement } from '../../sql/statements.js'
import { lastPart } from '../derive/names.js'
import type { PossibleLoss, Question } from '../data-loss.js'
import { cascadesOfDelete, cascadesOfUpdate, truncatedWith } from './cascades.js'
import { EARLIER, type Change, type Course } from './course.js'
import { later } from './dropped.js'
import { howMany, rowsFound, rowsOf, valuesReplaced } from './questions.js'
import type { Table, Trigger } from './relations.js'
import type { StepFacts, Writing } from './step-facts.js'

/**
 * `losses` are those of the statements in their order, `course` is the one after them, `known` the tables (by their names
 * now) whose rows they write, `fired` the events for triggers of tables.
 */
export type WrittenLosses = {
  readonly losses: readonly PossibleLoss[]
  readonly course: Course
  readonly known: ReadonlySet<string>
  readonly fired: readonly { readonly table: Table; readonly event: string }[]
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
      for (const table of found.tables) {
        known.add(table.identity)
        fired.push({ table, event: EVENTS[change.kind] })
      }
      changes.push(...found.changes)
      filled.push(...found.filled)
      writing = { ...writing, course: writing.course.changed(found.changes, found.filled) }
    }
    writing = { ...writing, course: writing.course.changed(convertedBy(statement, writing)) }
  }
  return { losses: withoutRemoved(losses), course: facts.course.changed(changes, filled), known, fired }
}

/** For the statements behind it, a column with a new type holds other values. */
function convertedBy(statement: Statement, { facts, schemas }: Writing): readonly Change[] {
  return retypesOf(statement).flatMap(({ table, column }): readonly Change[] => {
    const own = facts.relations.named(table, schemas)
    const live = own && facts.course.liveTable(own.identity)
    return live === undefined ? [] : [{ table: live, columns: [nameIn(column)], by: EARLIER }]
  })
}

const EVENTS = {
  delete: 'DELETE',
  update: 'UPDATE',
  truncate: 'TRUNCATE',
  insert: 'INSERT',
  upsert: 'UPDATE',
  merge: 'UPDATE',
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

type Found = {
  readonly losses: readonly PossibleLoss[]
  readonly changes: readonly Change[]
  /** Live names of tables that get new rows. */
  readonly filled: readonly string[]
  readonly tables: readonly Table[]
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
    case 'upsert':
    case 'merge': {
      const verb = change.kind === 'merge' ? 'MERGE' : 'INSERT'
      const why = change.kind === 'merge' ? 'MERGE decides row by row' : 'ON CONFLICT decides row by row'
      const loss: PossibleLoss = { kind: 'written', verb, table: table.identity, question: { why } }
      return { losses: [loss], changes: [whole], filled: [live], tables }
    }
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

type Asked<C> = { readonly change: C; readonly table: Table; readonly live: string; readonly whole: Change }

function deleteLosses(writing: Writing, { change, table, live, whole }: Asked<Condition>): Found {
  const { settings } = writing
  const rows = rowsFound(live, change)
  const why = whyNot(writing, change, { table, live, columns: [], event: 'DELETE' })
  const cascades = cascadesOfDelete(writing, { table, live, rows, why })
  const question = why ?? howMany(cascades.rows, settings)
  return {
    losses: [{ kind: 'written', verb: 'DELETE', table: table.identity, question }, ...cascades.losses],
    changes: [whole, ...below(writing, table), ...cascades.changes],
    filled: [],
    tables: [table, ...cascades.tables],
  }
}

/** Partitions and heirs lose or change rows with the table. */
const below = ({ facts, course }: Writing, table: Table): readonly Change[] =>
  facts.relations.below(table.identity).flatMap(({ identity }): readonly Change[] => {
    const live = course.liveTable(identity)
    return live === undefined ? [] : [{ table: live, columns: 'rows', by: EARLIER }]
  })

function updateLosses(
  writing: Writing,
  { change, table, live, whole }: Asked<Extract<RowChange, { kind: 'update' }>>,
): Found {
  const { settings, course } = writing
  const tables = [table]
  const rows = rowsFound(live, change)
  if (change.sets === undefined) {
    const question = whyNot(writing, change, { table, live, columns: [], event: 'UPDATE' }) ?? howMany(rows, settings)
    const loss: PossibleLoss = { kind: 'written', verb: 'UPDATE', table: table.identity, question }
    return { losses: [loss], changes: [whole, ...below(writing, table)], filled: [], tables }
  }
  const set = change.sets.flatMap(({ column, value }) => {
    const own = table.columns.find(({ name }) => nameIn(name) === nameIn(column))
    const liveColumn = own && course.liveColumn(table.identity, own.name)
    return own === undefined || liveColumn === undefined ? [] : [{ own, liveColumn, value }]
  })
  const losses = set.map(({ own, liveColumn, value }): PossibleLoss => {
    const why = whyNot(writing, change, { table, live, columns: [liveColumn], event: 'UPDATE', value })
    const question = why ?? valuesReplaced(rows, { column: liveColumn, value, type: own.type }, settings)
    return { kind: 'written', verb: 'UPDATE', table: table.identity, column: own.name, question }
  })
  const renamed = change.sets.filter(({ column }) => isRenamedColumn(writing, table, column))
  const unclear = renamed.map(({ column }): PossibleLoss => {
    const why = 'the step gives the column this name'
    return { kind: 'written', verb: 'UPDATE', table: table.identity, column, question: { why } }
  })
  const cascades = set.map(({ own, liveColumn, value }) => {
    const why = whyNot(writing, change, { table, live, columns: [liveColumn], event: 'UPDATE', value })
    return cascadesOfUpdate(writing, { table, live, change, own, liveColumn, value, why })
  })
  const columns = set.map(({ liveColumn }) => liveColumn)
  const changed = [live, ...below(writing, table).map((one) => one.table)]
  return {
    losses: [...losses, ...unclear, ...cascades.flatMap((one) => one.losses)],
    changes: [
      ...changed.map((name): Change => ({ table: name, columns, by: EARLIER })),
      ...cascades.flatMap((one) => one.changes),
    ],
    filled: [],
    tables: [...tables, ...cascades.flatMap((one) => one.tables)],
  }
}

function isRenamedColumn({ facts }: Writing, table: Table, column: string): boolean {
  const fate = facts.rehearsed?.fates.get(table.group)
  const isKnown = table.columns.some(({ name }) => nameIn(name) === nameIn(column))
  return (
    !isKnown &&
    [...(fate?.columns.values() ?? [])].some((name) => name !== undefined && nameIn(name) === nameIn(column))
  )
}

type Reading = {
  readonly table: Table
  readonly live: string
  readonly columns: readonly string[]
  readonly event: string
  readonly value?: string
}

/** Why the rows cannot be counted before the step; undefined where they can. */
function whyNot(
  writing: Writing,
  change: Condition,
  reading: Reading,
): Extract<Question, { readonly why: string }> | undefined {
  const { facts, course } = writing
  const { table, live, columns, event, value } = reading
  if (change.why !== undefined) return { why: change.why }
  if (table.kind !== 'table') return { why: `${table.identity} is a ${table.kind}` }
  if (table.hasRules) return { why: `${table.identity} has rules that rewrite statements` }
  const deciding = table.triggers.find((trigger) => decides(facts, trigger, event))
  if (deciding !== undefined) return { why: `trigger ${deciding.name} decides row by row` }
  const words = wordsIn([change.ctes, change.others ?? '', change.where ?? '', value ?? ''].join(' '))
  const own = new Set([...words, nameIn(lastPart(change.target.table))])
  if (course.hasOtherNames(words) || isNameOfStep(facts, own))
    return { why: 'a step gives other names to what it reads' }
  const by = course.writerOf({ table: live, columns, words })
  return by === undefined ? undefined : later(by)
}

/** A trigger before a row can keep the row as it is (PostgreSQL, "Trigger Procedures"). */
const decides = ({ relations }: StepFacts, { timing, events, routine }: Trigger, event: string): boolean =>
  timing === 'BEFORE' &&
  events.includes(event) &&
  relations
    .routines(routine)
    .some(
      (def) =>
        /\bRETURN\s+(?:NULL|OLD\b(?![^]*\bTG_OP\b))/i.test(def) &&
        (event !== 'DELETE' || /\bRETURN\s+NULL\b/i.test(def)),
    )

/** Whether words are names that this step gives to something that exists. */
const isNameOfStep = ({ rehearsed }: StepFacts, words: ReadonlySet<string>): boolean =>
  [...(rehearsed?.fates ?? [])].some(([group, { to, columns }]) =>
    [...(to === undefined || to === group ? [] : [to]), ...columns.values()].some(
      (name) => name !== undefined && words.has(nameIn(lastPart(name))),
    ),
  )

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
