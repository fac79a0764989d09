// Sequences: standalone, of an identity column, or of `serial`.
import type { CatalogueObject } from '../snapshot.js'
import { lastPart, namesIn, parentOf, partsOf, sibling } from './names.js'
import { find, isFresh, isSet, sameBut, text, type Pair, type Side, type Work } from './model.js'
import { RANK, step, type Step } from './step.js'

/** The owner of a sequence: the identity of the column as the snapshot writes it. */
export type Owned = { readonly column: string; readonly identity: boolean }

/** An owner is always in the schema of the sequence, so a table name without a schema can be completed. */
export function ownerOf(sequence: CatalogueObject): Owned | undefined {
  const owned = text(sequence, 'owned_by')
  if (owned === undefined) return undefined
  const identity = owned.startsWith('identity of ')
  const [table = '', column = ''] = partsOf(identity ? owned.slice('identity of '.length) : owned).slice(-2)
  return { column: `${sibling(sequence.identity, table)}.${column}`, identity }
}

const sequencesOf = (side: Side): readonly CatalogueObject[] =>
  [...side.values()].flatMap(({ top }) => (top?.kind === 'sequence' ? [top] : []))

const LARGEST: Readonly<Record<string, string>> = {
  smallint: '32767',
  integer: '2147483647',
  bigint: '9223372036854775807',
}

/** The options that differ from the defaults of CREATE SEQUENCE; with `whole`, all of them, for ALTER SEQUENCE. */
export function optionsOf(sequence: CatalogueObject, whole = false): readonly string[] {
  const value = (key: string): string => text(sequence, key) ?? ''
  const usual = (key: string, word: string, normal: string): readonly string[] =>
    !whole && value(key) === normal ? [] : [`${word} ${value(key)}`]
  return [
    ...usual('increment', 'INCREMENT BY', '1'),
    ...usual('min', 'MINVALUE', '1'),
    ...usual('max', 'MAXVALUE', LARGEST[value('type')] ?? ''),
    ...usual('start', 'START WITH', '1'),
    ...usual('cache', 'CACHE', '1'),
    ...(isSet(sequence, 'cycle') ? ['CYCLE'] : whole ? ['NO CYCLE'] : []),
  ]
}

const SERIAL: Readonly<Record<string, string>> = { smallint: 'smallserial', integer: 'serial', bigint: 'bigserial' }

/** `bigserial` for a column that forms a serial with this sequence, undefined for any other. */
export function serialOf(column: CatalogueObject, sequence: CatalogueObject | undefined): string | undefined {
  if (sequence === undefined) return undefined
  const type = text(column, 'type') ?? ''
  const table = lastPart(parentOf(column.identity))
  const name = lastPart(column.identity)
  const plain =
    lastPart(sequence.identity) === `${table}_${name}_seq` &&
    text(sequence, 'type') === type &&
    optionsOf(sequence).length === 0 &&
    text(sequence, 'persistence') === undefined &&
    isSet(column, 'notnull') &&
    /^nextval\('[^']*'::regclass\)$/.test(text(column, 'default') ?? '') &&
    namesIn(text(column, 'default') ?? '').has(lastPart(sequence.identity)) &&
    ownerOf(sequence)?.column === column.identity
  return plain ? SERIAL[type] : undefined
}

/**
 * `columnGoes`: a column of the starting state is dropped, with its sequence. `columnMakes`: a new column creates the
 * sequence.
 */
export function sequenceSteps(
  work: Work,
  pair: Pair,
  {
    columnGoes,
    columnMakes,
  }: { columnGoes: (column: string) => boolean; columnMakes: (sequence: CatalogueObject) => boolean },
): readonly Step[] {
  const goal = pair.goal?.top
  const here = pair.here?.top
  const owned = { goal: goal && ownerOf(goal), here: here && ownerOf(here) }
  if (goal === undefined) {
    if (here === undefined || owned.here?.identity === true) return []
    if (owned.here !== undefined && columnGoes(owned.here.column)) return []
    const loses = `the position of the sequence ${here.identity}`
    return [step(RANK.dropSequence, `DROP SEQUENCE ${here.identity}`, { removes: [lastPart(here.identity)], loses })]
  }
  if (here === undefined || isFresh(work, pair, goal)) {
    if (owned.goal?.identity === true || columnMakes(goal)) return []
    const type = text(goal, 'type') === 'bigint' ? [] : [`AS ${text(goal, 'type') ?? ''}`]
    const unlogged = text(goal, 'persistence') === 'u' ? 'UNLOGGED ' : ''
    const words = [`CREATE ${unlogged}SEQUENCE ${goal.identity}`, ...type, ...optionsOf(goal)]
    return [step(RANK.makeSequence, words.join(' '), { makes: [lastPart(goal.identity)] }), ...own(goal, owned.goal)]
  }
  const changed = !sameBut(goal, here, 'owner', 'acl', 'owned_by', 'persistence')
  const words = [`ALTER SEQUENCE ${goal.identity}`, `AS ${text(goal, 'type') ?? ''}`, ...optionsOf(goal, true)]
  const disowned = owned.here !== undefined && owned.here.column !== owned.goal?.column && !owned.here.identity
  return [
    ...(changed ? [step(RANK.makeSequence, words.join(' '))] : []),
    ...(disowned ? [step(RANK.disowned, `ALTER SEQUENCE ${here.identity} OWNED BY NONE`)] : []),
    ...(owned.goal?.column === owned.here?.column ? [] : own(goal, owned.goal)),
  ]
}

function own(sequence: CatalogueObject, owner: Owned | undefined): readonly Step[] {
  if (owner === undefined || owner.identity) return []
  const needs = partsOf(owner.column).slice(-2).join(' ')
  return [step(RANK.own, `ALTER SEQUENCE ${sequence.identity} OWNED BY ${owner.column}`, { needs })]
}

/** The sequence that names the column as its owner. */
export const sequenceOfColumn = (side: Side, column: CatalogueObject): CatalogueObject | undefined =>
  sequencesOf(side).find((sequence) => ownerOf(sequence)?.column === column.identity)

/** Whether a new column creates the goal sequence: as identity, or as serial. */
export function comesWithColumn(work: Work, sequence: CatalogueObject): boolean {
  const owner = ownerOf(sequence)
  if (owner === undefined) return false
  const unit = `relation ${parentOf(owner.column)}`
  const column = work.goal
    .get(unit)
    ?.objects.find(({ identity, kind }) => kind === 'column' && identity === owner.column)
  if (column === undefined || serialOf(column, sequence) === undefined) return false
  const here = work.here.get(unit)
  const tableIsMade = here?.top?.kind !== work.goal.get(unit)?.top?.kind
  return tableIsMade || find(here, column) === undefined
}
