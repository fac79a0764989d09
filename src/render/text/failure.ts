// A failed script for a terminal: the server's message, and the failed line with a caret under the place.
import type { Place } from '../../model/source.js'
import type { ScriptFailure } from '../../report/check-report.js'
import { placeText } from '../words/format.js'
import { headline, type Entry } from '../words/problems.js'
import { cut, indent, widthOf, wrap, type Ink } from './layout.js'
import { oneLine, visible } from '../words/escape.js'

/** ` (SQLSTATE ...)`; empty where the error is not from the server. */
export const sqlstateSuffix = ({ sqlstate }: Pick<ScriptFailure, 'sqlstate'>): string =>
  sqlstate === '' ? '' : ` (SQLSTATE ${oneLine(sqlstate)})`

/** A server can list up to a hundred objects in a detail, one on each line; more than these are only counted. */
const DETAILS = 5

/** The first lines of the server's detail, and how many more there are. */
export function detailLines(detail: string | undefined): readonly string[] {
  if (detail === undefined) return []
  const [first = '', ...rest] = detail.split('\n')
  const shown = rest.slice(0, DETAILS - 1)
  const more = rest.length - shown.length
  return [`detail: ${oneLine(first)}`, ...shown.map(oneLine), ...(more > 0 ? [`and ${more.toString()} more`] : [])]
}

/** `entry` is shown above these lines; what it contains is not repeated. */
export function failureLines(
  failure: ScriptFailure,
  { ink, width, entry }: { readonly ink: Ink; readonly width: number; readonly entry: Entry },
): readonly string[] {
  const texts = [
    ...(headline(entry).includes(failure.message) ? [] : [`${oneLine(failure.message)}${sqlstateSuffix(failure)}`]),
    ...detailLines(failure.detail),
    ...(failure.hint === undefined || entry.finding.fix.includes(failure.hint)
      ? []
      : [`hint: ${oneLine(failure.hint)}`]),
    ...(failure.environment === undefined || headline(entry).includes(failure.environment)
      ? []
      : [`cause outside the migration: ${oneLine(failure.environment)}`]),
  ]
  return [
    ...texts.flatMap((text) => wrap(text, width)),
    ...indent(2, excerpt(failure, { ink, width: width - 2, known: entry.finding.place })),
  ]
}

/** Columns of a long line that are shown before the caret. */
const LEAD = 40

/** The failed line with a caret under the place; empty where the server gave no place. */
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
