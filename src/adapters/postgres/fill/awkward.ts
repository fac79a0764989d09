// Values at the edges of each type, and rows of them: NULL, empty, longest, negative, far away.
import { quoted } from '../../../sql/quote.js'
import { lengthOf, precisionOf } from './base-values.js'
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
  timestamp: [
    `'0001-01-01 00:00:00 BC'`,
    `'9999-12-31 23:59:59.999999'`,
    `'infinity'`,
    `'-infinity'`,
    `'2000-02-29 12:00:00.000001'`,
  ],
  timestamptz: [
    `'0001-01-01 00:00:00+00 BC'`,
    `'9999-12-31 23:59:59.999999+00'`,
    `'infinity'`,
    `'-infinity'`,
    `'2000-02-29 12:00:00.000001+00'`,
  ],
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
  if (type.kind === 'e')
    return [type.labels[0], type.labels.at(-1)].flatMap((label) => (label === undefined ? [] : [quoted(label)]))
  if (type.element !== null && baseValueOf(type) === undefined) return [`'{}'`, `'{NULL}'`]
  if (type.subtype !== null) return [`'empty'`, `'(,)'`]
  if (['text', 'varchar', 'bpchar', 'citext'].includes(type.name)) return [...TEXTS, longest(use.typmod)]
  if (type.name === 'numeric') return numbers(use.typmod)
  return baseValueOf(type) === undefined || !type.builtIn ? [] : (EDGES[type.name] ?? [])
}

/** Of two bytes each, as long as the type allows. */
const longest = (typmod: number): string => `pg_catalog.repeat(pg_catalog.chr(233), ${lengthOf(typmod) ?? LONG})`

/** With a modifier, the greatest and the least that it allows. */
function numbers(typmod: number): readonly string[] {
  const limits = precisionOf(typmod)
  if (limits === undefined) return ['0', '-1.5', `'NaN'`, '1e30', '0.123456789']
  const most = `'${'9'.repeat(limits.precision)}e${-limits.scale}'::numeric`
  return ['0', `-${most}`, most, `'NaN'`]
}

/** Where the numbers of awkward rows begin, so that natural columns of theirs have new values. */
const FROM = 100_000

/** As often a refused change is halved. */
const HALVED = 4

/** As many columns are NULL in a row where the others are not. */
const SINGLE_NULLS = 12

/** Columns that change together take these values in one row. */
type Unit = ReadonlyMap<string, string>

/**
 * One DO for all rows, each in a subtransaction: a row that is refused is left out. Columns with checks, and those
 * without, change together; where that is refused, half of them each. Keys have a parent or are NULL. Undefined if no column can be awkward.
 */
export function awkwardText(plan: Plan, naturals: Naturals): string | undefined {
  const changeable = plan.table.columns.filter(({ name }) => plan.cells.has(name))
  const free = changeable.filter(({ name }) => !isKey(plan, name))
  const checked = free.filter((column) => isChecked(plan, column, naturals))
  const unchecked = free.filter((column) => !checked.includes(column))
  const nulls = nullUnits(plan, changeable)
  let number = FROM
  const insert = (cells: Plan['cells'], instead = 'NULL;'): string =>
    block(insertText({ ...plan, cells }, `(VALUES (${number++}::bigint))`, { parents: 20, unjudged: true }), instead)
  const attempted = (units: readonly Unit[], depth = 0): string => {
    const middle = Math.ceil(units.length / 2)
    const halves = units.length < 2 || depth === HALVED ? [] : [units.slice(0, middle), units.slice(middle)]
    const instead = halves.map((half) => attempted(half, depth + 1)).join(' ')
    return insert(withUnits(plan, units), instead === '' ? 'NULL;' : instead)
  }
  const changes = [nulls, ...edgeUnits(unchecked, naturals), ...edgeUnits(checked, naturals)].filter(
    ({ length }) => length > 0,
  )
  const singly = nulls.length < 2 ? [] : nulls.slice(0, SINGLE_NULLS).map((one) => insert(withUnits(plan, [one])))
  const twins = [1, 2].flatMap(() => {
    const cells = twin(plan, changeable)
    return cells === undefined ? [] : [insert(cells)]
  })
  const blocks = [...changes.map((change) => attempted(change)), ...singly, ...twins]
  return blocks.length === 0 ? undefined : `DO ${quoted(`BEGIN ${blocks.join(' ')} END`)}`
}

/** NULL in each column that takes it. Columns of a key are NULL together: MATCH FULL asks for that. */
function nullUnits({ table }: Plan, changeable: readonly Column[]): readonly Unit[] {
  const units: Map<string, string>[] = []
  for (const { name, notNull, format } of changeable) {
    const keys = table.foreignKeys.filter(({ columns }) => columns.includes(name))
    if (notNull || keys.some(({ nullable }) => !nullable)) continue
    const others = keys.flatMap(({ columns }) => columns)
    const together = units.find((unit) => others.some((other) => unit.has(other)))
    if (together === undefined) units.push(new Map([[name, `NULL::${format}`]]))
    else together.set(name, `NULL::${format}`)
  }
  return units
}

/** The first edges of all columns, the second ones, and so on. */
function edgeUnits(columns: readonly Column[], naturals: Naturals): readonly (readonly Unit[])[] {
  const edges = columns.map((column) => ({ column, values: edgesOf(naturals, column) }))
  const most = Math.max(0, ...edges.map(({ values }) => values.length))
  return Array.from({ length: most }, (_, at) => edges.flatMap(({ column, values }) => cast(column, values[at])))
}

/** A check of the table, or of a domain, may refuse its edges. */
const isChecked = ({ table }: Plan, { name, type }: Column, { types }: Naturals): boolean =>
  table.checks.some(({ columns }) => columns.includes(name)) || types.get(type)?.kind === 'd'

const isKey = ({ table }: Plan, name: string): boolean =>
  table.foreignKeys.some(({ columns }) => columns.includes(name))

const cast = ({ name, format }: Column, value: string | undefined): readonly Unit[] =>
  value === undefined ? [] : [new Map([[name, `(${value})::${format}`]])]

const withUnits = ({ cells }: Plan, units: readonly Unit[]): Plan['cells'] =>
  new Map([...cells, ...units.flatMap((unit) => [...unit]).map(([name, sql]): [string, Cell] => [name, () => sql])])

/** The values of the first row in all columns that no key is about; undefined if there is none. */
function twin({ table, cells }: Plan, columns: readonly Column[]): Plan['cells'] | undefined {
  const keyed = new Set([...table.foreignKeys, ...table.uniqueKeys].flatMap((key) => key.columns))
  const free = columns.filter(({ name }) => !keyed.has(name)).map(({ name }) => name)
  if (free.length === 0) return undefined
  return new Map([...cells].map(([name, cell]): [string, Cell] => [name, free.includes(name) ? () => cell('1') : cell]))
}

/** An error rolls the row back, and something else is done instead. A statement timeout still ends all. */
const block = (insert: string, instead: string): string =>
  `BEGIN EXECUTE ${quoted(insert)}; EXCEPTION WHEN others THEN ${instead} END;`
