// The n-th value of each base type, as SQL: built-in types, and those of extensions that are known by their name.
import { textKinds, textValue, timestampOf, type TextForm } from './text-values.js'

/** What a value of a base type depends on besides its number. `format`: the type with its modifier, as SQL writes it. */
export type Modifier = { readonly typmod: number; readonly format: string; readonly form: TextForm }

/**
 * `sql`: of the n-th value, n from 1; the caller casts it to the type. `kinds`: how many different ones there are.
 * `rising`: a greater n gives a greater value.
 */
export type BaseValue = {
  readonly sql: (n: string, modifier: Modifier) => string
  readonly kinds?: (modifier: Modifier) => number
  readonly rising?: true
}

/** Of varchar, char: typmod is the length and the 4 bytes of a header (varchar.c). */
export const lengthOf = (typmod: number): number | undefined => (typmod < 4 ? undefined : typmod - 4)

/** Of numeric (numeric.c, make_numeric_typmod); a scale below zero rounds before the point. */
export function precisionOf(typmod: number): { readonly precision: number; readonly scale: number } | undefined {
  if (typmod < 4) return undefined
  const scale = (typmod - 4) & 0x7ff
  return { precision: ((typmod - 4) >> 16) & 0xffff, scale: scale > 1023 ? scale - 2048 : scale }
}

const text: BaseValue = {
  sql: (n, { typmod, form }) => textValue(form, lengthOf(typmod))(n),
  kinds: ({ typmod, form }) => textKinds(form, lengthOf(typmod)),
}

const anyText: BaseValue = {
  sql: (n, { form }) => textValue(form, undefined)(n),
  kinds: ({ form }) => textKinds(form, undefined),
}

/** As many digits before the point as fit, and all places behind it. */
function numeric(n: string, { typmod }: Modifier): string {
  const limits = precisionOf(typmod)
  if (limits === undefined) return n
  const { precision, scale } = limits
  if (scale < 0) return `(${n} % ${10 ** Math.min(precision, 15)})::numeric * ${10 ** -scale}`
  const whole = Math.min(precision - scale, 15)
  const parts = 10 ** Math.min(precision, 15)
  if (whole < 4) return `(${n} % ${parts})::numeric / ${power(scale)}`
  return scale === 0
    ? `${n} % ${10 ** whole}`
    : `${n} + (${n} % ${10 ** Math.min(scale, 15)})::numeric / ${power(scale)}`
}

const power = (scale: number): string => `1${'0'.repeat(Math.max(scale, 0))}::numeric`

function numericKinds({ typmod }: Modifier): number {
  const limits = precisionOf(typmod)
  return limits === undefined || limits.precision > 5 ? Infinity : 10 ** limits.precision
}

const plain = (sql: (n: string) => string): BaseValue => ({ sql })
const rising = (sql: (n: string) => string): BaseValue => ({ sql, rising: true })
const constant = (sql: string): BaseValue => ({ sql: () => sql, kinds: () => 1 })

/** Bits of the number; a cast takes the last ones (PostgreSQL, "Bit String Functions and Operators"). */
const bits: BaseValue = {
  sql: (n, { typmod }) => `(${n})::int8::bit(${typmod > 0 ? typmod : 64})`,
  kinds: ({ typmod }) => (typmod > 0 ? 2 ** typmod : Infinity),
}

/** Types of pg_catalog. */
export const BUILT_IN: Readonly<Record<string, BaseValue>> = {
  bool: { sql: (n) => `(${n} % 2 = 0)`, kinds: () => 2 },
  int2: rising((n) => `(1 + (${n} - 1) % 32000)`),
  int4: rising((n) => n),
  int8: rising((n) => n),
  oid: plain((n) => n),
  numeric: { sql: numeric, kinds: numericKinds, rising: true },
  float4: rising((n) => `(${n} + 0.5)`),
  float8: rising((n) => `(${n} + 0.5)`),
  money: plain((n) => `(${n})::numeric`),
  text,
  varchar: text,
  bpchar: text,
  name: anyText,
  refcursor: anyText,
  char: { sql: (n) => `pg_catalog.chr((33 + ${n} % 90)::int)`, kinds: () => 90 },
  uuid: plain((n) => `pg_catalog.md5((${n})::text)`),
  bytea: plain((n) => `pg_catalog.decode(pg_catalog.md5((${n})::text), 'hex')`),
  bit: bits,
  varbit: bits,
  date: rising((n) => `(date '2001-01-01' + (${n})::int)`),
  timestamp: rising(timestampOf),
  timestamptz: rising((n) => `(timestamptz '2001-01-01 00:00:00+00' + ${n} * interval '61 minutes')`),
  time: plain((n) => `(time '00:00' + ${n} * interval '1 second')`),
  timetz: plain((n) => `(timetz '00:00+00' + ${n} * interval '1 second')`),
  interval: rising((n) => `(${n} * interval '1 minute')`),
  inet: rising((n) => `(inet '10.0.0.0' + ${n})`),
  cidr: rising((n) => `(inet '10.0.0.0' + ${n})`),
  macaddr: plain((n) => `pg_catalog.lpad(pg_catalog.to_hex(${n}), 12, '0')`),
  macaddr8: plain((n) => `pg_catalog.lpad(pg_catalog.to_hex(${n}), 16, '0')`),
  json: plain((n) => `('{"n": ' || ${n} || '}')`),
  jsonb: plain((n) => `('{"n": ' || ${n} || '}')`),
  jsonpath: plain((n) => `('$.n' || ${n})`),
  xml: plain((n) => `('<n>' || ${n} || '</n>')`),
  tsvector: plain((n) => `('text' || ${n})`),
  tsquery: plain((n) => `('text' || ${n})`),
  point: plain((n) => `pg_catalog.point((${n})::float8, (${n})::float8)`),
  line: plain((n) => `('{1,2,' || ${n} || '}')`),
  lseg: plain((n) => `('[(' || ${n} || ',0),(' || ${n} || ',1)]')`),
  box: plain((n) => `('(' || 2 * ${n} + 1 || ',1),(' || 2 * ${n} || ',0)')`),
  path: plain((n) => `('[(' || ${n} || ',0),(' || ${n} || ',1)]')`),
  polygon: plain((n) => `('((' || 2 * ${n} || ',0),(' || 2 * ${n} + 1 || ',0),(' || 2 * ${n} || ',1))')`),
  circle: plain((n) => `('<(' || 4 * ${n} || ',0),1>')`),
  pg_lsn: plain((n) => `('0/' || pg_catalog.to_hex(${n}))`),
  xid: plain((n) => `(${n})::text`),
  cid: plain((n) => `(${n})::text`),
  xid8: plain((n) => `(${n})::text`),
  tid: plain((n) => `('(' || ${n} || ',1)')`),
  txid_snapshot: plain((n) => `(${n} || ':' || ${n} || ':')`),
  pg_snapshot: plain((n) => `(${n} || ':' || ${n} || ':')`),
  int2vector: plain((n) => `(${n} % 32000)::text`),
  oidvector: plain((n) => `(${n})::text`),
  aclitem: constant(`pg_catalog.makeaclitem(10, 10, 'SELECT', false)`),
  regclass: constant(`'pg_catalog.pg_class'`),
  regtype: constant(`'pg_catalog.int4'`),
  regproc: constant(`'pg_catalog.now'`),
  regprocedure: constant(`'pg_catalog.now()'`),
  regoper: constant(`'pg_catalog.||/'`),
  regoperator: constant(`'pg_catalog.+(integer,integer)'`),
  regrole: constant(`'10'`),
  regnamespace: constant(`'pg_catalog'`),
  regconfig: constant(`'pg_catalog.simple'`),
  regdictionary: constant(`'pg_catalog.simple'`),
  regcollation: constant(`'pg_catalog."C"'`),
  regdatabase: constant(`'template1'`),
}

/** As many numbers as a vector has, of pgvector: its modifier is their number. */
const vector: BaseValue = {
  sql: (n, { typmod }) => `('[' || pg_catalog.repeat('1,', ${Math.max(typmod, 1) - 1}) || ${n} || ']')`,
}

/** Well-known text of PostGIS for each kind of shape. */
const SHAPES: Readonly<Record<string, (point: (x: string) => string) => string>> = {
  point: (p) => `'(' || ${p('0')} || ')'`,
  linestring: (p) => `'(' || ${p('0')} || ',' || ${p('1')} || ')'`,
  polygon: (p) => `'((' || ${p('0')} || ',' || ${p('1')} || ',' || ${p('2')} || ',' || ${p('0')} || '))'`,
  multipoint: (p) => `'((' || ${p('0')} || '))'`,
  multilinestring: (p) => `'((' || ${p('0')} || ',' || ${p('1')} || '))'`,
  multipolygon: (p) => `'(((' || ${p('0')} || ',' || ${p('1')} || ',' || ${p('2')} || ',' || ${p('0')} || ')))'`,
}

/** The modifier of geometry and geography is in the written type: `geometry(PointZ,4326)`. */
function shape(n: string, { format }: Modifier): string {
  const [, written = 'Point', , srid = '0'] = /\((\w+)(,(\d+))?\)/.exec(format) ?? []
  const kind = written.toLowerCase()
  const [plainKind = 'point'] = Object.keys(SHAPES)
    .filter((name) => kind.startsWith(name))
    .sort((a, b) => b.length - a.length)
  const further = kind.slice(plainKind.length)
  const point = (x: string): string =>
    `((${n} + ${x}) % 90)::text || ' ' || (${n} / 90 % 90 + ${x} * ${x})::text || '${' 0'.repeat(further.length)}'`
  const shapeOf = SHAPES[plainKind]
  if (shapeOf === undefined || kind === 'geometrycollection') return `'SRID=${srid};GEOMETRYCOLLECTION EMPTY'`
  return `('SRID=${srid};${plainKind.toUpperCase()} ${further.toUpperCase()}' || ${shapeOf(point)})`
}

/** Types of extensions, by name: their input forms are fixed by their documentation. */
export const OF_EXTENSIONS: Readonly<Record<string, BaseValue>> = {
  citext: anyText,
  hstore: plain((n) => `('n=>' || ${n})`),
  ltree: plain((n) => `('top.n' || ${n})`),
  lquery: plain((n) => `('top.n' || ${n})`),
  ltxtquery: plain((n) => `('n' || ${n})`),
  cube: plain((n) => `('(' || ${n} || ')')`),
  seg: plain((n) => `(${n})::text`),
  query_int: plain((n) => `(${n})::text`),
  geometry: { sql: shape },
  geography: { sql: shape },
  vector,
  halfvec: vector,
  sparsevec: { sql: (n, { typmod }) => `('{1:' || ${n} || '}/' || ${Math.max(typmod, 1)})` },
  semver: plain((n) => `('1.0.' || ${n})`),
}

/** Input forms that a type without a known one may take, as text with a number in it. */
export const TRIED_FORMS: readonly ((n: string) => string)[] = [
  (n) => `(${n})::text`,
  (n) => `('text' || ${n})`,
  (n) => `('(' || ${n} || ',' || ${n} || ')')`,
  (n) => `('[' || ${n} || ',' || ${n} || ']')`,
  (n) => `('{' || ${n} || '}')`,
  (n) => `('POINT(' || ${n} || ' ' || ${n} || ')')`,
  (n) => `pg_catalog.md5((${n})::text)`,
  (n) => `('{"n": ' || ${n} || '}')`,
  (n) => `('10.0.0.' || ${n} % 250)`,
  (n) => `${timestampOf(n)}::text`,
  (n) => `('1.0.' || ${n})`,
]
