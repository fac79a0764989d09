// The rows that make a script fail, as a query.
import { identifier } from '../sql/quote.js'
import type { RowFailure } from './facts.js'

/**
 * Counts them in the state before the script; undefined where the failure does not say which ones they are. With made-up rows
 * that need nothing (`needs`), every row makes it fail. `name` is the relation in SQL form.
 */
export function failingRowsQuery(
  { sqlstate, source, needs, column, key }: Pick<RowFailure, 'sqlstate' | 'source' | 'needs' | 'column' | 'key'>,
  name: string,
): string | undefined {
  if (sqlstate === '23502' && source === 'made up' && needs === undefined) return `SELECT count(*) FROM ${name}`
  if (sqlstate === '23502' && column !== undefined)
    return `SELECT count(*) FROM ${name} WHERE ${identifier(column)} IS NULL`
  if (sqlstate === '23505' && key !== undefined)
    return `SELECT coalesce(sum(n), 0) FROM (SELECT count(*) n FROM ${name} GROUP BY ${key} HAVING count(*) > 1) equal`
  return undefined
}
