// What clients write: sample rows inserted and updated again, before a script and after it.
import type { Answer, Broken } from '../../../impact/facts.js'
import { identifier, quoted } from '../../../sql/quote.js'
import { tryAll, type Attempt, type Tried } from './attempts.js'
import { writable, type Sample } from './sample.js'
import type { ClientSession, Column, Relation } from './world.js'

const KINDS = ['insert', 'insert without defaults', 'update'] as const
type Kind = (typeof KINDS)[number]

/**
 * What was accepted before. `together`: all rows in one statement; else `rows` are the numbers of those that were accepted each
 * by itself. `altered`: columns that a trigger gave another value, `given`: how many rows the INSERT gave back.
 */
type Accepted = {
  readonly kind: Kind
  readonly together: boolean
  readonly rows: readonly number[]
  readonly altered: ReadonlySet<string>
  readonly given: number
}

export type WriteMemory = {
  readonly relation: Relation
  readonly sample: Sample
  readonly accepted: readonly Accepted[]
}

/** `moved`: where the relation is after the script, under the old name; undefined where it is gone. */
export type Moved = (relation: Relation) => Relation | undefined

/** Writes each sample in a transaction that is rolled back, and keeps what the server accepts. */
export async function rememberWrites(
  session: ClientSession,
  tables: readonly { readonly relation: Relation; readonly sample: Sample }[],
): Promise<readonly WriteMemory[]> {
  const asked = tables.flatMap((table) => KINDS.map((kind) => ({ ...table, kind })))
  const same: Moved = (relation) => relation
  const first = await tryTogether(session, asked, same)
  const alone = asked.flatMap((one, i) =>
    first[i]?.refusal === undefined ? [] : rowsOf(one).map((row) => ({ ...one, row })),
  )
  const each = await tryAlone(session, alone, same)
  return tables.map(({ relation, sample }) => {
    const accepted = asked.flatMap((one, i): readonly Accepted[] => {
      const outcome = first[i]
      if (one.relation !== relation || outcome === undefined) return []
      if (outcome.refusal === undefined)
        return [{ kind: one.kind, together: true, rows: rowsOf(one), ...alterations(sample, outcome.rows) }]
      const rows = alone.flatMap(({ relation: of, kind, row }, at) =>
        of === relation && kind === one.kind && each[at]?.refusal === undefined && each[at] !== undefined ? [row] : [],
      )
      return rows.length === 0 && sample.rows.length > 0
        ? []
        : [{ kind: one.kind, together: false, rows, altered: new Set(), given: rows.length }]
    })
    return { relation, sample, accepted }
  })
}

/** What is refused now, and what INSERT stores otherwise. Only what was accepted is tried. */
export async function compareWrites(
  session: ClientSession,
  memories: readonly WriteMemory[],
  moved: Moved,
): Promise<{
  readonly broken: readonly Broken[]
  readonly answers: readonly Answer[]
  readonly notTried: readonly string[]
}> {
  const asked = memories.flatMap((memory) => memory.accepted.map((accepted) => ({ ...memory, ...accepted })))
  const together = asked.filter((one) => one.together)
  const first = await tryTogether(session, together, moved)
  const refused = new Set(together.filter((_, i) => first[i]?.refusal !== undefined))
  const notTried = new Set(together.flatMap(({ relation }, i) => (first[i] === undefined ? [relation.name] : [])))
  const alone = asked.flatMap((one): readonly (Asked & { readonly row: number | undefined })[] => {
    if (one.together && !refused.has(one)) return []
    return one.rows.length === 0 ? [{ ...one, row: undefined }] : one.rows.map((row) => ({ ...one, row }))
  })
  const each = await tryAlone(session, alone, moved)
  const broken = alone.flatMap(({ kind, relation }, i): readonly Broken[] => {
    const outcome = each[i]
    if (outcome === undefined) notTried.add(relation.name)
    if (outcome?.refusal === undefined || isOwnFault(outcome, relation) || isOfRows(outcome, relation)) return []
    const verb = kind === 'update' ? 'update' : 'insert'
    return [{ client: `${verb} ${relation.name}`, relation: relation.name, ...outcome.refusal }]
  })
  const answers = together.flatMap((one, i) => {
    const now = moved(one.relation)
    const rows = first[i]?.refusal === undefined ? first[i]?.rows : undefined
    return one.kind === 'insert' && now !== undefined && rows !== undefined ? alteredNow(one, now, rows) : []
  })
  return { broken: distinct(broken), answers, notTried: [...notTried] }
}

/** Without its own row out of the way, a sample may be in its own way. A view may show that row no longer. */
const isOwnFault = (outcome: NonNullable<Tried>, { kind }: Relation): boolean =>
  (outcome.unprepared || kind === 'v') && /^23(?:505|P01)$/.test(outcome.refusal?.sqlstate ?? '')

/** An old foreign key refuses the sample because the script took other rows away: that is what the script is for. */
const isOfRows = ({ refusal, constraint }: NonNullable<Tried>, { constraints }: Relation): boolean =>
  refusal?.sqlstate === '23503' && constraints.some(({ name, type }) => type === 'f' && name === constraint)

const distinct = (broken: readonly Broken[]): readonly Broken[] => [
  ...new Map(broken.map((one) => [JSON.stringify([one.client, one.sqlstate, one.message]), one])).values(),
]

export type Asked = { readonly relation: Relation; readonly sample: Sample; readonly kind: Kind }

const rowsOf = ({ sample }: Asked): readonly number[] => sample.rows.map((_, i) => i)

const tryTogether = (session: ClientSession, asked: readonly Asked[], moved: Moved): Promise<readonly Tried[]> =>
  tryAll(
    session,
    asked.map((one) => attemptOf(one, rowsOf(one), moved)),
  )

const tryAlone = (
  session: ClientSession,
  asked: readonly (Asked & { readonly row: number | undefined })[],
  moved: Moved,
): Promise<readonly Tried[]> =>
  tryAll(
    session,
    asked.map((one) => attemptOf(one, one.row === undefined ? [] : [one.row], moved)),
  )

function attemptOf(one: Asked, rows: readonly number[], moved: Moved): Attempt {
  const { relation, sample, kind } = one
  if (kind === 'update') {
    const set = sample.columns.map((name) => `${identifier(name)} = ${identifier(name)}`).join(', ')
    return { text: `UPDATE ${relation.sql} SET ${set} WHERE ${isOneOf(one, rows, moved)}` }
  }
  const insert = insertOf(one, rows, moved)
  if (kind !== 'insert') return insert
  const returned = sample.columns.map((name) => `${identifier(name)}::text`).join(', ')
  return { ...insert, text: `${insert.text} RETURNING ARRAY[${returned}]::text[]`, rows: true }
}

/** An INSERT of rows of the sample, after they are deleted. */
export function insertOf(one: Asked, rows: readonly number[], moved: Moved): Attempt {
  const { relation, sample, kind } = one
  const left =
    kind === 'insert'
      ? new Set<string>()
      : new Set(
          writable(relation)
            .filter(hasDefault)
            .map(({ name }) => name),
        )
  const places = sample.columns.flatMap((name, i) => (left.has(name) ? [] : [i]))
  const columns = places.map((i) => identifier(sample.columns[i] ?? '')).join(', ')
  const values = rows.map((row) => `(${places.map((i) => quoted(sample.rows[row]?.[i] ?? undefined)).join(', ')})`)
  const prepare = `DELETE FROM ${relation.sql} WHERE ${isOneOf(one, rows, moved)}`
  if (places.length === 0) return { text: `INSERT INTO ${relation.sql} DEFAULT VALUES`, prepare }
  // The server still looks at the columns where there is no row to insert.
  const source = rows.length === 0 ? `SELECT ${columns} FROM ${relation.sql} LIMIT 0` : `VALUES ${values.join(', ')}`
  return { text: `INSERT INTO ${relation.sql} (${columns}) ${source}`, prepare }
}

const hasDefault = (column: Column): boolean => column.default !== null || column.identity !== ''

/** A condition for the sample's own rows: by a unique key, else by all columns that are as they were. */
function isOneOf({ relation, sample }: Asked, rows: readonly number[], moved: Moved): string {
  const now = moved(relation)
  if (now === undefined || rows.length === 0) return 'false'
  const known = sample.columns.flatMap((name, place) => {
    const old = relation.columns.find((column) => column.name === name)
    const column = old === undefined ? undefined : columnNow(relation, now, old)
    return old === undefined || column === undefined ? [] : [{ place, old, column }]
  })
  const keys = relation.indexes.filter(
    ({ unique, valid, partial, columns }) =>
      unique && valid && partial === null && columns.every((number) => known.some(({ old }) => old.number === number)),
  )
  const isRequired = (number: number): boolean => relation.columns.some((one) => one.number === number && one.notNull)
  const key = keys.find(({ columns }) => columns.every(isRequired)) ?? keys.at(0)
  const value = (row: number, place: number): string => quoted(sample.rows[row]?.[place] ?? undefined)
  const equal = rows.flatMap((row) => {
    const same = known
      .filter(({ old }) => key?.columns.includes(old.number))
      .map(
        ({ place, old, column }) =>
          `${identifier(column.name)}${old.type === column.type ? '' : '::text'} = ${value(row, place)}`,
      )
    return key === undefined ? [] : [`(${same.join(' AND ')})`]
  })
  if (equal.length > 0) return equal.join(' OR ')
  const alike = known.filter(({ old, column }) => old.type === column.type)
  if (alike.length === 0) return 'false'
  const texts = rows.map((row) => `ROW(${alike.map(({ place }) => value(row, place)).join(', ')})::text`)
  return `ROW(${alike.map(({ column }) => identifier(column.name)).join(', ')})::text IN (${texts.join(', ')})`
}

/** The same column: by its number where the relation is the same one, else by its name. */
export const columnNow = (before: Relation, now: Relation, column: Column): Column | undefined =>
  now.columns.find(({ number, name }) => (before.oid === now.oid ? number === column.number : name === column.name))

function alterations(
  sample: Sample,
  rows: readonly (readonly (string | null)[])[],
): Pick<Accepted, 'altered' | 'given'> {
  const altered = sample.columns.filter((_, i) => rows.some((row, at) => row[i] !== sample.rows[at]?.[i]))
  return { altered: new Set(altered), given: rows.length }
}

/** What the INSERT of the sample stores now and did not before, where the type of the column is the same. */
function alteredNow(
  { relation, sample, altered, given }: WriteMemory & Accepted,
  now: Relation,
  rows: readonly (readonly (string | null)[])[],
): readonly Answer[] {
  const about = { client: `insert ${relation.name}`, relation: relation.name }
  if (rows.length < given)
    return [{ ...about, what: `only ${rows.length} of ${given} rows are stored, and no error says so` }]
  const others = [...alterations(sample, rows).altered].filter((name) => {
    const types = [relation, now].map(({ columns }) => columns.find((column) => column.name === name)?.type)
    return !altered.has(name) && types[0] === types[1]
  })
  return others.map((name) => ({
    ...about,
    what: `a trigger gives ${identifierShown(name)} another value than the client`,
  }))
}

/** A name as users write it: in quotes only where it needs them. */
export const identifierShown = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : identifier(name))
