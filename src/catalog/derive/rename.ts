// One rename: what it does to the names and texts of a state, and its SQL.
import type { CatalogueObject } from '../snapshot.js'
import { isInherited, text, type Side, type Unit } from './model.js'
import { lastPart, parentOf, renamedIn } from './names.js'
import { trackedText } from './routines.js'
import { ownerOf } from './sequences.js'

export type Rename = {
  /** Whether a unit is the renamed object, or holds it. */
  readonly owns: (unit: Unit) => boolean
  /** The identity of an object in such a unit, and the name of the unit, with the new name. */
  readonly named: (identity: string) => string
  /** Any definition with the new name instead of the old one. */
  readonly swap: (text: string) => string
  /** Undefined where the rename of another object brings this one with it. */
  readonly sql: string | undefined
  /** Others mention it by its name alone: relations and types. */
  readonly isWhole: boolean
}

export const swapping =
  (from: string, to: string): Rename['swap'] =>
  (text) =>
    renamedIn(text, from, to)

/** Replaces one dotted name by another, except inside a longer word; `behind` is a pattern of the text that must follow. */
const naming = (from: string, to: string, behind = '(?![\\w$])'): Rename['swap'] => {
  const pattern = new RegExp(`(?<![\\w$."])${from.replaceAll(/[$.()[\]*+?^{}|\\]/g, '\\$&')}${behind}`, 'g')
  return (text) => text.replaceAll(pattern, () => to)
}

/** The kinds that ALTER can rename, as SQL names them. */
export const WORDS: Readonly<Record<string, string>> = {
  table: 'TABLE',
  view: 'VIEW',
  matview: 'MATERIALIZED VIEW',
  'foreign table': 'FOREIGN TABLE',
  sequence: 'SEQUENCE',
  enum: 'TYPE',
  'composite type': 'TYPE',
  domain: 'DOMAIN',
  range: 'TYPE',
}

/** Renamed with everything in it. */
export function renamedSchema(now: Unit | undefined, wanted: Unit | undefined): readonly Rename[] {
  const top = now?.top
  if (top?.kind !== 'schema' || wanted?.top === undefined) return []
  const from = top.identity
  const to = wanted.top.identity
  const isInside = ({ top: other }: Unit): boolean =>
    other !== undefined && (other.kind === 'schema' ? other.identity === from : parentOf(other.identity) === from)
  const qualified = naming(from, to, String.raw`(?=\.)`)
  const named = (identity: string): string =>
    identity === from ? to : qualified(naming(`schema ${from}`, `schema ${to}`)(identity))
  return [{ owns: isInside, named, swap: qualified, sql: `ALTER SCHEMA ${from} RENAME TO ${to}`, isWhole: true }]
}

/** A relation or type with another name in its schema. */
export function renamedWhole(group: string, top: CatalogueObject, to: string): Rename {
  return {
    owns: ({ unit }) => unit === group,
    named: naming(top.identity, `${parentOf(top.identity)}.${to}`),
    swap: swapping(lastPart(top.identity), to),
    sql: `ALTER ${WORDS[top.kind] ?? 'TABLE'} ${top.identity} RENAME TO ${to}`,
    isWhole: true,
  }
}

/** A relation or type in another schema; a table takes its indexes and sequences along. */
export function moved(here: Side, group: string, top: CatalogueObject, to: string): Rename {
  const isOwned = (other: CatalogueObject | undefined): boolean =>
    other?.kind === 'sequence' && parentOf(ownerOf(other)?.column ?? '') === top.identity
  const companions = [...here.values()].flatMap(({ top: other, objects }) =>
    other === top
      ? objects.filter(({ kind }) => kind === 'index')
      : other !== undefined && isOwned(other)
        ? [other]
        : [],
  )
  const named = [top, ...companions]
    .map(({ identity }) => naming(identity, `${to}.${lastPart(identity)}`))
    .reduce((before, next) => (text) => next(before(text)))
  const sql = `ALTER ${WORDS[top.kind] ?? 'TABLE'} ${top.identity} SET SCHEMA ${to}`
  return { owns: ({ unit, top: other }) => unit === group || isOwned(other), named, swap: named, sql, isWhole: true }
}

/** A column by its name in SQL form. */
export const columnOf = (unit: Unit | undefined, name: string): CatalogueObject | undefined =>
  unit?.objects.find(({ kind, identity }) => kind === 'column' && identity === `${unit.top?.identity ?? ''}.${name}`)

export function renamedColumn(unit: Unit, from: string, to: string): readonly Rename[] {
  const table = unit.top
  const column = columnOf(unit, from)
  if (table === undefined || column === undefined) return []
  const isType = table.kind === 'composite type'
  const sql = `ALTER ${isType ? 'TYPE' : (WORDS[table.kind] ?? 'TABLE')} ${table.identity} RENAME ${isType ? 'ATTRIBUTE' : 'COLUMN'} ${from} TO ${to}`
  const named = naming(column.identity, `${table.identity}.${to}`)
  return [within(unit, { named, swap: swapping(from, to), sql: isInherited(column) ? undefined : sql })]
}

/** The rename of an object inside a unit. */
export const within = ({ unit }: Unit, rename: Pick<Rename, 'named' | 'swap' | 'sql'>): Rename => ({
  ...rename,
  owns: (one) => one.unit === unit,
  isWhole: false,
})

/**
 * Identities change only in the unit of the object itself. Other units change only their definitions: the same name there
 * is a different object.
 */
export function applied(side: Side, goal: Side, rename: Rename): Side {
  return new Map(
    [...side].map(([name, unit]) => {
      const own = rename.owns(unit)
      const unitName = own ? rename.named(name) : name
      const objects = unit.objects.map((object) => rewritten(object, rename, own))
      const isRight = own || JSON.stringify(objects) === JSON.stringify(goal.get(unitName)?.objects)
      const kept = isRight ? objects : unit.objects.map((object) => mentioning(object, rename))
      const top = unit.top && (kept[unit.objects.indexOf(unit.top)] ?? unit.top)
      return [unitName, { unit: unitName, top, objects: kept }]
    }),
  )
}

function rewritten(object: CatalogueObject, { named, swap }: Rename, own: boolean): CatalogueObject {
  const definition = Object.fromEntries(
    Object.entries(object.definition).map(([key, value]) => [key, swapped(value, swap)]),
  )
  const known = trackedText(object)
  const body = (text(object, 'def') ?? '').slice(known.length)
  // The body of a routine is text, which a rename does not change.
  const whole = body !== '' && isRoutine(object) ? { ...definition, def: `${swap(known)}${body}` } : definition
  return { ...object, identity: own ? named(object.identity) : object.identity, definition: whole }
}

const isRoutine = ({ kind }: CatalogueObject): boolean => kind === 'function' || kind === 'procedure'

function swapped(value: unknown, swap: Rename['swap']): unknown {
  if (typeof value === 'string') return swap(value)
  return Array.isArray(value) ? value.map((one: unknown) => swapped(one, swap)) : value
}

/** Foreign keys and queries name the tables and columns of other units. */
const mentioning = (object: CatalogueObject, rename: Rename): CatalogueObject =>
  rename.isWhole || (object.kind === 'constraint' && object.definition['def'] !== undefined)
    ? rewritten(object, rename, false)
    : object
