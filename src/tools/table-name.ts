// The name of a history's table as a config writes it -> schema and name.
import { UserError } from '../model/errors.js'
import type { History, TableName } from '../state/history.js'
import { identifier } from '../sql/quote.js'

const PART = '"(?:[^"]|"")+"|[^".\\s]+'
const NAME = new RegExp(`^(?:(${PART})\\.)?(${PART})$`)

/**
 * `name` or `schema.name`; a part in double quotes is taken literally. `schema` is undefined where the text names none.
 * Throws a UserError (`use`) for what is not a name.
 */
export function parseTableName(
  text: string,
  { folded }: Pick<History, 'folded'>,
): { readonly schema: string | undefined; readonly name: string } {
  const [, schema, name] = NAME.exec(text) ?? []
  if (name === undefined) {
    throw new UserError({
      kind: 'use',
      what: `history.table: "${text}" is not a table name`,
      fix: 'Write the name, or schema.name. A part with a dot in it needs double quotes.',
    })
  }
  const plain = (part: string): string => {
    if (part.startsWith('"')) return part.slice(1, -1).replaceAll('""', '"')
    return folded ? part.toLowerCase() : part
  }
  return { schema: schema === undefined ? undefined : plain(schema), name: plain(name) }
}

/** The name as it can be pasted into the config (YAML), so that `parseTableName` reads it back. */
export function writtenTableName({ schema, name }: TableName, { folded }: Pick<History, 'folded'>): string {
  const plain = (part: string): boolean => /^[\w$-]+$/.test(part) && !(folded && part !== part.toLowerCase())
  const parts = [schema, name].map((part) => (plain(part) ? part : identifier(part)))
  const text = parts.join('.')
  return text.includes('"') ? `'${text.replaceAll("'", "''")}'` : text
}

/** Seeds are a separate stream, with a separate table beside that of the migrations. */
export const seedsTable = ({ schema, name }: TableName): TableName => ({ schema, name: `${name}_seeds` })
