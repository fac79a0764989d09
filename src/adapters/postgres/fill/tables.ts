// The tables that a fill is about, as the catalogue describes them.
import { quoted } from '../../../sql/quote.js'
import type { Session } from '../session.js'

/** A column that takes a value; dropped ones are left out. `type` and `typmod` as in pg_attribute, `format` as SQL writes them. */
export type Column = {
  readonly name: string
  readonly type: string
  readonly typmod: number
  readonly format: string
  readonly notNull: boolean
  /** Computed from other columns. */
  readonly generated: boolean
  /** The server gives the next number: an identity, or a default that reads a sequence. */
  readonly numbered: boolean
  readonly identity: boolean
}

/**
 * A condition of each row: a check constraint, or the bound of a partition, which has no name. `source`: the text of the functions that
 * it calls.
 */
export type Check = {
  readonly name: string | null
  readonly condition: string
  readonly columns: readonly string[]
  readonly source: string
}

/** `columns[i]` refers to `parentColumns[i]` of the table `parent`. */
export type ForeignKey = {
  readonly name: string
  readonly columns: readonly string[]
  readonly parent: string
  readonly parentColumns: readonly string[]
  readonly nullable: boolean
}

/** Of a unique index or an exclusion constraint. `columns` has null for each expression. */
type UniqueKey = { readonly columns: readonly (string | null)[]; readonly deferrable: boolean }

export type Table = {
  readonly oid: string
  /** As a client writes it: without the schema where that is `public`. */
  readonly relation: string
  /** With its schema. */
  readonly name: string
  /** Without its schema, as expressions of the catalogue refer to it. */
  readonly ownName: string
  /** As pg_class.relkind. */
  readonly kind: string
  readonly system: boolean
  readonly asked: boolean
  readonly partition: boolean
  /** The table of the partition's tree that rows are put into; the table itself if it is no partition. */
  readonly root: string
  readonly columns: readonly Column[]
  readonly checks: readonly Check[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly uniqueKeys: readonly UniqueKey[]
  /** Names, with their schema, of its constraints that wait for the end of the transaction. */
  readonly deferred: readonly string[]
  /** A rule rewrites what is inserted. */
  readonly rules: boolean
}

/** As many partitions of a table are filled: the default one, and the newest of the others. */
const PARTITIONS = 8

const ENFORCED = `coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)`

/** Names of the columns with these numbers, in their order. */
const names = (relation: string, numbers: string): string =>
  `(SELECT coalesce(json_agg(a.attname ORDER BY u.n), '[]') FROM unnest(${numbers}) WITH ORDINALITY AS u(number, n)
    LEFT JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.number)`

/** A key can be left NULL (MATCH SIMPLE: one column is enough; MATCH FULL: it takes all). */
const NULLABLE = `(SELECT CASE k.confmatchtype WHEN 'f' THEN bool_and(NOT a.attnotnull) ELSE bool_or(NOT a.attnotnull) END
  FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))`

/** A foreign key of the table itself. Those that PostgreSQL adds for each partition of a referenced table are left out. */
const OWN_KEY = `k.contype = 'f' AND ${ENFORCED}
  AND NOT EXISTS (SELECT FROM pg_constraint up WHERE up.oid = k.conparentid AND up.conrelid = k.conrelid)`

/** A default that takes a number from a sequence; one whose name is computed leaves no dependency. */
const NUMBERED = `(a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' OR EXISTS (SELECT FROM pg_depend s
  JOIN pg_class q ON q.oid = s.refobjid AND q.relkind = 'S'
  WHERE s.classid = 'pg_attrdef'::regclass AND s.objid = d.oid AND s.refclassid = 'pg_class'::regclass))`

/** A partition has the columns of its own; identity and defaults are those of the table that rows are put into. */
const COLUMNS = `SELECT coalesce(json_agg(json_build_object('name', own.attname, 'type', own.atttypid::text, 'typmod', own.atttypmod,
      'format', format_type(own.atttypid, own.atttypmod), 'notNull', own.attnotnull OR y.typnotnull, 'generated', own.attgenerated <> '',
      'numbered', coalesce(${NUMBERED}, false), 'identity', coalesce(a.attidentity <> '', false)) ORDER BY own.attnum), '[]')
  FROM pg_attribute own JOIN pg_type y ON y.oid = own.atttypid LEFT JOIN pg_attribute a ON a.attrelid = t.root AND a.attname = own.attname
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
  WHERE own.attrelid = t.oid AND own.attnum > 0 AND NOT own.attisdropped`

/** As much of a function is read, in characters. */
const LONGEST_SOURCE = 5_000

/** Of the constraint k. Functions of PostgreSQL itself leave no dependency. */
export const SOURCE = `(SELECT coalesce(string_agg(left(f.prosrc, ${LONGEST_SOURCE}), ' ' ORDER BY f.oid), '') FROM pg_depend s JOIN pg_proc f ON f.oid = s.refobjid
  WHERE s.classid = 'pg_constraint'::regclass AND s.objid = k.oid AND s.refclassid = 'pg_proc'::regclass)`

const CHECKS = `SELECT coalesce(json_agg(json_build_object('name', k.conname, 'condition', pg_get_expr(k.conbin, k.conrelid), 'source', ${SOURCE},
      'columns', ${names('k.conrelid', 'k.conkey')}) ORDER BY k.conname), '[]')
  FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'c' AND ${ENFORCED}`

const FOREIGN_KEYS = `SELECT coalesce(json_agg(json_build_object('name', k.conname, 'columns', ${names('k.conrelid', 'k.conkey')},
      'parent', k.confrelid::text, 'parentColumns', ${names('k.confrelid', 'k.confkey')}, 'nullable', ${NULLABLE}) ORDER BY k.conname), '[]')
  FROM pg_constraint k WHERE k.conrelid = t.oid AND ${OWN_KEY}`

const UNIQUE_KEYS = `SELECT coalesce(json_agg(json_build_object('columns', ${names('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')},
      'deferrable', NOT i.indimmediate) ORDER BY i.indexrelid), '[]')
  FROM pg_index i WHERE i.indrelid = t.oid AND (i.indisunique OR i.indisexclusion)`

const DEFERRED = `SELECT coalesce(json_agg(DISTINCT quote_ident(n.nspname) || '.' || quote_ident(k.conname)), '[]')
  FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE k.conrelid = t.oid AND k.condeferred`

const query = (asked: readonly string[]): string => `WITH RECURSIVE wanted(oid, asked) AS (
    SELECT unnest('{${asked.join(',')}}'::oid[]), true
  UNION
    SELECT next.oid, next.asked FROM wanted w CROSS JOIN LATERAL (
      SELECT k.confrelid, false FROM pg_constraint k WHERE k.conrelid = w.oid AND ${OWN_KEY} AND (w.asked OR NOT ${NULLABLE}
        OR EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = k.conrelid AND c.contype = 'c' AND c.conkey && k.conkey))
      UNION ALL
      (SELECT i.inhrelid, w.asked FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid AND p.relispartition
        WHERE i.inhparent = w.oid ORDER BY pg_get_expr(p.relpartbound, p.oid) = 'DEFAULT' DESC, p.oid DESC LIMIT ${PARTITIONS})
    ) AS next(oid, asked)
  )
  SELECT json_build_object('oid', t.oid::text, 'asked', t.asked, 'kind', c.relkind, 'partition', c.relispartition,
    'system', n.nspname ~ '^pg_' AND n.nspname !~ '^pg_temp' OR n.nspname = 'information_schema',
    'relation', CASE WHEN n.nspname = 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(c.relname),
    'name', quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'ownName', quote_ident(c.relname),
    'root', (SELECT quote_ident(rn.nspname) || '.' || quote_ident(r.relname) FROM pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE r.oid = t.root),
    'columns', (${COLUMNS}), 'checks', (${CHECKS}), 'bound', CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END,
    'foreignKeys', (${FOREIGN_KEYS}), 'uniqueKeys', (${UNIQUE_KEYS}), 'deferred', (${DEFERRED}),
    'rules', c.relhasrules AND EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = c.oid AND w.ev_type = '3'))
  FROM (SELECT oid, bool_or(asked) AS asked, coalesce(pg_partition_root(oid), oid) AS root FROM wanted GROUP BY oid) t
  JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY t.oid`

/** By asked text, the OID; null where there is no such relation. The names are those of the session's search_path. */
export async function resolve(
  session: Pick<Session, 'send'>,
  asked: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const oid = (one: string): string =>
    /^\d+$/.test(one)
      ? `(SELECT oid FROM pg_catalog.pg_class WHERE oid = ${one})`
      : `pg_catalog.to_regclass(${quoted(one)})::oid`
  const [row = []] = (await session.send(`SELECT ${asked.map((one) => oid(one)).join(', ')}`)).at(-1)?.rows ?? []
  return new Map(asked.map((one, at) => [one, row[at] ?? null]))
}

/**
 * The tables with these OIDs, what their foreign keys refer to, and partitions of all these. Of tables
 * that were not asked for, only keys that need a parent are followed. search_path has to be pg_catalog alone.
 */
export async function readTables(session: Pick<Session, 'send'>, asked: readonly string[]): Promise<readonly Table[]> {
  const rows = (await session.send(query(asked))).at(-1)?.rows ?? []
  return rows.map(([text]) => {
    const { bound, ...table } = JSON.parse(String(text)) as Table & { readonly bound: string | null }
    if (bound === null) return table
    return {
      ...table,
      checks: [...table.checks, { name: null, condition: bound, columns: namesIn(bound, table.columns), source: '' }],
    }
  })
}

/** The columns that an expression of the catalogue may refer to: those whose name is a word in it. */
function namesIn(condition: string, columns: readonly Column[]): readonly string[] {
  const words = new Set(condition.match(/"(?:[^"]|"")+"|[\w$\u0080-\uffff]+/g))
  return columns
    .map(({ name }) => name)
    .filter((name) => words.has(name) || words.has(`"${name.replaceAll('"', '""')}"`))
}
