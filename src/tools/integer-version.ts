// Versions of tools that count in 64 bits.
import type { HistoryKind } from '../model/config.js'
import { UserError } from '../model/errors.js'
import type { Migration } from '../model/migration.js'

const MOST = 9223372036854775807n

/** Zeros in front do not count. A version that is not such a number stays as written, and equals no row. */
export const integerKey = ({ version }: Migration): string => (isInteger(version) ? String(BigInt(version)) : version)

/** goose takes a plus sign in front; the others do not, and no layout of theirs gives one. */
export const isInteger = (version: string): boolean => /^\+?[0-9]+$/.test(version) && BigInt(version) <= MOST

/** The version as SQL, or a UserError. */
export function integerOf(tool: HistoryKind, migration: Migration): string {
  if (isInteger(migration.version)) return integerKey(migration)
  throw new UserError({
    kind: 'use',
    what: `${migration.id}: ${tool} keeps versions as whole numbers up to ${String(MOST)}, and "${migration.version}" is not one`,
    fix: 'Name the file <number>_<name>, or set in the config (history.kind) which tool keeps this history.',
  })
}
