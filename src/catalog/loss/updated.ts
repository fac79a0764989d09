// Values that UPDATE and INSERT .. ON CONFLICT DO UPDATE replace by others, column by column.
import { nameIn, wordsIn } from '../../sql/clauses.js'
import type { RowChange, SetColumn } from '../../sql/effects/row-changes.js'
import type { PossibleLoss, Question } from '../data-loss.js'
import { cascadesOfUpdate } from './cascades.js'
import { below, whyNot, withLiveNames, type Asked, type Found } from './countable.js'
import { EARLIER, type Change } from './course.js'
import { later } from './dropped.js'
import { howMany, rowsFound, valuesReplaced, valuesUpserted } from './questions.js'
import type { Column, Table } from './relations.js'
import type { StepFacts, Writing } from './step-facts.js'

/** A column of the live database that is set; `value` is the expression of the new value. */
type Set = { readonly own: Column; readonly liveColumn: string; readonly value: string }

/** Columns that a step has made hold nothing of the live database. */
function setColumns({ course }: Writing, table: Table, sets: readonly SetColumn[]): readonly Set[] {
  return sets.flatMap(({ column, value: given }) => {
    const own = table.columns.find(({ name }) => nameIn(name) === nameIn(column))
    const liveColumn = own && course.liveColumn(table.identity, own.name)
    if (own === undefined || liveColumn === undefined) return []
    return [{ own, liveColumn, value: /^DEFAULT$/i.test(given) ? (own.default ?? 'NULL') : given }]
  })
}

export function updateLosses(
  writing: Writing,
  { change: given, table, live, whole }: Asked<Extract<RowChange, { readonly kind: 'update' }>>,
): Found {
  const { settings } = writing
  const tables = [table]
  const { change, named } = withLiveNames(writing, given, table)
  const rows = rowsFound(live, change)
  if (change.sets === undefined) {
    const question = whyNot(writing, change, { table, live, columns: [], event: 'UPDATE' }) ?? howMany(rows, settings)
    const loss: PossibleLoss = { kind: 'written', verb: 'UPDATE', table: table.identity, question }
    return { losses: [loss], changes: [whole, ...below(writing, table)], filled: [], tables }
  }
  const found = setColumns(writing, table, change.sets).map((set) => {
    const value = named(set.value)
    const why = whyNot(writing, change, { table, live, columns: [set.liveColumn], event: 'UPDATE', value })
    return { ...set, value, why }
  })
  const losses = found.map(({ own, liveColumn, value, why }): PossibleLoss => {
    const question = why ?? valuesReplaced(rows, { column: liveColumn, value, type: own.type }, settings)
    return { kind: 'written', verb: 'UPDATE', table: table.identity, column: own.name, question }
  })
  const unclear = change.sets.flatMap(({ column }): readonly PossibleLoss[] => {
    const question = { why: 'the step gives the column this name' }
    return isRenamedColumn(writing.facts, table, column)
      ? [{ kind: 'written', verb: 'UPDATE', table: table.identity, column, question }]
      : []
  })
  const cascades = found.map((set) => cascadesOfUpdate(writing, { table, live, change, ...set }))
  const columns = found.map(({ liveColumn }) => liveColumn)
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

/** Whether a step before, or this one, has made the column, so that no live row has a value in it. */
export function isMade(facts: StepFacts, table: Table, column: string): boolean {
  const own = table.columns.find(({ name }) => nameIn(name) === nameIn(column))
  if (own === undefined) return !isRenamedColumn(facts, table, column)
  return facts.course.liveColumn(table.identity, own.name) === undefined
}

function isRenamedColumn({ rehearsed }: StepFacts, table: Table, column: string): boolean {
  const fate = rehearsed?.fates.get(table.group)
  const isKnown = table.columns.some(({ name }) => nameIn(name) === nameIn(column))
  return (
    !isKnown &&
    [...(fate?.columns.values() ?? [])].some((name) => name !== undefined && nameIn(name) === nameIn(column))
  )
}

/** Rows that are there already, and get other values. */
export function upsertLosses(
  writing: Writing,
  { change, table, live, whole }: Asked<Extract<RowChange, { readonly kind: 'upsert' }>>,
): Found {
  const verb = 'INSERT'
  const after = { filled: [live], tables: [table] }
  if (change.sets === undefined) {
    const question = { why: 'ON CONFLICT decides row by row' }
    return { ...after, losses: [{ kind: 'written', verb, table: table.identity, question }], changes: [whole] }
  }
  const sets = setColumns(writing, table, change.sets)
  const columns = sets.map(({ liveColumn }) => liveColumn)
  const losses = sets.map((set): PossibleLoss => {
    const question = upsertQuestion(writing, { change, table, live, set })
    return { kind: 'written', verb, table: table.identity, column: set.own.name, question }
  })
  return { ...after, losses, changes: [{ table: live, columns, by: EARLIER }] }
}

function upsertQuestion(
  writing: Writing,
  of: {
    readonly change: Extract<RowChange, { readonly kind: 'upsert' }>
    readonly table: Table
    readonly live: string
    readonly set: Set
  },
): Question {
  const { course, settings } = writing
  const { change, table, live, set } = of
  const { name, keys, source, where } = change
  const target = { table: change.table, only: false, name }
  const condition = { target, ctes: '', others: source, where, why: undefined }
  const why = whyNot(writing, condition, { table, live, columns: [set.liveColumn], event: 'UPDATE', value: set.value })
  if (why !== undefined) return why
  const names = change.columns ?? table.columns.filter(({ generated }) => !generated).map((column) => column.name)
  const columns = names.flatMap((one) => table.columns.find((column) => nameIn(column.name) === nameIn(one)) ?? [])
  const isKept = columns.every((column) => course.liveColumn(table.identity, column.name) === column.name)
  if (keys === undefined || columns.length < names.length || !isKept) return { why: 'ON CONFLICT decides row by row' }
  const by = course.writerOf({ table: live, columns: keys.map(nameIn), words: wordsIn(source) })
  if (by !== undefined) return later(by)
  const { own, liveColumn, value } = set
  return valuesUpserted({
    table: live,
    name,
    columns,
    source,
    keys,
    where,
    set: { column: liveColumn, value, type: own.type },
    settings,
  })
}
