// Lays out lines for a terminal: columns, indentation and wrapping by the real width of characters.
import picocolors from 'picocolors'
import stringWidth from 'fast-string-width'

/** Functions that colour their text, or return it unchanged. */
export type Ink = ReturnType<typeof picocolors.createColors>

/** The caller decides `colour`: it knows the terminal. */
export const inkOf = (colour: boolean): Ink => picocolors.createColors(colour)

/** Width of text in terminal columns; colours have none. */
export const widthOf = (text: string): number => (/^[ -~]*$/.test(text) ? text.length : stringWidth(text))

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))
const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text

export const indent = (by: number, lines: readonly string[]): readonly string[] =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line))

/**
 * Breaks text at spaces. A word that is longer than a line stays whole, so that a path stays clickable, and so does a
 * command in backquotes, so that it can be pasted.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of wordsOf(text)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line].map((one) => one.trimEnd())
}

/** Words, and what is between two backquotes as one of them. */
function wordsOf(text: string): readonly string[] {
  if (!text.includes('`')) return text.split(' ')
  const words: string[] = []
  let open: string[] = []
  let isQuoted = false
  for (const word of text.split(' ')) {
    open.push(word)
    if (word.split('`').length % 2 === 0) isQuoted = !isQuoted
    if (isQuoted) continue
    words.push(open.join(' '))
    open = []
  }
  return [...words, ...open]
}

/** Cuts text to a number of columns, with an ellipsis where text is missing. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    const next = used + widthOf(character)
    if (next > width - 1) break
    kept += character
    used = next
  }
  return `${kept}…`
}

/** Rows of cells as lines, with three blanks between columns. `right`: the columns that are aligned to the right. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): readonly string[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))))
  return rows.map((row) =>
    row
      .map((cell, i) => (right.includes(i) ? padStart(cell, widths[i] ?? 0) : padEnd(cell, widths[i] ?? 0)))
      .join('   ')
      .trimEnd(),
  )
}
