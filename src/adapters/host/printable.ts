// Makes text safe for a terminal or a log, because text from a repository may contain commands for them.

/**
 * `terminal`: control characters become visible. `log`: commands of the GitHub runner become harmless as well (`::name::` at
 * the start of a line, `##[name]` anywhere in it; a lone CR ends a line there).
 */
export type Surface = 'terminal' | 'log'

/** Colours as our renderers write them. No other escape sequence may pass. */
const COLOUR = /(\u001b\[[0-9;]*m)/
/** C0 without tab and line feed, DEL, C1, line separators, and marks that change the direction of text. */
const CONTROL =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

/** Text without effects. Line ends are `\n` afterwards. */
export function printable(text: string, options: { surface: Surface; colour: boolean }): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => {
    const parts = options.colour ? line.split(COLOUR) : [line]
    // split() with a group gives text and separators in turn.
    const shown = parts.map((part, i) => (i % 2 === 1 ? part : part.replaceAll(CONTROL, visible))).join('')
    return options.surface === 'log' ? withoutCommands(shown) : shown
  })
  return lines.join('\n')
}

const visible = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/**
 * The rules of the runner: it skips leading blanks before `::`, and accepts `##[` anywhere. To be safe, this also skips
 * colours and marks without width.
 */
function withoutCommands(line: string): string {
  return line.replace(/^((?:[\s\p{Cf}]|\u001b\[[0-9;]*m)*):(?=:)/u, '$1: ').replaceAll('##[', '## [')
}

/** JSON with the same value, without anything that the runner or a terminal would obey. */
export const printableJson = (json: string): string =>
  json
    .replaceAll('##[', '#\\u0023[')
    .replaceAll(/[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, unicode)

const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** For annotations, which are commands on purpose. Every other line becomes harmless. */
export function printableCommands(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => {
    const command = /^::(?:error|warning|notice)(?: [^:]*)?::/.exec(line)?.[0]
    if (command === undefined) return printable(line, { surface: 'log', colour: false })
    return command + printable(line.slice(command.length), { surface: 'log', colour: false })
  })
  return lines.join('\n')
}
