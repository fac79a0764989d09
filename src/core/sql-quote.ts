// Names and texts as they can stand in SQL.

/** A string literal where standard_conforming_strings is on, as it is by default: backslashes mean themselves. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A name that stands for itself, whatever is in it. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
