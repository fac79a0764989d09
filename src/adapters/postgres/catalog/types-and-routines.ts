// Renders one type that a user made (enum, domain, range, base type), and one function, procedure or aggregate.
import { acl, comments, definition, notOfExtension, object, qualified, userSchema, objectOf } from './sql.js'

const range = `(SELECT concat_ws(' ', g.rngsubtype::regtype::text, (SELECT opcname FROM pg_opclass WHERE oid = g.rngsubopc), NULLIF(g.rngcollation, 0)::regcollation::text, NULLIF(g.rngcanonical::oid, 0)::regproc::text, NULLIF(g.rngsubdiff::oid, 0)::regproc::text) FROM pg_range g WHERE g.rngtypid = target)`

const baseType = `CASE WHEN t.typtype = 'b' THEN concat_ws(' ', t.typlen, t.typbyval, t.typcategory, t.typispreferred, t.typdelim, t.typinput::text, t.typoutput::text, t.typreceive::text, t.typsend::text, t.typmodin::text, t.typmodout::text, t.typanalyze::text, t.typalign, t.typstorage) END`

const typeObject = (kind: string, keys: Readonly<Record<string, string>>): string =>
  object(
    kind,
    't.id',
    definition({
      owner: 't.typowner::regrole::text',
      acl: `CASE WHEN t.typacl IS NOT NULL THEN ${acl('t.typacl', 'T', 't.typowner')} END`,
      ...keys,
    }),
  )

/** PL/pgSQL of `gate_type(oid)` -> (unit, document). Leaves out row types and the arrays that come with a type. */
export const typeRenderer = (): string => `
CREATE FUNCTION pg_temp.gate_type(target oid, OUT unit text, OUT document text) LANGUAGE plpgsql AS $gate$
DECLARE t record; parts text[]; part text; hung oid[];
BEGIN
  SELECT y.*, ${qualified('n.nspname', 'y.typname')} AS id INTO t
  FROM pg_type y JOIN pg_namespace n ON n.oid = y.typnamespace
  WHERE y.oid = target AND y.typrelid = 0 AND y.typtype <> 'm' AND ${userSchema('n.nspname')} AND ${notOfExtension('pg_type', 'y.oid')}
    AND NOT (y.typelem <> 0 AND y.typlen = -1 AND EXISTS (SELECT FROM pg_type e WHERE e.oid = y.typelem AND e.typarray = y.oid));
  IF NOT FOUND THEN RETURN; END IF;
  unit := 'type ' || t.id;
  IF t.typtype = 'e' THEN
    SELECT ${typeObject('enum', { labels: '(SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = target)' })} INTO part;
  ELSIF t.typtype = 'd' THEN
    SELECT ${typeObject('domain', {
      base: 'format_type(t.typbasetype, t.typtypmod)',
      notnull: 'NULLIF(t.typnotnull, false)',
      default: 'CASE WHEN t.typdefaultbin IS NOT NULL THEN pg_get_expr(t.typdefaultbin, 0) ELSE t.typdefault END',
      collation: 'CASE WHEN t.typcollation <> 0 THEN t.typcollation::regcollation::text END',
    })} INTO part;
  ELSIF t.typtype = 'r' THEN
    SELECT ${typeObject('range', { range })} INTO part;
  ELSE
    SELECT ${typeObject('type', { default: 't.typdefault', base_type: baseType })} INTO part;
  END IF;
  parts := ARRAY[part];
  IF t.typtype = 'd' THEN
    SELECT string_agg(${object(
      'domain constraint',
      `t.id || '.' || quote_ident(c.conname)`,
      definition({ def: 'pg_get_constraintdef(c.oid)', notvalid: 'NULLIF(NOT c.convalidated, false)' }),
    )}, ',' ORDER BY c.conname COLLATE "C"), array_agg(c.oid) INTO part, hung
    FROM pg_constraint c WHERE c.contypid = target;
    parts := parts || part;
  END IF;
  IF EXISTS (SELECT FROM pg_description WHERE objoid >= 16384) THEN
    ${comments('pg_type', 'ARRAY[target]')} INTO part;
    parts := parts || part;
    IF hung IS NOT NULL THEN
      ${comments('pg_constraint', 'hung')} INTO part;
      parts := parts || part;
    END IF;
  END IF;
  document := '[' || array_to_string(parts, ',') || ']';
END $gate$`

/** pg_get_functiondef refuses aggregates, so their parts are listed one by one. */
const aggregate = `(SELECT concat_ws(' ', a.aggkind, a.aggnumdirectargs, a.aggtransfn::text, a.aggfinalfn::text, a.aggcombinefn::text, a.aggserialfn::text, a.aggdeserialfn::text, a.aggmtransfn::text, a.aggminvtransfn::text, a.aggmfinalfn::text, a.aggfinalextra, a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify, (SELECT o.oprname FROM pg_operator o WHERE o.oid = a.aggsortop), a.aggtranstype::regtype::text, a.aggtransspace, NULLIF(a.aggmtranstype, 0)::regtype::text, a.aggmtransspace, coalesce(a.agginitval, '<null>'), coalesce(a.aggminitval, '<null>'), p.prorettype::regtype::text, p.proparallel, pg_get_function_arguments(p.oid)) FROM pg_aggregate a WHERE a.aggfnoid = p.oid)`

/** PL/pgSQL of `gate_routine(oid)` -> (unit, document). */
export const routineRenderer = (): string => `
CREATE FUNCTION pg_temp.gate_routine(target oid, OUT unit text, OUT document text) LANGUAGE plpgsql AS $gate$
DECLARE part text;
BEGIN
  SELECT 'routine ' || x.id, ${objectOf(
    `CASE x.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END`,
    'x.id',
    definition({
      def: 'x.def',
      owner: 'x.proowner::regrole::text',
      acl: `CASE WHEN x.proacl IS NOT NULL THEN ${acl('x.proacl', 'f', 'x.proowner')} END`,
    }),
  )} INTO unit, document
  FROM (SELECT p.*, ${qualified('n.nspname', 'p.proname')} || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS id,
          CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE ${aggregate} END AS def
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.oid = target AND ${userSchema('n.nspname')} AND ${notOfExtension('pg_proc', 'p.oid')}) x;
  IF unit IS NULL THEN RETURN; END IF;
  IF EXISTS (SELECT FROM pg_description WHERE objoid >= 16384) THEN
    ${comments('pg_proc', 'ARRAY[target]')} INTO part;
    document := concat_ws(',', document, part);
  END IF;
  document := '[' || document || ']';
END $gate$`
