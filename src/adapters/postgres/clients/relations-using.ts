// Which relations a routine or a type has an effect on, though a change of it locks none of them.
import { answerEach } from './sample.js'
import type { ClientSession, OldTable } from './world.js'
import { clientName } from './world-queries.js'

/**
 * The relations whose triggers, defaults, constraints, policies and queries use one of the routines, or that have columns of one of
 * the types or of domains over them. By OID. What the body of a routine uses, the catalogue does not know.
 */
export async function relationsUsing(
  session: ClientSession,
  { routines, types }: { readonly routines: readonly string[]; readonly types: readonly string[] },
): Promise<readonly OldTable[]> {
  const [rows] = await answerEach(session, [query(array(routines), array(types))])
  return (rows ?? []).map(([oid, relation]) => ({ oid: oid ?? '', relation: relation ?? '' }))
}

const array = (oids: readonly string[]): string => `ARRAY[${oids.filter((oid) => /^\d+$/.test(oid)).join(', ')}]::oid[]`

const query = (routines: string, types: string): string => `
  WITH RECURSIVE of_type AS (
    SELECT oid, typarray FROM pg_catalog.pg_type
      WHERE oid = ANY (${types}) OR oid IN (SELECT k.contypid FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_depend d
        ON d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = k.oid
        WHERE d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid = ANY (${routines}))
    UNION SELECT t.oid, t.typarray FROM pg_catalog.pg_type t JOIN of_type o ON t.typbasetype IN (o.oid, o.typarray)
  ), used AS (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
      WHERE d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid = ANY (${routines})
  ), relation AS (
    SELECT t.tgrelid AS oid FROM pg_catalog.pg_trigger t WHERE t.tgfoid = ANY (${routines})
    UNION SELECT a.attrelid FROM pg_catalog.pg_attribute a JOIN of_type o ON a.atttypid IN (o.oid, o.typarray) WHERE NOT a.attisdropped
    UNION SELECT x.adrelid FROM pg_catalog.pg_attrdef x JOIN used u ON u.classid = 'pg_catalog.pg_attrdef'::regclass AND u.objid = x.oid
    UNION SELECT k.conrelid FROM pg_catalog.pg_constraint k JOIN used u ON u.classid = 'pg_catalog.pg_constraint'::regclass AND u.objid = k.oid
    UNION SELECT y.polrelid FROM pg_catalog.pg_policy y JOIN used u ON u.classid = 'pg_catalog.pg_policy'::regclass AND u.objid = y.oid
    UNION SELECT w.ev_class FROM pg_catalog.pg_rewrite w JOIN used u ON u.classid = 'pg_catalog.pg_rewrite'::regclass AND u.objid = w.oid
  )
  SELECT c.oid::text, ${clientName('n.nspname', 'c.relname')} FROM relation r JOIN pg_catalog.pg_class c ON c.oid = r.oid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY c.oid`
