// The name of a history's table as a config writes it -> schema and name.
import { UserError } from '../core/errors.js'
import type { History, TableName } from '../core/history.js'

/** Tools that put the name into their SQL as it is, where PostgreSQL turns it into lower case. */
const FOLDED = new Set<History['kind']>(['goose', 'sqlx', 'diesel'])

/**
 * `name` or `schema.name`; a part in double quotes stands for itself. `schema` is undefined where the text names none.
 * Throws a UserError (`use`) for what is no name.
 */
export function parseTableName(
  text: string,
  kind: History['kind'],
): { readonly schema: string | undefined; readonly name: string } {
  const parts = [...text.matchAll(/(?:^|\.)(?:"((?:[^"]|"")+)"|([^".\s]+))(?=\.|$)/g)]
  const [first, second] = parts.map(([, quoted, plain = '']) => {
    if (quoted !== undefined) return quoted.replaceAll('""', '"')
    return FOLDED.has(kind) ? plain.toLowerCase() : plain
  })
  const length = parts.reduce((sum, [part]) => sum + part.length, 0)
  if (first === undefined || parts.length > 2 || length !== text.length) {
    throw new UserError({
      kind: 'use',
      what: `history.table: "${text}" is no name of a table`,
      fix: 'Write the name, or schema.name; a part with a dot in it goes in double quotes.',
    })
  }
  return second === undefined ? { schema: undefined, name: first } : { schema: first, name: second }
}

/** Seeds are a stream of their own, with a table of their own beside that of the migrations. */
export const seedsTable = ({ schema, name }: TableName): TableName => ({ schema, name: `${name}_seeds` })
