// The numbers of sequences, which no rollback returns (PostgreSQL, "Sequence Manipulation Functions").
import { literal } from '../../../sql/quote.js'
import type { Session } from '../session.js'

const SEQUENCES = `SELECT c.oid::regclass::text, has_sequence_privilege(c.oid, 'SELECT') AND has_sequence_privilege(c.oid, 'UPDATE')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'S' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`

/**
 * SQL that sets every sequence to its current number; empty without sequences. Undefined where the role of the session may
 * not read or set one.
 */
export async function rememberSequences({ send }: Pick<Session, 'send'>): Promise<string | undefined> {
  const sequences = (await send(SEQUENCES)).at(-1)?.rows ?? []
  if (sequences.length === 0) return ''
  if (sequences.some(([, allowed]) => allowed !== 't')) return undefined
  const selects = sequences.map(
    ([name]) =>
      `SELECT format('setval(%L, %s, %L)', ${literal(String(name))}, last_value, is_called) FROM ${String(name)}`,
  )
  const calls = ((await send(selects.join(' UNION ALL '))).at(-1)?.rows ?? []).map(([call]) => String(call))
  return `SELECT ${calls.join(', ')};`
}
