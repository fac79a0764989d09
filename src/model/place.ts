// Where something stands in a file.

/** Path from the repository root with `/` as separator; line and column count from 1, columns in characters. */
export type Place = { readonly file: string; readonly line: number; readonly column: number }

/** Characters (code points) of a text, as PostgreSQL counts positions. */
export const characters = (text: string): number => Array.from(text).length
