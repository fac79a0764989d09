// The form that the file names of a pairs folder share, in words that a reader recognises: NNNNN_name.up.sql / .down.sql.
import type { Side } from './direction.js'

/** The most common form of the ups and of the downs. */
export function shapeOf(sides: readonly Side[]): string {
  const width = widthOf(sides)
  const up = mostCommon(sides.filter((side) => side.direction === 'up').map((side) => formOf(side, width)))
  const down = mostCommon(sides.filter((side) => side.direction === 'down').map((side) => formOf(side, width)))
  if (up === undefined || down === undefined) return up ?? down ?? ''
  let same = 0
  while (up[same] !== undefined && up[same] === down[same]) same++
  const cut = up.lastIndexOf('.', same - 1)
  return `${up} / ${cut > 0 && up.slice(0, cut) === down.slice(0, cut) ? down.slice(cut) : down}`
}

function formOf({ parsed, style, word }: Side, width: string): string {
  const rest = parsed.id.slice(parsed.lead.length + parsed.version.length)
  const separator = /^[-_.]+/.exec(rest)?.[0] ?? ''
  const version = `${style === 'lead' ? '' : parsed.lead}${width}`
  switch (style) {
    case 'dot':
      return `${version}${separator}name.${word}.sql`
    case 'first':
      return `${version}.${word}.name.sql`
    case 'suffix':
      return `${version}${separator}name_${word}.sql`
    case 'prefix':
      return `${version}_${word}_name.sql`
    case 'lead':
      return `${word}_${version}${separator}name.sql`
    case 'letter':
    case 'plain':
      return `${version}${separator}name.sql`
  }
}

function widthOf(sides: readonly Side[]): string {
  const widths = new Set(sides.map((side) => (/^\d+$/.test(side.parsed.version) ? side.parsed.version.length : 0)))
  const [width = 0] = widths
  if (widths.size > 1) return 'N'
  if (width === 0) return sides.every(({ parsed }) => /^\d{4}-/.test(parsed.version)) ? 'YYYY-MM-DD' : 'N.N'
  return width === 14 ? 'YYYYMMDDHHMMSS' : width <= 10 ? 'N'.repeat(width) : `<${String(width)} digits>`
}

function mostCommon(forms: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const form of forms) counts.set(form, (counts.get(form) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
