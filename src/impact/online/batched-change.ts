// An UPDATE or DELETE of many rows, in batches that commit: only where that leaves the same rows.
import { readSides, find, text, type Unit } from '../../catalog/derive/model.js'
import { partsOf } from '../../catalog/derive/names.js'
import { callsIn, nameIn, wordsIn } from '../../sql/clauses.js'
import { rowChangesOf, type RowChange } from '../../sql/effects/row-changes.js'
import { splitStatements } from '../../sql/statements.js'
import { batched } from './batches.js'
import { familyOf, snapshotName, titled, unitOf, type Course } from './course.js'
import type { StatementEffect } from './online-migration.js'
import { alone, type Stage } from './stage.js'

type Changed = Extract<RowChange, { readonly kind: 'update' | 'delete' }>

/**
 * Undefined where a row could get another value, or another row be hit, by a second look or at another moment: other tables, calls
 * that are not known, values that depend on what is set, triggers.
 */
export function batchedChange(statement: string, { before, after }: StatementEffect): Stage | undefined {
  const [one, ...more] = splitStatements(statement)
  const [change, ...others] = one === undefined ? [] : rowChangesOf(one)
  if (more.length + others.length > 0 || (change?.kind !== 'update' && change?.kind !== 'delete')) return undefined
  const { goal, here } = readSides(before, after)
  const course: Course = { before: goal, after: here, conditions: new Map() }
  const table = snapshotName(change.target.table)
  const unit = unitOf(course.before, table)
  const event = change.kind === 'update' ? 'UPDATE' : 'DELETE'
  if (unit?.top?.kind !== 'table' || !isSteady(change) || !isPlain(change)) return undefined
  if (familyOf(course, table).some((own) => firesOn(event, unitOf(course.before, own)))) return undefined
  const where = change.where === undefined ? [] : [`(${change.where})`]
  const title = `${change.kind} ${titled(table)}`
  if (change.kind === 'delete') {
    return alone(title, batched({ table, statement: `DELETE FROM ${table}`, where: where[0] ?? 'true' }))
  }
  const sets = settings(unit, change)
  if (sets === undefined) return undefined
  const differs = sets.map(({ column, value, type }) => `${column} IS DISTINCT FROM (${value})::${type}`).join(' OR ')
  const list = sets.map(({ column, value }) => `${column} = ${value}`).join(', ')
  const condition = [...where, sets.length > 1 ? `(${differs})` : differs].join(' AND ')
  return alone(title, batched({ table, statement: `UPDATE ${table} SET ${list}`, where: condition }))
}

/** A batch would run it where one statement runs it too, but at another moment and in another transaction. */
export const firesOn = (event: 'UPDATE' | 'DELETE', unit: Unit | undefined): boolean =>
  unit?.objects.some(
    ({ kind, definition }) =>
      kind === 'rule' ||
      (kind === 'trigger' &&
        new RegExp(String.raw`^CREATE .*?\b${event}\b.*? ON `, 's').test(String(definition['def']))),
  ) === true

/** One table under its own name. */
const isPlain = ({ target, ctes, others, why }: Changed): boolean =>
  ctes === '' &&
  others === undefined &&
  why === undefined &&
  !target.only &&
  nameIn(target.name) === nameIn(partsOf(target.table).at(-1) ?? '')

/** The same for each look at a row, whenever it comes. */
function isSteady(change: Changed): boolean {
  const values = change.kind === 'update' ? (change.sets ?? []).map(({ value }) => value) : []
  return [...values, change.where ?? ''].every(
    (expression) =>
      callsIn(expression).every((call) => STEADY_CALLS.has(call)) &&
      [...wordsIn(expression)].every((word) => !UNSTEADY_WORDS.has(word)) &&
      !/'\s*(?:now|today|tomorrow|yesterday)\s*'/i.test(expression),
  )
}

const STEADY_CALLS = new Set(
  'abs btrim ceil char_length coalesce concat floor greatest in initcap any all least left length lower lpad ltrim md5 nullif replace right round rpad rtrim split_part strpos substr substring trim upper and or not'.split(
    ' ',
  ),
)

const UNSTEADY_WORDS = new Set(
  'select values default ctid current_date current_time current_timestamp localtime localtimestamp current_user session_user user current_role current_schema current_catalog'.split(
    ' ',
  ),
)

type Setting = { readonly column: string; readonly value: string; readonly type: string }

/** Undefined where a value reads a column that is set. */
function settings(unit: Unit, change: Extract<Changed, { kind: 'update' }>): readonly Setting[] | undefined {
  const { sets } = change
  if (sets === undefined || sets.length === 0) return undefined
  const names = new Set(sets.map(({ column }) => nameIn(column)))
  if (sets.some(({ value }) => [...wordsIn(value)].some((word) => names.has(word)))) return undefined
  const all = sets.map(({ column, value }): Setting | undefined => {
    const known = unit.objects.find(
      ({ kind, identity }) => kind === 'column' && nameIn(partsOf(identity).at(-1) ?? '') === nameIn(column),
    )
    const type = known && text(find(unit, known), 'type')
    return type === undefined ? undefined : { column, value, type }
  })
  return all.some((one) => one === undefined) ? undefined : all.flatMap((one) => one ?? [])
}
