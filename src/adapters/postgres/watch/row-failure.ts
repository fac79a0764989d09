// A script that fails because there are rows: which rows, and how many.
import type { DatabaseError } from 'pg'
import type { RowFailure, RowSource } from '../../../impact/facts.js'
import { failingRowsQuery, type needsOf } from '../../../impact/failing-rows.js'
import { withSchema } from '../../../impact/relation-name.js'
import { literal } from '../../../sql/quote.js'
import { isDatabaseError, type Session } from '../session.js'
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

/** `failed`: the error of the server, and its statement. `needs` as in RowFailure. Asked in the state before the script. */
export async function rowFailure(
  session: Pick<Session, 'send'>,
  { error, statement }: { readonly error: DatabaseError; readonly statement: ScriptStatement | undefined },
  { source, needs }: { readonly source: RowSource; readonly needs?: string | undefined },
): Promise<RowFailure> {
  const { code = '', table, schema, column, constraint } = error
  const relation = table === undefined ? undefined : await clientName(session, schema, table)
  const key = code === '23505' ? keyOf(error) : undefined
  const failure = {
    sqlstate: code,
    message: withoutValues(error.message),
    ...(relation !== undefined && { relation }),
    ...(column !== undefined && { column }),
    ...(constraint !== undefined && { constraint }),
    ...(key !== undefined && { key }),
    ...(statement && { statement: statement.number, place: statement.place }),
    source,
    ...(needs !== undefined && { needs }),
  }
  const count = source === 'made up' ? undefined : await countFailing(session, failure)
  return { ...failure, ...(count !== undefined && { count }) }
}

/** As quote_ident() writes it. */
async function clientName({ send }: Pick<Session, 'send'>, schema: string | undefined, table: string): Promise<string> {
  const parts = schema === undefined || schema === 'public' ? [table] : [schema, table]
  const quoted = parts.map((part) => `pg_catalog.quote_ident(${literal(part)})`).join(` || '.' || `)
  return String((await send(`SELECT ${quoted}`)).at(-1)?.rows[0]?.[0])
}

/** The server quotes the value that a type does not take: `invalid input syntax for type integer: "x"`. */
const withoutValues = (message: string): string => message.replace(/: ".*"$/s, '')

/** Undefined where the failure does not say which rows they are, or they cannot be counted. */
async function countFailing(session: Pick<Session, 'send'>, failure: RowFailure): Promise<number | undefined> {
  const query = failure.relation === undefined ? undefined : failingRowsQuery(failure, withSchema(failure.relation))
  if (query === undefined) return undefined
  try {
    const count = Number((await session.send(query)).at(-1)?.rows[0]?.[0])
    return count > 0 ? count : undefined
  } catch (refused) {
    if (isDatabaseError(refused)) return undefined
    throw refused
  }
}

/** The server lists the columns of the key in front of the values: `Key (a, b)=(..) is duplicated.` */
const keyOf = ({ detail = '' }: Pick<DatabaseError, 'detail'>): string | undefined =>
  /^Key \((.+?)\)=\(/s.exec(detail)?.[1]
