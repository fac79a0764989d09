// Why PostgreSQL refuses made-up rows, without any value of them.
import type { DatabaseError } from 'pg'

/** A clause, from the server's refusal (PostgreSQL, appendix "PostgreSQL Error Codes"). */
export function refusalWords({ code = '', constraint, column }: DatabaseError): string {
  const named = constraint === undefined ? '' : ` ${constraint}`
  if (code === '23514') return `no made-up row satisfies the check${named}`
  if (code === '23502') return `a made-up row leaves ${column === undefined ? 'a column' : column} NULL`
  if (code === '23503') return `a made-up row violates the foreign key${named}`
  if (code === '23505' || code === '23P01') return `made-up rows violate the key${named}`
  if (code === '42501') return 'the role may not insert into it'
  if (code === 'P0001') return 'a trigger or a function refuses made-up rows'
  if (code.startsWith('22')) return `an expression of the table refuses made-up values (SQLSTATE ${code})`
  return `PostgreSQL refuses made-up rows (SQLSTATE ${code})`
}
