// Renders relations with all their parts: columns, indexes, constraints, triggers, rules, policies, comments.
import { line, acl, definition, notOfExtension, numbered, object, objectOf, sorted, pairs } from './sql.js'

/**
 * Condition on `pg_class c`: relations that users made. `pg_` and built-in schemas have OIDs below 16384, except the
 * temporary ones. Our own schema is not part of a migration. The variable `extensions` says whether a relation may be a
 * member of one.
 */
const ofUsers = `c.relkind IN ('r','p','v','m','f','S','c') AND c.relpersistence <> 't' AND (c.relnamespace = 2200 OR c.relnamespace >= 16384)
      AND c.relnamespace::regnamespace::text <> 'migration_gate' AND NOT (extensions AND pg_temp.gate_member(c.oid))`

/** A table with no property to report except its owner. 2 is the heap access method. */
const plain = `c.relkind = 'r' AND c.relacl IS NULL AND c.reloptions IS NULL AND c.reltablespace = 0 AND c.relam = 2 AND c.relpersistence = 'p'
      AND c.relreplident = 'd' AND NOT c.relrowsecurity AND NOT c.relforcerowsecurity AND NOT c.relispartition AND c.reloftype = 0
`

const few = (sort: string): string => `hang_${sort} OR c.oid = ANY(held_${sort})`

/**
 * SQL that gives the line of a relation `c`, and its FROM for an OID `x.oid`. Most of the time of such a small query is
 * its start, which grows with its size. So the parts that few relations have are in their own functions. A variable
 * `hang_<sort>` says that a step may have made some. `held_<sort>` names the relations that had some before. `others`
 * are rules, policies, comments on parts of a relation, parents, and options of the TOAST table.
 */
export const relationLine = (major: number): string =>
  line(
    'r',
    'x.oid',
    `('relation ' || c.id)`,
    `CASE WHEN c.id IS NOT NULL THEN '[' || concat_ws(',',
        CASE WHEN ${plain} AND NOT (${few('others')}) THEN ${object('table', 'c.id', definition({ owner: 'c.relowner::regrole::text' }))}
          WHEN c.relkind = 'S' THEN pg_temp.gate_sequence(c.oid) ELSE pg_temp.gate_head(c.oid) END,
        CASE WHEN c.relkind <> 'S' THEN ${columns(major)} END,
        CASE WHEN c.relhasindex THEN ${indexes} END,
        CASE WHEN c.relkind IN ('r','p','f') THEN ${constraints} END,
        CASE WHEN c.relhastriggers AND (${few('triggers')}) THEN pg_temp.gate_triggers(c.oid) END,
        CASE WHEN ${few('comments')} THEN pg_temp.gate_comments(c.oid) END,
        CASE WHEN ${few('others')} THEN pg_temp.gate_others(c.oid) END) || ']' END`,
  )

export const relationOf = `LEFT JOIN LATERAL (SELECT c.*, c.oid::regclass::text AS id FROM pg_class c WHERE c.oid = x.oid AND ${ofUsers}) c ON true`

const renderer = (
  name: string,
  query: string,
): string => `CREATE FUNCTION pg_temp.${name}(target oid) RETURNS text LANGUAGE plpgsql AS $gate$
BEGIN
  RETURN (${query});
END $gate$`

/** SQL that creates the functions that `relationLine` calls. */
export const relationRenderers = (major: number): readonly string[] => [
  `CREATE FUNCTION pg_temp.gate_member(target oid) RETURNS boolean LANGUAGE plpgsql AS $gate$
BEGIN
  RETURN NOT ${notOfExtension('pg_class', 'target')};
END $gate$`,
  renderer('gate_sequence', sequence),
  renderer('gate_head', relation),
  columnRenderer(major),
  indexRenderer,
  ...restRenderers,
]

const sequence = `
    SELECT ${object(
      'sequence',
      'r.oid::regclass::text',
      definition({
        owner: 'r.relowner::regrole::text',
        acl: acl('r.relacl', 's', 'r.relowner'),
        persistence: `NULLIF(r.relpersistence, 'p')`,
        type: 'format_type(s.seqtypid, NULL)',
        // As text, because a JavaScript number does not hold the limits of a bigint.
        start: 's.seqstart::text',
        increment: 's.seqincrement::text',
        min: 's.seqmin::text',
        max: 's.seqmax::text',
        cache: 's.seqcache::text',
        cycle: { when: 's.seqcycle' },
        owned_by: `(SELECT string_agg(CASE d.deptype WHEN 'i' THEN 'identity of ' ELSE '' END || d.refobjid::regclass || '.' || quote_ident(a.attname), ', ')
          FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a','i'))`,
      }),
    )} FROM pg_class r JOIN pg_sequence s ON s.seqrelid = r.oid WHERE r.oid = target`

const relation = `
    SELECT ${objectOf(
      `CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'matview' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'composite type' ELSE 'table' END`,
      'r.oid::regclass::text',
      definition({
        owner: 'r.relowner::regrole::text',
        acl: acl('r.relacl', 'r', 'r.relowner'),
        persistence: `NULLIF(r.relpersistence, 'p')`,
        options: sorted('r.reloptions'),
        toast_options: `CASE WHEN r.reltoastrelid <> 0 THEN (SELECT ${sorted('t.reloptions')} FROM pg_class t WHERE t.oid = r.reltoastrelid) END`,
        access_method: `CASE WHEN r.relam <> 0 THEN (SELECT amname FROM pg_am WHERE oid = r.relam AND amname <> 'heap') END`,
        tablespace: `CASE WHEN r.reltablespace <> 0 THEN (SELECT spcname FROM pg_tablespace WHERE oid = r.reltablespace) END`,
        replica_identity: `CASE WHEN r.relkind IN ('r','p') THEN NULLIF(r.relreplident, 'd') END`,
        row_security: { when: 'r.relrowsecurity' },
        force_row_security: { when: 'r.relforcerowsecurity' },
        partition_by: `CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END`,
        partition_bound: `CASE WHEN r.relispartition THEN pg_get_expr(r.relpartbound, r.oid) END`,
        parents: `(SELECT array_agg(i.inhparent::regclass::text ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = r.oid)`,
        of_type: `CASE WHEN r.reloftype <> 0 THEN r.reloftype::regtype::text END`,
        query: `CASE WHEN r.relkind IN ('v','m') THEN pg_get_viewdef(r.oid) END`,
        unpopulated: { when: `r.relkind = 'm' AND NOT r.relispopulated` },
        server: `CASE WHEN r.relkind = 'f' THEN (SELECT s.srvname FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = r.oid) END`,
        foreign_options: `CASE WHEN r.relkind = 'f' THEN (SELECT ${sorted('f.ftoptions')} FROM pg_foreign_table f WHERE f.ftrelid = r.oid) END`,
      }),
    )} FROM pg_class r WHERE r.oid = target`

/**
 * The objects that a query gives, in its order and joined by commas; null when there are none. Each part of a relation
 * below is such an expression, about a row `c` of pg_class with its name as `id`.
 */
const joined = (query: string): string => `NULLIF(array_to_string(ARRAY(${query}), ','), '')`

const statisticsTarget = (major: number): string => (major >= 17 ? 'a.attstattarget' : 'NULLIF(a.attstattarget, -1)')

/**
 * Columns in order. Their position is their place in the list and not a number, so that dropped columns do not show.
 * Their number comes before the document's own words (see `numbered`).
 * Storage is compared with the default of the type, without a look at the type: 1700 numeric, 869 inet, 650 cidr; 100
 * is the default collation. gate_column decides uncertain cases.
 */
const columns = (major: number): string =>
  joined(
    `SELECT ${numbered(
      'a.attnum',
      'column',
      `c.id || '.' || quote_ident(a.attname)`,
      definition(
        {
          type: 'format_type(a.atttypid, a.atttypmod)',
          notnull: { when: 'a.attnotnull' },
          identity: `NULLIF(a.attidentity, '')`,
          default: `CASE WHEN a.atthasdef THEN (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END`,
          generated: `NULLIF(a.attgenerated, '')`,
          inherited: `CASE WHEN a.attinhcount > 0 THEN a.attinhcount || CASE WHEN a.attislocal THEN ' and local' ELSE '' END END`,
        },
        `CASE WHEN a.attstorage <> (CASE WHEN a.attlen <> -1 THEN 'p' WHEN a.atttypid IN (1700, 869, 650) THEN 'm' ELSE 'x' END)
          OR a.attcollation NOT IN (0, 100) OR a.attcompression <> '' OR ${statisticsTarget(major)} IS NOT NULL OR ${optionsSet}
          OR a.attfdwoptions IS NOT NULL OR a.attacl IS NOT NULL THEN pg_temp.gate_column(a.attrelid, a.attnum, c.relowner) END`,
      ),
    )} FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  )

/** Some minor releases add the stamp `pg_attver` to attoptions at every re-creation. pg_dump leaves it out as well. */
const STAMP = 'pg\\_attver=%'
const optionsSet = `a.attoptions[2] IS NOT NULL OR a.attoptions[1] NOT LIKE '${STAMP}'`

/** `gate_column(table, number, owner)`: the rare properties of a column, as pairs to add to its definition. */
const columnRenderer = (major: number): string => `
CREATE FUNCTION pg_temp.gate_column(target oid, number smallint, owner oid) RETURNS text LANGUAGE plpgsql AS $gate$
BEGIN
  RETURN (SELECT ${pairs({
    collation: `CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END`,
    storage: 'NULLIF(a.attstorage, t.typstorage)',
    compression: `NULLIF(a.attcompression, '')`,
    statistics: statisticsTarget(major),
    options: `CASE WHEN ${optionsSet} THEN ${sorted('a.attoptions', `x NOT LIKE '${STAMP}'`)} END`,
    foreign_options: `CASE WHEN a.attfdwoptions IS NOT NULL THEN ${sorted('a.attfdwoptions')} END`,
    acl: `CASE WHEN a.attacl IS NOT NULL THEN ${acl('a.attacl', 'c', 'owner')} END`,
  })} FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = target AND a.attnum = number);
END $gate$`

const indexes = joined(
  `SELECT ${object(
    'index',
    'i.indexrelid::regclass::text',
    definition(
      { def: 'pg_get_indexdef(i.indexrelid)' },
      `CASE WHEN NOT i.indisvalid OR i.indisclustered OR i.indisreplident OR n.reltablespace <> 0 OR n.relispartition OR i.indexprs IS NOT NULL
        THEN pg_temp.gate_index(i.indexrelid) END`,
    ),
  )} FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid WHERE i.indrelid = c.oid ORDER BY n.relname COLLATE "C"`,
)

/** `gate_index(oid)`: the rare properties of an index, as pairs to add to its definition. */
const indexRenderer = `
CREATE FUNCTION pg_temp.gate_index(target oid) RETURNS text LANGUAGE plpgsql AS $gate$
BEGIN
  RETURN (SELECT ${pairs({
    invalid: { when: 'NOT i.indisvalid' },
    clustered: { when: 'i.indisclustered' },
    replica_identity: { when: 'i.indisreplident' },
    tablespace: `CASE WHEN n.reltablespace <> 0 THEN (SELECT spcname FROM pg_tablespace WHERE oid = n.reltablespace) END`,
    parent: `CASE WHEN n.relispartition THEN (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) END`,
    statistics: `(SELECT string_agg(a.attnum || ':' || a.attstattarget, ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0)`,
  })} FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid WHERE i.indexrelid = target);
END $gate$`

/** In the order of pg_constraint's own index, which begins with (conrelid, contypid, conname). */
const constraints = joined(
  `SELECT ${object(
    'constraint',
    `c.id || '.' || quote_ident(k.conname)`,
    definition({
      def: 'pg_get_constraintdef(k.oid)',
      notvalid: { when: 'NOT k.convalidated' },
      inherited: `CASE WHEN k.coninhcount > 0 THEN k.coninhcount || CASE WHEN k.conislocal THEN ' and local' ELSE '' END END`,
      noinherit: { when: `k.contype = 'c' AND k.connoinherit` },
      index: `CASE WHEN k.contype IN ('p','u','x') THEN k.conindid::regclass::text END`,
    }),
  )} FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contypid = 0 AND k.contype <> 't' ORDER BY k.conname`,
)

/** Triggers that a partition has from its parent are marked as such, because they come and go with it. */
const triggers = joined(
  `SELECT ${object(
    'trigger',
    `c.id || '.' || quote_ident(g.tgname)`,
    definition({
      def: 'pg_get_triggerdef(g.oid)',
      enabled: `NULLIF(g.tgenabled, 'O')`,
      inherited: { when: 'g.tgparentid <> 0' },
    }),
  )} FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal ORDER BY g.tgname`,
)

const rules = joined(
  `SELECT ${object(
    'rule',
    `c.id || '.' || quote_ident(w.rulename)`,
    definition({ def: 'pg_get_ruledef(w.oid)', enabled: `NULLIF(w.ev_enabled, 'O')` }),
  )} FROM pg_rewrite w WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN' ORDER BY w.rulename`,
)

const policies = joined(
  `SELECT ${object(
    'policy',
    `c.id || '.' || quote_ident(p.polname)`,
    definition({
      command: 'p.polcmd',
      permissive: 'p.polpermissive',
      roles: `(SELECT array_agg(n ORDER BY n COLLATE "C") FROM (SELECT CASE WHEN x = 0 THEN 'public' ELSE x::regrole::text END AS n FROM unnest(p.polroles) x) y)`,
      using: 'pg_get_expr(p.polqual, p.polrelid)',
      check: 'pg_get_expr(p.polwithcheck, p.polrelid)',
    }),
  )} FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY p.polname`,
)

const commentsOn = (objects: string): string =>
  joined(`SELECT ${object('comment', `i.type || ' ' || i.identity`, definition({ text: 'd.description' }))}
    FROM ${objects}, pg_identify_object(d.classoid, d.objoid, d.objsubid) i ORDER BY i.type COLLATE "C", i.identity COLLATE "C"`)

const ownComments = commentsOn(`(SELECT * FROM pg_description WHERE objoid = target AND classoid = 1259) d`)

const innerComments =
  commentsOn(`(SELECT 1259, indexrelid FROM pg_index WHERE indrelid = target UNION ALL SELECT 2606, oid FROM pg_constraint WHERE conrelid = target
      UNION ALL SELECT 2620, oid FROM pg_trigger WHERE tgrelid = target UNION ALL SELECT 2618, oid FROM pg_rewrite WHERE ev_class = target
      UNION ALL SELECT 3256, oid FROM pg_policy WHERE polrelid = target) o(class, oid)
    JOIN pg_description d ON d.objoid = o.oid AND d.classoid = o.class`)

const partRenderer = (name: string, value: string): string => `
CREATE FUNCTION pg_temp.${name}(target oid) RETURNS text LANGUAGE plpgsql AS $gate$
BEGIN
  RETURN (SELECT ${value} FROM (SELECT c.*, c.oid::regclass::text AS id FROM pg_class c WHERE c.oid = target) c);
END $gate$`

/**
 * The parts that few relations have, one function of the OID for each sort. `gate_triggers`; `gate_comments` (on the
 * relation and its columns); and `gate_others`: rules except the query of a view, policies, and comments on parts.
 */
const restRenderers: readonly string[] = [
  partRenderer('gate_triggers', triggers),
  partRenderer('gate_comments', ownComments),
  partRenderer(
    'gate_others',
    `NULLIF(concat_ws(',', CASE WHEN c.relhasrules THEN ${rules} END, ${policies}, ${innerComments}), '')`,
  ),
]
