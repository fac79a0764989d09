// Makes foreign text safe for GitHub's Markdown: it is shown as it is, makes no link and mentions no user.
import { PROGRAM } from '../../model/command.js'
import { oneLine, visible } from '../words/escape.js'

/** Invisible. Stops GitHub from reading what follows as a mention, a reference, a link or an emoji. */
const ZERO_WIDTH_SPACE = '\u200b'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '|': '&#124;' }

/**
 * Prose on one line, for a paragraph, a list or a cell. A backslash does not stop a mention (github/cmark-gfm issue 389),
 * so a zero-width space splits what GitHub would link. `$` starts mathematics unless it is alone in an element. A command
 * of this program is shown as code.
 */
export const prose = (text: string): string =>
  text
    .split(COMMAND)
    .map((part, i) => (i % 2 === 0 ? escaped(part) : code(part)))
    .join('')

/** A command of this program in a sentence: the part within the backquotes. */
const COMMAND = new RegExp(`\`(${PROGRAM} [^\`\n]+)\``)

function escaped(text: string): string {
  return oneLine(text)
    .replace(/[@#]/g, `$&${ZERO_WIDTH_SPACE}`)
    .replace(/\bGH(?=-\d)/gi, `$&${ZERO_WIDTH_SPACE}`)
    .replace(/www(?=\.)/gi, `$&${ZERO_WIDTH_SPACE}`)
    .replace(/:(?=\/\/|[\w+-]+:)/g, `:${ZERO_WIDTH_SPACE}`)
    .replace(/[\\`*_[\]~]/g, '\\$&')
    .replace(/[&<>|]/g, (found) => ENTITIES[found] ?? found)
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2')
    .replaceAll('$', '<span>$</span>')
}

/** Code on a line of HTML (a summary), where GitHub reads neither Markdown nor mentions: only HTML is escaped. */
export const codeInHtml = (text: string): string =>
  `<code>${oneLine(text).replace(/[&<>]/g, (found) => ENTITIES[found] ?? found)}</code>`

/**
 * Code within a line or a cell: names, paths, versions. Empty for empty text. A `|` would end a cell even within a code
 * span, and the number of backslashes that stops it depends on the parser, so text with `|` becomes an HTML element.
 */
export function code(text: string): string {
  const shown = oneLine(text)
  if (shown.trim() === '') return ''
  if (shown.includes('|')) return `<code>${prose(text)}</code>`
  const ticks = '`'.repeat(longestRun(shown) + 1)
  const pad = shown.startsWith('`') || shown.endsWith('`') || (shown.startsWith(' ') && shown.endsWith(' ')) ? ' ' : ''
  return `${ticks}${pad}${shown}${pad}${ticks}`
}

/** A block of code. The fence is longer than any run of backticks in the text. */
export function fence(text: string, language: 'sql' | 'diff' | 'text' | 'suggestion'): readonly string[] {
  const shown = visible(text).replace(/\n+$/, '')
  const ticks = '`'.repeat(Math.max(3, longestRun(shown) + 1))
  return [`${ticks}${language}`, ...shown.split('\n'), ticks]
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))

/** A table as lines. Cells are Markdown of one line, from `prose` and `code`. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
]

/** Folded lines under a title, which is not escaped. The blank lines turn on Markdown inside of the element. */
export const folded = (title: string, lines: readonly string[]): readonly string[] => [
  '<details>',
  `<summary>${title}</summary>`,
  '',
  ...lines,
  '',
  '</details>',
  '',
]
