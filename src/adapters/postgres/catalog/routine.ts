// Renders one function, procedure or aggregate.
import { acl, comments, definition, notOfExtension, objectOf, qualified, userSchema } from './sql.js'

/** pg_get_functiondef refuses aggregates, so their parts are told one by one. */
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
