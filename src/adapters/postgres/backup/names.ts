// Names of the databases beside the live one, and how to find them again.
import { createHash } from 'node:crypto'

/** PostgreSQL cuts names at 63 bytes (NAMEDATALEN). */
const LONGEST = 63

/** Hexadecimal digits. */
const HASH = 8

/** Year to millisecond. */
const DIGITS = 17

/** `core_db_before_20261123160000123`. */
export function nameBeside(database: string, word: 'restore' | 'before' | 'restored', now: number): string {
  const tail = `_${word}_${new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, DIGITS)}`
  return `${cut(database, tail.length)}${tail}`
}

/** A pattern of LIKE for all names that `nameBeside` gives. */
export const namesBeside = (database: string, word: 'restore' | 'before' | 'restored'): string => {
  const tail = `_${word}_${'_'.repeat(DIGITS)}`
  return `${cut(database, tail.length).replaceAll(/[\\%_]/g, '\\$&')}\\_${word}\\_${'_'.repeat(DIGITS)}`
}

/** A shortened name contains a hash of the full one, so that two long names with the same beginning differ. */
function cut(database: string, room: number): string {
  if (Buffer.byteLength(database) + room <= LONGEST) return database
  const mark = `_${createHash('sha256').update(database).digest('hex').slice(0, HASH)}`
  let name = database
  while (Buffer.byteLength(name) + mark.length + room > LONGEST) name = name.slice(0, -1)
  return `${name}${mark}`
}
