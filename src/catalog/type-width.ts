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
