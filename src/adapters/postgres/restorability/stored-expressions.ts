// The routines that PostgreSQL runs while it restores a dump: for constraints, generated columns, indexes and others.
import { lastRows, type Link } from '../live/connection.js'
import { FIRST } from './routines.js'

/**
 * `loading`: it runs for each row while rows are loaded. `index`: afterwards, for each row. `refresh`: at the end, when
 * materialized views are filled.
 */
type Moment = 'loading' | 'index' | 'refresh'

const MOMENTS = {
  check: 'loading',
  domain: 'loading',
  range: 'loading',
  generated: 'loading',
  'partition key': 'loading',
  index: 'index',
  exclusion: 'index',
  'foreign key': 'index',
  'materialized view': 'refresh',
  'event trigger': 'refresh',
} as const satisfies Record<string, Moment>

/**
 * One expression whose routines run during a restore. `what` is for people: `check constraint c of table public.t`.
 * `definition` is that of a check constraint. `again` is SQL that does once more what a restore does, on tables without
 * rows; empty where that calls nothing. `tables` are OIDs of the tables with the rows that it runs for; for a materialized
 * view, of those that it reads. `routines` are OIDs, without those in C and those of PostgreSQL itself.
 */
export type StoredExpression = {
  readonly kind: keyof typeof MOMENTS
  readonly moment: Moment
  readonly what: string
  readonly table: string
  readonly name: string
  readonly definition: string
  readonly again: string
  readonly tables: readonly string[]
  readonly routines: readonly string[]
}

/** The link has an empty search_path, so that all names have their schemas. Rejects as `send` does. */
export async function readStoredExpressions(link: Link): Promise<readonly StoredExpression[]> {
  const rows = lastRows(await link.send(QUERY))
  return rows.map(([kind, what, table, name, definition, again, late, tables, routines]) => {
    const known = (kind ?? 'check') as StoredExpression['kind']
    return {
      kind: known,
      moment: late === 't' ? 'index' : MOMENTS[known],
      what: what ?? '',
      table: table ?? '',
      name: name ?? '',
      definition: definition ?? '',
      again: again ?? '',
      tables: listed(tables),
      routines: listed(routines),
    }
  })
}

const listed = (text: string | null | undefined): readonly string[] => (text ? text.split(' ') : [])

const classId = (name: string): string => `'pg_catalog.${name}'::pg_catalog.regclass`

/** A dependency `d` on something that users made and that leads to routines. */
const own = `d.refobjid >= ${FIRST} AND d.refclassid IN (${['pg_proc', 'pg_operator', 'pg_opclass', 'pg_type'].map(classId).join(', ')})`

/**
 * pg_depend has what an expression calls. Left out is what a restore does not run: constraints that are not validated or
 * not enforced (pg_dump adds them after the rows), invalid indexes (they are not dumped), materialized views without
 * data, tables of extensions, and what a table only inherits. Only numbers are followed from object to object, so that a circle ends.
 */
const QUERY = `WITH RECURSIVE
held AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relispopulated, format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'migration_gate')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = c.tableoid AND e.objid = c.oid AND e.deptype = 'e')
),
typed(relation, id) AS (
  SELECT h.oid, a.atttypid FROM held h JOIN pg_catalog.pg_attribute a ON a.attrelid = h.oid
  WHERE h.relkind <> 'm' AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= ${FIRST}
  UNION
  SELECT y.relation, part.id FROM typed y JOIN pg_catalog.pg_type t ON t.oid = y.id CROSS JOIN LATERAL (
    VALUES (t.typbasetype), (t.typelem)
    UNION ALL SELECT g.rngsubtype FROM pg_catalog.pg_range g WHERE g.rngtypid = t.oid
    UNION ALL SELECT g.rngtypid FROM pg_catalog.pg_range g WHERE g.rngmultitypid = t.oid
    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped
  ) AS part(id) WHERE part.id >= ${FIRST}
),
start(kind, root, relation, class, id) AS (
  SELECT CASE c.contype WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' ELSE 'foreign key' END, c.oid, h.oid, d.refclassid, d.refobjid
  FROM pg_catalog.pg_constraint c JOIN held h ON h.oid = c.conrelid
    JOIN pg_catalog.pg_depend d ON d.classid = c.tableoid AND d.objid = c.oid
  WHERE c.contype IN ('c', 'x', 'f') AND c.coninhcount = 0 AND c.convalidated
    AND ${own}
  UNION
  SELECT 'domain', c.oid, y.relation, d.refclassid, d.refobjid
  FROM typed y JOIN pg_catalog.pg_constraint c ON c.contypid = y.id
    JOIN pg_catalog.pg_depend d ON d.classid = c.tableoid AND d.objid = c.oid
  WHERE c.contype = 'c' AND c.convalidated AND ${own}
  UNION
  SELECT 'range', g.rngtypid, y.relation, ${classId('pg_proc')}, part.id
  FROM typed y JOIN pg_catalog.pg_range g ON g.rngtypid = y.id
    CROSS JOIN LATERAL (VALUES (g.rngsubdiff::oid), (g.rngcanonical::oid)) AS part(id)
  UNION
  SELECT 'generated', f.oid, h.oid, d.refclassid, d.refobjid
  FROM pg_catalog.pg_attribute a JOIN held h ON h.oid = a.attrelid
    JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
    JOIN pg_catalog.pg_depend d ON d.classid = f.tableoid AND d.objid = f.oid
      OR d.classid = ${classId('pg_class')} AND d.objid = a.attrelid AND d.objsubid = a.attnum AND d.refclassid = ${classId('pg_proc')}
  WHERE a.attgenerated = 's' AND NOT a.attisdropped AND a.attislocal AND ${own}
  UNION
  SELECT 'index', x.indexrelid, h.oid, d.refclassid, d.refobjid
  FROM pg_catalog.pg_index x JOIN held h ON h.oid = x.indrelid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    JOIN pg_catalog.pg_depend d ON d.classid = ${classId('pg_class')} AND d.objid = x.indexrelid
  WHERE (x.indisvalid OR i.relkind = 'I') AND NOT i.relispartition AND ${own}
  UNION
  SELECT 'partition key', h.oid, h.oid, d.refclassid, d.refobjid
  FROM held h JOIN pg_catalog.pg_depend d ON d.classid = ${classId('pg_class')} AND d.objid = h.oid AND d.objsubid = 0
  WHERE h.relkind = 'p' AND ${own}
  UNION
  SELECT 'materialized view', h.oid, h.oid, d.refclassid, d.refobjid
  FROM held h JOIN pg_catalog.pg_rewrite w ON w.ev_class = h.oid
    JOIN pg_catalog.pg_depend d ON d.classid = w.tableoid AND d.objid = w.oid
  WHERE h.relkind = 'm' AND h.relispopulated AND (${own} OR d.refclassid = ${classId('pg_class')})
  UNION
  -- pg_restore fills materialized views after it has made the event triggers (PostgreSQL, RESTORE_PASS_POST_ACL).
  SELECT 'event trigger', e.oid, NULL, ${classId('pg_proc')}, e.evtfoid
  FROM pg_catalog.pg_event_trigger e
  WHERE e.evtenabled IN ('O', 'A') AND e.evtevent IN ('ddl_command_start', 'ddl_command_end')
    AND (e.evttags IS NULL OR 'REFRESH MATERIALIZED VIEW' = ANY (e.evttags))
    AND EXISTS (SELECT FROM held WHERE relkind = 'm' AND relispopulated)
),
reach(kind, root, class, id) AS (
  SELECT kind, root, class, id FROM start WHERE id >= ${FIRST}
  UNION
  SELECT r.kind, r.root, next.class, next.id FROM reach r CROSS JOIN LATERAL (
    SELECT d.refclassid AS class, d.refobjid AS id FROM pg_catalog.pg_depend d
      WHERE d.classid = r.class AND d.objid = r.id AND d.deptype IN ('n', 'a') AND r.class IN (${classId('pg_proc')}, ${classId('pg_operator')})
    UNION ALL SELECT ${classId('pg_proc')}, p.amproc
      FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_amproc p ON p.amprocfamily = o.opcfamily
      WHERE r.class = ${classId('pg_opclass')} AND o.oid = r.id
    UNION ALL SELECT d.refclassid, d.refobjid
      FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_depend d ON d.classid = c.tableoid AND d.objid = c.oid
      WHERE r.class = ${classId('pg_type')} AND c.contypid = r.id AND c.contype = 'c' AND c.convalidated
    UNION ALL SELECT ${classId('pg_type')}, t.typbasetype FROM pg_catalog.pg_type t WHERE r.class = ${classId('pg_type')} AND t.oid = r.id
    UNION ALL SELECT d.refclassid, d.refobjid
      FROM pg_catalog.pg_class v JOIN pg_catalog.pg_rewrite w ON w.ev_class = v.oid
        JOIN pg_catalog.pg_depend d ON d.classid = w.tableoid AND d.objid = w.oid
      WHERE r.class = ${classId('pg_class')} AND v.oid = r.id AND v.relkind = 'v'
  ) AS next
  WHERE next.id >= ${FIRST} AND next.class IN (${['pg_proc', 'pg_operator', 'pg_opclass', 'pg_type', 'pg_class'].map(classId).join(', ')})
),
called AS (
  SELECT r.kind, r.root, string_agg(DISTINCT r.id::text, ' ') AS routines
  FROM reach r JOIN pg_catalog.pg_proc p ON p.oid = r.id JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE r.class = ${classId('pg_proc')} AND l.lanname NOT IN ('internal', 'c') GROUP BY r.kind, r.root
),
used AS (
  SELECT s.kind, s.root, string_agg(DISTINCT s.relation::text, ' ') AS tables FROM start s WHERE s.kind <> 'materialized view' GROUP BY s.kind, s.root
  UNION ALL
  SELECT r.kind, r.root, string_agg(DISTINCT r.id::text, ' ') FROM reach r JOIN pg_catalog.pg_class c ON c.oid = r.id
  WHERE r.kind = 'materialized view' AND r.class = ${classId('pg_class')} AND c.relkind IN ('r', 'p', 'm') AND c.oid <> r.root GROUP BY r.kind, r.root
)
SELECT k.kind,
  CASE WHEN k.kind IN ('check', 'exclusion', 'foreign key') THEN format('%s constraint %I of table %s', k.kind, c.conname, c.conrelid::pg_catalog.regclass)
    WHEN k.kind = 'domain' THEN format('check constraint %I of domain %s', c.conname, c.contypid::pg_catalog.regtype)
    WHEN k.kind = 'range' THEN format('range type %s', k.root::pg_catalog.regtype)
    WHEN k.kind = 'generated' THEN format('generated column %I of table %s', a.attname, f.adrelid::pg_catalog.regclass)
    WHEN k.kind = 'index' THEN format('index %s', k.root::pg_catalog.regclass)
    WHEN k.kind = 'event trigger' THEN format('event trigger %I', (SELECT e.evtname FROM pg_catalog.pg_event_trigger e WHERE e.oid = k.root))
    WHEN k.kind = 'partition key' THEN format('the partition key of table %s', k.root::pg_catalog.regclass)
    ELSE format('materialized view %s', k.root::pg_catalog.regclass) END,
  CASE WHEN k.kind = 'domain' THEN c.contypid::pg_catalog.regtype::text ELSE coalesce(nullif(c.conrelid, 0), f.adrelid)::pg_catalog.regclass::text END,
  quote_ident(coalesce(c.conname, a.attname)),
  CASE WHEN c.contype = 'c' THEN pg_catalog.pg_get_constraintdef(c.oid) END,
  CASE k.kind WHEN 'index' THEN pg_catalog.pg_get_indexdef(k.root)
    WHEN 'materialized view' THEN format('REFRESH MATERIALIZED VIEW %s', k.root::pg_catalog.regclass)
    WHEN 'partition key' THEN format('CREATE TEMPORARY TABLE gate (LIKE %s) PARTITION BY %s', k.root::pg_catalog.regclass, pg_catalog.pg_get_partkeydef(k.root))
    WHEN 'generated' THEN format('ALTER TABLE %s ADD COLUMN gate_again %s GENERATED ALWAYS AS (%s) STORED', f.adrelid::pg_catalog.regclass,
      pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.pg_get_expr(f.adbin, f.adrelid)) END,
  -- A function of the row type needs the table first: pg_dump then adds the constraint after the rows.
  k.kind = 'check' AND EXISTS (SELECT FROM reach r JOIN pg_catalog.pg_depend d ON d.classid = r.class AND d.objid = r.id AND d.refclassid = ${classId('pg_type')}
    JOIN pg_catalog.pg_type t ON t.oid = d.refobjid WHERE r.kind = k.kind AND r.root = k.root AND r.class = ${classId('pg_proc')} AND t.typrelid = c.conrelid),
  u.tables, k.routines
FROM called k LEFT JOIN used u ON u.kind = k.kind AND u.root = k.root
  LEFT JOIN pg_catalog.pg_constraint c ON c.oid = k.root AND k.kind IN ('check', 'exclusion', 'foreign key', 'domain')
  LEFT JOIN pg_catalog.pg_attrdef f ON f.oid = k.root AND k.kind = 'generated'
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
WHERE c.oid IS NULL OR coalesce(to_jsonb(c) ->> 'conenforced', 'true') = 'true'
ORDER BY 2`
