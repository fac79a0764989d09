// Differences as lines for a terminal: in one line where that fits, else as a diff of definitions.
import type { Difference } from '../../catalog/difference.js'
import { byParent, tell, type DiffLine, type Told } from '../words/difference.js'
import { count } from '../words/format.js'
import { indent, widthOf, wrap, type Ink } from './layout.js'

/** `width` is what the lines may take up; `limit` how many differences, and lines of one definition, are told. */
export type DifferenceOptions = {
  readonly ink: Ink
  readonly width: number
  readonly differences: number
  readonly lines: number
}

/** `against` completes "compared with". */
export function differenceLines(
  { against, differences }: { readonly against: string; readonly differences: readonly Difference[] },
  options: DifferenceOptions,
): readonly string[] {
  const told = differences.slice(0, options.differences).map(tell)
  const groups = byParent(told)
  const only = groups.length === 1 ? groups[0] : undefined
  const head = `Compared with ${against}`
  const more = differences.length - told.length
  return [
    ...wrap(only?.parent === undefined ? `${head}:` : `${head}, ${only.parent}:`, options.width),
    ...groups.flatMap(({ parent, items }) => [
      ...(only !== undefined || parent === undefined ? [] : indent(2, [parent])),
      ...indent(
        only !== undefined || parent === undefined ? 2 : 4,
        items.flatMap((item) => itemLines(item, options)),
      ),
    ]),
    ...(more > 0 ? indent(2, [`and ${count(more)} more (--verbose shows all)`]) : []),
  ]
}

const CHANGE_WIDTH = 'left behind'.length

function itemLines(item: Told, options: DifferenceOptions): readonly string[] {
  const { ink } = options
  const head = `${change(item, ink)}  ${item.name}`
  const inline = inlineOf(item, ink)
  if (inline !== undefined && widthOf(head) + widthOf(inline) + 7 <= options.width) return [`${head}:  ${inline}`]
  const kept = item.lines.slice(0, options.lines)
  const more = item.lines.length - kept.length
  return [
    head,
    ...indent(CHANGE_WIDTH + 2, [
      ...kept.map((line) => coloured(line, ink)),
      ...(more > 0 ? [`… ${count(more)} more lines (--verbose shows all)`] : []),
    ]),
  ]
}

function change(item: Told, ink: Ink): string {
  const word = item.change.padEnd(CHANGE_WIDTH)
  return item.change === 'lost' ? ink.red(word) : item.change === 'left behind' ? ink.green(word) : ink.yellow(word)
}

function inlineOf({ before, after }: Told, ink: Ink): string | undefined {
  if (before !== undefined && after !== undefined) return `${ink.red(before)}  ->  ${ink.green(after)}`
  if (before !== undefined) return ink.red(before)
  return after === undefined ? undefined : ink.green(after)
}

function coloured({ sign, text }: DiffLine, ink: Ink): string {
  const line = `${sign} ${text}`.replaceAll('\t', '    ').trimEnd()
  return sign === '-' ? ink.red(line) : sign === '+' ? ink.green(line) : ink.dim(line)
}
