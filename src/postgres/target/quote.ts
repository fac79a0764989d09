// Text as an SQL literal that means the same whatever standard_conforming_strings says.

/** PostgreSQL, "String Constants with C-Style Escapes": only with a backslash inside do the two forms differ. */
export function quoted(text: string | undefined): string {
  if (text === undefined) return 'NULL'
  const doubled = text.replaceAll("'", "''")
  return text.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}
