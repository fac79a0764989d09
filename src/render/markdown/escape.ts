// Text that others wrote, made safe for GitHub's Markdown: it shows what it is, links nowhere and calls nobody.
import { oneLine, visible } from '../words/escape.js'

/** Nothing to see, but enough for GitHub not to take what follows for a mention, a reference, a link or an emoji. */
const APART = '\u200b'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '|': '&#124;' }

/**
 * Prose on one line, for a paragraph, a list or a cell. A backslash does not stop a mention (github/cmark-gfm issue 389),
 * so what GitHub looks for in the finished text is parted; `$` starts mathematics unless it is alone in an element.
 */
export function prose(text: string): string {
  return oneLine(text)
    .replace(/[@#]/g, `$&${APART}`)
    .replace(/\bGH(?=-\d)/gi, `$&${APART}`)
    .replace(/www(?=\.)/gi, `$&${APART}`)
    .replace(/:(?=\/\/|[\w+-]+:)/g, `:${APART}`)
    .replace(/[\\`*_[\]~]/g, '\\$&')
    .replace(/[&<>|]/g, (found) => ENTITIES[found] ?? found)
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2')
    .replaceAll('$', '<span>$</span>')
}

/**
 * Code on a line of HTML (a summary), where Markdown does not count and nobody looks for mentions; a character of its own
 * for each that HTML knows.
 */
export const codeInHtml = (text: string): string =>
  `<code>${oneLine(text).replace(/[&<>]/g, (found) => ENTITIES[found] ?? found)}</code>`

/**
 * Code within a line or a cell: names, paths, versions. Empty text gives nothing. A `|` would end a cell even within a
 * code span, and how many backslashes stop it depends on the parser, so such text is marked as code in another way.
 */
export function code(text: string): string {
  const shown = oneLine(text)
  if (shown.trim() === '') return ''
  if (shown.includes('|')) return `<code>${prose(text)}</code>`
  const ticks = '`'.repeat(longestRun(shown) + 1)
  const pad = shown.startsWith('`') || shown.endsWith('`') || (shown.startsWith(' ') && shown.endsWith(' ')) ? ' ' : ''
  return `${ticks}${pad}${shown}${pad}${ticks}`
}

/** A block of code on lines of its own; the fence is longer than any run of backticks in the text. */
export function fence(text: string, language: 'sql' | 'diff' | 'text' | 'suggestion'): readonly string[] {
  const shown = visible(text).replace(/\n+$/, '')
  const ticks = '`'.repeat(Math.max(3, longestRun(shown) + 1))
  return [`${ticks}${language}`, ...shown.split('\n'), ticks]
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))

/** A table as lines. Cells are Markdown of one line, made by `prose` and `code`. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
]

/** Folded lines under a title of our own words. Blank lines let Markdown go on inside of the element. */
export const folded = (title: string, lines: readonly string[]): readonly string[] => [
  '<details>',
  `<summary>${title}</summary>`,
  '',
  ...lines,
  '',
  '</details>',
  '',
]
