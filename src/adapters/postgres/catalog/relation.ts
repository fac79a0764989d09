// Renders relations with all their parts: columns, indexes, constraints, triggers, rules, policies, comments.
import { line } from './sql.js'
import { columnRenderer, columns, constraints, indexRenderer, indexes, restRenderers } from './relation-parts.js'
import { acl, definition, notOfExtension, object, objectOf, sorted } from './sql.js'

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

/** The functions that `relationLine` calls. */
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
