// SQL functions that return what a transaction changed, without reading the whole catalogue.
import { SCRATCH_PREFIX } from '../../../catalog/portable-roles.js'
import { addLines, line } from './sql.js'
import type { RareKind } from './rare-whole.js'
import { builtInAcl } from './rare-whole.js'
import { relationLine, relationOf } from './relation.js'

/**
 * Settings that make texts comparable (a default is printed in the session's time zone) and plans good. The catalogues
 * are small at planning and large at execution, so sequential scans and hash joins are off.
 */
const settings = `SET search_path = '' SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET bytea_output = 'hex'
  SET quote_all_identifiers = off SET lc_monetary = 'C' SET jit = off SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off`

/** OIDs of the catalogues whose counters are read: those for relations, types, routines and comments. */
const core = [1259, 1249, 2604, 2606, 2610, 2620, 2618, 3256, 2611, 2224, 1247, 3501, 3541, 1255, 2600, 2608, 2609]

const strongLocks = `'AccessExclusiveLock','ExclusiveLock','ShareRowExclusiveLock','ShareLock','ShareUpdateExclusiveLock'`

/** Arguments of relationLine (see there). */
const HANGING =
  'hang_triggers boolean, hang_comments boolean, hang_others boolean, held_triggers oid[], held_comments oid[], held_others oid[], extensions boolean'

const declare = (
  names: string,
  body: string,
): string => `RETURNS text LANGUAGE plpgsql SECURITY DEFINER ${settings} AS $gate$
#variable_conflict use_column
DECLARE answer text; rels oid[]; typs oid[]; procs oid[]; ${names}
BEGIN
${body}
  RETURN answer;
END $gate$`

const relationLines = (major: number): string => addLines(relationLine(major), `FROM unnest(rels) x(oid) ${relationOf}`)
const typeLines = addLines(
  line('t', 'x.oid', 'g.unit', 'g.document'),
  'FROM (SELECT DISTINCT y FROM unnest(typs) y) x(oid), LATERAL pg_temp.gate_type(x.oid) g',
)
const routineLines = addLines(
  line('p', 'x.oid', 'g.unit', 'g.document'),
  'FROM (SELECT DISTINCT y FROM unnest(procs) y) x(oid), LATERAL pg_temp.gate_routine(x.oid) g',
)

/** Reads a rare kind as a whole. The line of OID 0 says that no other object of this kind exists. */
const whole = (rare: RareKind): string => `
    SELECT concat_ws(E'\\n', answer, E'${rare.kind}\\t0', string_agg(${line(rare.kind, 'z.oid', 'z.unit', 'z.document')}, E'\\n'))
      INTO answer FROM (${rare.select}) z(oid, unit, document);`

const FULL = `'full'`
const updated = (catalogue: number): string => `pg_stat_get_xact_tuples_updated(${catalogue}) > 0`
const newest = (catalogue: string): string => `(SELECT oid FROM ${catalogue} ORDER BY oid DESC LIMIT 1)`
const typeMark = `concat_ws(E'\\t', 'type mark', ${newest('pg_type')})`
const routineMark = `concat_ws(E'\\t', 'routine mark', ${newest('pg_proc')})`

/** Types above the mark, those whose row was rewritten, and those that are known to have changed. */
const newTypes = (changed: string): string => `mine := pg_current_xact_id()::xid;
    SELECT ${changed} || ARRAY(SELECT oid FROM pg_type WHERE oid > type_mark AND typrelid = 0 AND NOT (typcategory = 'A' AND typname LIKE '\\_%'))
        || CASE WHEN ${updated(1247)} THEN ARRAY(SELECT oid FROM pg_type WHERE oid >= 16384 AND typrelid = 0 AND age(xmin) <= age(mine)) END,
      concat_ws(E'\\n', answer, ${typeMark}) INTO typs, answer;
    IF typs <> '{}' THEN
      ${typeLines}
    END IF;`

/** As `newTypes`, for routines. */
const newRoutines = (changed: string): string => `mine := pg_current_xact_id()::xid;
    SELECT ${changed} || ARRAY(SELECT oid FROM pg_proc WHERE oid > routine_mark)
        || CASE WHEN ${updated(1255)} OR ${updated(2600)} THEN ARRAY(SELECT oid FROM pg_proc WHERE oid >= 16384 AND age(xmin) <= age(mine)) END,
      concat_ws(E'\\n', answer, ${routineMark}) INTO procs, answer;
    IF procs <> '{}' THEN
      ${routineLines}
    END IF;`

/** Catalogues of what all databases share: roles, memberships, tablespaces, subscriptions, rights on parameters, origins, labels. */
const OF_SERVER = [1260, 1261, 1213, 6100, 6243, 6000, 3592]

const written = (catalogue: string): string =>
  `pg_stat_get_xact_tuples_inserted(${catalogue}) + pg_stat_get_xact_tuples_updated(${catalogue}) + pg_stat_get_xact_tuples_deleted(${catalogue}) > 0`

const ofScratch = (database: string): string =>
  `${database} IN (SELECT oid FROM pg_database WHERE datname ~ '^${SCRATCH_PREFIX}')`

/** `seldom`: the catalogues of the rare kinds. `refuses` as in changeFunctions. */
type Reading = { readonly seldom: readonly number[]; readonly refuses: boolean }

/** The SQLSTATE with which the functions end a transaction that changed more than its own database. */
export const OUTSIDE = 'MG001'
const refuse = `RAISE EXCEPTION 'more than the database changed' USING ERRCODE = '${OUTSIDE}';`

/**
 * Rolls back a transaction that changed what the snapshot does not hold, because it belongs to the whole server. Rows about
 * databases say themselves which one they are about. `touched` holds the catalogues that were written.
 */
const reachesServer = `
    IF touched && '{${OF_SERVER.join(',')}}'::oid[] THEN ${refuse}
    ELSIF touched && '{1262,2964,2396}'::oid[] THEN
      mine := pg_current_xact_id()::xid;
      IF EXISTS (SELECT FROM pg_database WHERE NOT ${ofScratch('oid')} AND age(xmin) <= age(mine))
        OR EXISTS (SELECT FROM pg_db_role_setting WHERE NOT ${ofScratch('setdatabase')} AND age(xmin) <= age(mine))
        OR EXISTS (SELECT FROM pg_shdescription WHERE NOT ${ofScratch('objoid')} AND age(xmin) <= age(mine)) THEN
        ${refuse}
      END IF;
    END IF;`

/**
 * `gate_change(wide, type_mark, routine_mark, domains, ..)`: what this transaction may have changed, from three
 * sources. The counters of the catalogues say which were written. They may include earlier transactions, so they only
 * ever include too many. The locks of the transaction say which relations and objects. OIDs above the marks are new
 * types and routines. `wide` adds a search by xmin for changes without a lock (GRANT), and the rights on built-in
 * objects. `domains` are those whose constraints may have changed. The rest are arguments of relationLine. A line
 * `full` asks for the whole snapshot. Lines of class `moved` are relations whose rows were written. PL/pgSQL sets up
 * every query again in each transaction, so the common case runs few of them.
 */
function changeFunction(major: number, rare: readonly RareKind[], { seldom, refuses }: Reading): string {
  const shared = rare.filter((kind) => kind.shared === true)
  const others = refuses ? OF_SERVER : []
  const watched = [...new Set([...core, ...seldom, ...others])]
  const flush = major >= 15 ? 'PERFORM pg_stat_force_next_flush();' : ''
  return `CREATE FUNCTION pg_temp.gate_change(wide boolean, type_mark oid, routine_mark oid, domains oid[], ${HANGING}) ${declare(
    'touched oid[]; written oid[]; classes oid[]; locked_types oid[]; locked_routines oid[]; hung oid[]; mine xid; toast oid;',
    `  SELECT (SELECT array_agg(c) FROM unnest('{${watched.join(',')}}'::oid[]) c
      WHERE ${written('c')}),
    array_agg(coalesce(i.indrelid, l.relation)) FILTER (WHERE l.mode IN (${strongLocks}) AND c.relkind IS DISTINCT FROM 't'),
    array_agg(l.relation) FILTER (WHERE l.mode <> 'AccessShareLock' AND l.mode <> 'RowShareLock'
      AND pg_stat_get_xact_tuples_inserted(l.relation) + pg_stat_get_xact_tuples_updated(l.relation) + pg_stat_get_xact_tuples_deleted(l.relation) > 0),
    max(99::oid) FILTER (WHERE c.relkind = 't' AND c.reloptions IS NOT NULL),
    array_agg(l.classid) FILTER (WHERE l.objid IS NOT NULL),
    array_agg(l.objid) FILTER (WHERE l.classid = 1247),
    array_agg(l.objid) FILTER (WHERE l.classid = 1255),
    array_agg(l.objid) FILTER (WHERE l.classid IN (2606, 2620, 2618, 3256))
    INTO touched, rels, written, toast, classes, locked_types, locked_routines, hung
    FROM pg_lock_status() l LEFT JOIN pg_index i ON i.indexrelid = l.relation LEFT JOIN pg_class c ON c.oid = l.relation
    WHERE l.pid = pg_backend_pid() AND (l.locktype = 'relation' AND l.relation >= 16384
      OR l.locktype = 'object' AND (l.objid >= 16384 OR l.classid = 2615) AND l.mode <> 'AccessShareLock');
  ${flush}
  IF wide OR written IS NOT NULL OR hung IS NOT NULL OR classes && '{${seldom.join(',')}}'::oid[]
     OR touched && '{${[...seldom, ...others].join(',')}}'::oid[] OR touched IS NULL OR current_setting('track_counts') <> 'on' THEN
    answer := (SELECT string_agg(E'moved\\t' || w, E'\\n') FROM unnest(written) w);
    IF touched && '{3079}'::oid[] OR current_setting('track_counts') <> 'on' THEN
      RETURN concat_ws(E'\\n', answer, ${FULL});
    END IF;
${shared.map((kind) => `    ${whole(kind)}`).join('')}
    IF touched IS NULL THEN RETURN answer; END IF;${refuses ? reachesServer : ''}
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
${rare
  .filter((kind) => kind.shared !== true)
  .map((kind) => `    IF touched && '{${kind.catalogues.join(',')}}'::oid[] THEN${whole(kind)}\n    END IF;`)
  .join('\n')}
  END IF;
  IF rels IS NOT NULL THEN
    rels := ARRAY(SELECT DISTINCT unnest(rels));
    hang_triggers := hang_triggers OR touched && '{2620}'::oid[];
    hang_comments := hang_comments OR touched && '{2609}'::oid[];
    hang_others := hang_others OR toast IS NOT NULL OR touched && '{2609,3256,2618,2611}'::oid[];
    ${relationLines(major)}
  END IF;
  IF touched && '{1247,3501,3541}'::oid[] OR locked_types IS NOT NULL OR domains <> '{}' THEN
    ${newTypes('locked_types || domains')}
  END IF;
  IF touched && '{1255,2600}'::oid[] OR locked_routines IS NOT NULL THEN
    ${newRoutines('locked_routines')}
  END IF;`,
  )}`
}

/** Replaces HANGING, to return every object. */
const EVERYTHING =
  'hang_triggers boolean := true; hang_comments boolean := true; hang_others boolean := true; held_triggers oid[]; held_comments oid[]; held_others oid[]; extensions boolean := true;'

const some = (rare: RareKind): readonly string[] =>
  rare.some === undefined ? [] : [`CASE WHEN ${rare.some} THEN '${rare.kind}' END`]

const wholeIfSome = (rare: RareKind): string =>
  rare.some === undefined ? whole(rare) : `  IF '${rare.kind}' = ANY(kinds) THEN${whole(rare)}\n  END IF;`

const touchesServer = `
    touched := (SELECT array_agg(c) FROM unnest('{${[...OF_SERVER, 1262, 2964, 2396].join(',')}}'::oid[]) c WHERE ${written('c')});${reachesServer}`

/** `gate_all()`: the whole catalogue, by the same renderers. */
const allFunction = (major: number, rare: readonly RareKind[], { refuses }: Reading): string =>
  `CREATE FUNCTION pg_temp.gate_all() ${declare(
    `kinds text[]; touched oid[]; mine xid; ${EVERYTHING}`,
    `  SELECT ARRAY(SELECT oid FROM pg_class WHERE oid >= 16384 AND relkind IN ('r','p','v','m','f','S','c')),
    ARRAY(SELECT oid FROM pg_type WHERE oid >= 16384 AND typrelid = 0), ARRAY(SELECT oid FROM pg_proc WHERE oid >= 16384),
    concat_ws(E'\\n', ${typeMark}, ${routineMark}) INTO rels, typs, procs, answer;
  ${relationLines(major)}
  ${typeLines}
  ${routineLines}
  kinds := ARRAY[${rare.flatMap(some).join(', ')}];
${[...rare, builtInAcl].map(wholeIfSome).join('\n')}${refuses ? touchesServer : ''}
  ${major >= 15 ? 'PERFORM pg_stat_force_next_flush();' : ''}`,
  )}`

/**
 * `gate_dependents(relations, types, routines, ..)`: the objects that print the names of these. The caller already has
 * these themselves.
 */
const dependentsFunction = (major: number): string =>
  `CREATE FUNCTION pg_temp.gate_dependents(relations oid[], types oid[], routines oid[], ${HANGING}) ${declare(
    'rare boolean;',
    `  WITH d AS (
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
  IF rare THEN RETURN ${FULL}; END IF;
  rels := ARRAY(SELECT unnest(rels) EXCEPT SELECT unnest(relations));
  IF rels <> '{}' THEN
    ${relationLines(major)}
  END IF;
  typs := ARRAY(SELECT unnest(typs) EXCEPT SELECT unnest(types));
  IF typs <> '{}' THEN
    ${typeLines}
  END IF;
  IF procs <> '{}' THEN
    ${routineLines}
  END IF;`,
  )}`

/** Objects of a catalogue that this transaction has locked. */
const locked = (catalogue: number): string =>
  `ARRAY(SELECT objid FROM pg_lock_status() WHERE pid = pg_backend_pid() AND locktype = 'object' AND classid = ${catalogue} AND objid >= 16384 AND mode <> 'AccessShareLock')`

/**
 * `gate_step(types, routines, type_mark, routine_mark, ..)`: gate_change for provable changes, by locks and new OIDs
 * alone, in one query if possible. Lines `locked type` and `locked routine` are objects that may be gone together with
 * another one. A lock on any other object asks for the whole snapshot.
 */
const stepFunction = (major: number, seldom: readonly number[]): string =>
  `CREATE FUNCTION pg_temp.gate_step(types boolean, routines boolean, type_mark oid, routine_mark oid, ${HANGING}) ${declare(
    'mine xid;',
    `  answer := array_to_string(ARRAY(SELECT CASE WHEN x.class IS NULL THEN ${relationLine(major)}
      WHEN x.class = 1247 THEN E'locked type\\t' || x.oid WHEN x.class = 1255 THEN E'locked routine\\t' || x.oid ELSE ${FULL} END
    FROM (SELECT DISTINCT l.classid, coalesce(i.indrelid, l.relation, l.objid)
      FROM pg_lock_status() l LEFT JOIN pg_index i ON i.indexrelid = l.relation
      WHERE l.pid = pg_backend_pid() AND (l.locktype = 'relation' AND l.relation >= 16384 AND l.mode IN (${strongLocks})
        OR l.locktype = 'object' AND (l.objid >= 16384 OR l.classid = 2615) AND l.mode <> 'AccessShareLock' AND l.classid IN (1247, 1255, ${seldom.join(', ')}))) x(class, oid)
    ${relationOf}), E'\\n');
  IF types THEN
    ${newTypes(locked(1247))}
  END IF;
  IF routines THEN
    ${newRoutines(locked(1255))}
  END IF;`,
  )}`

/** `gate_objects(types, routines)`: these objects as they are now. */
const objectsFunction = `CREATE FUNCTION pg_temp.gate_objects(types oid[], routines oid[]) ${declare(
  '',
  `  typs := types;
  procs := routines;
  ${typeLines}
  ${routineLines}`,
)}`

/** `refuses`: ends a transaction that changes what all databases of the server share. */
export function changeFunctions(major: number, rare: readonly RareKind[], refuses: boolean): readonly string[] {
  const seldom = [...new Set(rare.flatMap((kind) => kind.catalogues))]
  return [
    changeFunction(major, rare, { seldom, refuses }),
    stepFunction(major, seldom),
    allFunction(major, rare, { seldom, refuses }),
    dependentsFunction(major),
    objectsFunction,
  ]
}
