// A client that reads and writes while the transaction of a script is open: which of its statements wait.
import type { ClientStatement } from '../../../impact/facts.js'
import { literal } from '../../../sql/quote.js'
import { isDatabaseError, type Session } from '../session.js'
import { withSchema } from '../../../impact/relation-name.js'
import { isTable, type OldRelation } from './old-relations.js'

/**
 * A statement of a client about one table. `whole`: it inserts a row, with its triggers and keys; else it takes the locks alone that
 * a row would need.
 */
export type Knock = { readonly client: ClientStatement; readonly sql: string; readonly whole: boolean }

/** Nothing else locks the tables of a scratch database, so the shortest wait shows a conflict. */
const PATIENCE = '5ms'

/** Waits for a lock of the table. */
const DRAWN = `coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%', false)`

/** `drawn`: a sequence gives its value where the client gives none. */
type Column = { readonly name: string; readonly fixed: boolean; readonly drawn: boolean; readonly hasDefault: boolean }

/**
 * The statements of clients about each of these relations, by OID, from what a session outside of the script's transaction sees.
 * `update` writes the first row of the table, so that it also waits for a row that the script has written. With `rows: 'read'`, a
 * row like the first one is inserted as well, with numbers of sequences that nothing draws; the tables must not be locked then.
 */
export async function prepareKnocks(
  { send }: Pick<Session, 'send'>,
  relations: readonly OldRelation[],
  rows: 'read' | 'left',
): Promise<ReadonlyMap<string, readonly Knock[]>> {
  const readable = relations.filter(({ kind }) => kind !== 'index' && kind !== 'sequence' && kind !== 'foreign table')
  if (readable.length === 0) return new Map()
  const answer = await send(
    `SELECT a.attrelid, pg_catalog.quote_ident(a.attname), a.attgenerated <> '' OR a.attidentity = 'a',
      a.attidentity <> '' OR ${rows === 'read' ? DRAWN : 'false'}, a.atthasdef
     FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = ANY ('{${readable.map(({ oid }) => oid).join(',')}}'::oid[])
      AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`,
  )
  const columns = new Map<string, Column[]>()
  for (const [oid, name, fixed, drawn, hasDefault] of answer.at(-1)?.rows ?? []) {
    const own = columns.get(String(oid)) ?? []
    own.push({ name: String(name), fixed: fixed === 't', drawn: drawn === 't', hasDefault: hasDefault === 't' })
    columns.set(String(oid), own)
  }
  const knocks = new Map<string, readonly Knock[]>()
  for (const one of readable) {
    const own = columns.get(one.oid) ?? []
    const whole = rows === 'read' ? await insertLikeFirst({ send }, one, own) : undefined
    knocks.set(one.oid, [...knocksOn(one, own), ...(whole === undefined ? [] : [whole])])
  }
  return knocks
}

const knockWith = ({ relation }: OldRelation, verb: string, sql: string, whole = false): Knock => ({
  client: `${verb} ${relation}`,
  sql,
  whole,
})

function knocksOn(relation: OldRelation, columns: readonly Column[]): readonly Knock[] {
  const name = withSchema(relation.relation)
  const all = columns.map((column) => column.name).join(', ')
  const select = knockWith(relation, 'select', `SELECT ${all} FROM ${name} LIMIT 0`)
  if (!isTable(relation)) return [select]
  const free = columns.filter(({ fixed }) => !fixed).map((column) => column.name)
  const list = free.join(', ')
  const into = list === '' ? '' : ` (${list})`
  const first = `(tableoid, ctid) = (SELECT tableoid, ctid FROM ${name} LIMIT 1)`
  const [one] = free
  return [
    select,
    knockWith(relation, 'insert', `INSERT INTO ${name}${into} SELECT ${list} FROM ${name} WHERE false`),
    ...(one === undefined ? [] : [knockWith(relation, 'update', `UPDATE ${name} SET ${one} = ${one} WHERE ${first}`)]),
  ]
}

/** Undefined where there is no row, or no statement can be made of it. */
async function insertLikeFirst(
  { send }: Pick<Session, 'send'>,
  relation: OldRelation,
  columns: readonly Column[],
): Promise<Knock | undefined> {
  if (!isTable(relation)) return undefined
  const name = withSchema(relation.relation)
  const given = columns.filter(({ drawn, hasDefault }) => drawn || !hasDefault)
  if (given.length === 0) return knockWith(relation, 'insert', `INSERT INTO ${name} DEFAULT VALUES`, true)
  const values = given.map((column) =>
    column.drawn ? `(SELECT (max(${column.name}) + 1)::text FROM ${name})` : `f.${column.name}::text`,
  )
  try {
    const [row] = (await send(`SELECT ${values.join(', ')} FROM ${name} f LIMIT 1`)).at(-1)?.rows ?? []
    if (row === undefined) return undefined
    const literals = row.map((value) => (value === null ? 'NULL' : literal(value)))
    const list = given.map((column) => column.name).join(', ')
    const sql = `INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE VALUES (${literals.join(', ')})`
    return knockWith(relation, 'insert', sql, true)
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return undefined
  }
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
