// The problems of a check as lines for a terminal, in full or one line each.
import type { Level } from '../../model/finding.js'
import { counted, pageOf, placeText } from '../words/format.js'
import { headline, otherPlaces, type Entry, type Evidence, type Group } from '../words/problems.js'
import { differenceLines } from './difference.js'
import { failureLines } from './failure.js'
import { indent, padEnd, widthOf, wrap, type Ink } from './layout.js'
import { oneLine, visible } from '../words/escape.js'

export type ProblemOptions = { readonly ink: Ink; readonly width: number; readonly everything: 'shown' | 'shortened' }

/** Column where the text of a problem starts: two blanks, the longest level, two blanks. */
const MARGIN = 11
/** Longer fixes are too long to copy from a terminal. */
const MOST_FIX = 60

const titleOf = (group: Pick<Group, 'database' | 'migration'>): string =>
  oneLine(group.migration === undefined ? group.database : `${group.database} ${group.migration}`)

/** `shownReasons`: the reasons that were printed already; each is printed once. */
type GroupOptions = ProblemOptions & { readonly shownReasons: Set<string> }

/** A heading, then each problem with its evidence, its reason and its fix. */
export function groupLines(group: Group, options: GroupOptions): readonly string[] {
  const title = options.ink.bold(titleOf(group))
  return [title, '', ...group.entries.flatMap((entry) => [...entryLines(entry, options), ''])]
}

function entryLines(entry: Entry, options: GroupOptions): readonly string[] {
  const { finding } = entry
  const { ink } = options
  const width = Math.max(30, options.width - MARGIN)
  const [first = '', ...rest] = headLines(entry, { ...options, width })
  const repeated = options.shownReasons.has(finding.why) && options.everything === 'shortened'
  options.shownReasons.add(finding.why)
  return [
    `  ${padEnd(levelWord(finding.level, ink), MARGIN - 2)}${first}`,
    ...indent(MARGIN, [
      ...rest,
      ...entry.evidence.flatMap((evidence) => evidenceLines(evidence, { ...options, width, entry })),
      ...(repeated || finding.why === '' ? [] : wrap(oneLine(finding.why), width)),
      ...fixLines(finding.fix, { ...options, width }).map((line) => ink.cyan(line)),
      ink.dim(`${oneLine(finding.rule)} · ${pageOf(finding.rule)}`),
    ]),
  ]
}

/** The message, with the place on the same line when both fit; then the other places. */
function headLines(entry: Entry, options: ProblemOptions): readonly string[] {
  const { ink, width } = options
  const message = oneLine(headline(entry))
  const place = entry.finding.place === undefined ? undefined : placeText(entry.finding.place)
  const most = options.everything === 'shown' ? Infinity : 3
  const others = otherPlaces(entry, { most, write: placeText })
  const also = others === '' ? [] : [ink.dim(others)]
  const lines = wrap(message, width).map((line) => ink.bold(line))
  if (place === undefined) return [...lines, ...also]
  const gap = width - widthOf(message) - widthOf(place)
  if (gap < 2) return [...lines, place, ...also]
  return [`${ink.bold(message)}${' '.repeat(gap)}${ink.dim(place)}`, ...also]
}

function evidenceLines(evidence: Evidence, options: ProblemOptions & { readonly entry: Entry }): readonly string[] {
  const all = options.everything === 'shown'
  if (evidence.kind === 'failure') return failureLines(evidence.failure, options)
  return differenceLines(evidence, { ...options, differences: all ? Infinity : 20, lines: all ? Infinity : 12 })
}

/** A fix of one line is a sentence and may wrap. Several lines are text to paste and stay as they are. */
function fixLines(fix: string, { width, everything }: ProblemOptions): readonly string[] {
  if (fix === '') return []
  if (!fix.includes('\n')) return wrap(`fix: ${oneLine(fix)}`, width)
  const lines = fix.replace(/\n+$/, '').split('\n')
  const shown = everything === 'shown' || lines.length <= MOST_FIX ? lines.length : MOST_FIX
  const more = lines.length - shown
  return [
    'fix:',
    ...indent(2, [
      ...lines.slice(0, shown).map(visible),
      ...(more === 0 ? [] : [`… ${counted(more, 'more line')} (--verbose shows all; --fix writes proved repairs)`]),
    ]),
  ]
}

function levelWord(level: Level, ink: Ink): string {
  switch (level) {
    case 'error':
      return ink.red(ink.bold('error'))
    case 'warning':
      return ink.yellow('warning')
    case 'note':
      return ink.cyan('note')
  }
}

/** One line for each problem: level, migration, message, place. Never wrapped, so that it can be searched. */
export const shortLines = (group: Group, ink: Ink): readonly string[] =>
  group.entries.map(({ finding, also, more: unlisted }) => {
    const place = finding.place === undefined ? '' : `  ${ink.dim(placeText(finding.place))}`
    const places = also.length + unlisted
    const more = places === 0 ? '' : ink.dim(` and ${counted(places, 'more place', 'more places')}`)
    return `  ${padEnd(levelWord(finding.level, ink), MARGIN - 2)}${titleOf(group)}  ${oneLine(finding.message)}${place}${more}`
  })

/** How many problems are shown in one line each, and how to see them in full. */
export const shortenedNotice = (groups: readonly Group[]): string => {
  const problems = groups.reduce((sum, group) => sum + group.entries.length, 0)
  return `${counted(problems, 'more problem')}, one line each; use --verbose or the JSON report for details`
}
