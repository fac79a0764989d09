// Values for the rows of a new column, in batches that commit.
import { batched } from './batches.js'
import { titled } from './course.js'
import { alone, type Stage } from './stage.js'

/** `name` as SQL writes it, and the expression of its default. */
export type Filled = { readonly name: string; readonly value: string }

/** Each row without a value gets the default. */
export function fillStage(table: string, columns: readonly Filled[]): Stage {
  const one = columns.length === 1
  const set = columns
    .map(({ name, value }) => `${name} = ${one ? 'DEFAULT' : `coalesce(${name}, ${value})`}`)
    .join(', ')
  const unset = columns.map(({ name }) => `${name} IS NULL`).join(' OR ')
  return alone(
    `fill ${titled(table)}`,
    batched({ table, statement: `UPDATE ${table} SET ${set}`, where: one ? unset : `(${unset})` }),
  )
}
