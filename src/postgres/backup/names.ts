// Databases beside the live one: what they are called, and how they are found again.

/** PostgreSQL cuts names at 63 bytes (NAMEDATALEN). */
const LONGEST = 63

/** Year to millisecond. */
const DIGITS = 17

/** `core_db_before_20261123160000123`. */
export function nameBeside(database: string, word: 'restore' | 'before' | 'restored', now: number): string {
  const tail = `_${word}_${new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, DIGITS)}`
  return `${cut(database, tail.length)}${tail}`
}

/** A pattern of LIKE for all names that `nameBeside` gives. */
export const namesBeside = (database: string, word: 'before'): string => {
  const tail = `_${word}_${'_'.repeat(DIGITS)}`
  return `${cut(database, tail.length).replaceAll(/[\\%_]/g, '\\$&')}\\_${word}\\_${'_'.repeat(DIGITS)}`
}

function cut(database: string, room: number): string {
  let name = database
  while (Buffer.byteLength(name) + room > LONGEST) name = name.slice(0, -1)
  return name
}

/** A name as it can stand in SQL. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
