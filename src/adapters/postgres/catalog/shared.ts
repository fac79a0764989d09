// The kinds of object that belong to the whole server: roles, settings, tablespaces, other databases, replication.
import { SCRATCH_PREFIX } from '../../../catalog/portable-roles.js'
import { settingsOf, type RareKind } from './rare-whole.js'
import { acl, definition, document, sorted } from './sql.js'

/** The role that looks after a cluster of our own while a chain is proved there. */
export const KEEPER = 'migration_gate_keeper'

/**
 * Kinds of a server major that every database of a server shares. A snapshot holds them only where one chain has the
 * server for itself. What the role of the session may not see is left out. `databases`: whether that of the session is one
 * of them.
 */
export const sharedKinds = (major: number, databases: 'other databases' | 'all databases'): readonly RareKind[] => [
  roles(major),
  roleSettings,
  serverSettings,
  tablespaces,
  databasesOf(databases),
  ...(major >= 15 ? [parameters] : []),
  origins,
  slots(major),
  subscriptions(major),
  labels,
]

type Shared = {
  /** The kind in words. `id` numbers the objects; it is stable as long as the object is. */
  readonly kind: string
  readonly id: string
  readonly identity: string
  /** The unit, where it is not `<kind> <identity>`. */
  readonly unit?: string
  readonly json: string
  readonly comment?: string
  readonly from: string
  readonly catalogues: readonly number[]
  /** Differs from `kind` where two queries give objects of one kind. */
  readonly name?: string
}

const shared = ({ kind, id, identity, unit, json, comment, from, catalogues, name = kind }: Shared): RareKind => ({
  kind: name,
  some: undefined,
  catalogues,
  shared: true,
  select: `SELECT ${id}, ${unit ?? `'${kind} ' || ${identity}`}, ${document(kind, identity, json, comment ?? 'NULL::text')} FROM ${from}`,
})

/** A number for an object without an OID. */
const numbered = (name: string): string => `('x' || left(md5(${name}), 7))::bit(28)::integer::oid`

const digest = (text: string): string => `left(md5(${text}), 16)`

/** Words of settings whose values are no one's business: their digest takes the place of the value. */
const PRIVATE = `'(?i)conninfo|pass|secret|token|key|credential'`

const setting = (name: string, value: string): string =>
  definition({
    value: `CASE WHEN ${name} !~ ${PRIVATE} THEN ${value} END`,
    digest: `CASE WHEN ${name} ~ ${PRIVATE} THEN ${digest(value)} END`,
  })

const MAY_SEE_PASSWORDS = `has_table_privilege('pg_catalog.pg_authid', 'SELECT')`

/** A password is known by its presence and a digest of its verifier, which another salt makes another one. */
const PASSWORDS = `CREATE FUNCTION pg_temp.gate_password(target oid) RETURNS text LANGUAGE plpgsql AS $gate$
BEGIN
  RETURN (SELECT ${digest('rolpassword')} FROM pg_authid WHERE oid = target);
END $gate$`

const grants = (major: number): string =>
  major >= 16
    ? ` || CASE WHEN NOT m.inherit_option THEN ' with inherit false' ELSE '' END || CASE WHEN NOT m.set_option THEN ' with set false' ELSE '' END`
    : ''

/** Roles that come with the server have units of their own, because no migration makes them. */
const roles = (major: number): RareKind => ({
  ...shared({
    kind: 'role',
    id: 'x.oid',
    identity: 'quote_ident(x.rolname)',
    unit: `CASE WHEN x.oid < 16384 THEN 'built-in role ' ELSE 'role ' END || quote_ident(x.rolname)`,
    json: `(jsonb_strip_nulls(to_jsonb(x) - '{oid,rolpassword,rolname,rolvaliduntil,rolconfig}'::text[] || jsonb_build_object(
      'rolvaliduntil', NULLIF(x.rolvaliduntil, 'infinity'), 'rolconfig', ${sorted('x.rolconfig')}, 'password', w.digest, 'rolpassword', w.digest IS NOT NULL OR NULL,
      'member_of', (SELECT jsonb_agg(DISTINCT m.roleid::regrole::text || CASE WHEN m.admin_option THEN ' with admin option' ELSE '' END${grants(major)})
        FROM pg_auth_members m WHERE m.member = x.oid))))::text`,
    comment: `shobj_description(x.oid, 'pg_authid')`,
    from: `pg_roles x, LATERAL (SELECT CASE WHEN ${MAY_SEE_PASSWORDS} THEN pg_temp.gate_password(x.oid) END AS digest) w WHERE x.rolname <> '${KEEPER}'`,
    catalogues: [1260, 1261, 2964, 2396],
  }),
  functions: [PASSWORDS],
})

/** ALTER ROLE ALL SET. */
const roleSettings = shared({
  kind: 'setting of all roles',
  id: numbered('x.name'),
  identity: 'x.name',
  json: setting('x.name', 'x.value'),
  from: `(SELECT split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value FROM pg_db_role_setting s, unnest(s.setconfig) c
    WHERE s.setdatabase = 0 AND s.setrole = 0) x`,
  catalogues: [2964],
})

/** ALTER SYSTEM. The view is for superusers only, and no statistics count its changes. */
const serverSettings: RareKind = {
  ...shared({
    kind: 'server setting',
    id: numbered('x.name'),
    identity: 'x.name',
    json: setting('x.name', 'x.value'),
    from: `(SELECT DISTINCT ON (f.name) f.name, f.setting AS value FROM pg_temp.gate_file_settings() f(name, setting)) x`,
    catalogues: [],
  }),
  functions: [
    `CREATE FUNCTION pg_temp.gate_file_settings() RETURNS TABLE (name text, setting text) LANGUAGE plpgsql AS $gate$
#variable_conflict use_column
BEGIN
  IF has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE') AND has_table_privilege('pg_catalog.pg_file_settings', 'SELECT') THEN
    RETURN QUERY SELECT f.name, f.setting FROM pg_file_settings f WHERE f.sourcefile LIKE '%postgresql.auto.conf' ORDER BY f.seqno DESC;
  END IF;
END $gate$`,
  ],
}

const tablespaces = shared({
  kind: 'tablespace',
  id: 'x.oid',
  identity: 'quote_ident(x.spcname)',
  json: definition({
    owner: 'x.spcowner::regrole::text',
    location: `(SELECT NULLIF(l, '') FROM pg_tablespace_location(x.oid) l WHERE l NOT LIKE 'pg\\_tblspc/%')`,
    options: sorted('x.spcoptions'),
    acl: acl('x.spcacl', 't', 'x.spcowner'),
  }),
  comment: `shobj_description(x.oid, 'pg_tablespace')`,
  from: 'pg_tablespace x',
  catalogues: [1213, 2396],
})

/** Scratch databases are not what a migration makes. */
const databasesOf = (which: 'other databases' | 'all databases'): RareKind =>
  shared({
    kind: 'database',
    name: 'other database',
    id: 'x.oid',
    identity: 'quote_ident(x.datname)',
    json: definition({
      owner: 'x.datdba::regrole::text',
      template: { when: 'x.datistemplate' },
      closed: { when: 'NOT x.datallowconn' },
      encoding: 'pg_encoding_to_char(x.encoding)',
      collation: 'x.datcollate',
      ctype: 'x.datctype',
      tablespace: `(SELECT NULLIF(t.spcname, 'pg_default') FROM pg_tablespace t WHERE t.oid = x.dattablespace)`,
      connection_limit: 'NULLIF(x.datconnlimit, -1)',
      settings: settingsOf('x.oid'),
      acl: acl('x.datacl', 'd', 'x.datdba'),
      comment: `shobj_description(x.oid, 'pg_database')`,
    }),
    from: `pg_database x WHERE x.datname !~ '^${SCRATCH_PREFIX}'${which === 'all databases' ? '' : ' AND x.datname <> current_database()'}`,
    catalogues: [1262, 2964, 2396],
  })

/** Rights to set parameters of the server. The owner of every parameter is the first role (OID 10). */
const parameters = shared({
  kind: 'parameter',
  id: 'x.oid',
  identity: 'x.parname',
  json: definition({ acl: acl('x.paracl', 'p', '10') }),
  from: 'pg_parameter_acl x',
  catalogues: [6243],
})

/** A subscription has an origin of its own, whose name begins with `pg_` and holds its OID. */
const origins = shared({
  kind: 'replication origin',
  id: 'x.roident',
  identity: 'quote_ident(x.roname)',
  json: `'{}'`,
  from: `pg_replication_origin x WHERE x.roname !~ '^pg_'`,
  catalogues: [6000],
})

/** Slots are in no catalogue. One for a single session ends with it. */
const slots = (major: number): RareKind =>
  shared({
    kind: 'replication slot',
    id: numbered('x.slot_name'),
    identity: 'quote_ident(x.slot_name)',
    json: definition({
      type: 'x.slot_type',
      plugin: 'x.plugin',
      database: `CASE WHEN x.database <> current_database() THEN x.database::text END`,
      two_phase: { when: 'x.two_phase' },
      ...(major >= 17 && { failover: { when: 'x.failover' } }),
    }),
    from: 'pg_replication_slots x WHERE NOT x.temporary',
    catalogues: [],
  })

/** The connection may hold a password, so it is known by a digest. Other roles than superusers may not read it. */
const subscriptions = (major: number): RareKind => ({
  ...shared({
    kind: 'subscription',
    id: 'x.oid',
    identity: 'quote_ident(x.subname)',
    json: definition({
      owner: 'x.subowner::regrole::text',
      publications: sorted('x.subpublications'),
      slot: 'x.subslotname',
      enabled: { when: 'x.subenabled' },
      binary: { when: 'x.subbinary' },
      streaming: `NULLIF(x.substream::text, 'f')`,
      synchronous_commit: 'x.subsynccommit',
      ...(major >= 15 && {
        two_phase: { when: `x.subtwophasestate <> 'd'` },
        disable_on_error: { when: 'x.subdisableonerr' },
      }),
      ...(major >= 16 && {
        origin: 'x.suborigin',
        password_optional: { when: 'NOT x.subpasswordrequired' },
        run_as_owner: { when: 'x.subrunasowner' },
      }),
      ...(major >= 17 && { failover: { when: 'x.subfailover' } }),
      connection: `CASE WHEN has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT') THEN pg_temp.gate_connection(x.oid) END`,
    }),
    comment: `obj_description(x.oid, 'pg_subscription')`,
    from: 'pg_subscription x WHERE x.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())',
    catalogues: [6100],
  }),
  functions: [
    `CREATE FUNCTION pg_temp.gate_connection(target oid) RETURNS text LANGUAGE plpgsql AS $gate$
BEGIN
  RETURN (SELECT ${digest('subconninfo')} FROM pg_subscription WHERE oid = target);
END $gate$`,
  ],
})

/** Labels on roles, databases, tablespaces, subscriptions. */
const labels = shared({
  kind: 'security label',
  id: numbered('x.name'),
  identity: 'x.name',
  json: definition({ label: 'x.label' }),
  from: `(SELECT i.type || ' ' || i.identity || ' by ' || l.provider AS name, l.label FROM pg_shseclabel l, pg_identify_object(l.classoid, l.objoid, 0) i) x`,
  catalogues: [3592],
})
