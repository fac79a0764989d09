// Makes a new database with all properties of another one, and roles like those of a live server.
import { identifier, quoted } from '../../../sql/quote.js'
import { lastRows, type Link } from '../live/connection.js'

type Entry = Readonly<Record<string, unknown>>

/** Makes it empty, with the encoding, locale, owner and tablespace of the other one. Rejects as `send` does. */
export async function createLike(maintenance: Link, like: string, name: string): Promise<void> {
  const [row] = lastRows(
    await maintenance.send(
      `SELECT to_jsonb(d) || jsonb_build_object('owner', pg_get_userbyid(d.datdba), 'code', pg_encoding_to_char(d.encoding), 'space', (SELECT s.spcname FROM pg_catalog.pg_tablespace s, pg_catalog.pg_database t WHERE s.oid = d.dattablespace AND t.datname = 'template0' AND t.dattablespace <> s.oid)) FROM pg_catalog.pg_database d WHERE d.datname = ${quoted(like)}`,
    ),
  )
  const entry = JSON.parse(row?.[0] ?? '{}') as Entry
  const clauses = [
    'TEMPLATE template0',
    `ENCODING ${text(entry['code'])}`,
    ...locale(entry),
    `OWNER ${identifier(String(entry['owner']))}`,
    // The template's own tablespace needs no clause, and naming it needs a right that only superusers have (PostgreSQL,
    // CREATE DATABASE).
    ...(typeof entry['space'] === 'string' ? [`TABLESPACE ${identifier(entry['space'])}`] : []),
  ]
  await maintenance.send(`CREATE DATABASE ${identifier(name)} ${clauses.join(' ')}`)
}

/** PostgreSQL, pg_database.datlocprovider. libc needs no clause. */
const PROVIDERS = [
  { code: 'i', word: 'icu' },
  { code: 'b', word: 'builtin' },
] as const

/** Columns of pg_database in 14 to 18. The ICU or built-in locale has another name since 17. */
function locale(entry: Entry): readonly string[] {
  const provider = PROVIDERS.find(({ code }) => code === entry['datlocprovider'])?.word
  const name = entry['datlocale'] ?? entry['daticulocale']
  return [
    `LC_COLLATE ${text(entry['datcollate'])}`,
    `LC_CTYPE ${text(entry['datctype'])}`,
    ...(provider === undefined ? [] : [`LOCALE_PROVIDER ${provider}`]),
    ...(provider === undefined || typeof name !== 'string'
      ? []
      : [`${provider === 'icu' ? 'ICU_LOCALE' : 'BUILTIN_LOCALE'} ${quoted(name)}`]),
    // Since 16.
    ...(typeof entry['daticurules'] === 'string' ? [`ICU_RULES ${quoted(entry['daticurules'])}`] : []),
  ]
}

const text = (value: unknown): string => quoted(String(value))

/** Copies settings, rights and connection limit from one database to the other. Rejects as `send` does. */
export async function copySettings(maintenance: Link, from: string, to: string): Promise<void> {
  for (const statement of lastRows(await maintenance.send(statements(from, to))))
    await maintenance.send(statement[0] ?? 'SELECT 1')
}

/** Each row is a statement. A setting's name has no equals sign, so the first one ends it. */
const statements = (from: string, to: string): string => `WITH d AS (
    SELECT oid, datacl, datdba, datconnlimit FROM pg_catalog.pg_database WHERE datname = ${quoted(from)}
  ), settings AS (
    SELECT s.setrole, split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value
    FROM pg_catalog.pg_db_role_setting s JOIN d ON s.setdatabase = d.oid CROSS JOIN unnest(s.setconfig) AS c
  )
  SELECT format('ALTER %s SET %I TO %s', CASE setrole WHEN 0 THEN format('DATABASE %I', ${quoted(to)})
      ELSE format('ROLE %I IN DATABASE %I', pg_get_userbyid(setrole), ${quoted(to)}) END, name,
    -- Lists of names are written as they stand (PostgreSQL, GUC_LIST_QUOTE).
    CASE WHEN name IN ('search_path', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries', 'unix_socket_directories') THEN
      CASE WHEN value = '' THEN '''''' ELSE value END ELSE quote_literal(value) END) FROM settings
  UNION ALL SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', ${quoted(to)}) FROM d WHERE datacl IS NOT NULL
  UNION ALL SELECT format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, ${quoted(to)},
      CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
      CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM d CROSS JOIN aclexplode(d.datacl) AS a WHERE a.grantee <> d.datdba
  UNION ALL SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', ${quoted(to)}, datconnlimit) FROM d WHERE datconnlimit >= 0`

/** All roles except those that come with PostgreSQL. */
export async function roleNames(link: Link): Promise<readonly string[]> {
  const rows = lastRows(await link.send(`SELECT rolname FROM pg_catalog.pg_roles WHERE rolname NOT LIKE 'pg\\_%'`))
  return rows.map(([name]) => name ?? '')
}

/** A statement that makes a role without any rights, unless a role of this name exists. */
export const makeRole = (name: string): string =>
  `DO $gate$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoted(name)}) THEN EXECUTE format('CREATE ROLE %I', ${quoted(name)}); END IF; END$gate$;`
