// What the server said, and the line that failed with a caret under the place.
import type { Place } from '../../model/source.js'
import type { ScriptFailure } from '../../report/check-report.js'
import { placeText } from '../words/place.js'
import { headline, type Entry } from '../words/problems.js'
import { cut, indent, widthOf, wrap, type Ink } from './layout.js'
import { oneLine, visible } from '../words/escape.js'

/** ` (SQLSTATE ...)`; nothing where it was not the server who said no. */
export const stateOf = ({ sqlstate }: Pick<ScriptFailure, 'sqlstate'>): string =>
  sqlstate === '' ? '' : ` (SQLSTATE ${oneLine(sqlstate)})`

/** A detail names more objects than anyone reads: up to a hundred, each on a line of its own. */
const DETAILS = 5

/** The detail of the server, a line for each of its lines; how many more there are, where they are many. */
export function detailLines(detail: string | undefined): readonly string[] {
  if (detail === undefined) return []
  const [first = '', ...rest] = detail.split('\n')
  const shown = rest.slice(0, DETAILS - 1)
  const more = rest.length - shown.length
  return [`detail: ${oneLine(first)}`, ...shown.map(oneLine), ...(more > 0 ? [`and ${more.toString()} more`] : [])]
}

/** `entry` is what stands above: what it says already is not said again. */
export function failureLines(
  failure: ScriptFailure,
  { ink, width, entry }: { readonly ink: Ink; readonly width: number; readonly entry: Entry },
): readonly string[] {
  const said = [
    ...(headline(entry).includes(failure.message) ? [] : [`${oneLine(failure.message)}${stateOf(failure)}`]),
    ...detailLines(failure.detail),
    ...(failure.hint === undefined || entry.finding.fix.includes(failure.hint)
      ? []
      : [`hint: ${oneLine(failure.hint)}`]),
    ...(failure.environment === undefined || headline(entry).includes(failure.environment)
      ? []
      : [`not the migration's fault: ${oneLine(failure.environment)}`]),
  ]
  return [
    ...said.flatMap((text) => wrap(text, width)),
    ...indent(2, excerpt(failure, { ink, width: width - 2, known: entry.finding.place })),
  ]
}

/** How much of a long line is shown before the place that the caret points at. */
const LEAD = 40

/** The line that failed with a caret under the place; empty where the server named none. */
export function excerpt(
  failure: ScriptFailure,
  { ink, width, known }: { readonly ink: Ink; readonly width: number; readonly known: Place | undefined },
): readonly string[] {
  const { place, line } = failure
  if (place === undefined || line === undefined) return []
  const number = place.line.toString()
  const room = Math.max(20, width - number.length - 3)
  const characters = Array.from(line.replaceAll('\t', ' '))
  const shownBefore = visible(characters.slice(0, place.column - 1).join(''))
  const shown = visible(characters.join(''))
  const skip = widthOf(shown) > room && widthOf(shownBefore) > LEAD ? shownBefore.length - LEAD : 0
  const text = skip === 0 ? shown : `…${shown.slice(skip + 1)}`
  const before = skip === 0 ? shownBefore : `…${shownBefore.slice(skip + 1)}`
  return [
    ...(known !== undefined && placeText(known) === placeText(place) ? [] : [ink.dim(placeText(place))]),
    `${ink.dim(`${number} |`)} ${cut(text, room)}`,
    `${ink.dim(`${' '.repeat(number.length)} |`)} ${' '.repeat(widthOf(before))}${ink.red('^')}`,
  ]
}
