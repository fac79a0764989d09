// Compares versions and names as the tools do, never as JavaScript numbers, and finds the version in a path.
import type { Migration } from './migration.js'

/** The order of Go and Rust strings: by UTF-8 bytes, which is the order of code points. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  const left = a.charCodeAt(at)
  const right = b.charCodeAt(at)
  // Below the surrogates, the order of UTF-16 units is the order of code points.
  if (at === length || (left < 0xd800 && right < 0xd800)) return at === length ? a.length - b.length : left - right
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))
}

/**
 * The order of versions written in decimal digits of any length (`9` before `010`). Versions of several numbers (`1.2`,
 * `2020-01-31`) are compared number by number.
 */
export function compareNumbers(a: string, b: string): number {
  const left = numbersOf(a)
  const right = numbersOf(b)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i] ?? 0n
    const y = right[i] ?? 0n
    if (x !== y) return x < y ? -1 : 1
  }
  return 0
}

/** Equal for two versions if and only if `compareNumbers` finds no order between them. */
export const versionKey = (version: string): string => numbersOf(version).join('.')

/** Leading zeros and separators do not count: `00004` is `4`, `2020-01-31` is `20200131`. */
export const sameVersion = (a: string, b: string): boolean => plainVersion(a) === plainVersion(b)

/**
 * The entry of a config for a migration, by its version or id: exactly, or by the number alone (`4` for `00004`, `V0004`
 * for `0004`).
 */
export function findByVersion<T>(
  byVersion: ReadonlyMap<string, T> | Readonly<Record<string, T>>,
  migration: { id: string; version: string },
): T | undefined {
  const entries: readonly (readonly [string, T])[] =
    byVersion instanceof Map ? [...byVersion.entries()] : Object.entries(byVersion)
  const exact = entries.find(([key]) => key === migration.version || key === migration.id)
  if (exact !== undefined) return exact[1]
  return entries.find(([key]) => sameVersion(key.replace(/^[A-Za-z]+(?=\d)/, ''), migration.version))?.[1]
}

const numbersOf = (version: string): readonly bigint[] => (version.match(/\d+/g) ?? []).map((digits) => BigInt(digits))

const plainVersion = (version: string): string => version.replace(/(?<=\d)[-_T](?=\d)/g, '').replace(/^0+(?=\d)/, '')

/** Flyway's numbers (`1.2__x`), a date with dashes and an optional time, or digits. */
const VERSION =
  /^[A-Za-z]{0,2}((?<=[A-Za-z])\d+(?:[._]\d+)*(?=__)|\d+(?:\.\d+)*(?=__)|\d{4}(?:-\d{2}){2}(?:[-T_]\d{2}[-:]?\d{2}(?:[-:]?\d{2})?(?:-\d{4})?)?(?!\d)|\d+)/

/** A folder of a chain in numbered folders: the first part of the version. */
const NUMBERED = /^v?(\d+(?:[._]\d+)*)$/i

/** The number at the start of the name of the file or its folder; undefined outside the folder and without a number. */
export function versionInPath(path: string, folder: string): string | undefined {
  const prefix = folder === '.' ? '' : `${folder}/`
  if (!path.startsWith(prefix)) return undefined
  const [name = '', below] = path.slice(prefix.length).split('/')
  if (name === 'seeds') return undefined
  const inside = below === undefined ? undefined : VERSION.exec(below)?.[1]
  const number = NUMBERED.exec(name)?.[1]
  return number !== undefined && inside !== undefined ? `${number}.${inside}` : VERSION.exec(name)?.[1]
}

/** The input of an order. */
export type Ordered = Pick<Migration, 'id' | 'version'>

/**
 * The order in which a tool runs its migrations, files and recorded ones alike. Negative where the tool runs `a` first,
 * 0 where its rule finds no order.
 */
export type Order = (a: Ordered, b: Ordered) => number

/** The numbers of the versions, part by part; among equal ones the names as text. */
export const byNumber: Order = (a, b) => compareNumbers(a.version, b.version) || compareBytes(a.id, b.id)

/** Whether a new migration with this number would run after the other one, for every possible name. */
export const comesAfter = (order: Order, number: string, other: Ordered): boolean =>
  order({ id: `${number}_`, version: number }, other) > 0
