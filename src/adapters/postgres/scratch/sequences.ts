// The numbers of sequences, which no rollback returns (PostgreSQL, "Sequence Manipulation Functions").
import { literal } from '../../../sql/quote.js'
import type { Session } from '../session.js'

const SEQUENCES = `SELECT c.oid::regclass::text, has_schema_privilege(n.oid, 'USAGE')
    AND has_sequence_privilege(c.oid, 'SELECT') AND has_sequence_privilege(c.oid, 'UPDATE')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'S' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`

/** As many sequences are read by one statement. */
const AT_ONCE = 200

/**
 * SQL that sets every sequence that moved back to its current number; empty without sequences. Undefined where the role of
 * the session may not read or set one.
 */
export async function rememberSequences({ send }: Pick<Session, 'send'>): Promise<string | undefined> {
  const sequences = (await send(SEQUENCES)).at(-1)?.rows ?? []
  if (sequences.some(([, allowed]) => allowed !== 't')) return undefined
  const names = sequences.map(([name]) => String(name))
  let text = ''
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const selects = names.slice(at, at + AT_ONCE).map((name) => currentNumber(name))
    const rows = (await send(selects.join(' UNION ALL '))).at(-1)?.rows ?? []
    text += rows.map(([sql]) => `${String(sql)};`).join('')
  }
  return text
}

const currentNumber = (name: string): string =>
  `SELECT format('SELECT setval(%1$L, %2$s, %3$L) FROM %1$s WHERE (last_value, is_called) <> (%2$s, %3$L)', ${literal(name)}, last_value, is_called) FROM ${name}`
