// The catalogues that a table passes through on its way to a column whose value each row computes for itself.
import { lastPart, sibling } from '../../catalog/derive/names.js'
import { find, keyOf, ofKind, text } from '../../catalog/derive/model.js'
import { ownerOf, sequenceOfColumn } from '../../catalog/derive/sequences.js'
import { objectsOf, type CatalogueObject, type Snapshot } from '../../catalog/snapshot.js'
import { firesOn } from './batched-change.js'
import { familyOf, freeName, isOld, snapshotName, unitOf, type Course } from './course.js'
import type { Filled } from './fill.js'

/**
 * `bare`: the columns without defaults, not required; their sequences belong to nothing. `ready`: new rows get values. `required`: as the
 * goal, but identities are defaults still. `fills`: columns by table that old rows get values for between `ready` and
 * `required`. `standIns`: by the sequence of an identity, the one that gives its numbers until then.
 */
export type Goals = {
  readonly bare: Snapshot
  readonly ready: Snapshot
  readonly required: Snapshot
  readonly fills: ReadonlyMap<string, readonly Filled[]>
  readonly standIns: ReadonlyMap<string, string>
}

type Soft = { readonly table: string; readonly column: CatalogueObject; readonly sequence: CatalogueObject | undefined }

/** Undefined where a table is written again for another reason than defaults of new columns. `tables`: those written again. */
export function goalsOf(course: Course, after: Snapshot, tables: readonly string[]): Goals | undefined {
  const written = [...new Set(tables.map((table) => rootOf(course, snapshotName(table))))]
  const soft = written.map((table) => softColumns(course, table))
  if (soft.some((columns) => columns === undefined || columns.length === 0)) return undefined
  const columns = soft.flatMap((one) => one ?? [])
  const taken = new Set<string>()
  const standIns = new Map<string, string>()
  for (const { table, column, sequence } of columns) {
    if (sequence === undefined || text(column, 'identity') === undefined) continue
    const name = freeName(course, [lastPart(table), lastPart(column.identity)], 'numbers', taken)
    taken.add(name)
    standIns.set(sequence.identity, sibling(table, name))
  }
  const values = new Map(columns.map((one) => [lastPart(one.column.identity), valueOf(one, standIns)]))
  const fills = new Map<string, readonly Filled[]>()
  for (const { table, column } of columns) {
    const name = lastPart(column.identity)
    fills.set(table, [...(fills.get(table) ?? []), { name, value: values.get(name) ?? '' }])
  }
  const change = { course, after, columns, standIns, families: written.map((table) => familyOf(course, table)) }
  return {
    bare: changed(change, { default: 'none', required: false, parts: false }),
    ready: changed(change, { default: 'stand-in', required: false, parts: false }),
    required: changed(change, { default: 'stand-in', required: true, parts: true }),
    fills,
    standIns,
  }
}

/** The table itself, or the partitioned one above a partition. */
function rootOf(course: Course, table: string): string {
  const top = unitOf(course.after, table)?.top
  const parent = text(top, 'partition_bound') === undefined ? undefined : text(top, 'parents')
  return parent === undefined ? table : rootOf(course, parent)
}

/** Undefined where one of its new columns has values that only a rewrite gives. */
function softColumns(course: Course, table: string): readonly Soft[] | undefined {
  const [unit, old] = [unitOf(course.after, table), unitOf(course.before, table)]
  if (unit === undefined || old === undefined) return undefined
  const known = new Set(old.objects.map(keyOf))
  const fresh = ofKind(unit, 'column').filter((column) => !known.has(keyOf(column)))
  const isRetyped = ofKind(old, 'column').some((column) => {
    const now = find(unit, column)
    return now !== undefined && text(now, 'type') !== text(column, 'type')
  })
  if (isRetyped || fresh.some((column) => text(column, 'generated') === 's')) return undefined
  if (familyOf(course, table).some((one) => firesOn('UPDATE', unitOf(course.after, one)))) return undefined
  return fresh
    .filter((column) => text(column, 'identity') !== undefined || isComputed(text(column, 'default')))
    .map((column) => ({ table, column, sequence: sequenceOfColumn(course.after, column) }))
}

/** A call may give each row another value; these give all rows of one transaction the same. */
const isComputed = (value: string | undefined): boolean =>
  value !== undefined && value.includes('(') && !/^(?:now|transaction_timestamp|statement_timestamp)\(\)$/.test(value)

function valueOf({ column, sequence }: Soft, standIns: ReadonlyMap<string, string>): string {
  const standIn = sequence && standIns.get(sequence.identity)
  return standIn === undefined
    ? (text(column, 'default') ?? '')
    : `nextval('${standIn.replaceAll("'", "''")}'::regclass)`
}

type Change = {
  readonly course: Course
  readonly after: Snapshot
  readonly columns: readonly Soft[]
  readonly standIns: ReadonlyMap<string, string>
  readonly families: readonly (readonly string[])[]
}

/** `parts`: with the new constraints and indexes of these tables. */
type Wanted = { readonly default: 'none' | 'stand-in'; readonly required: boolean; readonly parts: boolean }

function changed({ course, after, columns, standIns, families }: Change, wanted: Wanted): Snapshot {
  const goal = new Map(after)
  for (const family of families) {
    const [root = ''] = family
    for (const table of family) {
      const own = columns.filter((one) => one.table === root)
      const known = new Set(unitOf(course.before, table)?.objects.map(keyOf))
      edit(goal, `relation ${table}`, (object) => {
        const soft = own.find(({ column }) => lastPart(column.identity) === lastPart(object.identity))
        if (object.kind === 'column' && soft !== undefined) return softened(object, soft, { standIns, wanted })
        const isPart = object.kind === 'constraint' || object.kind === 'index'
        return isPart && !wanted.parts && isOld(course, table) && !known.has(keyOf(object)) ? undefined : object
      })
    }
  }
  for (const { sequence } of columns)
    if (sequence !== undefined) changeSequence(goal, sequence, { course, standIns, wanted })
  return goal
}

function softened(
  column: CatalogueObject,
  soft: Soft,
  { standIns, wanted }: { standIns: Change['standIns']; wanted: Wanted },
): CatalogueObject {
  const { default: _value, identity: _identity, notnull, ...rest } = column.definition
  return {
    ...column,
    definition: {
      ...rest,
      ...(wanted.required && notnull !== undefined ? { notnull } : {}),
      ...(wanted.default === 'none' ? {} : { default: valueOf(soft, standIns) }),
    },
  }
}

/** A new sequence has no owner before its column takes values from it; a stand-in takes the place of that of an identity. */
function changeSequence(
  goal: Map<string, string>,
  sequence: CatalogueObject,
  { course, standIns, wanted }: { course: Course; standIns: Change['standIns']; wanted: Wanted },
): void {
  if (isOld(course, sequence.identity)) return
  const unit = `relation ${sequence.identity}`
  const standIn = standIns.get(sequence.identity)
  const identity = standIn ?? sequence.identity
  const { owned_by: _owner, ...rest } = sequence.definition
  const owner = ownerOf(sequence)?.column
  const definition = wanted.default === 'none' || owner === undefined ? rest : { ...rest, owned_by: owner }
  goal.delete(unit)
  goal.set(`relation ${identity}`, JSON.stringify([[sequence.kind, identity, definition]]))
}

/** The document with each object changed, or left out where `change` gives undefined. */
function edit(
  goal: Map<string, string>,
  unit: string,
  change: (object: CatalogueObject) => CatalogueObject | undefined,
): void {
  const objects = objectsOf(goal.get(unit)).flatMap((object) => change(object) ?? [])
  const rows = objects.map(({ kind, identity, definition: { pos: _position, ...definition } }) => [
    kind,
    identity,
    definition,
  ])
  goal.set(unit, JSON.stringify(rows))
}
