// In which order the tool of a layout runs its migrations: one rule for files, changes and what only a record knows.
import type { LayoutName, Migration } from './migration.js'
import { compareBytes, compareNumbers } from './version.js'

/** What an order is found by. */
export type Ordered = Pick<Migration, 'id' | 'version'>

/** Negative where the tool runs `a` first, 0 where its rule finds no order. */
export type Order = (a: Ordered, b: Ordered) => number

const byNumber: Order = (a, b) => compareNumbers(a.version, b.version) || compareBytes(a.id, b.id)

/** dbmate v2.35.0 sorts whole file names as text: `10_b.sql` before `9_a.sql`, `1_a-b.sql` before `1_a.sql`. */
const byFileName: Order = (a, b) => compareBytes(`${a.id}.sql`, `${b.id}.sql`)

/** diesel orders by what it records: the version as text, without its dashes. */
const byTextOfVersion: Order = (a, b) =>
  compareBytes(a.version.replaceAll('-', ''), b.version.replaceAll('-', '')) || compareBytes(a.id, b.id)

/** sql-migrate v1.8.0: the number in front first, names without one after all numbers, then the file name as text. */
const byPrefix: Order = (a, b) => {
  const left = prefixOf(a.version)
  const right = prefixOf(b.version)
  if (left !== undefined && right !== undefined) {
    return compareNumbers(left, right) || compareBytes(a.version, b.version)
  }
  if (left === undefined && right === undefined) return compareBytes(a.version, b.version)
  return left === undefined ? 1 : -1
}

const prefixOf = (version: string): string | undefined => /^\d+/.exec(version)?.[0]

const RULES: Readonly<Record<LayoutName, { readonly order: Order; readonly words: string }>> = {
  pairs: { order: byNumber, words: 'by the number of their version' },
  goose: { order: byNumber, words: 'by the number of their version' },
  dbmate: { order: byFileName, words: 'by their names as text, where 10 comes before 9' },
  directories: { order: byTextOfVersion, words: 'by their versions as text, where 10 comes before 9' },
  'sql-migrate': { order: byPrefix, words: 'by the number in front of their names, those without one last' },
}

/** The order of a layout's tool. */
export const orderOf = (layout: LayoutName): Order => RULES[layout].order

/** The same in words that follow "the tool runs files". */
export const orderWords = (layout: LayoutName): string => RULES[layout].words

/** Whether a new migration with this number would run after the other one, whatever its name will be. */
export const comesAfter = (layout: LayoutName, number: string, other: Ordered): boolean =>
  orderOf(layout)({ id: `${number}_`, version: layout === 'sql-migrate' ? `${number}_` : number }, other) > 0
