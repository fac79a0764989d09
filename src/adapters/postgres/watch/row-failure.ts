// A script that fails because there are rows: which rows, and how many.
import type { DatabaseError } from 'pg'
import type { RowFailure, RowSource } from '../../../impact/facts.js'
import type { needsOf } from '../../../impact/failing-rows.js'
import type { RefusedRows } from './refused-statement.js'
import type { ScriptStatement } from './units.js'

/** An error as the words for failing rows read it. */
export const refusalOf = ({ code = '', column, constraint }: DatabaseError): Parameters<typeof needsOf>[0] => ({
  sqlstate: code,
  column,
  constraint,
})

/** Errors of values that a cast does not take: invalid text representation, and wrong dates. */
export const isOfCast = ({ code }: DatabaseError): boolean =>
  /^(?:22P02|22007|22008|22023|22030|22032|22033)$/.test(code ?? '')

/** `refused`: what was found out of its rows. `needs` as in RowFailure. */
export function rowFailure(
  { error, statement }: { readonly error: DatabaseError; readonly statement: ScriptStatement | undefined },
  refused: RefusedRows,
  { source, needs }: { readonly source: RowSource; readonly needs?: string | undefined },
): RowFailure {
  const { code = '' } = error
  const { count, ...about } = refused
  const key = code === '23505' ? keyOf(error) : undefined
  return {
    sqlstate: code,
    message: withoutValues(error.message),
    ...(key !== undefined && { key }),
    ...about,
    ...(statement && { statement: statement.number, place: statement.place }),
    source,
    ...(needs !== undefined && { needs }),
    ...(count !== undefined && source !== 'made up' && { count }),
  }
}

/** The server quotes the value that a type does not take: `invalid input syntax for type integer: "x"`. */
const withoutValues = (message: string): string => message.replace(/: ".*"$/s, '')

/** The server lists the columns of the key in front of the values: `Key (a, b)=(..) is duplicated.` */
const keyOf = ({ detail = '' }: Pick<DatabaseError, 'detail'>): string | undefined =>
  /^Key \((.+?)\)=\(/s.exec(detail)?.[1]
