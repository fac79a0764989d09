// The queries behind a World. They run with an empty search_path and give one JSON text each.
import { quoted } from '../../../sql/quote.js'
import { notOfExtension, qualified, userSchema } from '../catalog/sql.js'
import type { World } from './world.js'

/** A name as a client writes it with `public` in the search path. */
export const clientName = (schema: string, name: string): string =>
  `CASE WHEN ${schema} = 'public' THEN quote_ident(${name}) ELSE ${qualified(schema, name)} END`

const list = (element: string, order: string, from: string): string =>
  `SELECT coalesce(json_agg(${element} ORDER BY ${order}), '[]')::text FROM ${from}`

const inner = (element: string, order: string, from: string): string =>
  `(SELECT coalesce(json_agg(${element} ORDER BY ${order}), '[]') FROM ${from})`

const json = (keys: Readonly<Record<string, string>>): string =>
  `json_build_object(${Object.entries(keys)
    .map(([key, value]) => `'${key}', ${value}`)
    .join(', ')})`

/** `oids` are digits; `names` are full names of relations. */
export function worldQueries(about: {
  readonly oids: readonly string[]
  readonly names: readonly string[]
}): Readonly<Record<keyof World, string>> {
  const oids = about.oids.filter((oid) => /^\d+$/.test(oid))
  const names = about.names.map((name) => `to_regclass(${quoted(name)})::oid`)
  const wanted = `c.oid = ANY (ARRAY[${[...oids, ...names].join(', ')}]::oid[])`
  return {
    relations: list(
      RELATION,
      'c.oid',
      `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${wanted} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`,
    ),
    routines: list(
      ROUTINE,
      'p.oid',
      `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${userSchema('n.nspname')} AND ${notOfExtension('pg_catalog.pg_proc', 'p.oid')}`,
    ),
    guarded: GUARDED,
    roles: list(
      json({ name: 'r.rolname', superuser: 'r.rolsuper', passesRowSecurity: 'r.rolbypassrls' }),
      'r.rolname',
      'pg_roles r',
    ),
    memberships: list(
      json({ member: 'pg_get_userbyid(m.member)', of: 'pg_get_userbyid(m.roleid)' }),
      'm.member, m.roleid',
      'pg_auth_members m',
    ),
    enums: `WITH used AS MATERIALIZED (${ENUM_COLUMNS}) ${list(
      ENUM,
      't.oid',
      `pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN used ON used.enum = t.oid WHERE t.typtype = 'e' AND ${userSchema('n.nspname')}`,
    )}`,
    tables: list(
      json({
        oid: 'c.oid::text',
        name: clientName('n.nspname', 'c.relname'),
        sql: qualified('n.nspname', 'c.relname'),
      }),
      'c.oid',
      `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND ${userSchema('n.nspname')}`,
    ),
  }
}

/** pg_node_tree holds OIDs, so that a renamed sequence in a default is no change. Only places in the text differ. */
const TREE = String.raw`md5(regexp_replace(d.adbin::text, ' :location -?\d+', '', 'g'))`

const COLUMN = json({
  number: 'a.attnum',
  name: 'a.attname',
  type: 'format_type(a.atttypid, a.atttypmod)',
  base: "format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL)",
  category: 't.typcategory',
  notNull: 'a.attnotnull',
  default: `CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END`,
  tree: `CASE WHEN a.attgenerated = '' THEN ${TREE} END`,
  identity: 'a.attidentity',
  generated: 'a.attgenerated',
  // A default depends on its sequence; that of an identity depends on the column (PostgreSQL, dependency.h).
  sequence: `(SELECT s.oid::text FROM pg_depend x, pg_class s WHERE s.relkind = 'S' AND (
      (x.classid = 'pg_catalog.pg_attrdef'::regclass AND x.objid = d.oid AND x.refclassid = 'pg_catalog.pg_class'::regclass AND x.refobjid = s.oid)
      OR (x.classid = 'pg_catalog.pg_class'::regclass AND x.objid = s.oid AND x.refclassid = 'pg_catalog.pg_class'::regclass AND x.refobjid = a.attrelid AND x.refobjsubid = a.attnum AND x.deptype = 'i')) LIMIT 1)`,
})

const numbers = (vector: string, count: string): string => `to_json((${vector}::int2[])[0:${count} - 1])`

const INDEX = json({
  name: 'ic.relname',
  kind: 'ic.relkind',
  columns: numbers('i.indkey', 'i.indnkeyatts'),
  unique: 'i.indisunique',
  valid: 'i.indisvalid AND i.indisready',
  partial: 'pg_get_expr(i.indpred, i.indrelid)',
})

const columnNames = (relation: string, columns: string, prefix: string): string =>
  `(SELECT array_agg('${prefix}' || quote_ident(ka.attname) ORDER BY u.at) FROM unnest(${columns}) WITH ORDINALITY AS u (number, at) JOIN pg_attribute ka ON ka.attrelid = ${relation} AND ka.attnum = u.number)`

/** Of a foreign key with MATCH SIMPLE, a row with a NULL in it needs no row on the other side. */
const ORPHAN = `format('SELECT 1 FROM %s r WHERE (%s) IS NOT NULL AND NOT EXISTS (SELECT FROM %s f WHERE (%s) = (%s)) LIMIT 1',
  ${qualified('n.nspname', 'c.relname')}, 'ROW(' || array_to_string(${columnNames('k.conrelid', 'k.conkey', 'r.')}, ', ') || ')',
  (SELECT ${qualified('fn.nspname', 'fc.relname')} FROM pg_class fc JOIN pg_namespace fn ON fn.oid = fc.relnamespace WHERE fc.oid = k.confrelid),
  array_to_string(${columnNames('k.confrelid', 'k.confkey', 'f.')}, ', '), array_to_string(${columnNames('k.conrelid', 'k.conkey', 'r.')}, ', '))`

const CONSTRAINT = json({
  name: 'k.conname',
  type: 'k.contype',
  validated: 'k.convalidated',
  columns: "coalesce(to_json(k.conkey), '[]')",
  referenced: `(SELECT ${clientName('fn.nspname', 'fc.relname')} FROM pg_class fc JOIN pg_namespace fn ON fn.oid = fc.relnamespace WHERE fc.oid = k.confrelid)`,
  child: 'k.conparentid <> 0',
  violated: `CASE WHEN k.convalidated THEN NULL WHEN k.contype = 'f' THEN ${ORPHAN}
    WHEN k.contype = 'c' THEN format('SELECT 1 FROM %s WHERE NOT (%s) LIMIT 1', ${qualified('n.nspname', 'c.relname')}, pg_get_expr(k.conbin, k.conrelid))
    WHEN k.contype = 'n' THEN format('SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1', ${qualified('n.nspname', 'c.relname')}, (${columnNames('k.conrelid', 'k.conkey', '')})[1]) END`,
})

/** Of tgtype, 2 is BEFORE, 4 INSERT and 64 INSTEAD OF (PostgreSQL, trigger.h). */
const TRIGGER = json({
  name: 't.tgname',
  constraint: 'CASE WHEN t.tgisinternal THEN (SELECT k.conname FROM pg_constraint k WHERE k.oid = t.tgconstraint) END',
  enabled: 't.tgenabled',
  early: 't.tgtype & 4 <> 0 AND t.tgtype & 66 <> 0',
  text: "md5(pg_get_triggerdef(t.oid) || coalesce((SELECT p.prosrc FROM pg_proc p WHERE p.oid = t.tgfoid), ''))",
})

const POLICY = json({
  name: 'y.polname',
  permissive: 'y.polpermissive',
  command: 'y.polcmd',
  roles: "(SELECT json_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r) END) FROM unnest(y.polroles) r)",
  using: 'pg_get_expr(y.polqual, y.polrelid)',
})

const RELATION = json({
  oid: 'c.oid::text',
  name: clientName('n.nspname', 'c.relname'),
  sql: qualified('n.nspname', 'c.relname'),
  kind: 'c.relkind',
  owner: 'pg_get_userbyid(c.relowner)',
  file: 'pg_relation_filenode(c.oid)::text',
  rowSecurity: 'c.relrowsecurity',
  forced: 'c.relforcerowsecurity',
  parent:
    'CASE WHEN c.relispartition THEN (SELECT h.inhparent::text FROM pg_inherits h WHERE h.inhrelid = c.oid LIMIT 1) END',
  view: "CASE WHEN c.relkind IN ('v', 'm') THEN md5(pg_get_viewdef(c.oid)) END",
  rules: `EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN')`,
  columns: inner(
    COLUMN,
    'a.attnum',
    'pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped',
  ),
  indexes: inner(INDEX, 'ic.relname', 'pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = c.oid'),
  constraints: inner(CONSTRAINT, 'k.conname', 'pg_constraint k WHERE k.conrelid = c.oid'),
  triggers: inner(TRIGGER, 't.tgname', 'pg_trigger t WHERE t.tgrelid = c.oid'),
  policies: inner(POLICY, 'y.polname', 'pg_policy y WHERE y.polrelid = c.oid'),
})

/** The modes of arguments that a caller gives (PostgreSQL, "pg_proc"). */
const GIVEN = "('i', 'b', 'v')"

const ROUTINE = json({
  oid: 'p.oid::text',
  name: `${clientName('n.nspname', 'p.proname')} || '(' || replace(oidvectortypes(p.proargtypes), 'public.', '') || ')'`,
  sql: qualified('n.nspname', 'p.proname'),
  kind: 'p.prokind',
  types:
    "(SELECT coalesce(json_agg(format_type(u.type, NULL) ORDER BY u.at), '[]') FROM unnest(p.proargtypes) WITH ORDINALITY AS u (type, at))",
  names: `(SELECT coalesce(json_agg(u.name ORDER BY u.at), '[]') FROM unnest(p.proargnames) WITH ORDINALITY AS u (name, at) WHERE p.proargmodes IS NULL OR p.proargmodes[u.at] IN ${GIVEN})`,
  required: 'p.pronargs - p.pronargdefaults',
  variadic: 'p.provariadic <> 0',
  trigger: "p.prorettype IN ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)",
  result: 'pg_get_function_result(p.oid)',
  definer: 'p.prosecdef',
  fixedPath: "EXISTS (SELECT FROM unnest(p.proconfig) x WHERE x LIKE 'search_path=%')",
  text: "md5(p.prosrc || coalesce(p.probin, '') || coalesce(p.proconfig::text, '') || coalesce(to_json(p)->>'prosqlbody', ''))",
})

const ENUM = json({
  name: clientName('n.nspname', 't.typname'),
  type: 'format_type(t.oid, NULL)',
  labels: inner(
    json({ oid: 'e.oid::text', label: 'e.enumlabel' }),
    'e.enumsortorder',
    'pg_enum e WHERE e.enumtypid = t.oid',
  ),
  columns: "coalesce(used.columns, '[]')",
})

/** Of all enums in one pass: no index of the catalogue leads from a type to its columns. */
const ENUM_COLUMNS = `SELECT e.enum, json_agg(${json({ relation: clientName('cn.nspname', 'c.relname'), column: 'a.attname' })} ORDER BY c.oid, a.attnum) AS columns
  FROM pg_attribute a JOIN (SELECT oid AS enum, unnest(ARRAY[oid, typarray]) AS type FROM pg_type WHERE typtype = 'e') e ON e.type = a.atttypid
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
  WHERE NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY e.enum`

const grants = (acl: string, owner: string): string =>
  `CASE WHEN ${acl} IS NULL THEN '{}'::json ELSE (SELECT coalesce(json_object_agg(g.grantee, g.privileges), '{}') FROM (
      SELECT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee) END AS grantee, json_agg(DISTINCT x.privilege_type) AS privileges
      FROM aclexplode(${acl}) x WHERE x.grantee <> ${owner} GROUP BY 1) g) END`

const guarded = (keys: {
  kind: string
  oid: string
  name: string
  within: string
  owner: string
  acl: string
}): string =>
  json({
    kind: keys.kind,
    oid: keys.oid,
    name: keys.name,
    within: keys.within,
    owner: `pg_get_userbyid(${keys.owner})`,
    grants: grants(keys.acl, keys.owner),
  })

/** A list of rights that is NULL means the default one: of relations and schemas the owner alone, of routines PUBLIC as well. */
const GUARDED = `SELECT coalesce(json_agg(g.object ORDER BY g.object ->> 'kind', g.object ->> 'name'), '[]')::text FROM (
  SELECT ${guarded({ kind: "CASE WHEN c.relkind = 'S' THEN 'sequence' ELSE 'table' END", oid: 'c.oid::text', name: clientName('n.nspname', 'c.relname'), within: 'n.nspname', owner: 'c.relowner', acl: 'c.relacl' })} AS object
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${userSchema('n.nspname')}
  UNION ALL SELECT ${guarded({ kind: "'column'", oid: "c.oid || '.' || a.attnum", name: `${clientName('n.nspname', 'c.relname')} || '.' || quote_ident(a.attname)`, within: clientName('n.nspname', 'c.relname'), owner: 'c.relowner', acl: 'a.attacl' })}
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND ${userSchema('n.nspname')}
  UNION ALL SELECT ${guarded({ kind: "'function'", oid: 'p.oid::text', name: `${clientName('n.nspname', 'p.proname')} || '(' || replace(oidvectortypes(p.proargtypes), 'public.', '') || ')'`, within: 'n.nspname', owner: 'p.proowner', acl: "coalesce(p.proacl, acldefault('f', p.proowner))" })}
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${userSchema('n.nspname')} AND ${notOfExtension('pg_catalog.pg_proc', 'p.oid')}
  UNION ALL SELECT ${guarded({ kind: "'schema'", oid: 'n.oid::text', name: 'quote_ident(n.nspname)', within: "''", owner: 'n.nspowner', acl: 'n.nspacl' })}
    FROM pg_namespace n WHERE ${userSchema('n.nspname')}) g`
