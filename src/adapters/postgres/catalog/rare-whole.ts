// Kinds that belong to the database as a whole.
import { acl, definition, object, sorted } from './sql.js'

/**
 * pg_user_mapping is for superusers only. The view shows everything to others, except the options of foreign mappings.
 */
export const userMappings: RareKind = {
  kind: 'user mapping',
  some: 'EXISTS (SELECT FROM pg_user_mappings)',
  catalogues: [1418],
  select: `SELECT x.umid, 'user mapping for ' || x.usename || ' on ' || x.srvname, '[' || ${object(
    'user mapping',
    `'for ' || x.usename || ' on ' || x.srvname`,
    definition({ options: sorted('x.umoptions') }),
  )} || ']' FROM pg_user_mappings x`,
}

/** `name=value`, with a role in front for ALTER ROLE .. IN DATABASE, sorted: the order of the statements does not matter. */
export const settingsOf = (database: string): string =>
  sorted(
    `ARRAY(SELECT concat_ws(' ', NULLIF(s.setrole, 0)::regrole, c) FROM pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setdatabase = ${database})`,
  )

/** The database of the session. Its owner shows only if it is not the role that connected, which owns these functions. */
export const database: RareKind = {
  kind: 'database',
  some: undefined,
  catalogues: [1262, 2964, 2396],
  select: `SELECT d.oid, 'database', '[' || ${object(
    'database',
    `'database'`,
    definition({
      owner: 'CASE WHEN pg_get_userbyid(d.datdba) <> current_user THEN d.datdba::regrole::text END',
      template: { when: 'd.datistemplate' },
      acl: acl('d.datacl', 'd', 'd.datdba'),
      settings: settingsOf('d.oid'),
      comment: `shobj_description(d.oid, 'pg_database')`,
      connection_limit: 'NULLIF(d.datconnlimit, -1)',
    }),
  )} || ']' FROM pg_database d WHERE d.datname = current_database()`,
}

export const largeObjects: RareKind = {
  kind: 'large objects',
  some: 'EXISTS (SELECT FROM pg_largeobject_metadata)',
  catalogues: [2995],
  select: `SELECT 1::oid, 'large objects', '[' || ${object('large objects', `'large objects'`, definition({ count: 'count(*)' }))} || ']' FROM pg_largeobject_metadata HAVING count(*) > 0`,
}

/** In no catalogue. A script that prepares one runs statement by statement, and then the whole catalogue is read. */
export const preparedTransactions: RareKind = {
  kind: 'prepared transaction',
  some: 'EXISTS (SELECT FROM pg_prepared_xacts)',
  catalogues: [],
  select: `SELECT x.transaction::text::oid, 'prepared transaction ' || x.gid, '[' || ${object('prepared transaction', 'x.gid', `'{}'`)} || ']' FROM pg_prepared_xacts x WHERE x.database = current_database()`,
}

/** Rights on objects that come with the server, as one sum: it shows a REVOKE on pg_sleep, without 3,000 rows. */
export const builtInAcl: RareKind = {
  kind: 'rights on built-in objects',
  some: undefined,
  catalogues: [],
  select: `SELECT 1::oid, 'rights on built-in objects', '[' || ${object(
    'rights on built-in objects',
    `'rights on built-in objects'`,
    definition({ sum: `md5(string_agg(c || o::text || a::text, ',' ORDER BY c, o))` }),
  )} || ']' FROM (
    SELECT 'routine' c, oid o, proacl a FROM pg_proc WHERE oid < 16384 AND proacl IS NOT NULL
    UNION ALL SELECT 'relation', oid, relacl FROM pg_class WHERE oid < 16384 AND relacl IS NOT NULL
    UNION ALL SELECT 'type', oid, typacl FROM pg_type WHERE oid < 16384 AND typacl IS NOT NULL
    UNION ALL SELECT 'language', oid, lanacl FROM pg_language WHERE oid < 16384 AND lanacl IS NOT NULL
    UNION ALL SELECT 'schema', oid, nspacl FROM pg_namespace WHERE oid < 16384 AND nspacl IS NOT NULL AND oid <> 2200) z`,
}

/**
 * A kind of object that is read as a whole. `catalogues` are the OIDs whose change makes the kind worth reading again
 * (fixed numbers, src/include/catalog). `select` gives (id, unit, document) of every object of the kind. `some` is a
 * cheap condition that says whether one exists, for kinds that few databases have.
 */
export type RareKind = {
  readonly kind: string
  readonly catalogues: readonly number[]
  readonly select: string
  readonly some: string | undefined
  readonly shared?: true
  readonly functions?: readonly string[]
}
