// Whether one type holds all values of another.

const WHOLE = ['smallint', 'integer', 'bigint']

const DIGITS = [5, 10, 19]

/** The digits before the point that a numeric has room for. */
function digitsOf(type: string): number {
  if (type === 'numeric') return Infinity
  const [, precision, scale] = /^numeric\((\d+),(-?\d+)\)$/.exec(type) ?? []
  return precision === undefined || Number(scale) < 0 ? 0 : Number(precision) - Number(scale)
}

/** Whether a plain cast keeps every value, by the types alone. */
export function keepsValues(from: string, to: string): boolean {
  if (from === to) return true
  const [a, b] = [WHOLE.indexOf(from), WHOLE.indexOf(to)]
  if (a !== -1) return (b !== -1 && b >= a) || digitsOf(to) >= (DIGITS[a] ?? 0) || (a < 2 && to === 'double precision')
  if (from === 'real' && to === 'double precision') return true
  const isText = (type: string): boolean => /^(?:text|character varying)$/.test(type)
  if (isText(to)) return /^(?:text|character varying|uuid|boolean|inet|cidr)\b/.test(from) || from.includes('.')
  const [x, y] = [/^numeric\((\d+),(-?\d+)\)$/.exec(from), /^numeric\((\d+),(-?\d+)\)$/.exec(to)]
  if (from.startsWith('numeric') && to === 'numeric') return true
  if (x !== null && y !== null) {
    const [p, s, q, t] = [x[1], x[2], y[1], y[2]].map(Number) as [number, number, number, number]
    return t >= s && q - t >= p - s
  }
  const [l, m] = [from, to].map((type) => /^character varying\((\d+)\)$/.exec(type)?.[1])
  return l !== undefined && m !== undefined && Number(m) >= Number(l)
}

/**
 * Whether an assignment to the type keeps every value or fails, so that a step that ran lost none (PostgreSQL, "Numeric
 * Types": out of range is an error, a smaller scale rounds; "Character Types": too long is an error but for blanks).
 */
export function keepsOrFails(from: string, to: string): boolean {
  if (keepsValues(from, to)) return true
  if (WHOLE.includes(from)) return WHOLE.includes(to) || (scaleOf(to) ?? -1) >= 0
  const [x, y] = [scaleOf(from), scaleOf(to)]
  if (x !== undefined && y !== undefined) return y >= x
  if (TEXT.test(from)) return TEXT.test(to)
  return ALIKE.some(([one, other]) => from === one && other.test(to))
}

const TEXT = /^(?:text|character(?: varying)?(?:\(\d+\))?)$/

/** Digits behind the point. Without a scale, a numeric holds any number of them. */
function scaleOf(type: string): number | undefined {
  if (type === 'numeric') return Infinity
  const [, scale] = /^numeric\(\d+,(-?\d+)\)$/.exec(type) ?? []
  return scale === undefined ? undefined : Number(scale)
}

/** Casts that turn each value into one that stands for it alone. */
const ALIKE: readonly (readonly [from: string, to: RegExp])[] = [
  ['boolean', /^(?:integer|text|character varying)$/],
  ['date', /^timestamp\b/],
  ['money', /^numeric$/],
  ['jsonb', /^(?:text|json)$/],
]
