// Schema differences as lines for a terminal: one line where it fits, otherwise a diff of the definitions.
import type { Difference } from '../../catalog/difference.js'
import { groupByParent, showDifference, type DiffLine, type ShownDifference } from '../words/difference.js'
import { count } from '../words/format.js'
import { indent, widthOf, wrap, type Ink } from './layout.js'

/**
 * `width` in columns. At most `differences` are shown, and `lines` of each definition. `words` names the kinds of change;
 * without it they are named from the view of a down (`left behind`, `lost`, `changed`).
 */
export type DifferenceOptions = {
  readonly ink: Ink
  readonly width: number
  readonly differences: number
  readonly lines: number
  readonly words?: Readonly<Record<Difference['change'], string>>
}

/** `against` completes "compared with". */
export function differenceLines(
  { against, differences }: { readonly against: string; readonly differences: readonly Difference[] },
  options: DifferenceOptions,
): readonly string[] {
  const shown = differences.slice(0, options.differences).map(showDifference)
  const groups = groupByParent(shown)
  const only = groups.length === 1 ? groups[0] : undefined
  const head = `Compared with ${against}`
  const more = differences.length - shown.length
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

const DOWN_WORDS = { 'left behind': 'left behind', lost: 'lost', changed: 'changed' } as const

const widthOfChange = ({ words = DOWN_WORDS }: DifferenceOptions): number =>
  Math.max(...Object.values(words).map((word) => word.length))

function itemLines(item: ShownDifference, options: DifferenceOptions): readonly string[] {
  const { ink } = options
  const head = `${changeWord(item, options)}  ${item.name}`
  const inline = inlineOf(item, ink)
  if (inline !== undefined && widthOf(head) + widthOf(inline) + 7 <= options.width) return [`${head}:  ${inline}`]
  const kept = item.lines.slice(0, options.lines)
  const more = item.lines.length - kept.length
  return [
    head,
    ...indent(widthOfChange(options) + 2, [
      ...kept.map((line) => coloured(line, ink)),
      ...(more > 0 ? [`… ${count(more)} more lines (--verbose shows all)`] : []),
    ]),
  ]
}

function changeWord(item: ShownDifference, options: DifferenceOptions): string {
  const { ink, words = DOWN_WORDS } = options
  const word = words[item.change].padEnd(widthOfChange(options))
  return item.change === 'lost' ? ink.red(word) : item.change === 'left behind' ? ink.green(word) : ink.yellow(word)
}

function inlineOf({ before, after }: ShownDifference, ink: Ink): string | undefined {
  if (before !== undefined && after !== undefined) return `${ink.red(before)}  ->  ${ink.green(after)}`
  if (before !== undefined) return ink.red(before)
  return after === undefined ? undefined : ink.green(after)
}

function coloured({ sign, text }: DiffLine, ink: Ink): string {
  const line = `${sign} ${text}`.replaceAll('\t', '    ').trimEnd()
  return sign === '-' ? ink.red(line) : sign === '+' ? ink.green(line) : ink.dim(line)
}
