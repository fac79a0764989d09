// The functions that say what a transaction changed, without reading the whole catalogue.

import type { RareKind } from './rare-kind.js'
import { builtInAcl } from './rare-whole.js'

/**
 * Settings that make texts comparable (a default is printed in the session's time zone) and plans good: the catalogues
 * are small when the plans are made and large when they run, so sequential scans and hash joins are off; and so are bitmap
 * scans, which unlike index scans go on meeting the rows that earlier steps left dead.
 */
const settings = `SET search_path = '' SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET bytea_output = 'hex'
  SET quote_all_identifiers = off SET lc_monetary = 'C' SET jit = off SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off`

/** OIDs of catalogues whose counters are read: the ones behind relations, types, routines and comments. */
const core = [1259, 1249, 2604, 2606, 2610, 2620, 2618, 3256, 2611, 2224, 1247, 3501, 3541, 1255, 2600, 2608, 2609]

/** Rows are (class, id, unit, document): r relation, t type, p routine, or a rare kind; `unit` null says gone. */
const result = 'TABLE(class text, id oid, unit text, document text)'

const strongLocks = `'AccessExclusiveLock','ExclusiveLock','ShareRowExclusiveLock','ShareLock','ShareUpdateExclusiveLock'`

const render = (name: string, set: string, renderer: string): string =>
  `RETURN QUERY SELECT '${name}', x, g.unit, g.document FROM (SELECT DISTINCT y FROM unnest(${set}) y) z(x), LATERAL pg_temp.${renderer}(x) g;`

/** A rare kind read as a whole; the row without unit says that nothing else of this kind is there. */
const whole = (rare: RareKind): string => `
    RETURN QUERY SELECT '${rare.kind}', z.* FROM (${rare.select}) z(oid, unit, document);
    RETURN QUERY SELECT '${rare.kind}', 0::oid, NULL::text, NULL::text;`

const marks = `
  RETURN QUERY SELECT 'mark', m.oid, 'type', NULL::text FROM (SELECT oid FROM pg_type ORDER BY oid DESC LIMIT 1) m
    UNION ALL SELECT 'mark', m.oid, 'routine', NULL::text FROM (SELECT oid FROM pg_proc ORDER BY oid DESC LIMIT 1) m;`

/** Catalogues whose change asks for more than the relations that were locked. */
const types = '{1247,3501,3541}'
const routines = '{1255,2600}'

/**
 * `gate_change(wide, type_mark, routine_mark, domains)`: what this transaction may have changed, from three sources:
 * the counters of the catalogues say which were written (they may include earlier transactions, so they are only ever
 * too many); the locks it holds say which relations and objects; OIDs above the marks are new types and routines.
 * `wide` adds a search by xmin for what takes no lock (GRANT), and the rights on built-in objects; `domains` are those
 * whose constraints may have changed. A row of class `full` asks for the whole snapshot; rows of class `moved` are
 * relations whose rows were written. Every expression of PL/pgSQL is set up anew in each transaction, so the common
 * case passes few of them.
 */
export function changeFunctions(major: number, rare: readonly RareKind[]): readonly string[] {
  const seldom = [...new Set(rare.flatMap((kind) => kind.catalogues))]
  const watched = [...new Set([...core, ...seldom])]
  const flush = major >= 15 ? 'PERFORM pg_stat_force_next_flush();' : ''
  return [
    `CREATE FUNCTION pg_temp.gate_change(wide boolean, type_mark oid, routine_mark oid, domains oid[]) RETURNS ${result}
LANGUAGE plpgsql SECURITY DEFINER ${settings} AS $gate$
#variable_conflict use_column
DECLARE touched oid[]; rels oid[]; written oid[]; classes oid[]; locked_types oid[]; locked_routines oid[]; hung oid[]; typs oid[]; procs oid[]; mine xid;
BEGIN
  SELECT array_agg(c) INTO touched FROM unnest('{${watched.join(',')}}'::oid[]) c
    WHERE pg_stat_get_xact_tuples_inserted(c) + pg_stat_get_xact_tuples_updated(c) + pg_stat_get_xact_tuples_deleted(c) > 0;
  SELECT array_agg(coalesce(i.indrelid, l.relation)) FILTER (WHERE l.mode IN (${strongLocks})),
         array_agg(l.relation) FILTER (WHERE l.mode <> 'AccessShareLock' AND l.mode <> 'RowShareLock'
           AND pg_stat_get_xact_tuples_inserted(l.relation) + pg_stat_get_xact_tuples_updated(l.relation) + pg_stat_get_xact_tuples_deleted(l.relation) > 0),
         array_agg(l.classid) FILTER (WHERE l.objid IS NOT NULL),
         array_agg(l.objid) FILTER (WHERE l.classid = 1247),
         array_agg(l.objid) FILTER (WHERE l.classid = 1255),
         array_agg(l.objid) FILTER (WHERE l.classid IN (2606, 2620, 2618, 3256))
    INTO rels, written, classes, locked_types, locked_routines, hung
    FROM pg_lock_status() l LEFT JOIN pg_index i ON i.indexrelid = l.relation
    WHERE l.pid = pg_backend_pid() AND (l.locktype = 'relation' AND l.relation >= 16384 OR l.locktype = 'object' AND (l.objid >= 16384 OR l.classid = 2615) AND l.mode <> 'AccessShareLock');
  IF wide OR written IS NOT NULL OR hung IS NOT NULL OR classes && '{${seldom.join(',')}}'::oid[]
     OR touched && '{${seldom.join(',')}}'::oid[] OR touched IS NULL OR current_setting('track_counts') <> 'on' THEN
    RETURN QUERY SELECT 'moved', w, NULL::text, NULL::text FROM unnest(written) w;
    IF touched && '{3079}'::oid[] OR current_setting('track_counts') <> 'on' THEN
      RETURN QUERY SELECT 'full', 0::oid, NULL::text, NULL::text; ${flush} RETURN;
    END IF;
    IF touched IS NULL THEN ${flush} RETURN; END IF;
    IF hung IS NOT NULL THEN
      rels := rels || ARRAY(SELECT conrelid FROM pg_constraint WHERE oid = ANY(hung) AND conrelid <> 0)
        || ARRAY(SELECT tgrelid FROM pg_trigger WHERE oid = ANY(hung)) || ARRAY(SELECT ev_class FROM pg_rewrite WHERE oid = ANY(hung))
        || ARRAY(SELECT polrelid FROM pg_policy WHERE oid = ANY(hung));
      domains := domains || ARRAY(SELECT contypid FROM pg_constraint WHERE oid = ANY(hung) AND contypid <> 0);
    END IF;
    IF wide THEN
      mine := pg_current_xact_id()::xid;
      rels := rels || ARRAY(SELECT oid FROM pg_class WHERE oid >= 16384 AND age(xmin) <= age(mine));
      IF touched && '{1249}'::oid[] THEN
        rels := rels || ARRAY(SELECT attrelid FROM pg_attribute WHERE attrelid >= 16384 AND age(xmin) <= age(mine));
      END IF;${whole(builtInAcl)}
    END IF;
    touched := touched || classes;
${rare.map((kind) => `    IF touched && '{${kind.catalogues.join(',')}}'::oid[] THEN${whole(kind)}\n    END IF;`).join('\n')}
  END IF;
  IF rels IS NOT NULL THEN
    ${render('r', 'rels', 'gate_relation')}
  END IF;
  IF touched && '{1247,3501,3541,1255,2600}'::oid[] OR domains <> '{}' THEN
    mine := pg_current_xact_id()::xid;
    typs := locked_types || domains || CASE WHEN touched && '${types}'::oid[] THEN
      ARRAY(SELECT oid FROM pg_type WHERE oid > type_mark AND typrelid = 0 AND NOT (typcategory = 'A' AND typname LIKE '\\_%'))
      || CASE WHEN pg_stat_get_xact_tuples_updated(1247) > 0 THEN ARRAY(SELECT oid FROM pg_type WHERE oid >= 16384 AND typrelid = 0 AND age(xmin) <= age(mine)) END END;
    IF typs <> '{}' THEN
      ${render('t', 'typs', 'gate_type')}
    END IF;
    procs := locked_routines || CASE WHEN touched && '${routines}'::oid[] THEN
      ARRAY(SELECT oid FROM pg_proc WHERE oid > routine_mark)
      || CASE WHEN pg_stat_get_xact_tuples_updated(1255) + pg_stat_get_xact_tuples_updated(2600) > 0 THEN ARRAY(SELECT oid FROM pg_proc WHERE oid >= 16384 AND age(xmin) <= age(mine)) END END;
    IF procs <> '{}' THEN
      ${render('p', 'procs', 'gate_routine')}
    END IF;${marks}
  END IF;
  ${flush}
END $gate$`,

    `CREATE FUNCTION pg_temp.gate_all() RETURNS ${result} LANGUAGE plpgsql SECURITY DEFINER ${settings} AS $gate$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT 'r', c.oid, g.unit, g.document FROM pg_class c, LATERAL pg_temp.gate_relation(c.oid) g
    WHERE c.oid >= 16384 AND c.relkind IN ('r','p','v','m','f','S','c') AND g.unit IS NOT NULL;
  RETURN QUERY SELECT 't', t.oid, g.unit, g.document FROM pg_type t, LATERAL pg_temp.gate_type(t.oid) g
    WHERE t.oid >= 16384 AND t.typrelid = 0 AND g.unit IS NOT NULL;
  RETURN QUERY SELECT 'p', p.oid, g.unit, g.document FROM pg_proc p, LATERAL pg_temp.gate_routine(p.oid) g
    WHERE p.oid >= 16384 AND g.unit IS NOT NULL;
${[...rare, builtInAcl].map((kind) => whole(kind)).join('\n')}${marks}
  ${flush}
END $gate$`,

    `CREATE FUNCTION pg_temp.gate_dependents(relations oid[], types oid[], routines oid[]) RETURNS ${result} LANGUAGE plpgsql SECURITY DEFINER ${settings} AS $gate$
#variable_conflict use_column
DECLARE rels oid[]; typs oid[]; procs oid[]; rare boolean;
BEGIN
  WITH d AS (
    SELECT classid, objid FROM pg_depend WHERE refclassid = 1259 AND refobjid = ANY(relations)
    UNION SELECT classid, objid FROM pg_depend WHERE refclassid = 1247 AND refobjid = ANY(types)
    UNION SELECT classid, objid FROM pg_depend WHERE refclassid = 1247 AND refobjid = ANY(ARRAY(SELECT typarray FROM pg_type WHERE oid = ANY(types)))
    UNION SELECT classid, objid FROM pg_depend WHERE refclassid = 1247 AND refobjid = ANY(ARRAY(SELECT reltype FROM pg_class WHERE oid = ANY(relations)))
    UNION SELECT classid, objid FROM pg_depend WHERE refclassid = 1255 AND refobjid = ANY(routines))
  SELECT ARRAY(SELECT coalesce(i.indrelid, d.objid) FROM d LEFT JOIN pg_index i ON i.indexrelid = d.objid WHERE classid = 1259
      UNION SELECT adrelid FROM pg_attrdef JOIN d ON classid = 2604 AND oid = objid
      UNION SELECT conrelid FROM pg_constraint JOIN d ON classid = 2606 AND oid = objid WHERE conrelid <> 0
      UNION SELECT ev_class FROM pg_rewrite JOIN d ON classid = 2618 AND oid = objid
      UNION SELECT tgrelid FROM pg_trigger JOIN d ON classid = 2620 AND oid = objid
      UNION SELECT polrelid FROM pg_policy JOIN d ON classid = 3256 AND oid = objid
      UNION SELECT typrelid FROM pg_type JOIN d ON classid = 1247 AND oid = objid WHERE typrelid <> 0),
    ARRAY(SELECT objid FROM d WHERE classid = 1247 UNION SELECT contypid FROM pg_constraint JOIN d ON classid = 2606 AND oid = objid WHERE contypid <> 0),
    ARRAY(SELECT objid FROM d WHERE classid = 1255),
    EXISTS (SELECT FROM d WHERE classid NOT IN (1259, 2604, 2606, 2618, 2620, 3256, 1247, 1255))
    INTO rels, typs, procs, rare;
  IF rare THEN RETURN QUERY SELECT 'full', 0::oid, NULL::text, NULL::text; RETURN; END IF;
  ${render('r', 'rels', 'gate_relation')}
  ${render('t', 'typs', 'gate_type')}
  ${render('p', 'procs', 'gate_routine')}
END $gate$`,
  ]
}
