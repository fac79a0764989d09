// A client that reads and writes while the transaction of a script is open: which of its statements wait.
import type { ClientStatement } from '../../../impact/facts.js'
import { literal } from '../../../sql/quote.js'
import { isDatabaseError, type Session } from '../session.js'
import { qualified, type OldRelation } from './old-relations.js'

/**
 * A statement of a client about one table. `whole`: it inserts a row, with its triggers and keys; else it takes the locks alone that
 * a row would need.
 */
export type Knock = { readonly client: ClientStatement; readonly sql: string; readonly whole: boolean }

/** Nothing else locks the tables of a scratch database, so the shortest wait shows a conflict. */
const PATIENCE = '5ms'

/**
 * The statements of clients about these relations, from the columns that a session outside of the script's transaction sees.
 * `update` writes the first row of the table, so that it also waits for a row that the script has written. A row is inserted
 * only into tables that are not in `changed`: it may be equal to one that the script has written, and wait for that.
 */
export async function prepareKnocks(
  { send }: Pick<Session, 'send'>,
  relations: readonly OldRelation[],
  changed: ReadonlySet<string>,
): Promise<readonly Knock[]> {
  const readable = relations.filter(({ kind }) => kind !== 'index' && kind !== 'sequence' && kind !== 'foreign table')
  if (readable.length === 0) return []
  const names = (filter: string): string =>
    `pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE ${filter})`
  const answer = await send(
    `SELECT a.attrelid, ${names('true')}, ${names(`a.attgenerated = ''`)},
      min(pg_catalog.quote_ident(a.attname)) FILTER (WHERE a.attgenerated = '' AND a.attidentity <> 'a'),
      ${names(`a.attgenerated = '' AND a.attidentity = '' AND NOT a.atthasdef`)}
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY ('{${readable.map(({ oid }) => oid).join(',')}}'::oid[])
      AND a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid`,
  )
  const columns = new Map((answer.at(-1)?.rows ?? []).map(([oid, ...lists]) => [String(oid), lists]))
  return readable.flatMap((one) => {
    const knocks = knocksOn(one, columns.get(one.oid) ?? [])
    return changed.has(one.relation) ? knocks.filter(({ whole }) => !whole) : knocks
  })
}

function knocksOn({ relation, kind }: OldRelation, lists: readonly (string | null)[]): readonly Knock[] {
  const [all, written, one, given] = lists
  const name = qualified(relation)
  const knockWith = (verb: string, sql: string, whole = false): Knock => ({ client: `${verb} ${relation}`, sql, whole })
  const select = knockWith('select', `SELECT ${all ?? ''} FROM ${name} LIMIT 0`)
  if (kind === 'view' || kind === 'materialized view') return [select]
  const into = written == null ? '' : ` (${written}) OVERRIDING SYSTEM VALUE`
  const row = given == null ? 'DEFAULT VALUES' : `(${given}) SELECT ${given} FROM ${name} LIMIT 1`
  const first = `(tableoid, ctid) = (SELECT tableoid, ctid FROM ${name} LIMIT 1)`
  return [
    select,
    knockWith('insert', `INSERT INTO ${name}${into} SELECT ${written ?? ''} FROM ${name} WHERE false`),
    knockWith('insert', `INSERT INTO ${name} ${row}`, true),
    ...(one == null ? [] : [knockWith('update', `UPDATE ${name} SET ${one} = ${one} WHERE ${first}`)]),
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
  const tries = knocks.map(({ sql, whole }, at) => {
    const triggers = isSuperuser
      ? `PERFORM pg_catalog.set_config('session_replication_role', '${whole ? 'origin' : 'replica'}', true);`
      : ''
    return `BEGIN
  ${triggers}
  EXECUTE ${literal(sql)};
  RAISE EXCEPTION SQLSTATE 'MG000';
EXCEPTION
  WHEN lock_not_available THEN waiting := waiting OPERATOR(pg_catalog.||) '${at},';
  WHEN OTHERS THEN NULL;
END;`
  })
  const answers = await send(
    `BEGIN; SET LOCAL lock_timeout = '${PATIENCE}'; SET LOCAL statement_timeout = '${LONGEST}';
DO $migration_gate$ DECLARE waiting text := ''; BEGIN
${tries.join('\n')}
PERFORM pg_catalog.set_config('migration_gate.waiting', waiting, true);
END $migration_gate$;
SELECT pg_catalog.current_setting('migration_gate.waiting'); ROLLBACK`,
  ).catch(async (error: unknown) => {
    if (!isDatabaseError(error)) throw error
    await send('ROLLBACK')
    return undefined
  })
  const waiting = answers?.at(-2)?.rows[0]?.[0] ?? ''
  return waiting
    .split(',')
    .filter((at) => at !== '')
    .flatMap((at) => knocks[Number(at)]?.client ?? [])
}

/** For all statements of the clients of one transaction: a trigger may run without end. */
const LONGEST = '10s'
