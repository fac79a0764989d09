// The rows that make a script fail, in words and as a query.
import { identifier } from '../sql/quote.js'
import type { RowFailure } from './facts.js'

/**
 * Counts them in the state before the statement; undefined where the failure does not say which ones they are. With made-up rows
 * that need nothing (`needs`), every row makes it fail. `name` is the relation in SQL form.
 */
export function failingRowsQuery(
  { sqlstate, source, needs, column, key, where }: RowsThatFail,
  name: string,
): string | undefined {
  if (sqlstate === '23502' && source === 'made up' && needs === undefined) return `SELECT count(*) FROM ${name}`
  if (key !== undefined)
    return `SELECT coalesce(sum(n), 0) FROM (SELECT count(*) n FROM ${name} failing WHERE ${where ?? `num_nulls(${key}) = 0`} GROUP BY ${key} HAVING count(*) > 1) equal`
  if (where !== undefined) return `SELECT count(*) FROM ${name} failing WHERE ${where}`
  if (sqlstate === '23502' && column !== undefined)
    return `SELECT count(*) FROM ${name} WHERE ${identifier(column)} IS NULL`
  return undefined
}

type RowsThatFail = Pick<RowFailure, 'sqlstate' | 'source' | 'needs' | 'column' | 'key' | 'where'>

/** `sqlstate` of a data exception or a violated constraint, with what the server names beside it. */
type Refusal = {
  readonly sqlstate: string
  readonly column?: string | undefined
  readonly constraint?: string | undefined
}

/** PostgreSQL, "Error Codes": data exceptions and violations of integrity constraints. */
export const isOfRows = ({ sqlstate }: Pick<Refusal, 'sqlstate'>): boolean => /^(?:22|23)/.test(sqlstate)

/** Which made-up rows make a script fail, where natural ones do not: `rows with NULL in state`. */
export function needsOf({ sqlstate, column, constraint }: Refusal): string {
  switch (sqlstate) {
    case '23502':
      return `rows with NULL in ${column ?? 'the column'}`
    case '23505':
    case '23P01':
      return `rows that are equal for ${constraint ?? 'the key'}`
    case '23503':
      return `rows without the row that ${constraint ?? 'the foreign key'} needs`
    case '23514':
      return `rows that ${constraint ?? 'the check'} does not take`
    case '22001':
      return 'longer text'
    case '22003':
      return 'larger numbers'
    default:
      return 'values that the new type or the expression does not take'
  }
}
