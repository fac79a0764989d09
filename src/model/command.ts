// Commands of this program in the sentences of errors and reports. They are in backquotes: a surface keeps such a command
// whole, and can show it as its reader starts the program.

/** The name of the program. */
export const PROGRAM = 'pg-migration-gate'

/** `words`: the command and its arguments, each quoted for a shell. */
export const commandText = (words: string): string => `\`${PROGRAM} ${words}\``

/** The text with `program` in place of the name, in every command in backquotes and in a text that is one command. */
export const startedAs = (program: string, text: string): string => {
  const alone = text.startsWith(`${PROGRAM} `) ? `${program}${text.slice(PROGRAM.length)}` : text
  return alone.replaceAll(`\`${PROGRAM} `, `\`${program} `)
}
