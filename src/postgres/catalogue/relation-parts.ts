// What hangs on a relation: each a query that leaves its objects, joined by commas, in `part`.
import { acl, definition, object, qualified, sorted } from './sql.js'

const column = (keys: Readonly<Record<string, string>>): string =>
  `string_agg(${object(`'column'`, `r.id || '.' || quote_ident(a.attname)`, definition(keys))}, ',' ORDER BY a.attnum)`

const columnSource = `pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped`

const common = {
  type: 'format_type(a.atttypid, a.atttypmod)',
  notnull: 'NULLIF(a.attnotnull, false)',
  identity: `NULLIF(a.attidentity, '')`,
  default: `CASE WHEN a.atthasdef THEN (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END`,
}

/**
 * Columns in order; their position is not told but is where they stand, so that dropped ones do not show. `pg_attver` is
 * a stamp that some minor releases put into attoptions at every re-creation; pg_dump leaves it out as well.
 */
export const columns = (major: number): string => {
  const statistics = major >= 17 ? 'a.attstattarget' : 'NULLIF(a.attstattarget, -1)'
  return `
    SELECT ${column(common)},
      bool_or(a.attcollation <> t.typcollation OR a.attgenerated <> '' OR a.attinhcount > 0 OR a.attstorage <> t.typstorage OR a.attcompression <> ''
        OR ${statistics} IS NOT NULL OR a.attoptions IS NOT NULL OR a.attfdwoptions IS NOT NULL OR a.attacl IS NOT NULL)
      INTO part, rare FROM ${columnSource};
    IF rare THEN
      SELECT ${column({
        ...common,
        generated: `NULLIF(a.attgenerated, '')`,
        inherited: `CASE WHEN a.attinhcount > 0 THEN a.attinhcount || CASE WHEN a.attislocal THEN ' and local' ELSE '' END END`,
        collation: `CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END`,
        storage: 'NULLIF(a.attstorage, t.typstorage)',
        compression: `NULLIF(a.attcompression, '')`,
        statistics,
        options: `CASE WHEN a.attoptions IS NOT NULL THEN ${sorted('a.attoptions', `x NOT LIKE 'pg_attver=%'`)} END`,
        foreign_options: `CASE WHEN a.attfdwoptions IS NOT NULL THEN ${sorted('a.attfdwoptions')} END`,
        acl: `CASE WHEN a.attacl IS NOT NULL THEN ${acl('a.attacl', 'c', 'r.relowner')} END`,
      })} INTO part FROM ${columnSource};
    END IF;`
}

const index = (keys: Readonly<Record<string, string>>): string =>
  `string_agg(${object(`'index'`, qualified('r.nspname', 'c.relname'), definition(keys))}, ',' ORDER BY c.relname COLLATE "C")`

const indexSource = `pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = target`

export const indexes = `
    SELECT ${index({ def: 'pg_get_indexdef(i.indexrelid)' })},
      bool_or(NOT i.indisvalid OR i.indisclustered OR i.indisreplident OR c.reltablespace <> 0 OR c.relispartition OR i.indexprs IS NOT NULL)
      INTO part, rare FROM ${indexSource};
    IF rare THEN
      SELECT ${index({
        def: 'pg_get_indexdef(i.indexrelid)',
        invalid: 'NULLIF(NOT i.indisvalid, false)',
        clustered: 'NULLIF(i.indisclustered, false)',
        replica_identity: 'NULLIF(i.indisreplident, false)',
        tablespace: `CASE WHEN c.reltablespace <> 0 THEN (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace) END`,
        parent: `CASE WHEN c.relispartition THEN (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) END`,
        statistics: `(SELECT string_agg(a.attnum || ':' || a.attstattarget, ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0)`,
      })} INTO part FROM ${indexSource};
    END IF;`

export const constraints = `
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

/** Triggers that partitions have from their parent are told as such: they come and go with it. */
export const triggers = `
    SELECT string_agg(${object(
      `'trigger'`,
      `r.id || '.' || quote_ident(g.tgname)`,
      definition({
        def: 'pg_get_triggerdef(g.oid)',
        enabled: `NULLIF(g.tgenabled, 'O')`,
        inherited: 'NULLIF(g.tgparentid <> 0, false)',
      }),
    )}, ',' ORDER BY g.tgname COLLATE "C") INTO part
    FROM pg_trigger g WHERE g.tgrelid = target AND NOT g.tgisinternal;`

export const rules = `
    SELECT string_agg(${object(
      `'rule'`,
      `r.id || '.' || quote_ident(w.rulename)`,
      definition({ def: 'pg_get_ruledef(w.oid)', enabled: `NULLIF(w.ev_enabled, 'O')` }),
    )}, ',' ORDER BY w.rulename COLLATE "C") INTO part
    FROM pg_rewrite w WHERE w.ev_class = target AND w.rulename <> '_RETURN';`

export const policies = `
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
