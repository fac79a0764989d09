// Values at the edges of each type, and rows of them: NULL, empty, longest, negative, far away.
import { quoted } from '../../../sql/quote.js'
import { lengthOf } from './base-values.js'
import { insertText } from './insert.js'
import { baseValueOf, type Naturals, type Use } from './natural.js'
import type { Cell, Plan } from './plan.js'
import type { Column } from './tables.js'

/** Not in each encoding, so computed by the server: a letter with an accent, two ideographs, one beyond the basic plane. */
const NON_ASCII = `pg_catalog.chr(233) || pg_catalog.chr(28450) || pg_catalog.chr(23383) || pg_catalog.chr(128578)`

const TEXTS = [`''`, `' '`, `' text '`, NON_ASCII, `E'it''s "quoted" \\\\ and\\nbroken\\tup'`, `'0'`]

/** Of a text without a limit. */
const LONG = 10_000

/** By name of a type of pg_catalog. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  bool: ['false', 'true'],
  int2: ['0', '-1', '32767', '-32768'],
  int4: ['0', '-1', '2147483647', '-2147483648'],
  int8: ['0', '-1', '9223372036854775807', '-9223372036854775808'],
  oid: ['0', '4294967295'],
  float4: ['0', '-1.5', `'NaN'`, `'Infinity'`, `'3e38'`],
  float8: ['0', '-1.5', `'NaN'`, `'Infinity'`, `'1e308'`],
  money: [`'0'::numeric`, `'-1.01'::numeric`, `'92233720368547'::numeric`],
  name: TEXTS,
  uuid: [`'00000000-0000-0000-0000-000000000000'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`],
  bytea: [`''`, `decode('00ff', 'hex')`],
  date: [`'0001-01-01 BC'`, `'9999-12-31'`, `'infinity'`, `'-infinity'`, `'2000-02-29'`],
  timestamp: [`'0001-01-01 00:00:00 BC'`, `'9999-12-31 23:59:59.999999'`, `'infinity'`, `'-infinity'`, `'2000-02-29 12:00:00.000001'`],
  timestamptz: [`'0001-01-01 00:00:00+00 BC'`, `'9999-12-31 23:59:59.999999+00'`, `'infinity'`, `'-infinity'`, `'2000-02-29 12:00:00.000001+00'`],
  time: [`'00:00'`, `'24:00'`],
  timetz: [`'00:00+14'`, `'24:00-12'`],
  interval: [`'0'`, `'-1 year'`, `'1000 years 3 days 00:00:00.000001'`],
  inet: [`'0.0.0.0/0'`, `'::1'`],
  cidr: [`'0.0.0.0/0'`, `'::/0'`],
  json: [`'null'`, `'{}'`, `'[]'`, `'""'`, `'{"a": [1, null, {"b": "c"}]}'`],
  jsonb: [`'null'`, `'{}'`, `'[]'`, `'""'`, `'{"a": [1, null, {"b": "c"}]}'`],
  tsvector: [`''`],
  xml: [`''`],
}

/** Uncasted values for a column; none where the type has no edges that are known. */
function edgesOf({ types }: Naturals, use: Use): readonly string[] {
  const type = types.get(use.type)
  if (type === undefined) return []
  if (type.base !== null) return edgesOf({ types } as Naturals, type.base)
  if (type.kind === 'e') return [type.labels[0], type.labels.at(-1)].flatMap((label) => (label === undefined ? [] : [quoted(label)]))
  if (type.element !== null) return [`'{}'`, `'{NULL}'`]
  if (type.subtype !== null) return [`'empty'`, `'(,)'`]
  if (['text', 'varchar', 'bpchar', 'citext'].includes(type.name)) return [...TEXTS, longest(use.typmod)]
  if (type.name === 'numeric') return numbers(use.typmod)
  return baseValueOf(type) === undefined || !type.builtIn ? [] : (EDGES[type.name] ?? [])
}

/** Of two bytes each, as long as the type allows. */
const longest = (typmod: number): string => `pg_catalog.repeat(pg_catalog.chr(233), ${lengthOf(typmod) ?? LONG})`

/** A modifier refuses what is too large. */
const numbers = (typmod: number): readonly string[] => (typmod < 0 ? ['0', '-1.5', `'NaN'`, '1e30', '0.123456789'] : ['0', '-0.01', '-1', `'NaN'`])

/** Where the numbers of awkward rows begin, so that natural columns of theirs have new values. */
const FROM = 20_000

/** A column takes the value in one row, or all columns theirs. */
type Change = ReadonlyMap<string, string>

/**
 * One DO for all rows, each in a subtransaction: a row that is refused is left out. At first all columns change together; where that is
 * refused, each by itself. Keys have a parent or are NULL. Undefined if no column can be awkward.
 */
export function awkwardText(plan: Plan, naturals: Naturals): string | undefined {
  const changeable = plan.table.columns.filter(({ name }) => plan.cells.has(name))
  const keyed = new Set([...plan.table.foreignKeys.flatMap(({ columns }) => columns), ...plan.table.uniqueKeys.flatMap(({ columns }) => columns)])
  const edges = new Map(changeable.filter(({ name }) => !isKey(plan, name)).map((column) => [column, edgesOf(naturals, column)]))
  const most = Math.max(0, ...[...edges.values()].map(({ length }) => length))
  const nulls: Change = new Map(changeable.filter((column) => !column.notNull).map(({ name, format }) => [name, `NULL::${format}`]))
  const together = Array.from({ length: most }, (_, at): Change => new Map([...edges].flatMap(([column, values]) => cast(column, values[at]))))
  let number = FROM
  const insert = (change: Change, at = number++): string => insertText(withCells(plan, change), `(VALUES (${at}::bigint))`, { parents: 20, unjudged: true })
  const attempted = (change: Change): string => {
    const each = change.size < 2 ? [] : [...change].map((one) => block(insert(new Map([one]))))
    return block(insert(change), each.join(' '))
  }
  const changes = [nulls, ...together].filter(({ size }) => size > 0)
  const singleNulls = nulls.size < 2 ? [] : [...nulls].slice(0, 12).map((one) => block(insert(new Map([one]))))
  const free = changeable.filter(({ name }) => !keyed.has(name))
  const twins = free.length === 0 ? [] : [twin(plan, free, 1), twin(plan, free, 1)].map((cells) => block(insertText({ ...plan, cells }, `(VALUES (${number++}::bigint))`, { parents: 20, unjudged: true })))
  const blocks = [...changes.map((change) => attempted(change)), ...singleNulls, ...twins]
  return blocks.length === 0 ? undefined : `DO ${quoted(`BEGIN ${blocks.join(' ')} END`)}`
}

const isKey = ({ table }: Plan, name: string): boolean => table.foreignKeys.some(({ columns }) => columns.includes(name))

const cast = ({ name, format }: Column, value: string | undefined): readonly [string, string][] =>
  value === undefined ? [] : [[name, `(${value})::${format}`]]

const withCells = (plan: Plan, change: Change): Plan => ({
  ...plan,
  cells: new Map([...plan.cells, ...[...change].map(([name, sql]): [string, Cell] => [name, () => sql])]),
})

/** The same values as in the row of this number, in all columns that no key is about. */
function twin(plan: Plan, free: readonly Column[], number: number): ReadonlyMap<string, Cell> {
  const names = new Set(free.map(({ name }) => name))
  return new Map([...plan.cells].map(([name, cell]): [string, Cell] => [name, names.has(name) ? () => cell(String(number)) : cell]))
}

/** An error rolls the row back, and tries what is given instead. A statement timeout still ends all. */
const block = (insert: string, instead = ''): string => `BEGIN ${insert}; EXCEPTION WHEN others THEN ${instead === '' ? 'NULL;' : instead} END;`
