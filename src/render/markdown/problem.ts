// One problem as Markdown: what, where, why, the evidence folded, and what mends it.
import type { Difference } from '../../catalog/difference.js'
import type { Level } from '../../model/finding.js'
import { tell } from '../words/difference.js'
import { count, counted, few } from '../words/format.js'
import { code, fence, folded, prose } from './escape.js'
import { placeText } from '../words/place.js'
import { headline, type Entry, type Evidence, type Group } from '../words/problems.js'
import { oneLine } from '../words/escape.js'

/** `differences` is how many are told for each comparison; `evidence` says for which levels any is shown at all. */
export type Detail = { readonly differences: number; readonly evidence: readonly Level[] }

const titleOf = ({ database, migration }: Pick<Group, 'database' | 'migration'>): string =>
  migration === undefined ? code(database) : `${code(database)} ${code(migration)}`

/** `heading` are the number signs of the headings. */
export const groupMarkdown = (group: Group, detail: Detail, heading = '###'): readonly string[] => [
  `${heading} ${titleOf(group)}`,
  '',
  ...group.entries.flatMap((entry) => entryMarkdown(entry, detail)),
]

/** A problem in one line of a list. */
export const shortMarkdown = (group: Group): readonly string[] =>
  group.entries.map(({ finding }) => {
    const place = finding.place === undefined ? '' : ` at ${code(placeText(finding.place))}`
    return `- **${finding.level}** ${titleOf(group)}: ${prose(finding.message)}${place}`
  })

/** The same of many: after the first `most` the rest is counted. */
export function firstShort(groups: readonly Group[], most: number): readonly string[] {
  const lines = groups.flatMap(shortMarkdown)
  const more = lines.length - most
  return more > 0 ? [...lines.slice(0, most), `- and ${counted(more, 'more problem')}`] : lines
}

function entryMarkdown(entry: Entry, detail: Detail): readonly string[] {
  const { finding, also, evidence } = entry
  const place = finding.place === undefined ? '' : ` · ${code(placeText(finding.place))}`
  const others =
    also.length === 0
      ? ''
      : `, also ${few(
          also.map((one) => code(placeText(one))),
          10,
        )}`
  const shown = detail.evidence.includes(finding.level)
  const message = shown ? headline(entry) : finding.message
  return [
    `**${finding.level}: ${prose(message)}**${place}${others} · ${code(finding.rule)}`,
    '',
    ...(finding.why === '' ? [] : [prose(finding.why), '']),
    ...(shown ? evidence.flatMap((one) => evidenceMarkdown(one, detail)) : []),
    ...fixMarkdown(finding.fix),
  ]
}

function fixMarkdown(fix: string): readonly string[] {
  if (fix === '') return []
  if (!fix.includes('\n')) return [`Fix: ${prose(fix)}`, '']
  return ['Fix:', '', ...fence(fix, 'sql'), '']
}

function evidenceMarkdown(evidence: Evidence, detail: Detail): readonly string[] {
  if (evidence.kind === 'differences') {
    return folded(
      `What differs, compared with ${evidence.against}`,
      fence(diffText(evidence.differences, detail), 'diff'),
    )
  }
  const { failure } = evidence
  const said = [
    `${failure.direction} failed: ${failure.message}${failure.sqlstate === '' ? '' : ` (SQLSTATE ${failure.sqlstate})`}`,
    ...(failure.detail === undefined ? [] : [`detail: ${failure.detail}`]),
    ...(failure.hint === undefined ? [] : [`hint: ${failure.hint}`]),
    ...(failure.environment === undefined ? [] : [`not the migration's fault: ${failure.environment}`]),
    ...(failure.place === undefined || failure.line === undefined
      ? []
      : [`${placeText(failure.place)}: ${failure.line.trim()}`]),
  ]
  return folded('What the server said', fence(said.map(oneLine).join('\n'), 'text'))
}

/** Headings of a diff start with `@@`, so that they stand out without being taken for a line of either side. */
function diffText(differences: readonly Difference[], detail: Detail): string {
  const told = differences.slice(0, detail.differences)
  const more = differences.length - told.length
  return [
    ...told.flatMap((difference) => {
      const { change, name, parent, lines } = tell(difference)
      const head = `@@ ${change} ${name}${parent === undefined ? '' : ` of ${parent}`} @@`
      return [head, ...lines.map(({ sign, text }) => `${sign}${text}`)]
    }),
    ...(more > 0 ? [`@@ and ${count(more)} more, in the JSON report @@`] : []),
  ].join('\n')
}
