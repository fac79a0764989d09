// Makes foreign text safe to print: it cannot hide characters, control a terminal or command a CI runner.

/**
 * Control characters (but tab and line feed), bidirectional and other invisible marks, and halves of surrogate pairs.
 * The joiners U+200C and U+200D stay: they are part of ordinary words in several scripts.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu

const NAMED: Readonly<Record<string, string>> = { '\r': '\\r', '\u0000': '\\0', '\u001b': '\\e' }

/** The text with everything invisible written out (`\r`, `\u202e`); tabs and line feeds stay. */
export const visible = (text: string): string =>
  text.replace(HIDDEN, (found) => NAMED[found] ?? `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)

/** As `visible`, on one line: a line feed is written out too, a tab becomes a space. */
export const oneLine = (text: string): string => visible(text).replaceAll('\n', '\\n').replaceAll('\t', ' ')

/**
 * Breaks what a GitHub runner would run as a command: `::` at the start of a line, and `##[` anywhere in it
 * (actions/runner, ActionCommand.cs, reads both from stdout and stderr). A space in between keeps the text readable.
 */
export const withoutCommands = (text: string): string =>
  text.replaceAll('##[', '## [').replace(/^(\s*):(?=:)/gm, '$1: ')

/** At most `limit` UTF-16 units, never half a character, with an ellipsis where text is missing. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text
  return `${text.slice(0, Math.max(0, limit - 1)).replace(/[\ud800-\udbff]$/, '')}…`
}
