// Kinds that belong to the database or the cluster as a whole.
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

export const database: RareKind = {
  kind: 'database',
  some: undefined,
  catalogues: [1262, 2964, 2396],
  select: `SELECT d.oid, 'database', '[' || ${object(
    'database',
    `'database'`,
    definition({
      acl: acl('d.datacl', 'd', 'd.datdba'),
      settings: `(SELECT array_agg(concat_ws(' ', NULLIF(s.setrole, 0)::regrole, s.setconfig) ORDER BY s.setrole::regrole::text) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid)`,
      comment: `shobj_description(d.oid, 'pg_database')`,
      connection_limit: 'NULLIF(d.datconnlimit, -1)',
    }),
  )} || ']' FROM pg_database d WHERE d.datname = current_database()`,
}

export const largeObjects: RareKind = {
  kind: 'large objects',
  some: 'EXISTS (SELECT FROM pg_largeobject_metadata)',
  catalogues: [2995],
  select: `SELECT 0::oid, 'large objects', '[' || ${object('large objects', `'large objects'`, definition({ count: 'count(*)' }))} || ']' FROM pg_largeobject_metadata HAVING count(*) > 0`,
}

/** Roles are cluster-wide, so only a cluster that serves one chain includes them. */
export const roles: RareKind = {
  kind: 'role',
  some: undefined,
  catalogues: [1260, 1261, 2964, 2396],
  select: `SELECT x.oid, 'role ' || quote_ident(x.rolname), '[' || ${object(
    'role',
    'quote_ident(x.rolname)',
    `((to_jsonb(x) - '{oid,rolpassword,rolname}'::text[]) || jsonb_build_object('member_of', (SELECT jsonb_agg(DISTINCT m.roleid::regrole::text || CASE WHEN m.admin_option THEN ' with admin option' ELSE '' END) FROM pg_auth_members m WHERE m.member = x.oid)))::text`,
  )} || ']' FROM pg_roles x WHERE x.oid >= 16384 AND x.rolname <> 'migration_gate_keeper'`,
}

/** Rights on objects that come with the server, as one sum: it shows a REVOKE on pg_sleep, without 3,000 rows. */
export const builtInAcl: RareKind = {
  kind: 'rights on built-in objects',
  some: undefined,
  catalogues: [],
  select: `SELECT 0::oid, 'rights on built-in objects', '[' || ${object(
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
}
