// Effects of a script that no lock of a table shows.
import type { Left } from '../../../impact/facts.js'
import { literal } from '../../../sql/quote.js'
import { relationsUsing } from '../clients/relations-using.js'
import { clientName } from '../clients/world-queries.js'
import type { Session } from '../session.js'
import { FIRST_USER_OID } from './old-relations.js'

/** Names of functions and types may be all words of a text. */
const wordsOf = (text: string): string =>
  `ARRAY[${[...new Set(text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu)?.flatMap((word) => [word, word.toLowerCase()]))].map(literal).join(', ')}]::name[]`

/**
 * The OIDs of relations that use a function or a type which the text names: its constraints, triggers, policies and columns change
 * with it, and no lock shows that.
 */
export async function relationsNamedIn(
  session: Pick<Session, 'send' | 'query'>,
  text: string,
): Promise<readonly string[]> {
  const words = wordsOf(text)
  const answers = await session.send(
    `SELECT p.oid FROM pg_catalog.pg_proc p WHERE p.oid >= ${FIRST_USER_OID} AND p.proname = ANY (${words});
     SELECT t.oid FROM pg_catalog.pg_type t WHERE t.oid >= ${FIRST_USER_OID} AND t.typtype IN ('d', 'e', 'c') AND t.typname = ANY (${words})
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')`,
  )
  const [routines = [], types = []] = answers.map(({ rows }) => rows.map(([oid]) => String(oid)))
  if (routines.length + types.length === 0) return []
  return (await relationsUsing(session, { routines, types })).map(({ oid }) => oid)
}

/** Invalid indexes that the text names: IF NOT EXISTS passes over one that an earlier attempt has left. */
export async function invalidIndexesNamed({ send }: Pick<Session, 'send'>, text: string): Promise<readonly Left[]> {
  if (!/\bindex\b/i.test(text)) return []
  const answer = await send(
    `SELECT pg_catalog.quote_ident(c.relname), ${clientName('n.nspname', 't.relname')}
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
     WHERE NOT i.indisvalid AND c.relkind = 'i' AND c.relname = ANY (${wordsOf(text)})`,
  )
  return (answer.at(-1)?.rows ?? []).map(([name, relation]) => ({
    what: 'invalid index',
    name: String(name),
    relation: String(relation),
  }))
}
