// A client that reads and writes while the transaction of a script is open: which of its statements wait.
import type { ClientStatement } from '../../../impact/facts.js'
import { literal } from '../../../sql/quote.js'
import type { Session } from '../session.js'
import { qualified, type OldRelation } from './old-relations.js'

/** The statements of a client about one table. Those of INSERT and UPDATE take the locks that rows would need. */
export type Knock = { readonly client: ClientStatement; readonly sql: string }

const WITHOUT_TRIGGERS = 'SET LOCAL session_replication_role = replica;'

/** Nothing else locks the tables of a scratch database, so the shortest wait shows a conflict. */
const PATIENCE = '5ms'

/**
 * The statements of clients about these relations, from the columns that a session outside of the script's transaction sees.
 * `update` writes the first row of the table, so that it also waits for a row that the script has written.
 */
export async function prepareKnocks(
  { send }: Pick<Session, 'send'>,
  relations: readonly OldRelation[],
): Promise<readonly Knock[]> {
  const readable = relations.filter(({ kind }) => kind !== 'index' && kind !== 'sequence' && kind !== 'foreign table')
  if (readable.length === 0) return []
  const answer = await send(
    `SELECT a.attrelid, pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum),
      pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
      min(pg_catalog.quote_ident(a.attname)) FILTER (WHERE a.attgenerated = '' AND a.attidentity <> 'a')
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY ('{${readable.map(({ oid }) => oid).join(',')}}'::oid[])
      AND a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid`,
  )
  const columns = new Map((answer.at(-1)?.rows ?? []).map(([oid, ...names]) => [String(oid), names]))
  return readable.flatMap((one) => knocksOn(one, columns.get(one.oid) ?? []))
}

function knocksOn({ relation, kind }: OldRelation, names: readonly (string | null)[]): readonly Knock[] {
  const [all, written, one] = names
  const name = qualified(relation)
  const select = { client: `select ${relation}`, sql: `SELECT ${all ?? ''} FROM ${name} LIMIT 0` }
  if (kind === 'view' || kind === 'materialized view') return [select]
  const list = written ?? undefined
  const insert =
    list === undefined
      ? `INSERT INTO ${name} SELECT WHERE false`
      : `INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${name} WHERE false`
  const first = kind === 'table' ? `ctid = (SELECT ctid FROM ONLY ${name} LIMIT 1)` : 'false'
  return [
    select,
    { client: `insert ${relation}`, sql: insert },
    ...(one == null
      ? []
      : [{ client: `update ${relation}`, sql: `UPDATE ${name} SET ${one} = ${one} WHERE ${first}` }]),
  ]
}

/**
 * The statements that wait for a lock. Each is rolled back, whatever it did. A statement that fails for another reason does
 * not wait.
 */
export async function knock(
  { send }: Pick<Session, 'send'>,
  knocks: readonly Knock[],
  isSuperuser: boolean,
): Promise<readonly ClientStatement[]> {
  if (knocks.length === 0) return []
  const tries = knocks.map(
    ({ sql }, at) => `BEGIN
  EXECUTE ${literal(sql)};
  RAISE EXCEPTION SQLSTATE 'MG000';
EXCEPTION
  WHEN lock_not_available THEN waiting := waiting OPERATOR(pg_catalog.||) '${at},';
  WHEN OTHERS THEN NULL;
END;`,
  )
  const answers = await send(
    `BEGIN; SET LOCAL lock_timeout = '${PATIENCE}';${isSuperuser ? WITHOUT_TRIGGERS : ''}
DO $migration_gate$ DECLARE waiting text := ''; BEGIN
${tries.join('\n')}
PERFORM pg_catalog.set_config('migration_gate.waiting', waiting, true);
END $migration_gate$;
SELECT pg_catalog.current_setting('migration_gate.waiting'); ROLLBACK`,
  )
  const waiting = answers.at(-2)?.rows[0]?.[0] ?? ''
  return waiting
    .split(',')
    .filter((at) => at !== '')
    .flatMap((at) => knocks[Number(at)]?.client ?? [])
}
