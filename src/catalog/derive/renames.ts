// Objects with a new name and an equal definition: renamed back instead of dropped and made again.
import { literal } from '../../sql/quote.js'
import type { CatalogueObject } from '../snapshot.js'
import { find, keyOf, ofKind, sameBut, text, texts, type Side, type Unit } from './model.js'
import { lastPart, parentOf, renamedIn } from './names.js'
import { trackedText } from './routines.js'
import { ownerOf } from './sequences.js'
import { RANK, step, type Step } from './step.js'

/** `here` as it is after the renames, so that later steps see only the remaining differences. */
export type Renames = { readonly here: Side; readonly steps: readonly Step[] }

type Rename = {
  /** Whether a unit is the renamed object, or holds it. */
  readonly owns: (unit: Unit) => boolean
  /** The identity of an object in such a unit, and the name of the unit, with the new name. */
  readonly named: (identity: string) => string
  /** Any definition with the new name instead of the old one. */
  readonly swap: (text: string) => string
  readonly sql: string
  /** Others mention it by its name alone: relations and types. */
  readonly isWhole: boolean
}

/**
 * Renames of constraints and indexes always: no row depends on their name. Renames of tables, columns, types and enum
 * values only with `all`: a wrong guess there would keep the data of a different object.
 */
export function findRenames(goal: Side, here: Side, { all }: { all: boolean }): Renames {
  let now = here
  const steps: Step[] = []
  const take = (found: readonly Rename[]): void => {
    for (const rename of found) {
      now = applied(now, goal, rename)
      steps.push(step(RANK.renamed, rename.sql))
    }
  }
  if (all) {
    take(schemas(goal, now))
    take(moves(goal, now))
    take(wholes(goal, now, (kind) => kind !== 'sequence'))
    for (const [unit, wanted] of goal) {
      const own = now.get(unit)
      if (own === undefined) continue
      take(columns(wanted, own))
      take(labels(wanted, own))
    }
    // After the tables and columns: a sequence is matched by its owner.
    take(wholes(goal, now, (kind) => kind === 'sequence'))
  }
  for (const [unit, wanted] of goal) {
    const own = now.get(unit)
    if (own === undefined || own === wanted || JSON.stringify(own) === JSON.stringify(wanted)) continue
    take(members(wanted, own, 'constraint'))
    const left = now.get(unit)
    if (left !== undefined) take(members(wanted, left, 'index'))
  }
  return { here: now, steps }
}

const swapping =
  (from: string, to: string): Rename['swap'] =>
  (text) =>
    renamedIn(text, from, to)

/** Replaces one dotted name by another, except inside a longer word; `behind` is a pattern of the text that must follow. */
const naming = (from: string, to: string, behind = '(?![\\w$])'): Rename['swap'] => {
  const pattern = new RegExp(`(?<![\\w$."])${from.replaceAll(/[$.()[\]*+?^{}|\\]/g, '\\$&')}${behind}`, 'g')
  return (text) => text.replaceAll(pattern, () => to)
}

const WORDS: Readonly<Record<string, string>> = {
  table: 'TABLE',
  'foreign table': 'FOREIGN TABLE',
  sequence: 'SEQUENCE',
  enum: 'TYPE',
  'composite type': 'TYPE',
  domain: 'DOMAIN',
  range: 'TYPE',
}

/** A missing schema and a new one: renamed with everything in it. */
function schemas(goal: Side, here: Side): readonly Rename[] {
  const only = (side: Side, other: Side): CatalogueObject | undefined => {
    const found = [...side.values()].filter(({ unit, top }) => top?.kind === 'schema' && !other.has(unit))
    return found.length === 1 ? found[0]?.top : undefined
  }
  const wanted = only(goal, here)
  const now = only(here, goal)
  if (wanted === undefined || now === undefined) return []
  const from = now.identity
  const to = wanted.identity
  const isInside = ({ top }: Unit): boolean => top === now || (top !== undefined && parentOf(top.identity) === from)
  const qualified = naming(from, to, String.raw`(?=\.)`)
  const named = (identity: string): string =>
    identity === from ? to : qualified(naming(`schema ${from}`, `schema ${to}`)(identity))
  return [{ owns: isInside, named, swap: qualified, sql: `ALTER SCHEMA ${from} RENAME TO ${to}`, isWhole: true }]
}

/** Relations and types: one is missing and a new one looks the same. */
function wholes(goal: Side, here: Side, isMeant: (kind: string) => boolean): readonly Rename[] {
  const isBeside = (a: CatalogueObject, b: CatalogueObject): boolean => parentOf(a.identity) === parentOf(b.identity)
  return twins(goal, here, (a, b) => isMeant(a.kind) && isBeside(a, b)).map(({ wanted, now, name, word }) => {
    const from = lastPart(now.identity)
    const to = lastPart(wanted.identity)
    return {
      owns: ({ unit }) => unit === name,
      named: naming(now.identity, wanted.identity),
      swap: swapping(from, to),
      sql: `ALTER ${word} ${now.identity} RENAME TO ${to}`,
      isWhole: true,
    }
  })
}

/** Relations and types with the same name in another schema; a table takes its indexes and sequences along. */
function moves(goal: Side, here: Side): readonly Rename[] {
  const isNamesake = (a: CatalogueObject, b: CatalogueObject): boolean => lastPart(a.identity) === lastPart(b.identity)
  return twins(goal, here, (a, b) => a.kind !== 'sequence' && isNamesake(a, b)).map(({ wanted, now, name, word }) => {
    const from = parentOf(now.identity)
    const to = parentOf(wanted.identity)
    const isOwned = (top: CatalogueObject | undefined): boolean =>
      top?.kind === 'sequence' && parentOf(ownerOf(top)?.column ?? '') === now.identity
    const companions = [...here.values()].flatMap(({ top, objects }) =>
      top === now ? objects.filter(({ kind }) => kind === 'index') : top !== undefined && isOwned(top) ? [top] : [],
    )
    const named = [now, ...companions]
      .map(({ identity }) => naming(identity, `${to}.${lastPart(identity)}`))
      .reduce((before, next) => (text) => next(before(text)))
    const sql = `ALTER ${word} ${from}.${lastPart(now.identity)} SET SCHEMA ${to}`
    return { owns: ({ unit, top }) => unit === name || isOwned(top), named, swap: named, sql, isWhole: true }
  })
}

/** `name` is the name of the unit of the new object. */
type Twins = {
  readonly wanted: CatalogueObject
  readonly now: CatalogueObject
  readonly name: string
  readonly word: string
}

/** Pairs each missing object with the most similar new object, if exactly one is most similar. */
function twins(goal: Side, here: Side, mayBe: (a: CatalogueObject, b: CatalogueObject) => boolean): readonly Twins[] {
  const lost = [...goal.values()].filter((unit) => unit.top !== undefined && !here.has(unit.unit))
  const added = [...here.values()].filter((unit) => unit.top !== undefined && !goal.has(unit.unit))
  const taken = new Set<string>()
  return lost.flatMap((unit) => {
    const { top } = unit
    const word = WORDS[top?.kind ?? '']
    if (top === undefined || word === undefined) return []
    const [best, second] = added
      .filter((one) => one.top?.kind === top.kind && !taken.has(one.unit) && mayBe(top, one.top))
      .map((one) => ({ one, likeness: likeness(unit, one) }))
      .filter(({ likeness: share }) => share >= 0.5)
      .sort((a, b) => b.likeness - a.likeness)
    if (best?.one.top === undefined || best.likeness === second?.likeness) return []
    taken.add(best.one.unit)
    return [{ wanted: top, now: best.one.top, name: best.one.unit, word }]
  })
}

/** The share of columns (or labels) that both have. It is 1 for an object without columns that differs only in its name. */
function likeness(a: Unit, b: Unit): number {
  const parts = ({ top, objects }: Unit): readonly string[] => [
    ...objects.flatMap((one) =>
      one.kind === 'column' ? [`${lastPart(one.identity)} ${String(one.definition['type'])}`] : [],
    ),
    ...texts(top, 'labels'),
  ]
  const left = parts(a)
  const right = new Set(parts(b))
  if (left.length === 0 && right.size === 0)
    return a.top !== undefined && b.top !== undefined && sameBut(a.top, b.top) ? 1 : 0
  return left.filter((part) => right.has(part)).length / Math.max(left.length, right.size)
}

/** A column with another name at the same position of the table and with the same type. */
function columns(goal: Unit, here: Unit): readonly Rename[] {
  const table = here.top
  if (table === undefined || !['table', 'foreign table', 'composite type'].includes(table.kind)) return []
  const wanted = ofKind(goal, 'column')
  const now = ofKind(here, 'column')
  const word = table.kind === 'composite type' ? 'TYPE' : 'TABLE'
  const noun = table.kind === 'composite type' ? 'ATTRIBUTE' : 'COLUMN'
  return wanted.flatMap((column) => {
    const there = now.find(({ definition }) => definition['pos'] === column.definition['pos'])
    const isOther = there !== undefined && find(goal, there) === undefined && find(here, column) === undefined
    if (!isOther || there.definition['type'] !== column.definition['type']) return []
    const from = lastPart(there.identity)
    const to = lastPart(column.identity)
    const sql = `ALTER ${word} ${table.identity} RENAME ${noun} ${from} TO ${to}`
    return [within(here, { named: naming(there.identity, column.identity), swap: swapping(from, to), sql })]
  })
}

function labels(goal: Unit, here: Unit): readonly Rename[] {
  const wanted = texts(goal.top, 'labels')
  const now = texts(here.top, 'labels')
  if (wanted.length !== now.length) return []
  return wanted.flatMap((label, at) => {
    const other = now[at]
    if (other === undefined || other === label || wanted.includes(other) || now.includes(label)) return []
    const sql = `ALTER TYPE ${here.top?.identity ?? ''} RENAME VALUE ${literal(other)} TO ${literal(label)}`
    const swap = (text: string): string =>
      text === other ? label : text.replaceAll(`${literal(other)}::`, `${literal(label)}::`)
    return [within(here, { named: (identity) => identity, swap, sql })]
  })
}

/** Constraints or indexes of one relation that differ only in their name. */
function members(goal: Unit, here: Unit, kind: 'constraint' | 'index'): readonly Rename[] {
  const table = here.top
  if (table === undefined) return []
  const backing = new Set(ofKind(here, 'constraint').map((one) => lastPart(text(one, 'index') ?? '')))
  const free = ofKind(here, kind).filter((one) => find(goal, one) === undefined)
  const taken = new Set<string>()
  return ofKind(goal, kind)
    .filter((one) => find(here, one) === undefined)
    .flatMap((one) => {
      const same = free.find((other) => !taken.has(keyOf(other)) && isSameMember(one, other))
      if (same === undefined || (kind === 'index' && backing.has(lastPart(same.identity)))) return []
      taken.add(keyOf(same))
      const from = lastPart(same.identity)
      const to = lastPart(one.identity)
      const sql =
        kind === 'constraint'
          ? `ALTER TABLE ${table.identity} RENAME CONSTRAINT ${from} TO ${to}`
          : `ALTER INDEX ${same.identity} RENAME TO ${to}`
      return [within(here, { named: swapping(from, to), swap: swapping(from, to), sql })]
    })
}

/** The definition of an index begins with its own name. */
function isSameMember(goal: CatalogueObject, here: CatalogueObject): boolean {
  const from = lastPart(here.identity)
  const to = lastPart(goal.identity)
  const def = String(here.definition['def'])
  const renamed = here.kind === 'index' ? renamedIn(def, from, to) : def
  return renamed === String(goal.definition['def']) && sameBut(goal, here, 'def', 'index', 'inherited')
}

/** The rename of an object inside a unit. */
const within = ({ unit }: Unit, rename: Pick<Rename, 'named' | 'swap' | 'sql'>): Rename => ({
  ...rename,
  owns: (one) => one.unit === unit,
  isWhole: false,
})

/**
 * Identities change only in the unit of the object itself. Other units change only their definitions: the same name there
 * is a different object.
 */
function applied(side: Side, goal: Side, rename: Rename): Side {
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
