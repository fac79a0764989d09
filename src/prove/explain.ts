// Which lacking step explains what a failure says about the state that its script met.
import { type Dependent, type Symptom } from '../sql/failure-symptoms.js'
import type { DbObject, Effect } from '../sql/effects/object-effects.js'
import { relationsIn } from '../sql/relations-in.js'
import type { Script } from '../model/migration.js'
import { bareName, renamesIn, sameName, type Lacking, type ObjectLedger } from './object-ledger.js'

/**
 * What failed: the script, its statement as code without strings, and the relations that this names. `renamed`: the names
 * that the script gave to relations before, each with the old one, which the ledger has.
 */
export type Scene = {
  readonly script: Script | undefined
  readonly code: string
  readonly relations: readonly string[]
  readonly renamed: ReadonlyMap<string, string>
  readonly ledger: ObjectLedger
}

export function sceneOf(code: string, script: Script | undefined, ledger: ObjectLedger): Scene {
  const renamed = renamesIn(script)
  const relations = relationsIn(code).flatMap((name) => [name, ...oldNames(name, renamed)])
  return { script, code, relations, renamed, ledger }
}

const oldNames = (name: string, renamed: ReadonlyMap<string, string>): readonly string[] =>
  [...renamed].flatMap(([now, old]) => (sameName(now, name) ? [old] : []))

/** A column without its table can be one of each table that the statement names. */
export function namesFor(object: DbObject, { relations, renamed, ledger }: Scene): readonly DbObject[] {
  const { kind, name, of } = object
  if (of === undefined)
    return kind === 'relation' ? [object, ...oldNames(name, renamed).map((old) => ({ kind, name: old }))] : [object]
  if (of !== '') return [object, ...oldNames(of, renamed).map((old) => ({ kind, name, of: old }))]
  const owners = ledger.ownersOf(object).filter((owner) => relations.some((relation) => sameName(relation, owner)))
  return owners.map((owner) => ({ kind, name, of: owner }))
}

/**
 * Whether the texts of the chain make or remove a missing object, so that its order or a typing error is the cause. A
 * column without its table: only where each table of the statement has such a column at some time.
 */
export function isKnown(objects: readonly DbObject[], possible: readonly DbObject[], scene: Scene): boolean {
  const { relations, script, ledger } = scene
  const known = (object: DbObject): boolean =>
    ledger.latest(object) !== undefined || ledger.isMadeInChain(object, script)
  const [named] = objects
  if (named?.of !== '') return possible.some(known)
  const tables = relations.filter((name) => ledger.latest({ kind: 'relation', name }) !== undefined)
  return tables.length > 0 && tables.every((of) => known({ ...named, of }))
}

/** Names that the server gives to what it makes with a table or a column: `t_id_seq`, `t_pkey`, `t_a_fkey`. */
const GIVEN = /_(?:seq|pkey|fkey\d*|key\d*|check\d*|excl\d*|not_null)$/

/** The lacking step that makes the missing object, or what the server makes with it. */
export function makerOf(objects: readonly DbObject[], ledger: ObjectLedger): Lacking | undefined {
  const made = objects
    .map((object) => ledger.latest(object))
    .find((entry) => entry?.state === 'made' && entry.by !== undefined)
  if (made?.by !== undefined) return made.by
  const given = objects.filter(({ kind, name }) => (kind === 'relation' || kind === 'constraint') && GIVEN.test(name))
  const isGiven = (relation: string, column = ''): boolean =>
    given.some(
      ({ name, of }) =>
        name.startsWith(`${bareName(relation)}_${column}`) && (of === undefined || sameName(of, relation)),
    )
  return ledger.changes.find(({ effect }) => {
    if (effect.does === 'constraint') return isGiven(effect.relation)
    if (effect.does !== 'makes') return false
    const { kind, name, of } = effect.object
    return kind === 'relation' ? isGiven(name) : kind === 'column' && of !== undefined && isGiven(of, `${name}_`)
  })?.by
}

/** The lacking step whose change of the state explains what the server says. */
export function explaining(symptom: Symptom, { code, relations, ledger }: Scene): Lacking | undefined {
  const by = (object: DbObject): Lacking | undefined => ledger.latest(object)?.by
  const goneBy = (object: DbObject): Lacking | undefined => {
    const entry = ledger.latest(object)
    return entry?.state === 'removed' ? entry.by : undefined
  }
  const isMeant = (relation: string, named: string): boolean =>
    named === '' ? relations.some((one) => sameName(one, relation)) : sameName(relation, named)
  const change = (fits: (effect: Effect) => boolean): Lacking | undefined =>
    ledger.changes.findLast(({ effect }) => fits(effect))?.by
  const constraintGone = (relation: string, name: string): Lacking | undefined =>
    name === '' ? undefined : (goneBy({ kind: 'constraint', name, of: relation }) ?? goneBy({ kind: 'relation', name }))
  const columnChanged = (relation: string, columns: readonly string[]): Lacking | undefined =>
    change((effect) => {
      const column = columnIn(effect)
      if (column === undefined || !isMeant(column.relation, relation)) return false
      return columns.length === 0 ? mentions(code, column.name) : columns.includes(column.name)
    })
  switch (symptom.shows) {
    case 'missing':
      return undefined
    case 'in the way':
      return first(symptom.objects, goneBy)
    case 'defined otherwise':
      return first(symptom.objects, by)
    case 'dependents':
      return dependentsGone(symptom.lines, ledger)
    case 'rows in the way': {
      const { relation, constraint } = symptom
      return (
        change((effect) => effect.does === 'alters' && isMeant(effect.relation, relation)) ??
        constraintGone(relation, constraint)
      )
    }
    case 'rows missing': {
      const { relation, from, constraint } = symptom
      return (
        change(
          (effect) =>
            ((effect.does === 'adds' || effect.does === 'alters') && sameName(effect.relation, relation)) ||
            (effect.does === 'alters' && sameName(effect.relation, from)),
        ) ?? constraintGone(from, constraint)
      )
    }
    case 'row refused': {
      const { relation, constraint, column } = symptom
      return (
        constraintGone(relation, constraint) ??
        (column === '' ? undefined : columnChanged(relation, [column])) ??
        change((effect) => effect.does === 'alters' && isMeant(effect.relation, relation))
      )
    }
    case 'keys':
      return change(
        (effect) =>
          (effect.does === 'keys' && isMeant(effect.relation, symptom.relation)) ||
          (effect.does === 'removes' &&
            effect.object.kind === 'column' &&
            isMeant(effect.object.of ?? '', symptom.relation)),
      )
    case 'partitions':
      return change((effect) => effect.does === 'partitions' && isMeant(effect.relation, symptom.relation))
    case 'columns':
      return change(
        (effect) =>
          (effect.does === 'makes' || effect.does === 'removes') &&
          effect.object.kind === 'column' &&
          isMeant(effect.object.of ?? '', symptom.relation),
      )
    case 'column':
      return columnChanged(symptom.relation, symptom.columns)
    case 'raised':
      return change((effect) => (effect.does === 'adds' || effect.does === 'alters') && isMeant(effect.relation, ''))
  }
}

const first = <T>(objects: readonly DbObject[], ask: (object: DbObject) => T | undefined): T | undefined =>
  objects.map(ask).find((one) => one !== undefined)

function columnIn(effect: Effect): { readonly relation: string; readonly name: string } | undefined {
  if (effect.does === 'column') return { relation: effect.relation, name: effect.column }
  if (effect.does !== 'removes') return undefined
  const { kind, name, of } = effect.object
  return kind === 'column' && of !== undefined ? { relation: of, name } : undefined
}

/** Only where lacking steps would have removed or changed each of them: one more would be in the way all the same. */
function dependentsGone(lines: readonly Dependent[], ledger: ObjectLedger): Lacking | undefined {
  const gone = new Map<string, Lacking>()
  for (const { objects, on, text } of lines) {
    const by =
      first(objects, (object) => ledger.latest(object)?.by) ??
      ledger.changes.findLast(({ effect }) => {
        const column =
          effect.does === 'column' ? { kind: 'column', name: effect.column, of: effect.relation } : undefined
        return (
          column !== undefined &&
          objects.some((one) => one.kind === 'column' && one.name === column.name && sameName(one.of ?? '', column.of))
        )
      })?.by ??
      gone.get(on)
    if (by === undefined) return undefined
    gone.set(text, by)
  }
  return [...gone.values()][0]
}

/** Whether the code has the name of a column as a word of its own. */
function mentions(code: string, name: string): boolean {
  const bare = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(String.raw`(?<![\w$])${bare}(?![\w$])`, 'i').test(code)
}
