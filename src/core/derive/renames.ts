// What has another name and is otherwise the same: renamed back rather than dropped and made again.
import type { CatalogueObject } from '../snapshot.js'
import { find, keyOf, ofKind, sameBut, text, texts, type Side, type Unit } from './model.js'
import { lastPart, literal, parentOf, renamedIn } from './names.js'
import { trackedText } from './routines.js'
import { RANK, step, type Step } from './step.js'

/** `here` as it is after the steps, so that what follows sees only what a rename does not explain. */
export type Renames = { readonly here: Side; readonly steps: readonly Step[] }

type Rename = {
  /** The unit that the thing is in, or is. */
  readonly unit: string
  /** A text with the new name in place of the old one. */
  readonly swap: (text: string) => string
  readonly sql: string
  /** The unit's new name, for a rename of the whole of it. */
  readonly becomes?: string
}

/**
 * Constraints and indexes always: no row depends on their name. Tables, columns, types and values of enums only with
 * `all`, since there a wrong guess would keep the data of something else.
 */
export function findRenames(goal: Side, here: Side, { all }: { readonly all: boolean }): Renames {
  let now = here
  const steps: Step[] = []
  const take = (found: readonly Rename[]): void => {
    for (const rename of found) {
      now = applied(now, goal, rename)
      steps.push(step(RANK.renamed, rename.sql))
    }
  }
  if (all) {
    take(wholes(goal, now, (kind) => kind !== 'sequence'))
    for (const [unit, wanted] of goal) {
      const own = now.get(unit)
      if (own === undefined) continue
      take(columns(wanted, own))
      take(labels(wanted, own))
    }
    // Behind the tables and columns: a sequence is known by its owner.
    take(wholes(goal, now, (kind) => kind === 'sequence'))
  }
  for (const [unit, wanted] of goal) {
    const own = now.get(unit)
    if (own === undefined || JSON.stringify(own) === JSON.stringify(wanted)) continue
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

const WORDS: Readonly<Record<string, string>> = {
  table: 'TABLE',
  'foreign table': 'FOREIGN TABLE',
  sequence: 'SEQUENCE',
  enum: 'TYPE',
  'composite type': 'TYPE',
  domain: 'DOMAIN',
  range: 'TYPE',
}

/** Relations and types of which one is missing and another one is new that looks the same. */
function wholes(goal: Side, here: Side, isMeant: (kind: string) => boolean): readonly Rename[] {
  const lost = [...goal.values()].filter((unit) => unit.top !== undefined && !here.has(unit.unit))
  const added = [...here.values()].filter((unit) => unit.top !== undefined && !goal.has(unit.unit))
  const taken = new Set<string>()
  return lost.flatMap(({ unit, top, objects }) => {
    const word = WORDS[top?.kind ?? '']
    if (top === undefined || word === undefined || !isMeant(top.kind)) return []
    const [best, second] = added
      .filter((one) => one.top?.kind === top.kind && !taken.has(one.unit) && isBeside(one.top, top))
      .map((one) => ({ one, likeness: likeness({ unit, top, objects }, one) }))
      .filter(({ likeness: share }) => share >= 0.5)
      .sort((a, b) => b.likeness - a.likeness)
    const alike = best?.likeness === second?.likeness ? undefined : best?.one
    if (alike?.top === undefined) return []
    taken.add(alike.unit)
    const [from, to] = [lastPart(alike.top.identity), lastPart(top.identity)]
    const sql = `ALTER ${word} ${alike.top.identity} RENAME TO ${to}`
    return [{ unit: alike.unit, swap: swapping(from, to), sql, becomes: unit }]
  })
}

const isBeside = (a: CatalogueObject, b: CatalogueObject): boolean => parentOf(a.identity) === parentOf(b.identity)

/** The share of columns (or labels) that both have; 1 for what has neither and is the same but for its name. */
function likeness(a: Unit, b: Unit): number {
  const parts = ({ top, objects }: Unit): readonly string[] => [
    ...objects.flatMap((one) =>
      one.kind === 'column' ? [`${lastPart(one.identity)} ${String(one.definition['type'])}`] : [],
    ),
    ...texts(top, 'labels'),
  ]
  const [left, right] = [parts(a), new Set(parts(b))]
  if (left.length === 0 && right.size === 0)
    return a.top !== undefined && b.top !== undefined && sameBut(a.top, b.top) ? 1 : 0
  return left.filter((part) => right.has(part)).length / Math.max(left.length, right.size)
}

/** A column with another name in the same place of the table, and of the same type. */
function columns(goal: Unit, here: Unit): readonly Rename[] {
  const table = here.top
  if (table === undefined || !['table', 'view', 'matview', 'composite type', 'foreign table'].includes(table.kind))
    return []
  if (table.kind === 'view' || table.kind === 'matview') return []
  const [wanted, now] = [ofKind(goal, 'column'), ofKind(here, 'column')]
  const word = table.kind === 'composite type' ? 'TYPE' : 'TABLE'
  const noun = table.kind === 'composite type' ? 'ATTRIBUTE' : 'COLUMN'
  return wanted.flatMap((column) => {
    const there = now.find(({ definition }) => definition['pos'] === column.definition['pos'])
    const isOther = there !== undefined && find(goal, there) === undefined && find(here, column) === undefined
    if (!isOther || there.definition['type'] !== column.definition['type']) return []
    const [from, to] = [lastPart(there.identity), lastPart(column.identity)]
    return [
      {
        unit: here.unit,
        swap: swapping(from, to),
        sql: `ALTER ${word} ${table.identity} RENAME ${noun} ${from} TO ${to}`,
      },
    ]
  })
}

function labels(goal: Unit, here: Unit): readonly Rename[] {
  const [wanted, now] = [texts(goal.top, 'labels'), texts(here.top, 'labels')]
  if (wanted.length !== now.length) return []
  return wanted.flatMap((label, at) => {
    const other = now[at]
    if (other === undefined || other === label || wanted.includes(other) || now.includes(label)) return []
    const sql = `ALTER TYPE ${here.top?.identity ?? ''} RENAME VALUE ${literal(other)} TO ${literal(label)}`
    const swap = (text: string): string =>
      text === other ? label : text.replaceAll(`${literal(other)}::`, `${literal(label)}::`)
    return [{ unit: here.unit, swap, sql }]
  })
}

/** Constraints or indexes of one relation that differ in nothing but their name. */
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
      const [from, to] = [lastPart(same.identity), lastPart(one.identity)]
      const sql =
        kind === 'constraint'
          ? `ALTER TABLE ${table.identity} RENAME CONSTRAINT ${from} TO ${to}`
          : `ALTER INDEX ${same.identity} RENAME TO ${to}`
      return [{ unit: here.unit, swap: swapping(from, to), sql }]
    })
}

/** The definition of an index begins with its own name. */
function isSameMember(goal: CatalogueObject, here: CatalogueObject): boolean {
  const [from, to] = [lastPart(here.identity), lastPart(goal.identity)]
  const def = String(here.definition['def'])
  const renamed = here.kind === 'index' ? renamedIn(def, from, to) : def
  return renamed === String(goal.definition['def']) && sameBut(goal, here, 'def', 'index', 'inherited')
}

/** The whole text of the thing's own unit is rewritten; elsewhere only definitions are, since names there are other things. */
function applied(side: Side, goal: Side, rename: Rename): Side {
  return new Map(
    [...side].map(([name, unit]) => {
      const own = name === rename.unit
      const unitName = own && rename.becomes !== undefined ? rename.becomes : name
      const objects = unit.objects.map((object) => rewritten(object, rename, own))
      const isRight = own || JSON.stringify(objects) === JSON.stringify(goal.get(unitName)?.objects)
      const kept = isRight ? objects : unit.objects.map((object) => mentioning(object, rename))
      const top = unit.top && (kept[unit.objects.indexOf(unit.top)] ?? unit.top)
      return [unitName, { unit: unitName, top, objects: kept }]
    }),
  )
}

function rewritten(object: CatalogueObject, { swap }: Rename, own: boolean): CatalogueObject {
  const definition = Object.fromEntries(
    Object.entries(object.definition).map(([key, value]) => [key, swapped(value, swap)]),
  )
  const known = trackedText(object)
  const body = (text(object, 'def') ?? '').slice(known.length)
  // The body of a routine is text, which no rename reaches.
  const whole = body !== '' && isRoutine(object) ? { ...definition, def: `${swap(known)}${body}` } : definition
  return { ...object, identity: own ? swap(object.identity) : object.identity, definition: whole }
}

const isRoutine = ({ kind }: CatalogueObject): boolean => kind === 'function' || kind === 'procedure'

function swapped(value: unknown, swap: Rename['swap']): unknown {
  if (typeof value === 'string') return swap(value)
  return Array.isArray(value) ? value.map((one: unknown) => swapped(one, swap)) : value
}

/** Foreign keys and queries name the tables and columns of others. */
const mentioning = (object: CatalogueObject, rename: Rename): CatalogueObject =>
  rename.becomes !== undefined || (object.kind === 'constraint' && object.definition['def'] !== undefined)
    ? rewritten(object, rename, false)
    : object
