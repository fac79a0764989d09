// Which rows and values are gone, by the identity of tables and columns. What is in another place with the same values is not.
import type { Lost } from '../../../impact/facts.js'
import { identifier, quoted } from '../../../sql/quote.js'
import { rememberRows, stored, type RowMemory, type RowQuestion, type Values } from './row-memory.js'
import { answerEach, type Sample } from './sample.js'
import { readParts } from './read-world.js'
import type { ClientSession, Column, Relation, StoredWorld } from './world.js'
import { columnNow } from './writes.js'

export type LossQuestion = {
  readonly before: StoredWorld
  readonly after: StoredWorld
  readonly memories: readonly RowMemory[]
  readonly samples: ReadonlyMap<string, Sample | undefined>
  readonly renamed: RowQuestion['renamed']
}

/** Where the rows of an old table are. `now` is undefined where there is no such table, or it cannot be read. */
type Pair = { readonly was: RowMemory; readonly place: Relation | undefined; readonly now: RowMemory | undefined }

export async function findLosses(
  session: ClientSession,
  question: LossQuestion,
): Promise<{ readonly lost: readonly Lost[]; readonly notRead: readonly string[] }> {
  const { memories, after, renamed } = question
  const filled = memories.filter(({ rows }) => rows > 0)
  const places = filled.map((was) => ({ was, place: placeOf(was.relation, after) }))
  const asked = places.flatMap(({ was, place }) =>
    place === undefined ? [] : [{ relation: place, every: was.every, key: keyNow(was, place), renamed }],
  )
  const read = await rememberRows(session, asked)
  const now = new Map(asked.map(({ relation }, i) => [relation.oid, read[i]]))
  const pairs = places.map(({ was, place }): Pair => ({
    was,
    place,
    now: place === undefined ? undefined : now.get(place.oid),
  }))
  const notRead = pairs
    .filter((pair) => pair.place !== undefined && pair.now === undefined)
    .map(({ was }) => was.relation.name)
  const isIncomplete = pairs.some(
    ({ was, place }) =>
      place === undefined ||
      stored(was.relation).some((column) => columnNow(was.relation, place, column) === undefined),
  )
  const others = isIncomplete ? await newValues(session, question, pairs) : []
  const lost: Lost[] = []
  for (const pair of pairs) {
    lost.push(...lostRows(pair, pairs, others))
    if (pair.now !== undefined && !hasRoot(pair, pairs))
      lost.push(...(await lostValues(session, { pair, question, others, gone: missingRows(pair.was, pair.now) })))
  }
  return { lost, notRead }
}

/** The same table; where it is gone, one that has its name now. */
const placeOf = (relation: Relation, after: StoredWorld): Relation | undefined =>
  after.relations.find(({ oid }) => oid === relation.oid) ??
  after.relations.find(({ sql, kind }) => sql === relation.sql && (kind === 'r' || kind === 'p'))

/** The key by its present names; undefined where a part of it is gone. */
function keyNow({ relation, key }: RowMemory, place: Relation): readonly string[] | undefined {
  const parts = key?.map((name) => {
    const column = relation.columns.find((one) => one.name === name)
    return column === undefined ? undefined : columnNow(relation, place, column)?.name
  })
  return parts?.every((name) => name !== undefined) ? parts : undefined
}

/** The values of columns that are new: of new tables, and of old ones. */
async function newValues(
  session: ClientSession,
  { before, after, renamed }: LossQuestion,
  pairs: readonly Pair[],
): Promise<readonly Values[]> {
  const old = new Set(before.tables.map(({ oid }) => oid))
  const places = new Set(pairs.map(({ place }) => place?.oid))
  const fresh = after.tables.map(({ oid }) => oid).filter((oid) => !old.has(oid) && !places.has(oid))
  const tables =
    fresh.length === 0 ? [] : (await readParts(session, { oids: fresh, names: [] }, ['relations'])).relations
  const read = await rememberRows(
    session,
    tables.map((relation) => ({ relation, every: 1_000_000, key: undefined, renamed })),
  )
  const added = pairs.flatMap(({ was, place, now }) => {
    const known =
      place === undefined ? [] : stored(was.relation).map((column) => columnNow(was.relation, place, column)?.name)
    return [...(now?.values ?? [])].filter(([name]) => !known.includes(name)).map(([, values]) => values)
  })
  return [...read.flatMap((one) => [...(one?.values.values() ?? [])]), ...added]
}

const isEqual = (one: Values, other: Values): boolean =>
  one.count === other.count &&
  (one.sum === other.sum || one.written === other.written || one.sum === other.written || one.written === other.sum)

const rootOf = ({ was }: Pair, pairs: readonly Pair[]): Pair | undefined =>
  was.relation.parent === null ? undefined : pairs.find((pair) => pair.was.relation.oid === was.relation.parent)

const hasRoot = (pair: Pair, pairs: readonly Pair[]): boolean => rootOf(pair, pairs) !== undefined

/** Of a partitioned table, the partitions say it, where rows did not only move from one to another. */
function lostRows(pair: Pair, pairs: readonly Pair[], others: readonly Values[]): readonly Lost[] {
  const { was, place, now } = pair
  const about = { relation: was.relation.name, what: 'rows' as const }
  if (pairs.some(({ was: { relation } }) => relation.parent === was.relation.oid)) return []
  const root = rootOf(pair, pairs)
  if (root?.now !== undefined && missingRows(root.was, root.now) === 0) return []
  if (place === undefined) {
    const isElsewhere = [...was.values.values()].every(
      (values) => values.count === 0 || others.some((other) => isEqual(values, other)),
    )
    return isElsewhere ? [] : [{ ...about, count: was.rows, how: 'dropped' }]
  }
  if (now === undefined) return []
  const count = missingRows(was, now)
  if (count === 0) return []
  if (place.oid !== was.relation.oid) return [{ ...about, count, how: 'dropped' }]
  return [{ ...about, count, how: now.rows === 0 && place.file !== was.relation.file ? 'truncated' : 'deleted' }]
}

function missingRows(was: RowMemory, now: RowMemory): number {
  const fewer = Math.max(0, was.rows - now.rows)
  if (was.key === undefined || now.key === undefined) return fewer
  const kept = was.keys.split(',')
  const present = new Set(now.keys.split(','))
  const missing = kept.filter((key) => !present.has(key)).length
  if (hasOtherKeys(was, now, missing === kept.length)) return fewer
  const about = scaled(missing, kept.length, was.rows, was.every)
  // Where only a part of the rows has hashes, the difference is exact if no row was put in.
  return about <= fewer * 1.25 && was.every > 1 ? fewer : Math.max(fewer, about)
}

/** All keys are other ones, and some other column is as it was: the keys were changed, the rows are there. */
const hasOtherKeys = (was: RowMemory, now: RowMemory, allMissing: boolean): boolean =>
  allMissing &&
  now.rows >= was.rows &&
  [...was.values].some(([name, values]) => {
    const other = was.key?.includes(name) ? undefined : now.values.get(name)
    return other !== undefined && values.count > 0 && isEqual(values, other)
  })

/** From a part of the rows to all of them: exact where all of them are kept, or all of the part. */
function scaled(found: number, kept: number, all: number, every: number): number {
  if (found === 0 || every === 1) return found
  return found === kept ? all : Math.min(all, found * every)
}

type ValueQuestion = {
  readonly pair: Pair
  readonly question: LossQuestion
  readonly others: readonly Values[]
  readonly gone: number
}

async function lostValues(
  session: ClientSession,
  { pair, question, others, gone }: ValueQuestion,
): Promise<readonly Lost[]> {
  const { was, place, now } = pair
  const lost: Lost[] = []
  if (place === undefined || now === undefined || gone >= was.rows) return lost
  for (const column of stored(was.relation)) {
    const values = was.values.get(column.name)
    const later = columnNow(was.relation, place, column)
    const valuesNow = later === undefined ? undefined : now.values.get(later.name)
    if (values === undefined || values.count === 0) continue
    const about = { relation: was.relation.name, column: column.name, what: 'values' as const }
    if (later === undefined) {
      if (!others.some((other) => isEqual(values, other))) lost.push({ ...about, count: values.count, how: 'dropped' })
      continue
    }
    if (valuesNow === undefined || isEqual(values, valuesNow)) continue
    const count = changedValues({ was, now, values, valuesNow, gone })
    if (
      count === 0 ||
      (column.type !== later.type && (await isSameInMeaning(session, { was, place, column, later, question })))
    )
      continue
    lost.push({ ...about, count, how: 'changed' })
  }
  return lost
}

/** Values of rows that are still there and have another one, or none. */
function changedValues({
  was,
  now,
  values,
  valuesNow,
  gone,
}: {
  was: RowMemory
  now: RowMemory
  values: Values
  valuesNow: Values
  gone: number
}): number {
  const old = values.hashes.split(',')
  const later = valuesNow.hashes.split(',')
  if (was.key !== undefined && now.key !== undefined) {
    const keys = was.keys.split(',')
    const byKey = new Map(now.keys.split(',').map((key, i) => [key, later[i] ?? '']))
    const present = keys.filter((key) => byKey.has(key))
    if (present.length > 0 || !hasOtherKeys(was, now, true)) {
      const filled = keys.flatMap((key, i) => (old[i] === '' || !byKey.has(key) ? [] : [{ hash: old[i], key }]))
      return scaled(
        filled.filter(({ hash, key }) => byKey.get(key) !== hash).length,
        filled.length,
        Math.max(0, values.count - gone),
        was.every,
      )
    }
  }
  const counts = new Map<string, number>()
  for (const hash of later) counts.set(hash, (counts.get(hash) ?? 0) + 1)
  const filled = old.filter((hash) => hash !== '')
  const missing = filled.filter((hash) => {
    const count = counts.get(hash) ?? 0
    counts.set(hash, count - 1)
    return count <= 0
  })
  return Math.max(0, scaled(missing.length, filled.length, values.count, was.every) - gone)
}

type MeaningQuestion = {
  readonly was: RowMemory
  readonly place: Relation
  readonly column: Column
  readonly later: Column
  readonly question: LossQuestion
}

/** Texts of a sample in their new type: equal to what is stored now, if the script only parsed them. */
async function isSameInMeaning(
  session: ClientSession,
  { was, place, column, later, question }: MeaningQuestion,
): Promise<boolean> {
  const sample = question.samples.get(was.relation.oid)
  const keyColumns = keyNow(was, place)
  if (
    column.category !== 'S' ||
    later.category === 'S' ||
    was.key === undefined ||
    keyColumns === undefined ||
    sample === undefined
  )
    return false
  const type = later.base === 'json' ? 'jsonb' : later.base
  const value = (row: readonly (string | null)[], name: string): string =>
    quoted(row[sample.columns.indexOf(name)] ?? undefined)
  const same = sample.rows.flatMap((row) => {
    if (value(row, column.name) === 'NULL') return []
    const isRow = was.key?.map((name, i) => `r.${identifier(keyColumns[i] ?? '')}::text = ${value(row, name)}`) ?? []
    return [
      `(SELECT bool_and(r.${identifier(later.name)}::${type} = (${value(row, column.name)})::${type}) FROM ${place.sql} r WHERE ${isRow.join(' AND ')}) IS NOT FALSE`,
    ]
  })
  const [rows] = same.length === 0 ? [] : await answerEach(session, [`SELECT ${same.join(' AND ')}`])
  return rows?.[0]?.[0] === 't'
}
