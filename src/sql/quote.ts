// Names and texts as SQL writes them.

/** The pattern of one part of a name, quoted or not. */
export const NAME_PATTERN = String.raw`(?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+)`

/** A string literal where standard_conforming_strings is on, the default: a backslash is an ordinary character. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A quoted name, for any characters. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * A string literal with the same meaning for every setting of standard_conforming_strings (PostgreSQL, "String Constants
 * with C-Style Escapes"): only with a backslash inside do the two forms differ.
 */
export function quoted(text: string | undefined): string {
  if (text === undefined) return 'NULL'
  const doubled = text.replaceAll("'", "''")
  return text.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}
