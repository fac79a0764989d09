// Renders one relation with all that hangs on it: columns, indexes, constraints, triggers, rules, policies, comments.
import { columns, constraints, indexes, policies, rules, triggers } from './relation-parts.js'
import { acl, comments, definition, notOfExtension, object, qualified, sorted, userSchema } from './sql.js'

/**
 * PL/pgSQL of `gate_relation(oid)` -> (unit, document), both null when there is no such relation of a user.
 * Most of the time of a query this small is its start, which grows with what it mentions. So the common case has a
 * query of its own and the whole one runs only where there is something rare to tell; both give the same text.
 */
export function relationRenderer(major: number): string {
  return `
CREATE FUNCTION pg_temp.gate_relation(target oid, OUT unit text, OUT document text) LANGUAGE plpgsql AS $gate$
DECLARE r record; part text; hung oid[]; rare boolean;
BEGIN
  SELECT c.*, n.nspname, ${qualified('n.nspname', 'c.relname')} AS id INTO r
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = target AND c.relkind IN ('r','p','v','m','f','S','c') AND ${userSchema('n.nspname')} AND ${notOfExtension('pg_class', 'c.oid')};
  IF NOT FOUND THEN RETURN; END IF;
  unit := 'relation ' || r.id;
  IF r.relkind = 'S' THEN
    ${sequence}
  ELSE
    IF ${plainTable} THEN
      document := ${object(`'table'`, 'r.id', definition({ owner: 'r.relowner::regrole::text' }))};
    ELSE
      ${relation}
    END IF;
    ${columns(major)}
    document := concat_ws(',', document, part);
  END IF;
  IF r.relhasindex THEN
    ${indexes}
    document := concat_ws(',', document, part);
  END IF;
  IF r.relkind IN ('r','p','f') THEN
    ${constraints}
    document := concat_ws(',', document, part);
  END IF;
  IF r.relhastriggers THEN
    ${triggers}
    document := concat_ws(',', document, part);
  END IF;
  IF r.relhasrules THEN
    ${rules}
    document := concat_ws(',', document, part);
  END IF;
  IF r.relkind IN ('r','p') AND EXISTS (SELECT FROM pg_policy WHERE polrelid = target) THEN
    ${policies}
    document := concat_ws(',', document, part);
  END IF;
  IF EXISTS (SELECT FROM pg_description WHERE objoid >= 16384) THEN
    SELECT array_agg(d.objoid) INTO hung FROM pg_description d JOIN (
      SELECT target AS oid UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid = target
      UNION ALL SELECT oid FROM pg_constraint WHERE conrelid = target UNION ALL SELECT oid FROM pg_trigger WHERE tgrelid = target
      UNION ALL SELECT oid FROM pg_rewrite WHERE ev_class = target UNION ALL SELECT oid FROM pg_policy WHERE polrelid = target) o ON d.objoid = o.oid;
    IF hung IS NOT NULL THEN
      ${['pg_class', 'pg_constraint', 'pg_trigger', 'pg_rewrite', 'pg_policy']
        .map(
          (catalogue) => `${comments(catalogue, 'hung')} INTO part;\n      document := concat_ws(',', document, part);`,
        )
        .join('\n      ')}
    END IF;
  END IF;
  document := '[' || document || ']';
END $gate$`
}

/** A table of which there is nothing to tell but its owner; 2 is the heap access method. */
const plainTable = `r.relkind = 'r' AND r.relacl IS NULL AND r.reloptions IS NULL AND r.reltablespace = 0 AND r.relam = 2
      AND r.relpersistence = 'p' AND r.relreplident = 'd' AND NOT r.relrowsecurity AND NOT r.relforcerowsecurity AND NOT r.relispartition
      AND r.reloftype = 0 AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = target)
      AND NOT EXISTS (SELECT FROM pg_class t WHERE t.oid = r.reltoastrelid AND t.reloptions IS NOT NULL)`

const sequence = `
    SELECT ${object(
      `'sequence'`,
      'r.id',
      definition({
        owner: 'r.relowner::regrole::text',
        acl: acl('r.relacl', 's', 'r.relowner'),
        persistence: `NULLIF(r.relpersistence, 'p')`,
        type: 'format_type(s.seqtypid, NULL)',
        start: 's.seqstart',
        increment: 's.seqincrement',
        min: 's.seqmin',
        max: 's.seqmax',
        cache: 's.seqcache',
        cycle: 'NULLIF(s.seqcycle, false)',
        owned_by: `(SELECT string_agg(CASE d.deptype WHEN 'i' THEN 'identity of ' ELSE '' END || d.refobjid::regclass || '.' || quote_ident(a.attname), ', ')
          FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a','i'))`,
      }),
    )} INTO document FROM pg_sequence s WHERE s.seqrelid = target;`

const relation = `
    SELECT ${object(
      `CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'matview' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'composite type' ELSE 'table' END`,
      'r.id',
      definition({
        owner: 'r.relowner::regrole::text',
        acl: acl('r.relacl', 'r', 'r.relowner'),
        persistence: `NULLIF(r.relpersistence, 'p')`,
        options: sorted('r.reloptions'),
        toast_options: `CASE WHEN r.reltoastrelid <> 0 THEN (SELECT ${sorted('t.reloptions')} FROM pg_class t WHERE t.oid = r.reltoastrelid) END`,
        access_method: `CASE WHEN r.relam <> 0 THEN (SELECT amname FROM pg_am WHERE oid = r.relam AND amname <> 'heap') END`,
        tablespace: `CASE WHEN r.reltablespace <> 0 THEN (SELECT spcname FROM pg_tablespace WHERE oid = r.reltablespace) END`,
        replica_identity: `CASE WHEN r.relkind IN ('r','p') THEN NULLIF(r.relreplident, 'd') END`,
        row_security: 'NULLIF(r.relrowsecurity, false)',
        force_row_security: 'NULLIF(r.relforcerowsecurity, false)',
        partition_by: `CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END`,
        partition_bound: `CASE WHEN r.relispartition THEN pg_get_expr(r.relpartbound, r.oid) END`,
        parents: `(SELECT array_agg(i.inhparent::regclass::text ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = r.oid)`,
        of_type: `CASE WHEN r.reloftype <> 0 THEN r.reloftype::regtype::text END`,
        query: `CASE WHEN r.relkind IN ('v','m') THEN pg_get_viewdef(r.oid) END`,
        unpopulated: `NULLIF(r.relkind = 'm' AND NOT r.relispopulated, false)`,
        server: `CASE WHEN r.relkind = 'f' THEN (SELECT s.srvname FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = r.oid) END`,
        foreign_options: `CASE WHEN r.relkind = 'f' THEN (SELECT ${sorted('f.ftoptions')} FROM pg_foreign_table f WHERE f.ftrelid = r.oid) END`,
      }),
    )} INTO document;`
