// What a script leaves unfinished on old tables, and foreign keys that no index serves. Pure.
import type { Left, Scan, UnindexedKey } from '../../../impact/facts.js'
import type { Constraint, Index, Relation } from './world.js'

/** The index of a partitioned table has no rows of its own: it is valid once all partitions have theirs. */
export function leftBehind(before: Relation, now: Relation): readonly Left[] {
  const relation = before.name
  const old = {
    indexes: new Set(before.indexes.filter((one) => !one.valid).map(({ name }) => name)),
    constraints: new Set(before.constraints.filter((one) => !one.validated).map(({ name }) => name)),
    triggers: new Set(before.triggers.filter(isOff).map(({ name }) => name)),
  }
  const triggers = now.triggers
    .filter((one) => isOff(one) && !old.triggers.has(one.name))
    .map(({ name, constraint }) => constraint ?? name)
  return [
    ...now.indexes
      .filter(({ name, valid, kind }) => !valid && kind === 'i' && !old.indexes.has(name))
      .map(({ name }) => ({ what: 'invalid index' as const, name, relation })),
    ...now.constraints
      .filter(({ name, validated, child }) => !validated && !child && !old.constraints.has(name))
      .map(({ name }) => ({ what: 'constraint not validated' as const, name, relation })),
    ...[...new Set(triggers)].map((name) => ({ what: 'trigger off' as const, name, relation })),
  ]
}

const isOff = ({ enabled }: { readonly enabled: string }): boolean => enabled === 'D'

/** A new foreign key, not one like it that was there before. */
export function unindexedKeys(before: Relation, now: Relation): readonly UnindexedKey[] {
  const known = new Set(before.constraints.filter(isForeignKey).map((key) => like(before, key)))
  return keysWithoutIndex(now, before.name, (key) => !known.has(like(now, key)))
}

/** As often, a statement searches a table row by row. */
const OFTEN = 10

/**
 * Old foreign keys for which a statement has read their table again and again: a cascade, or the check of a deleted row. `scanned` are
 * the whole reads of the script.
 */
export const searchedKeys = (relations: readonly Relation[], scanned: readonly Scan[]): readonly UnindexedKey[] =>
  relations
    .filter(({ name }) => scanned.some(({ relation, times }) => relation === name && times >= OFTEN))
    .flatMap((relation) => keysWithoutIndex(relation, relation.name, () => true))

const keysWithoutIndex = (
  relation: Relation,
  name: string,
  isWanted: (key: Constraint) => boolean,
): readonly UnindexedKey[] =>
  relation.constraints
    .filter(
      (key) => isForeignKey(key) && isWanted(key) && !relation.indexes.some((index) => serves(index, key, relation)),
    )
    .map((key) => ({
      constraint: key.name,
      relation: name,
      columns: namesOf(relation, key),
      referenced: key.referenced ?? '',
    }))

const isForeignKey = ({ type, child }: Constraint): boolean => type === 'f' && !child

const namesOf = (relation: Relation, { columns }: Constraint): readonly string[] =>
  columns.map((number) => relation.columns.find((column) => column.number === number)?.name ?? '')

const like = (relation: Relation, key: Constraint): string => JSON.stringify([namesOf(relation, key), key.referenced])

/** The columns of the key come first in the index, in any order. Rows with NULL may be left out: they refer to nothing. */
function serves(index: Index, { columns }: Constraint, relation: Relation): boolean {
  const first = index.columns.slice(0, columns.length)
  const names = columns.map((number) => relation.columns.find((column) => column.number === number)?.name)
  const condition = /^\("?(.+?)"? IS NOT NULL\)$/.exec(index.partial ?? '')?.[1]
  const isWhole = index.partial === null || (condition !== undefined && names.includes(condition))
  return isWhole && (index.valid || index.kind === 'I') && columns.every((number) => first.includes(number))
}
