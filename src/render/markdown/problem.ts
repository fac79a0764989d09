// One problem as Markdown: message, place, reason, folded evidence and fix.
import type { Difference } from '../../catalog/difference.js'
import type { Level } from '../../model/finding.js'
import type { OnlineWay, Report } from '../../report/check-report.js'
import { wayWords } from '../../report/online-way.js'
import { acceptedFindings, olderFindings, olderTitle } from '../words/check.js'
import { differenceTitle, showDifference } from '../words/difference.js'
import { count, counted, placeText } from '../words/format.js'
import { code, fence, folded, prose } from './escape.js'
import { failureText, headline, otherPlaces, type Entry, type Evidence, type Group } from '../words/problems.js'
import { oneLine } from '../words/escape.js'

/** `differences`: how many are shown for each comparison. `evidence`: the levels for which evidence is shown. */
export type Detail = { readonly differences: number; readonly evidence: readonly Level[] }

const titleOf = ({ database, migration }: Pick<Group, 'database' | 'migration'>): string =>
  migration === undefined ? code(database) : `${code(database)} ${code(migration)}`

/** `heading` holds the number signs of the headings. */
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

/** The first `most` groups as `inFull` shows them, the others in one line each. */
export const firstInFull = (
  groups: readonly Group[],
  most: number,
  inFull: (groups: readonly Group[]) => readonly string[],
): readonly string[] => [...inFull(groups.slice(0, most)), ...groups.slice(most).flatMap(shortMarkdown)]

/** The problems of many groups in one line each. After the first `most` the rest is counted. */
export function firstShort(groups: readonly Group[], most: number): readonly string[] {
  const lines = groups.flatMap(shortMarkdown)
  const more = lines.length - most
  return more > 0 ? [...lines.slice(0, most), `- and ${counted(more, 'more problem')}`] : lines
}

function entryMarkdown(entry: Entry, detail: Detail): readonly string[] {
  const { finding, evidence } = entry
  const place = finding.place === undefined ? '' : ` · ${code(placeText(finding.place))}`
  const others = otherPlaces(entry, { most: 10, write: (one) => code(placeText(one)) })
  const shown = detail.evidence.includes(finding.level)
  const message = shown ? headline(entry) : finding.message
  return [
    `**${finding.level}: ${prose(message)}**${place}${others === '' ? '' : `, ${others}`} · ${code(finding.rule)}`,
    '',
    ...(finding.why === '' ? [] : [prose(finding.why), '']),
    ...(shown ? evidence.flatMap((one) => evidenceMarkdown(one, detail)) : []),
    ...(entry.way === undefined ? fixMarkdown(finding.fix) : wayMarkdown(entry.way)),
  ]
}

function fixMarkdown(fix: string): readonly string[] {
  if (fix === '') return []
  if (!fix.includes('\n')) return [`Fix: ${prose(fix)}`, '']
  return ['Fix:', '', ...fence(fix, 'sql'), '']
}

/** One block of code for each file; several of them are folded. */
function wayMarkdown(way: OnlineWay): readonly string[] {
  const blocks = way.files.flatMap(({ path, text }) => [code(path), '', ...fence(text, 'sql'), ''])
  return [
    wayWords(way).map(prose).join(' '),
    '',
    ...(way.files.length > 1 ? folded(`The ${counted(way.files.length, 'file')}`, blocks) : blocks),
  ]
}

function evidenceMarkdown(evidence: Evidence, detail: Detail): readonly string[] {
  if (evidence.kind === 'differences') {
    return folded(
      `Differences, compared with ${evidence.against}`,
      fence(diffText(evidence.differences, detail), 'diff'),
    )
  }
  return folded('Server message', fence(failureText(evidence.failure).map(oneLine).join('\n'), 'text'))
}

/** Headings of a diff start with `@@`: they are visible and belong to neither side. */
function diffText(differences: readonly Difference[], detail: Detail): string {
  const shown = differences.slice(0, detail.differences).map(showDifference)
  const more = differences.length - shown.length
  return [
    ...shown.flatMap((one) => [
      `@@ ${differenceTitle(one)} @@`,
      ...one.lines.map(({ sign, text }) => `${sign}${text}`),
    ]),
    ...(more > 0 ? [`@@ and ${count(more)} more, in the JSON report @@`] : []),
  ].join('\n')
}

/** Problems of the run itself, each with its fix. */
export const runProblemsMarkdown = ({ problems }: Report): readonly string[] =>
  problems.flatMap(({ what, fix }) => [`**error: ${prose(what)}**`, '', `Fix: ${prose(fix)}`, ''])

/** Findings with a waiver, as a list. */
export const acceptedMarkdown = (report: Report): readonly string[] =>
  acceptedFindings(report).map(
    ({ rule, name, until, reason }) => `- ${code(rule)} in ${code(name)} until ${code(until)}: ${prose(reason)}`,
  )

/** Up to this many findings from before the change are listed. */
const FIRST_OLDER = 20

/** Findings from before the change, folded: they need no action here. */
export function olderMarkdown(report: Report): readonly string[] {
  const older = olderFindings(report)
  if (older.length === 0) return []
  const lines = older.slice(0, FIRST_OLDER).map(({ finding, followers }) => {
    const { level, rule, message, place } = finding
    const where = place === undefined ? '' : ` at ${code(placeText(place))}`
    const caused = followers === 0 ? '' : ` (${counted(followers, 'more finding')} because of it)`
    const alike =
      finding.more === undefined ? '' : ` (${counted(finding.more, 'more finding')} of this rule in the file)`
    return `- **${level}** ${titleOf(finding)}: ${prose(message)}${where}${caused}${alike} · ${code(rule)}`
  })
  const more = older.length - lines.length
  return folded(olderTitle(older, report), [...lines, ...(more > 0 ? [`- and ${counted(more, 'more finding')}`] : [])])
}
