// A failure or a loss that rows bring about, with the table, the column and the number of rows that a report has to name.
import { hazard, type Case, type ImpactRule, type Migration } from '../case.js'
import { families } from '../cases.js'
import { ORDERS } from '../tables.js'

/**
 * `rule`: what the report says. `sqlstate`: with which the script fails. `count` is SQL for the number of rows or values, asked on
 * the rows of the base; of a down that fails, in the state after the up. `behind`: as many statements of the script have run before.
 */
export type Planted = {
  readonly each: Case
  readonly rule: ImpactRule
  readonly sqlstate?: string
  readonly table: string
  readonly column?: string
  readonly count: string
  readonly behind?: number
}

type Named = Omit<Planted, 'each' | 'rule'>

export const plant = (
  name: string,
  rule: ImpactRule,
  { base, up, down = ['SELECT 1'], transaction, since, ...named }: Migration & Named,
): Planted => ({
  each: hazard(name, rule, {
    base,
    up,
    down,
    why: named.count,
    ...(transaction !== undefined && { transaction }),
    ...(since !== undefined && { since }),
  }),
  rule,
  ...named,
})

/** A case of the exam. */
export const known = (name: string, rule: ImpactRule, named: Named): Planted => {
  const each = Object.values(families)
    .flat()
    .find((one) => one.name === name)
  if (each === undefined) throw new Error(`there is no case ${name}`)
  return { each, rule, ...named }
}

/** ORDERS, whose states are an enum. */
export const STATES = [
  `CREATE TYPE order_state AS ENUM ('new', 'paid', 'sent')`,
  ...ORDERS,
  'ALTER TABLE orders ALTER COLUMN state DROP DEFAULT',
  'ALTER TABLE orders ALTER COLUMN state TYPE order_state USING state::order_state',
]

export const ALL_ORDERS = 'SELECT count(*) FROM orders'

export const NOTE = 'ALTER TABLE orders ALTER COLUMN note'
