// The types of columns, as the catalogue describes them.
import type { Session } from '../session.js'
import { SOURCE } from './tables.js'

/** A field of a composite type. */
type Field = { readonly type: string; readonly typmod: number; readonly format: string }

/**
 * A row of pg_type with what belongs to it. `kind` is typtype. `element`: of an array. `base` and `checks` (about VALUE): of a
 * domain. `range`: of a multirange, the range; `subtype`: of a range.
 */
export type Type = {
  readonly oid: string
  readonly name: string
  /** Quoted, with its schema: what its constructor is called as well. */
  readonly fullName: string
  readonly builtIn: boolean
  readonly kind: string
  readonly format: string
  readonly element: string | null
  readonly base: { readonly type: string; readonly typmod: number; readonly format: string } | null
  readonly checks: readonly { readonly condition: string; readonly source: string }[]
  readonly labels: readonly string[]
  readonly fields: readonly Field[]
  readonly subtype: string | null
  readonly range: string | null
}

/** By OID. */
export type Types = ReadonlyMap<string, Type>

const ELEMENT = `CASE WHEN y.typcategory = 'A' AND y.typlen = -1 THEN nullif(y.typelem, 0) END`

const FIELDS = `pg_attribute a WHERE a.attrelid = y.typrelid AND a.attnum > 0 AND NOT a.attisdropped`

const query = (oids: readonly string[]): string => `WITH RECURSIVE used(oid) AS (
    SELECT unnest('{${oids.join(',')}}'::oid[])
  UNION
    SELECT next.oid FROM used JOIN pg_type y ON y.oid = used.oid CROSS JOIN LATERAL (
      SELECT nullif(y.typbasetype, 0) UNION ALL SELECT ${ELEMENT} UNION ALL SELECT a.atttypid FROM ${FIELDS} AND y.typtype = 'c'
      UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = y.oid
      UNION ALL SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = y.oid
    ) AS next(oid) WHERE next.oid IS NOT NULL
  )
  SELECT json_build_object('oid', y.oid::text, 'name', y.typname, 'fullName', quote_ident(n.nspname) || '.' || quote_ident(y.typname),
    'builtIn', n.nspname = 'pg_catalog', 'kind', y.typtype, 'format', format_type(y.oid, NULL), 'element', (${ELEMENT})::text,
    'base', CASE y.typtype WHEN 'd' THEN json_build_object('type', y.typbasetype::text, 'typmod', y.typtypmod, 'format', format_type(y.typbasetype, y.typtypmod)) END,
    'checks', (SELECT coalesce(json_agg(json_build_object('condition', pg_get_expr(k.conbin, 0), 'source', ${SOURCE}) ORDER BY k.conname), '[]') FROM pg_constraint k WHERE k.contypid = y.oid AND k.contype = 'c'),
    'labels', (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_enum e WHERE e.enumtypid = y.oid),
    'fields', (SELECT coalesce(json_agg(json_build_object('type', a.atttypid::text, 'typmod', a.atttypmod, 'format', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum), '[]')
      FROM ${FIELDS}),
    'subtype', (SELECT r.rngsubtype::text FROM pg_range r WHERE r.rngtypid = y.oid),
    'range', (SELECT r.rngtypid::text FROM pg_range r WHERE r.rngmultitypid = y.oid))
  FROM used JOIN pg_type y ON y.oid = used.oid JOIN pg_namespace n ON n.oid = y.typnamespace ORDER BY y.oid`

/** The types with these OIDs, and those that they are made of. search_path has to be pg_catalog alone. */
export async function readTypes(session: Pick<Session, 'send'>, oids: readonly string[]): Promise<Types> {
  const rows = (await session.send(query(oids))).at(-1)?.rows ?? []
  const types = rows.map(([text]) => JSON.parse(String(text)) as Type)
  return new Map(types.map((type) => [type.oid, type]))
}
