// The n-th value of any type, as SQL.
import { quoted } from '../../../sql/quote.js'
import { BUILT_IN, OF_EXTENSIONS, type BaseValue, type Modifier } from './base-values.js'
import type { TextForm } from './text-values.js'
import type { Type, Types } from './types.js'

/** `sql`: of the n-th value, which is never NULL. `kinds`: how many different ones there are, Infinity for very many. */
export type Value = { readonly sql: (n: string) => string; readonly kinds: number }

/** A type whose values cannot be made: how it is written. */
type UnknownType = { readonly unknown: string }

/** A type with its modifier, as a column, a field or an element has it. */
export type Use = { readonly type: string; readonly typmod: number; readonly format: string }

/** `solved`: values of domains with checks and of types without a known input form, by OID. */
export type Naturals = {
  readonly types: Types
  readonly form: TextForm
  readonly solved: ReadonlyMap<string, Value>
}

const DEPTH = 8

/** The values of a type. They are casted to it. */
export function naturalValue(naturals: Naturals, use: Use, depth = 0): Value | UnknownType {
  const type = naturals.types.get(use.type)
  if (type === undefined || depth > DEPTH) return { unknown: use.format }
  const value = naturals.solved.get(use.type) ?? uncast(naturals, { use, type, depth: depth + 1 })
  return 'unknown' in value ? value : { ...value, sql: (n) => `(${value.sql(n)})::${use.format}` }
}

type Way = { readonly use: Use; readonly type: Type; readonly depth: number }

function uncast(naturals: Naturals, way: Way): Value | UnknownType {
  const { type, use, depth } = way
  const base = baseValueOf(type)
  if (base !== undefined) return withModifier(base, { typmod: use.typmod, format: use.format, form: naturals.form })
  if (type.base !== null) return naturalValue(naturals, type.base, depth)
  if (type.kind === 'e')
    return oneOf(
      type.labels.map((label) => quoted(label)),
      type.format,
    )
  if (type.element !== null) return arrayValue(naturals, way, type.element)
  if (type.kind === 'c') return recordValue(naturals, way)
  if (type.subtype !== null) return rangeValue(naturals, way, type.subtype)
  if (type.range === null) return { unknown: use.format }
  const range = naturalValue(naturals, plainUse(naturals.types, type.range), depth)
  return 'unknown' in range ? range : { ...range, sql: (n) => `${type.fullName}(${range.sql(n)})` }
}

/** The known input form of a base type. */
export const baseValueOf = (type: Type): BaseValue | undefined =>
  type.kind === 'b' ? (type.builtIn ? BUILT_IN : OF_EXTENSIONS)[type.name] : undefined

const withModifier = (base: BaseValue, modifier: Modifier): Value => ({
  sql: (n) => base.sql(n, modifier),
  kinds: base.kinds?.(modifier) ?? Infinity,
})

/** Takes turns; `format` is the type of all. */
export function oneOf(values: readonly string[], format: string): Value | UnknownType {
  if (values.length === 0) return { unknown: format }
  return { sql: (n) => `(ARRAY[${values.join(', ')}]::${format}[])[1 + ${n} % ${values.length}]`, kinds: values.length }
}

export const plainUse = (types: Types, oid: string): Use => ({
  type: oid,
  typmod: -1,
  format: types.get(oid)?.format ?? oid,
})

/** Two elements each. The modifier of an array is that of its elements. */
function arrayValue(naturals: Naturals, { use, depth }: Way, element: string): Value | UnknownType {
  const value = naturalValue(naturals, elementUse(naturals.types, use, element), depth)
  if ('unknown' in value) return value
  return { ...value, sql: (n) => `ARRAY[${value.sql(n)}, ${value.sql(`(${n} + 1)`)}]` }
}

/** The type of the elements of an array, `format` included: it is written before the first bracket. */
export const elementUse = (types: Types, use: Use, element: string): Use =>
  use.typmod < 0
    ? plainUse(types, element)
    : { type: element, typmod: use.typmod, format: use.format.replace(/(?:\[\])+$/, '') }

function recordValue(naturals: Naturals, { type, depth }: Way): Value | UnknownType {
  const fields = type.fields.map((field) => naturalValue(naturals, field, depth))
  const known = fields.filter((field) => 'sql' in field)
  const unknown = fields.find((field) => 'unknown' in field)
  if (unknown !== undefined) return unknown
  return {
    sql: (n) => `ROW(${known.map((field) => field.sql(n)).join(', ')})`,
    kinds: Math.max(1, ...known.map(({ kinds }) => kinds)),
  }
}

/** Ranges do not overlap: from one value up to the next where the next is greater, else of one value alone. */
function rangeValue(naturals: Naturals, { type, depth }: Way, subtype: string): Value | UnknownType {
  const bound = naturalValue(naturals, plainUse(naturals.types, subtype), depth)
  if ('unknown' in bound) return bound
  const of = naturals.types.get(subtype)
  const rises = of !== undefined && baseValueOf(of)?.rising === true
  const sql = (n: string): string =>
    rises
      ? `${type.fullName}(${bound.sql(`(2 * ${n})`)}, ${bound.sql(`(2 * ${n} + 1)`)}, '[)')`
      : `${type.fullName}(${bound.sql(n)}, ${bound.sql(n)}, '[]')`
  return { ...bound, sql }
}
