// Values that a condition may ask for: the natural ones, its own constants, and values close to them.
import { quoted } from '../../../sql/quote.js'
import type { Constant } from './literals.js'
import { textsLike, textsMatching } from './patterns.js'
import { baseValueOf, elementUse, naturalValue, plainUse, type Naturals, type Use, type Value } from './natural.js'
import { lengthOf, precisionOf } from './base-values.js'
import { TEXT_FORMS, textValue } from './text-values.js'
import type { Type } from './types.js'

/** `varies`: rows with other numbers get other values. */
type Candidate = { readonly sql: (n: string) => string; readonly varies: boolean }

const varying = (sql: (n: string) => string): Candidate => ({ sql, varies: true })
const fixed = (sql: string): Candidate => ({ sql: () => sql, varies: false })

const LONGEST = 4_000

/** The first is the natural one. None where the type is unknown. Of a domain they have the type that it is made of. */
export function candidatesFor(naturals: Naturals, use: Use, constants: readonly Constant[]): readonly Candidate[] {
  const natural = naturalValue(naturals, use)
  if ('unknown' in natural) return []
  const base = baseOf(naturals, use)
  if (base === undefined) return []
  const others = candidatesOf(naturals, base, constants)
  return [fromValue(natural), ...others].map((one) => ({
    ...one,
    sql: (n: string) => `(${one.sql(n)})::${base.use.format}`,
  }))
}

const fromValue = ({ sql, kinds }: Value): Candidate => ({ sql, varies: kinds === Infinity })

type Base = { readonly type: Type; readonly use: Use }

/** What a domain is made of; the innermost modifier is the one that counts. */
function baseOf(naturals: Naturals, use: Use): Base | undefined {
  const type = naturals.types.get(use.type)
  if (type === undefined) return undefined
  return type.base === null ? { type, use } : baseOf(naturals, type.base)
}

const NUMBERS = ['int2', 'int4', 'int8', 'oid', 'numeric', 'float4', 'float8', 'money']
const TEXTS = ['text', 'varchar', 'bpchar', 'name', 'citext', 'char']
const MOMENTS = ['date', 'timestamp', 'timestamptz']

function candidatesOf(naturals: Naturals, { type, use }: Base, constants: readonly Constant[]): readonly Candidate[] {
  const own = constants
    .filter((one) => one.pattern === undefined && sameType(one.type, use.format))
    .map(({ text }) => fixed(quoted(text)))
  if (type.kind === 'e') return type.labels.map((label) => fixed(quoted(label)))
  if (type.element !== null) return [...own, ...arrays(naturals, { type, use }, constants)]
  if (type.subtype !== null) return [...ranges(naturals, { type, use }), ...own]
  if (baseValueOf(type) === undefined) return own
  if (NUMBERS.includes(type.name)) return numbers(type, use, constants)
  if (TEXTS.includes(type.name)) return texts(use, constants)
  if (MOMENTS.includes(type.name)) return moments(type, constants)
  if (type.name === 'bool') return [fixed('true'), fixed('false')]
  if (type.name === 'json' || type.name === 'jsonb') return [...own, ...documents(constants)]
  if (type.name === 'bytea') return [...own, ...bytes(constants)]
  if (type.name === 'inet' || type.name === 'cidr')
    return [...own, varying((n) => `(inet 'fd00::' + ${n})`), fixed(`'10.0.0.0/8'`)]
  if (type.name === 'interval' || type.name === 'time') return [...own, fixed(`'00:00:00'`), fixed(`'12:00:00'`)]
  return own
}

const sameType = (written: string | undefined, format: string): boolean =>
  written !== undefined && written.replace(/\(.*/, '') === format.replace(/\(.*/, '')

const isNumber = ({ text }: Constant): boolean => /^-?\d+(?:\.\d+)?$/.test(text)

/** The bounds of a type of numbers; a value beyond is cut to them. */
function boundsOf(type: Type, { typmod }: Use): readonly [least: string, most: string] | undefined {
  const limits = precisionOf(typmod)
  if (type.name === 'numeric' && limits !== undefined && limits.scale >= 0) {
    const whole = limits.precision - limits.scale
    const most = `${whole > 0 ? '9'.repeat(whole) : '0'}.${'9'.repeat(limits.scale)}`.replace(/\.$/, '')
    return [`-${most}`, most]
  }
  if (type.name === 'int2') return ['-32768', '32767']
  if (type.name === 'int4') return ['-2147483648', '2147483647']
  if (type.name === 'int8') return ['-9223372036854775808', '9223372036854775807']
  return type.name === 'oid' ? ['0', '4294967295'] : undefined
}

function numbers(type: Type, use: Use, constants: readonly Constant[]): readonly Candidate[] {
  const bounds = boundsOf(type, use)
  const cut = (sql: string): string =>
    bounds === undefined ? `(${sql})::numeric` : `greatest(least((${sql})::numeric, ${bounds[1]}), ${bounds[0]})`
  const found = [...new Set(constants.filter(isNumber).map(({ text }) => text))]
  const sorted = found.map(Number).sort((a, b) => a - b)
  const middles = sorted.slice(1).map((one, i) => (one + (sorted[i] ?? one)) / 2)
  const between = sorted.slice(1).flatMap((high, i) => {
    const [low, count] = [sorted[i] ?? 0, Math.ceil(high - (sorted[i] ?? 0)) - 1]
    return Number.isInteger(low) && count > 1 && Number.isSafeInteger(count)
      ? [varying((n) => cut(`${low} + 1 + ${n} % ${count}`))]
      : []
  })
  return [
    ...between,
    ...found.flatMap((one) => [
      ...(Number(one) >= 1 ? [varying((n) => cut(`${one} - ${n} % ${Math.ceil(Number(one))}`))] : []),
      varying((n) => cut(`${one} + ${n}`)),
      varying((n) => cut(`${one} * ${n}`)),
      varying((n) => cut(`${one} - ${n}`)),
      fixed(cut(one)),
      fixed(cut(`${one} + 1`)),
      fixed(cut(`${one} - 1`)),
    ]),
    ...middles.map((one) => fixed(cut(`'${one}'`))),
    varying((n) => cut(`- ${n}`)),
    varying((n) => cut(`2 * ${n}`)),
    ...['0', '1', '-1', '0.5'].map((one) => fixed(cut(one))),
  ]
}

function texts({ typmod }: Use, constants: readonly Constant[]): readonly Candidate[] {
  const lengths = constants
    .filter((one) => isNumber(one) && /^\d+$/.test(one.text))
    .flatMap(({ text }) => [Number(text), Number(text) - 1, Number(text) + 1])
    .filter((length) => length > 0 && length <= LONGEST)
  const longest = lengthOf(typmod)
  return [
    ...constants
      .filter(({ pattern, text }) => pattern === undefined && text !== '')
      .map(({ text }) => fixed(quoted(text))),
    ...constants.flatMap((one) => textsFor(one)).map(varying),
    ...[...new Set(lengths)].flatMap((length) => [
      varying((n) => `pg_catalog.right(pg_catalog.repeat('a', ${length}) || ${n}, ${length})`),
      varying((n) => `pg_catalog.lpad((${n})::text, ${length}, '0')`),
      varying(
        (n) => `pg_catalog.left(pg_catalog.repeat(pg_catalog.md5((${n})::text), ${Math.ceil(length / 32)}), ${length})`,
      ),
      varying((n) => `pg_catalog.right(pg_catalog.repeat('A', ${length}) || ${n}, ${length})`),
    ]),
    ...TEXT_FORMS.slice(1).map((form) => ({ sql: textValue(form, longest), varies: form !== 'boolean' })),
    ...WELL_KNOWN.map(varying),
    ...["'{}'", "'[]'", "''", "' '"].map(fixed),
  ]
}

/** A text with % may be a pattern of LIKE ANY. */
function textsFor({ pattern, text }: Constant): readonly ((n: string) => string)[] {
  if (pattern === 'regex') return textsMatching(text)
  if (pattern === 'similar') return textsMatching(text.replaceAll('%', '.*').replaceAll('_', '.'))
  return pattern === 'like' || text.includes('%') ? textsLike(text) : []
}

const WELL_KNOWN: readonly ((n: string) => string)[] = [
  (n) => `('TEXT' || ${n})`,
  (n) => `('Text ' || ${n})`,
  (n) => `('text' || ${n} || '@example.com')`,
  (n) => `('https://example.com/' || ${n})`,
  (n) => `('/text/' || ${n})`,
  (n) => `('0x' || pg_catalog.lpad(pg_catalog.to_hex(${n}), 40, '0'))`,
  (n) => `('+4930' || pg_catalog.lpad((${n})::text, 7, '0'))`,
  (n) => `pg_catalog.substr('abcdefghijklmnopqrstuvwxyz', (1 + ${n} % 26)::int, 1)`,
]

/** Around each constant, first days, and what is always in the past or the future. */
function moments(type: Type, constants: readonly Constant[]): readonly Candidate[] {
  const zone = type.name === 'timestamptz' ? 'timestamptz' : 'timestamp'
  const found = constants
    .filter(({ text }) => /^\d{4,}-\d\d-\d\d/.test(text))
    .map(({ text }) => `${zone} ${quoted(text)}`)
  const start = `${zone} '2001-01-01 00:00:00${zone === 'timestamptz' ? '+00' : ''}'`
  return [
    ...found.flatMap((one) => [
      varying((n) => `${one} + ${n} * interval '1 minute'`),
      varying((n) => `${one} + ${n} * interval '1 day'`),
      varying((n) => `${one} - ${n} * interval '1 minute'`),
      varying((n) => `${one} - ${n} * interval '1 day'`),
      fixed(one),
    ]),
    varying((n) => `${start} + (${n} % 9000) * interval '1 day'`),
    varying((n) => `${start} + (${n} % 1200) * interval '7 days'`),
    varying((n) => `${start} + (${n} % 300) * interval '1 month'`),
    varying((n) => `${zone} '9000-01-01' + ${n} * interval '1 hour'`),
    fixed(`'infinity'`),
  ]
}

/** Objects with all texts of the condition as keys, for `?`, `->` and jsonb_typeof. */
function documents(constants: readonly Constant[]): readonly Candidate[] {
  const keys = [...new Set(constants.filter(({ text }) => text !== '').map(({ text }) => text))]
  const objectOf = (value: unknown): string => JSON.stringify(Object.fromEntries(keys.map((key) => [key, value])))
  const words = [...keys, 'text']
  return [
    ...[1, 'text', {}, [], true, [1], ...keys].map((value) => fixed(quoted(objectOf(value)))),
    varying((n) => `('[' || ${n} || ']')`),
    ...[{}, [], 'text', 1, true, null, words].map((value) => fixed(quoted(JSON.stringify(value)))),
    ...keys.map((key) => fixed(quoted(JSON.stringify(key)))),
  ]
}

function bytes(constants: readonly Constant[]): readonly Candidate[] {
  const lengths = constants
    .map(({ text }) => Number(text))
    .filter((length) => Number.isInteger(length) && length > 0 && length <= LONGEST)
  return [...new Set(lengths.flatMap((length) => [length, length - 1, length + 1]))].map((length) =>
    varying(
      (n) =>
        `pg_catalog.substr(pg_catalog.decode(pg_catalog.repeat(pg_catalog.md5((${n})::text), ${Math.ceil(length / 16)}), 'hex'), 1, ${length})`,
    ),
  )
}

function arrays(naturals: Naturals, { type, use }: Base, constants: readonly Constant[]): readonly Candidate[] {
  const inside = elementUse(naturals.types, use, type.element ?? '')
  const element = naturalValue(naturals, inside)
  if ('unknown' in element) return []
  const counts = constants
    .map(({ text }) => Number(text))
    .filter((count) => Number.isInteger(count) && count > 0 && count <= 100)
  const of = candidatesFor(naturals, inside, constants).slice(1, 40)
  return [
    varying((n) => `ARRAY[${element.sql(n)}]`),
    ...[...new Set(counts.flatMap((count) => [count, count + 1, Math.max(count - 1, 1)]))].map((count) =>
      varying((n) => `pg_catalog.array_fill(${element.sql(n)}, ARRAY[${count}])`),
    ),
    ...of.map(({ sql, varies }) => ({ varies, sql: (n: string) => `ARRAY[${sql(n)}]` })),
    fixed(`'{}'`),
  ]
}

function ranges(naturals: Naturals, { type }: Base): readonly Candidate[] {
  const bound = naturalValue(naturals, plainUse(naturals.types, type.subtype ?? ''))
  if ('unknown' in bound) return []
  return [
    varying((n) => `${type.fullName}(${bound.sql(n)}, ${bound.sql(n)}, '[]')`),
    varying((n) => `${type.fullName}(${bound.sql(n)}, NULL, '[)')`),
    fixed(`'(,)'`),
    fixed(`'empty'`),
  ]
}
