// The tables of a database before a migration: what is compared afterwards, and what a client can write to them.
import type pg from 'pg'

/** `name` as a client writes it, with search_path public. `kind` as pg_class writes it: r, p or m. `rows` are its own. */
export type OldTable = {
  readonly oid: string
  readonly name: string
  readonly kind: string
  readonly rows: number
  readonly file: string | null
  readonly clients: readonly ClientStatement[]
}

/** A statement that a client sends while the migration runs. `says` names it as the report does: `insert orders`. */
export type ClientStatement = { readonly says: string; readonly sql: string }

type Column = {
  readonly name: string
  readonly category: string
  readonly isUnique: boolean
  readonly isKey: boolean
  readonly isGiven: boolean
  readonly isWritten: boolean
}

/** All tables and materialized views that are no part of PostgreSQL, by OID. The client statements run as they are now. */
export async function readOldTables(client: pg.Client): Promise<ReadonlyMap<string, OldTable>> {
  const { rows } = await client.query<{
    oid: string
    schema: string
    table: string
    kind: string
    file: string | null
  }>(
    `SELECT c.oid::text, quote_ident(n.nspname) AS schema, quote_ident(c.relname) AS "table", c.relkind::text AS kind,
      pg_relation_filenode(c.oid)::text AS file
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm') AND n.nspname <> 'information_schema' ORDER BY c.oid`,
  )
  const tables = new Map<string, OldTable>()
  for (const { oid, schema, table, kind, file } of rows) {
    const path = `${schema}.${table}`
    const name = schema === 'public' ? table : path
    const count = await client.query<{ count: string }>(
      `SELECT count(*)::text AS count FROM ${kind === 'r' ? 'ONLY ' : ''}${path}`,
    )
    const clients = await clientsOf(client, { oid, path, name, kind })
    tables.set(oid, { oid, name, kind, file, rows: Number(count.rows[0]?.count), clients })
  }
  return tables
}

async function clientsOf(
  client: pg.Client,
  {
    oid,
    path,
    name,
    kind,
  }: { readonly oid: string; readonly path: string; readonly name: string; readonly kind: string },
): Promise<readonly ClientStatement[]> {
  const columns = await columnsOf(client, oid)
  const all = columns.map((each) => each.name).join(', ')
  const select = { says: `select ${name}`, sql: `SELECT ${all} FROM ${path} LIMIT 1` }
  if (kind === 'm') return [select]
  const asked: ClientStatement[] = [
    select,
    { says: `insert ${name}`, sql: await insertOf(client, path, columns) },
    ...updateOf(path, columns).map((sql) => ({ says: `update ${name}`, sql })),
  ]
  const kept: ClientStatement[] = []
  for (const each of asked) if ((await refusal(client, each)) === undefined) kept.push(each)
  return kept
}

const columnsOf = async (client: pg.Client, oid: string): Promise<readonly Column[]> =>
  (
    await client.query<Column>(
      `SELECT quote_ident(a.attname) AS name, t.typcategory::text AS category,
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indkey[0] = a.attnum) AS "isUnique",
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND a.attnum = ANY (i.indkey)) OR
          EXISTS (SELECT FROM pg_partitioned_table p WHERE p.partrelid = a.attrelid AND a.attnum = ANY (p.partattrs)) AS "isKey",
        a.atthasdef OR a.attidentity <> '' AS "isGiven", a.attgenerated = '' AND a.attidentity <> 'a' AS "isWritten"
       FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
       WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
      [oid],
    )
  ).rows

/** A row that the table takes: the values of its first row, but for those that must be another in each row. */
async function insertOf(client: pg.Client, path: string, columns: readonly Column[]): Promise<string> {
  const written = columns.filter(({ isGiven }) => !isGiven)
  if (written.length === 0) return `INSERT INTO ${path} DEFAULT VALUES`
  const values = written.map(({ name, isUnique, category }) => (isUnique ? freshValue(path, name, category) : name))
  const { rows } = await client.query<Record<string, string>>(
    `SELECT concat_ws(', ', ${values.map((value) => `quote_nullable((${value})::text)`).join(', ')}) AS list FROM ${path} LIMIT 1`,
  )
  const names = written.map(({ name }) => name).join(', ')
  const list = rows[0]?.['list']
  return list === undefined
    ? `INSERT INTO ${path} (${names}) SELECT ${names} FROM ${path} WHERE false`
    : `INSERT INTO ${path} (${names}) VALUES (${list})`
}

function freshValue(path: string, name: string, category: string): string {
  if (category === 'N') return `(SELECT max(${name}) + 1 FROM ${path})`
  if (category === 'U') return 'gen_random_uuid()'
  return "'zz'"
}

/** Writes the first row as it is, in a column that is no key where there is one. */
function updateOf(path: string, columns: readonly Column[]): readonly string[] {
  const writable = columns.filter(({ isWritten }) => isWritten)
  const column = writable.find(({ isKey }) => !isKey) ?? writable[0]
  return column === undefined
    ? []
    : [`UPDATE ${path} SET ${column.name} = ${column.name} WHERE ctid = (SELECT ctid FROM ${path} LIMIT 1)`]
}

/** The SQLSTATE with which the server refuses the statement within 50 ms; undefined where it takes it. It is rolled back. */
export async function refusal(client: pg.Client, { sql }: ClientStatement): Promise<string | undefined> {
  await client.query("BEGIN; SET LOCAL lock_timeout = '50ms'")
  try {
    await client.query(sql)
    return undefined
  } catch (error) {
    return sqlstateOf(error)
  } finally {
    await client.query('ROLLBACK')
  }
}

/** That of an error of the server; other errors are thrown. */
export function sqlstateOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'string') throw error
  return code
}
