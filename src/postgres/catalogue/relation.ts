// Renders one relation with all that hangs on it: columns, indexes, constraints, triggers, rules, policies, comments.
import { acl, comments, definition, notOfExtension, object, qualified, sorted, userSchema } from './sql.js'

/**
 * PL/pgSQL of `gate_relation(oid)` -> (unit, document), both null when there is no such relation of a user.
 * Branches on relhasindex and the like spare the start of queries that would find nothing.
 */
export function relationRenderer(major: number): string {
  return `
CREATE FUNCTION pg_temp.gate_relation(target oid, OUT unit text, OUT document text) LANGUAGE plpgsql AS $gate$
DECLARE r record; parts text[]; part text; hung oid[];
BEGIN
  SELECT c.*, n.nspname, ${qualified('n.nspname', 'c.relname')} AS id INTO r
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = target AND c.relkind IN ('r','p','v','m','f','S','c') AND ${userSchema('n.nspname')} AND ${notOfExtension('pg_class', 'c.oid')};
  IF NOT FOUND THEN RETURN; END IF;
  unit := 'relation ' || r.id;
  IF r.relkind = 'S' THEN
    ${sequence}
  ELSE
    ${relation}
    ${columns(major)}
  END IF;
  parts := ARRAY[part];
  ${columnsPart}
  IF r.relhasindex THEN
    ${indexes}
    parts := parts || part;
  END IF;
  IF r.relkind IN ('r','p','f') THEN
    ${constraints}
    parts := parts || part;
  END IF;
  IF r.relhastriggers THEN
    ${triggers(major)}
    parts := parts || part;
  END IF;
  IF r.relhasrules THEN
    ${rules}
    parts := parts || part;
  END IF;
  IF r.relkind IN ('r','p') THEN
    ${policies}
    parts := parts || part;
  END IF;
  IF EXISTS (SELECT FROM pg_description WHERE objoid >= 16384) THEN
    ${comments('pg_class', 'ARRAY[target] || ARRAY(SELECT indexrelid FROM pg_index WHERE indrelid = target)')} INTO part;
    parts := parts || part;
    ${hanging('pg_constraint', 'conrelid')}
    ${hanging('pg_trigger', 'tgrelid')}
    ${hanging('pg_rewrite', 'ev_class')}
    ${hanging('pg_policy', 'polrelid')}
  END IF;
  document := '[' || array_to_string(parts, ',') || ']';
END $gate$`
}

const hanging = (catalogue: string, column: string): string => `
    SELECT array_agg(oid) INTO hung FROM ${catalogue} WHERE ${column} = target;
    IF hung IS NOT NULL THEN
      ${comments(catalogue, 'hung')} INTO part;
      parts := parts || part;
    END IF;`

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
    )} INTO part FROM pg_sequence s WHERE s.seqrelid = target;`

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
    )} INTO part;`

const columnsPart = `IF r.relkind <> 'S' THEN parts := parts || document; END IF;`

/**
 * Position is the rank among the living columns, so that dropped ones do not show. `pg_attver` is a stamp that some
 * minor releases put into attoptions at every re-creation; pg_dump leaves it out as well.
 */
const columns = (major: number): string => `
    SELECT string_agg(${object(
      `'column'`,
      `r.id || '.' || quote_ident(a.attname)`,
      definition({
        pos: 'a.pos',
        type: 'format_type(a.atttypid, a.atttypmod)',
        collation: `CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END`,
        notnull: 'NULLIF(a.attnotnull, false)',
        default: `CASE WHEN a.atthasdef THEN (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END`,
        identity: `NULLIF(a.attidentity, '')`,
        generated: `NULLIF(a.attgenerated, '')`,
        storage: 'NULLIF(a.attstorage, t.typstorage)',
        compression: `NULLIF(a.attcompression, '')`,
        statistics: major >= 17 ? 'a.attstattarget' : 'NULLIF(a.attstattarget, -1)',
        options: `CASE WHEN a.attoptions IS NOT NULL THEN ${sorted('a.attoptions', `x NOT LIKE 'pg_attver=%'`)} END`,
        foreign_options: `CASE WHEN a.attfdwoptions IS NOT NULL THEN ${sorted('a.attfdwoptions')} END`,
        acl: `CASE WHEN a.attacl IS NOT NULL THEN ${acl('a.attacl', 'c', 'r.relowner')} END`,
        inherited: `CASE WHEN a.attinhcount > 0 THEN a.attinhcount || CASE WHEN a.attislocal THEN ' and local' ELSE '' END END`,
      }),
    )}, ',' ORDER BY a.attnum) INTO document
    FROM (SELECT x.*, row_number() OVER (ORDER BY x.attnum) AS pos FROM pg_attribute x WHERE x.attrelid = target AND x.attnum > 0 AND NOT x.attisdropped) a
    JOIN pg_type t ON t.oid = a.atttypid;`

const indexes = `
    SELECT string_agg(${object(
      `'index'`,
      qualified('r.nspname', 'c.relname'),
      definition({
        def: 'pg_get_indexdef(i.indexrelid)',
        invalid: 'NULLIF(NOT i.indisvalid, false)',
        clustered: 'NULLIF(i.indisclustered, false)',
        replica_identity: 'NULLIF(i.indisreplident, false)',
        tablespace: `CASE WHEN c.reltablespace <> 0 THEN (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace) END`,
        parent: `CASE WHEN c.relispartition THEN (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) END`,
        statistics: `(SELECT string_agg(a.attnum || ':' || a.attstattarget, ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0)`,
      }),
    )}, ',' ORDER BY c.relname COLLATE "C") INTO part
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = target;`

const constraints = `
    SELECT string_agg(${object(
      `'constraint'`,
      `r.id || '.' || quote_ident(c.conname)`,
      definition({
        def: 'pg_get_constraintdef(c.oid)',
        notvalid: 'NULLIF(NOT c.convalidated, false)',
        inherited: `CASE WHEN c.coninhcount > 0 THEN c.coninhcount || CASE WHEN c.conislocal THEN ' and local' ELSE '' END END`,
        noinherit: `CASE WHEN c.contype = 'c' THEN NULLIF(c.connoinherit, false) END`,
        index: `CASE WHEN c.contype IN ('p','u','x') THEN c.conindid::regclass::text END`,
      }),
    )}, ',' ORDER BY c.conname COLLATE "C") INTO part
    FROM pg_constraint c WHERE c.conrelid = target AND c.contype <> 't';`

const triggers = (major: number): string => `
    SELECT string_agg(${object(
      `'trigger'`,
      `r.id || '.' || quote_ident(g.tgname)`,
      definition({
        def: 'pg_get_triggerdef(g.oid)',
        enabled: `NULLIF(g.tgenabled, 'O')`,
        ...(major >= 13 && {
          parent: `CASE WHEN g.tgparentid <> 0 THEN (SELECT p.tgrelid::regclass::text || '.' || p.tgname FROM pg_trigger p WHERE p.oid = g.tgparentid) END`,
        }),
      }),
    )}, ',' ORDER BY g.tgname COLLATE "C") INTO part
    FROM pg_trigger g WHERE g.tgrelid = target AND NOT g.tgisinternal;`

const rules = `
    SELECT string_agg(${object(
      `'rule'`,
      `r.id || '.' || quote_ident(w.rulename)`,
      definition({ def: 'pg_get_ruledef(w.oid)', enabled: `NULLIF(w.ev_enabled, 'O')` }),
    )}, ',' ORDER BY w.rulename COLLATE "C") INTO part
    FROM pg_rewrite w WHERE w.ev_class = target AND w.rulename <> '_RETURN';`

const policies = `
    SELECT string_agg(${object(
      `'policy'`,
      `r.id || '.' || quote_ident(p.polname)`,
      definition({
        command: 'p.polcmd',
        permissive: 'p.polpermissive',
        roles: `(SELECT array_agg(n ORDER BY n COLLATE "C") FROM (SELECT CASE WHEN x = 0 THEN 'public' ELSE x::regrole::text END AS n FROM unnest(p.polroles) x) y)`,
        using: 'pg_get_expr(p.polqual, p.polrelid)',
        check: 'pg_get_expr(p.polwithcheck, p.polrelid)',
      }),
    )}, ',' ORDER BY p.polname COLLATE "C") INTO part
    FROM pg_policy p WHERE p.polrelid = target;`
