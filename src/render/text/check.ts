// The report of a check for a terminal or a log.
import type { DatabaseReport, Report } from '../../report/check-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { count, counted, duration } from '../words/format.js'
import { groupProblems, type Group } from '../words/problems.js'
import {
  acceptedFindings,
  changePhrase,
  fixedFiles,
  irreversibleMigrations,
  isPassing,
  notCheckedSentences,
  ignoredFileCount,
  olderFindings,
  olderSentence,
  olderTitle,
  uncountedPhrases,
  statusOf,
} from '../words/check.js'
import { columns, cut, indent, inkOf, widthOf, wrap, type Ink } from './layout.js'
import { groupLines, shortenedNotice, shortLines } from './problem.js'
import { risksOf } from '../words/risks.js'
import { verdictOf } from '../words/verdict.js'
import { oneLine, withoutCommands } from '../words/escape.js'

/** `width` in columns. `quiet`: one line for each problem, and the verdict. `verbose`: every migration, nothing shortened. */
export type TextOptions = {
  readonly width: number
  readonly colour: boolean
  readonly verbosity: 'quiet' | 'normal' | 'verbose'
}

/** Up to this many migrations with errors or warnings are shown in full; the others in one line each. */
const IN_FULL = 20
/** Up to this many notes get a line; the others are counted. */
const FIRST_NOTES = 20

/** Ends with a line feed; the last line starts with `PASS`, `FAIL` or `ENVIRONMENT`. */
export function renderText(given: Report, options: TextOptions): string {
  const report = reportWithoutSecrets(given)
  const ink = inkOf(options.colour)
  const groups = groupProblems(report)
  const width = Math.max(40, options.width)
  const lines =
    options.verbosity === 'quiet'
      ? groups.map(withoutNotes).flatMap((group) => shortLines(group, ink))
      : [
          ...(report.databases.length === 0 ? [] : ['', ...databaseLines(report, { ink, width })]),
          ...riskLines(report, { ink, width }),
          '',
          ...(options.verbosity === 'verbose' ? migrationLines(report, ink) : []),
          ...problemLines(groups, { ink, width, everything: options.verbosity === 'verbose' ? 'shown' : 'shortened' }),
          ...asideLines(report, { ink, width, everything: options.verbosity === 'verbose' ? 'shown' : 'shortened' }),
        ]
  return withoutCommands(
    `${[...lines, ...runProblemLines(report, { ink, width, verbosity: options.verbosity }), verdictLine(report, ink)].join('\n')}\n`,
  )
}

const withoutNotes = (group: Group): Group => ({
  ...group,
  entries: group.entries.filter(({ finding }) => finding.level !== 'note'),
})

type Options = { readonly ink: Ink; readonly width: number; readonly everything: 'shown' | 'shortened' }

/** Below this width the table leaves out the layouts. */
const NARROW = 80

/** A result that is too long for its line continues in the next one, in its own column. */
function databaseLines(report: Report, { ink, width }: Pick<Options, 'ink' | 'width'>): readonly string[] {
  const cells = report.databases.map((database) => ({
    database,
    first: [
      cut(oneLine(database.name), 40),
      report.change === undefined ? counted(database.migrations.length, 'migration') : changePhrase(database),
      ...(width < NARROW ? [] : [database.layout]),
    ],
    time: duration(database.milliseconds),
  }))
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf))
  const taken = (cells[0]?.first ?? []).reduce(
    (sum, _, i) => sum + widest(cells.map(({ first }) => first[i] ?? '')) + 3,
    0,
  )
  const room = Math.max(20, width - 2 - taken - 3 - widest(cells.map(({ time }) => time)))
  const rows = cells.flatMap(({ database, first: [name = '', ...first], time }) => {
    const [status = '', ...more] = phrases(statusOf(database), room).map((words) => statusInk(database, ink)(words))
    return [
      [ink.bold(name), ...first, status, ink.dim(time)],
      ...more.map((words) => ['', ...first.map(() => ''), words, '']),
    ]
  })
  return indent(2, columns(rows, [width < NARROW ? 3 : 4]))
}

/** Breaks a line between phrases, or between words where one phrase is too long. */
function phrases(text: string, room: number): readonly string[] {
  const parts = text.split(', ')
  if (parts.some((part) => widthOf(part) >= room)) return wrap(text, room)
  const glued = parts.map((part) => part.replaceAll(' ', GLUE)).join(', ')
  return wrap(glued, room).map((line) => line.replaceAll(GLUE, ' '))
}

/** Replaces a blank at which a line may not break. It is as wide as a blank and in none of our texts. */
const GLUE = '\u00a0'

const statusInk = (database: DatabaseReport, ink: Ink): ((text: string) => string) =>
  isPassing(database) ? (statusOf(database) === 'all proved' ? ink.green : String) : ink.red

/** Up to this many migrations of the change have a line about a database in use; the others are counted. */
const FIRST_RISKS = 20

/** What each migration of the change does to a database in use, one line for each risk. */
function riskLines(report: Report, { ink, width }: Pick<Options, 'ink' | 'width'>): readonly string[] {
  const all = risksOf(report)
  if (all.length === 0) return []
  const paint = { error: ink.red, warning: ink.yellow, none: ink.green } as const
  const shown = all.slice(0, FIRST_RISKS)
  const names = shown.map(({ migration }) => cut(oneLine(migration.id), 40))
  const words = shown.flatMap(({ risks }) => risks.map(({ word }) => widthOf(word)))
  const room = Math.max(30, width - 2 - Math.max(...names.map(widthOf)) - 3 - Math.max(...words) - 3)
  const rows = shown.flatMap(({ level, risks }, i) =>
    risks.flatMap(({ word, about }, at) =>
      wrap(oneLine(about), room).map((line, part) => [
        at + part === 0 ? (names[i] ?? '') : '',
        part === 0 ? paint[level ?? 'none'](word) : '',
        line,
      ]),
    ),
  )
  const more = all.length - FIRST_RISKS
  return ['', ...indent(2, columns(rows)), ...(more > 0 ? [`  and ${counted(more, 'more migration')}`] : [])]
}

/** Every migration with the results of its proof, for --verbose. */
function migrationLines(report: Report, ink: Ink): readonly string[] {
  return report.databases.flatMap((database) => [
    `${ink.bold(oneLine(database.name))}  ${ink.dim(oneLine(`${database.layout}: ${database.layoutReason}`))}`,
    ...indent(
      2,
      columns(
        database.migrations.map(({ id, proof, scope }) => [
          oneLine(id),
          ...(proof === undefined
            ? [scope === 'applied' ? 'applied, not checked' : 'not run']
            : [`up ${proof.up}`, `down ${proof.down}`, `again ${proof.again}`, ink.dim(duration(proof.milliseconds))]),
        ]),
        [4],
      ),
    ),
    ...(database.chain === undefined
      ? []
      : indent(2, [
          `whole chain: down ${database.chain.down}, again ${database.chain.again}, up to date: ${database.chain.upToDate}  ${ink.dim(duration(database.chain.milliseconds))}`,
        ])),
    ...indent(
      2,
      database.ignored.map(({ path, reason }) => ink.dim(oneLine(`ignored ${path}: ${reason}`))),
    ),
    '',
  ])
}

function problemLines(groups: readonly Group[], options: Options): readonly string[] {
  const serious = options.everything === 'shown' ? groups : groups.filter((group) => group.level !== 'note')
  const full = options.everything === 'shown' ? serious : serious.slice(0, IN_FULL)
  const short = serious.slice(full.length)
  const notes = groups.filter((group) => !serious.includes(group))
  const shownReasons = new Set<string>()
  const brief = short.flatMap((group) => shortLines(group, options.ink))
  const aside = notes.flatMap((group) => shortLines(group, options.ink))
  const more = aside.length - FIRST_NOTES
  return [
    ...full.flatMap((group) => groupLines(group, { ...options, shownReasons })),
    ...(short.length > 0 ? [options.ink.dim(`  ${shortenedNotice(short)}`)] : []),
    ...brief,
    ...(brief.length > 0 ? [''] : []),
    ...aside.slice(0, FIRST_NOTES),
    ...(more > 0 ? [options.ink.dim(`  and ${counted(more, 'more note')} (--verbose shows all)`)] : []),
    ...(aside.length > 0 ? [''] : []),
  ]
}

/** Findings from before the change, waived ones, findings that do not count, written repairs, irreversible migrations, and what was not checked. */
function asideLines(report: Report, { ink, width, everything }: Options): readonly string[] {
  const ignored = ignoredFileCount(report)
  const notChecked = [
    ...notCheckedSentences(report),
    ...(ignored === 0
      ? []
      : [`${counted(ignored, 'file')} ignored${everything === 'shown' ? '' : ' (--verbose lists them)'}`]),
  ]
  const older = olderFindings(report)
  return [
    ...section(olderTitle(older, report), older.map(olderSentence), { ink, width, everything }),
    ...section(
      'Accepted',
      acceptedFindings(report).map(({ rule, name, until, reason }) => `${rule} in ${name} until ${until}: ${reason}`),
      { ink, width, everything },
    ),
    ...section('Not counted', uncountedPhrases(report), { ink, width, everything }),
    ...section('Written to files (run check again)', fixedFiles(report), { ink, width, everything: 'shown' }),
    ...section(
      'Irreversible on purpose',
      irreversibleMigrations(report).map(({ name, reason }) => `${name}: ${reason}`),
      { ink, width, everything },
    ),
    ...section('Not checked', notChecked, { ink, width, everything }),
  ]
}

function section(title: string, items: readonly string[], { ink, width, everything }: Options): readonly string[] {
  if (items.length === 0) return []
  const shown = everything === 'shown' ? items : items.slice(0, 10)
  const more = items.length - shown.length
  const lines = shown.flatMap((item) => {
    const [first = '', ...rest] = wrap(oneLine(item), width - 4)
    return [`  ${first}`, ...indent(4, rest)]
  })
  return [ink.bold(title), ...lines, ...(more > 0 ? [`  and ${count(more)} more (--verbose shows all)`] : []), '']
}

function runProblemLines(
  report: Report,
  { ink, width, verbosity }: Pick<Options, 'ink' | 'width'> & Pick<TextOptions, 'verbosity'>,
): readonly string[] {
  const level = ink.red(ink.bold('error'))
  if (verbosity === 'quiet') return report.problems.map(({ what }) => `  ${level}    ${oneLine(what)}`)
  return report.problems.flatMap(({ what, fix }) => [
    ...wrap(`${level}  ${oneLine(what)}`, width),
    ...indent(7, wrap(`fix: ${oneLine(fix)}`, width - 7)),
    '',
  ])
}

function verdictLine(report: Report, ink: Ink): string {
  const { word, sentence, context } = verdictOf(report)
  const colour = word === 'PASS' ? ink.green : ink.red
  return `${colour(ink.bold(word))}  ${oneLine(sentence)}   ${ink.dim(context)}`
}
