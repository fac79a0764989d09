// Whether a live database holds anything at all that migrations could have made.
import { literal } from '../core/sql-quote.js'
import { seedsTable } from '../histories/table-name.js'
import type { Target } from '../ports/target.js'
import type { FoundHistory } from './find-history.js'

/** Nothing but the history and our own schema: no relation, function or type that is not of an extension. */
export async function isBare(target: Target, { schema, name }: FoundHistory): Promise<boolean> {
  const own = [name, seedsTable({ schema, name }).name].map(literal).join(', ')
  const others = (catalogue: string, namespace: string): string => `pg_catalog.${catalogue} o
  JOIN pg_catalog.pg_namespace n ON n.oid = o.${namespace}
  WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'migration_gate') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.${catalogue}'::regclass AND d.objid = o.oid AND d.deptype = 'e')`
  const rows = await target.read(`SELECT 1
WHERE EXISTS (SELECT FROM ${others('pg_class', 'relnamespace')} AND o.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT (n.nspname = ${literal(schema)} AND o.relname IN (${own})))
  OR EXISTS (SELECT FROM ${others('pg_proc', 'pronamespace')})
  OR EXISTS (SELECT FROM ${others('pg_type', 'typnamespace')} AND o.typtype IN ('e', 'd', 'r'))`)
  return rows.length === 0
}
