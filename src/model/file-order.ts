// The order in which a tool runs its migrations: one rule for files, changes and recorded migrations.
import type { Migration } from './migration.js'
import { compareBytes, compareNumbers } from './version.js'

/** The input of an order. */
export type Ordered = Pick<Migration, 'id' | 'version'>

/** Negative where the tool runs `a` first, 0 where its rule finds no order. */
export type Order = (a: Ordered, b: Ordered) => number

/** The numbers of the versions, part by part; among equal ones the names as text. */
export const byNumber: Order = (a, b) => compareNumbers(a.version, b.version) || compareBytes(a.id, b.id)

/** Whether a new migration with this number would run after the other one, for every possible name. */
export const comesAfter = (order: Order, number: string, other: Ordered): boolean =>
  order({ id: `${number}_`, version: number }, other) > 0
