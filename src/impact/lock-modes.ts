// The lock modes of tables: their order, what conflicts, and who waits (PostgreSQL, "Explicit Locking").

/** From the weakest to the strongest. */
export const LOCK_MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const

export type LockMode = (typeof LOCK_MODES)[number]

/** `AccessExclusiveLock`, as pg_locks writes a mode; undefined for what is no lock of a table. */
export const lockModeOf = (written: string): LockMode | undefined =>
  LOCK_MODES.find((mode) => mode.replaceAll(' ', '') === written.replace(/Lock$/, '').toUpperCase())

export const isAtLeast = (mode: LockMode, least: LockMode): boolean =>
  LOCK_MODES.indexOf(mode) >= LOCK_MODES.indexOf(least)

/** The stronger of two. Undefined is no lock. */
export const stronger = (one: LockMode | undefined, other: LockMode): LockMode =>
  one !== undefined && isAtLeast(one, other) ? one : other

/** `none`: only other changes of the schema; `writes`: INSERT, UPDATE, DELETE; `everything`: reads as well. */
export type Waiting = 'none' | 'writes' | 'everything'

/** Who waits for a lock of a table. */
export function waitingFor(mode: LockMode): Waiting {
  if (mode === 'ACCESS EXCLUSIVE') return 'everything'
  return isAtLeast(mode, 'SHARE') ? 'writes' : 'none'
}
