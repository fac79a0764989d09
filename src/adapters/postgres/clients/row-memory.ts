// Digests of rows and values, from which what is gone is found without the rows themselves.
import { identifier, literal } from '../../../sql/quote.js'
import { answerEach } from './sample.js'
import type { ClientSession, Column, Enum, Relation } from './world.js'

/** Of at most so many rows of a table, one hash of each value is kept; of a larger table, of a part of its rows. */
const MOST_HASHES = 20_000

/**
 * `count`: values that are not NULL. `sum`: a sum of hashes that does not depend on their order, `written` the same of the values
 * as they are written, where a number of another scale is another one. `hashes`: one for each row that is kept, joined; empty for NULL.
 */
export type Values = { readonly count: number; readonly sum: string; readonly written: string; readonly hashes: string }

/**
 * `every`: one of so many rows has its hashes here. `key`: columns by which a row is found again; `keys` their hashes. Without
 * a key the hashes of different columns are not of the same rows.
 */
export type RowMemory = {
  readonly relation: Relation
  readonly rows: number
  readonly every: number
  readonly key: readonly string[] | undefined
  readonly keys: string
  readonly values: ReadonlyMap<string, Values>
}

/** `key`: names of columns by which rows are found. */
export type RowQuestion = {
  readonly relation: Relation
  readonly every?: number
  readonly key: readonly string[] | undefined
  /** Old labels of enums by new ones. */
  readonly renamed: ReadonlyMap<string, ReadonlyMap<string, string>>
}

/** The columns of a unique key without NULL, the primary one first; undefined where there is none. */
export function keyOf({ indexes, columns }: Relation): readonly string[] | undefined {
  const candidates = indexes.flatMap(({ unique, valid, partial, columns: numbers }) => {
    const parts = numbers.map((number) => columns.find((column) => column.number === number))
    if (!unique || !valid || partial !== null || parts.some((part) => part?.notNull !== true)) return []
    return [parts.map((part) => part?.name ?? '')]
  })
  return candidates.toSorted((one, other) => one.length - other.length)[0]
}

/** In the order of the questions; undefined where the server refuses to read the rows, or they are too many for its time. */
export async function rememberRows(
  session: ClientSession,
  questions: readonly RowQuestion[],
): Promise<readonly (RowMemory | undefined)[]> {
  const counts = await answerEach(
    session,
    questions.map(({ relation }) => `SELECT count(*) FROM ${source(relation)}`),
  )
  const asked = questions.map((question, i) => {
    const rows = Number(counts[i]?.[0]?.[0] ?? Number.NaN)
    return { ...question, rows, every: question.every ?? Math.max(1, Math.ceil(rows / MOST_HASHES)) }
  })
  const readable = asked.filter(({ rows }) => !Number.isNaN(rows))
  const answers = await answerEach(
    session,
    readable.map((one) => hashQuery(one, meaning)),
  )
  const failed = readable.filter((_, i) => answers[i] === undefined)
  // A value can refuse the cast to a form that is comparable.
  const again = await answerEach(
    session,
    failed.map((one) => hashQuery(one, written)),
  )
  const byQuestion = new Map(readable.map((one, i) => [one.relation, answers[i] ?? again[failed.indexOf(one)]]))
  return asked.map((one) => {
    const row = byQuestion.get(one.relation)?.[0]
    return row === undefined ? undefined : memoryOf(one, row)
  })
}

type Asked = RowQuestion & { readonly rows: number; readonly every: number }

function memoryOf({ relation, rows, every, key }: Asked, row: readonly (string | null)[]): RowMemory {
  const values = stored(relation).map(({ name }, i): readonly [string, Values] => {
    const [count, sum, asWritten, hashes] = row.slice(1 + 4 * i, 5 + 4 * i)
    return [name, { count: Number(count), sum: sum ?? '0', written: asWritten ?? sum ?? '0', hashes: hashes ?? '' }]
  })
  return { relation, rows, every, key, keys: row[0] ?? '', values: new Map(values) }
}

/** Columns whose values are nowhere else. */
export const stored = ({ columns }: Relation): readonly Column[] => columns.filter(({ generated }) => generated === '')

/** A partitioned table with its partitions; of others the rows of its own. */
const source = ({ kind, sql }: Relation): string => `${kind === 'p' ? '' : 'ONLY '}${sql} r`

/**
 * One pass over the rows: a hash of each value, then sums and lists of hashes. Without a key, which rows are kept depends on the
 * value, so that an equal value is kept later as well.
 */
function hashQuery({ relation, key, every, renamed }: Asked, form: Form): string {
  const columns = stored(relation)
  const parts = key?.map((name) => columns.find((column) => column.name === name))
  const keyForm = parts?.map((column) => (column === undefined ? 'NULL' : form(column, renamed))).join(', ')
  const hash = (text: string): string => `hashtextextended(${text}, 0)`
  const values = columns.flatMap((column, i) => {
    const value = form(column, renamed)
    const plain = written(column, renamed)
    return [`${hash(value)} AS h${i}`, ...(plain === value ? [] : [`${hash(plain)} AS w${i}`])]
  })
  const keyed = keyForm === undefined ? [] : [`${hash(`concat_ws(E'\\x01', ${keyForm})`)} AS k`]
  // OFFSET keeps the planner from computing a hash again for each use of it.
  const hashes = `SELECT ${[...keyed, ...values].join(', ')} FROM ${source(relation)} OFFSET 0`
  const kept = (by: string): string => (every === 1 ? '' : ` FILTER (WHERE ${by} % ${every} = 0)`)
  const sums = columns.flatMap((column, i) => [
    `count(h${i})`,
    `sum(h${i})`,
    hasOtherForm(column) ? `sum(w${i})` : 'NULL',
    `string_agg(coalesce((h${i} & 4294967295)::text, ''), ',')${kept(keyForm === undefined ? `h${i}` : 'k')}`,
  ])
  const keys = keyForm === undefined ? 'NULL' : `string_agg(k::text, ',')${kept('k')}`
  return `SELECT ${[keys, ...sums].join(', ')} FROM (${hashes}) x`
}

/** Of whose values `meaning` and `written` differ. A text that is a number is one in both types that it may change to. */
const hasOtherForm = ({ base }: Column): boolean =>
  FRACTIONS.test(base) ||
  base === 'boolean' ||
  base === 'json' ||
  base === 'date' ||
  base === 'timestamp with time zone'

/** SQL for a value as text. */
type Form = (column: Column, renamed: RowQuestion['renamed']) => string

const FRACTIONS = /^(?:numeric|real|double precision)$/
const TEXTS = /^(?:text|character varying|character)$/
const DAYS = /^(?:date|timestamp without time zone|timestamp with time zone)$/

/**
 * Equal where the value is the same in another type: a number whatever its scale, a day as its first moment, JSON without its
 * blanks. A text that looks like a number, without zeros before it, is one.
 */
const meaning: Form = (column, renamed) => {
  const name = `r.${identifier(column.name)}`
  const { base } = column
  if (FRACTIONS.test(base)) return `trim_scale(${name}::${base === 'real' ? 'double precision' : base}::numeric)::text`
  if (DAYS.test(base)) return `${name}::timestamp::text`
  if (base === 'boolean') return `${name}::int::text`
  if (base === 'json') return `${name}::jsonb::text`
  // Most texts do not begin with a minus or a digit, which takes less time to see than a pattern.
  if (TEXTS.test(base))
    return `CASE WHEN ascii(${name}::text) BETWEEN 45 AND 57 AND ${name}::text ~ '^-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?$' THEN trim_scale(${name}::text::numeric)::text ELSE ${name}::text END`
  return written(column, renamed)
}

/** As PostgreSQL writes it; a moment with a time zone as that of UTC, an enum by its old labels. */
const written: Form = (column, renamed) => {
  const name = `r.${identifier(column.name)}`
  if (column.base === 'timestamp with time zone') return `(${name} AT TIME ZONE 'UTC')::text`
  const labels = renamed.get(column.base)
  if (labels === undefined) return `${name}::text`
  const cases = [...labels].map(([now, old]) => `WHEN ${literal(now)} THEN ${literal(old)}`)
  return `CASE ${name}::text ${cases.join(' ')} ELSE ${name}::text END`
}

/** Of each enum whose labels have other names now: the old ones by the new ones. The type is written as `base` is. */
export function renamedLabels(before: readonly Enum[], after: readonly Enum[]): RowQuestion['renamed'] {
  const old = new Map(before.flatMap(({ labels }) => labels.map(({ oid, label }) => [oid, label] as const)))
  return new Map(
    after.flatMap(({ type, labels }) => {
      const changed = labels.flatMap(({ oid, label }) => {
        const was = old.get(oid)
        return was === undefined || was === label ? [] : [[label, was] as const]
      })
      return changed.length === 0 ? [] : [[type, new Map(changed)] as const]
    }),
  )
}
