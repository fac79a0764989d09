// The sequences behind columns: the next number of each, and whether a key has it already.
import type { Broken, Lost } from '../../../impact/facts.js'
import { identifier } from '../../../sql/quote.js'
import { answerEach } from './sample.js'
import type { ClientSession, Column, Relation, World } from './world.js'
import { columnNow, identifierShown, type Moved } from './writes.js'

/** `next`: the number that nextval gives. `step` is its INCREMENT. `taken`: a unique key has one of the next numbers. */
export type Sequence = {
  readonly oid: string
  readonly name: string
  readonly next: bigint
  readonly step: bigint
  readonly called: boolean
  readonly taken: boolean
  readonly relation: Relation | undefined
  readonly column: Column | undefined
}

/** As many numbers in front of a sequence are looked at. */
const AHEAD = 1_000n

/** Those that are in the list of relations, and those that feed a column of one. */
export async function readSequences(
  session: ClientSession,
  world: Pick<World, 'relations'>,
): Promise<readonly Sequence[]> {
  const oids = new Set(world.relations.map(({ oid }) => oid))
  const whole = world.relations.filter(({ parent }) => parent === null || !oids.has(parent))
  const fed = whole.flatMap((relation) =>
    relation.columns.flatMap((column) =>
      column.sequence === null ? [] : [{ oid: column.sequence, relation, column }],
    ),
  )
  const alone = world.relations
    .filter(({ kind, oid }) => kind === 'S' && !fed.some((one) => one.oid === oid))
    .map(({ oid }) => ({ oid, relation: undefined, column: undefined }))
  const asked = [...fed, ...alone]
  if (asked.length === 0) return []
  const names = new Map(
    (await answerEach(session, [namesQuery(asked.map(({ oid }) => oid))]))[0]?.map(([oid, sql, name, step]) => [
      oid,
      { sql: sql ?? '', name: name ?? '', step: BigInt(step ?? 1) },
    ]),
  )
  const known = asked.flatMap((one) => {
    const named = names.get(one.oid)
    return named === undefined ? [] : [{ ...one, ...named }]
  })
  const states = await answerEach(
    session,
    known.map(({ sql }) => `SELECT last_value, is_called FROM ${sql}`),
  )
  const read = known.flatMap((one, i) => {
    const [last, called] = states[i]?.[0] ?? []
    if (typeof last !== 'string') return []
    return [{ ...one, called: called === 't', next: called === 't' ? BigInt(last) + one.step : BigInt(last) }]
  })
  const taken = await answerEach(session, read.map(takenQuery))
  return read.map(({ oid, name, next, step, called, relation, column }, i) => ({
    oid,
    name,
    next,
    step,
    called,
    relation,
    column,
    taken: taken[i]?.[0]?.[0] === 't',
  }))
}

const namesQuery = (oids: readonly string[]): string =>
  `SELECT c.oid::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
     CASE WHEN n.nspname = 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(c.relname), s.seqincrement::text
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid WHERE c.oid IN (${oids.join(', ')})`

function takenQuery({ relation, column, next, step }: Pick<Sequence, 'relation' | 'column' | 'next' | 'step'>): string {
  const isKey = relation?.indexes.some(
    ({ unique, partial, columns }) =>
      unique && partial === null && columns.length === 1 && columns[0] === column?.number,
  )
  if (relation === undefined || column === undefined || isKey !== true || column.category !== 'N') return 'SELECT false'
  const last = next + step * AHEAD
  const [low, high] = step > 0n ? [next, last] : [last, next]
  return `SELECT EXISTS (SELECT FROM ${relation.sql} WHERE ${identifier(column.name)} BETWEEN ${low} AND ${high})`
}

/** A sequence that soon gives a number that is a key already: 23505 is unique_violation. */
export function behindKeys(before: readonly Sequence[], after: readonly Sequence[], moved: Moved): readonly Broken[] {
  return after.flatMap((now) => {
    const old = before.find(
      (one) => one.column !== undefined && one.relation !== undefined && isSame(one.relation, one.column, now, moved),
    )
    if (!now.taken || old === undefined || old.taken || old.relation === undefined || now.column === undefined)
      return []
    const { name } = old.relation
    const message = `the next numbers of sequence ${now.name} are already in ${identifierShown(now.column.name)}`
    return [{ client: `insert ${name}`, relation: name, sqlstate: '23505', message }]
  })
}

function isSame(relation: Relation, column: Column, now: Sequence, moved: Moved): boolean {
  const later = moved(relation)
  return later !== undefined && later === now.relation && columnNow(relation, later, column) === now.column
}

/** Sequences that are gone, or give numbers again that they gave before. Not those whose column is gone with them. */
export function lostPositions(before: readonly Sequence[], after: readonly Sequence[], moved: Moved): readonly Lost[] {
  return before.flatMap((old): readonly Lost[] => {
    if (!old.called) return []
    const later = old.relation === undefined ? undefined : moved(old.relation)
    const column =
      later === undefined || old.relation === undefined || old.column === undefined
        ? undefined
        : columnNow(old.relation, later, old.column)
    if (old.relation !== undefined && column === undefined) return []
    const now =
      after.find((one) => one.oid === old.oid) ??
      after.find((one) => one.column !== undefined && one.column === column) ??
      after.find((one) => one.name === old.name)
    const last = old.next - old.step
    if (now === undefined) return [{ relation: old.name, what: 'position', count: Number(last), how: 'dropped' }]
    const back = (old.next - now.next) * (old.step > 0n ? 1n : -1n)
    return back > 0n ? [{ relation: old.name, what: 'position', count: Number(back), how: 'reset' }] : []
  })
}
