// The relations that existed before the migrations that are deployed together, as an observer reads them.
import { lockModeOf, stronger, type LockMode } from '../../../impact/lock-modes.js'
import { SMALL_TABLE, type RelationKind } from '../../../impact/facts.js'
import { withSchema } from '../../../impact/relation-name.js'
import { clientName } from '../clients/world-queries.js'
import type { Session } from '../session.js'

/**
 * `file` is the number of its file, 0 for none. `table`: for an index, the OID of its table. `relation` is the name that a client
 * writes. `root`: of a partition, the name of the table at the root.
 */
export type OldRelation = {
  readonly oid: string
  readonly relation: string
  readonly kind: RelationKind
  readonly file: string
  readonly table: string
  readonly root?: string
}

const KINDS: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitioned table',
  i: 'index',
  I: 'index',
  v: 'view',
  m: 'materialized view',
  S: 'sequence',
  f: 'foreign table',
}

/** The first OID of what users make (PostgreSQL, FirstNormalObjectId). */
export const FIRST_USER_OID = 16_384

/** The OIDs of all relations of users, without those of TOAST and temporary ones. */
export async function readOids({ send }: Pick<Session, 'send'>): Promise<ReadonlySet<string>> {
  const answer = await send(
    `SELECT c.oid FROM pg_catalog.pg_class c WHERE c.oid >= ${FIRST_USER_OID} AND c.relpersistence <> 't'
      AND c.relkind IN ('r', 'p', 'i', 'I', 'v', 'm', 'S', 'f') AND c.relnamespace <> 'pg_toast'::pg_catalog.regnamespace`,
  )
  return new Set(answer.at(-1)?.rows.map(([oid]) => String(oid)))
}

const ROOT = `(SELECT ${clientName('rn.nspname', 'r.relname')} FROM pg_catalog.pg_class r
  JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace WHERE r.oid = pg_catalog.pg_partition_root(c.oid))`

/** What a session outside of the transaction sees: relations as they are before its COMMIT. */
export async function readRelations(
  { send }: Pick<Session, 'send'>,
  oids: readonly string[],
): Promise<readonly OldRelation[]> {
  if (oids.length === 0) return []
  const list = `'{${oids.join(',')}}'::oid[]`
  const answer = await send(
    `SELECT c.oid, ${clientName('n.nspname', 'c.relname')}, c.relkind, coalesce(pg_catalog.pg_relation_filenode(c.oid), 0),
      coalesce(i.indrelid, 0), CASE WHEN c.relispartition THEN ${ROOT} END
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
     WHERE c.oid IN (SELECT pg_catalog.unnest(${list})
      UNION SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid = ANY (${list}))`,
  )
  return (answer.at(-1)?.rows ?? []).map(([oid, relation, kind, file, table, root]) => ({
    oid: String(oid),
    relation: String(relation),
    kind: KINDS[String(kind)] ?? 'table',
    file: String(file),
    table: String(table),
    ...(root != null && { root }),
  }))
}

/** Tables that foreign keys, partitions or inheritance join with these. */
export async function readRelated(
  { send }: Pick<Session, 'send'>,
  oids: readonly string[],
): Promise<readonly string[]> {
  if (oids.length === 0) return []
  const list = `'{${oids.join(',')}}'::oid[]`
  const answer = await send(
    `SELECT conrelid FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = ANY (${list})
     UNION SELECT confrelid FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conrelid = ANY (${list})
     UNION SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = ANY (${list})
     UNION SELECT inhparent FROM pg_catalog.pg_inherits WHERE inhrelid = ANY (${list})`,
  )
  return (answer.at(-1)?.rows ?? []).map(([oid]) => String(oid))
}

/** So many bytes hold the rows of a table that is not small, at the least: 1,000 rows without a column. */
const DATA_SET_BYTES = 4 * 8_192

/** Whether one of the tables among these holds at least `SMALL_TABLE` rows. */
export async function holdDataSet({ send }: Pick<Session, 'send'>, oids: readonly string[]): Promise<boolean> {
  if (oids.length === 0) return false
  const answer = await send(
    `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = ANY ('{${oids.join(',')}}'::oid[]) AND c.relkind = 'r'
      AND pg_catalog.pg_relation_size(c.oid) >= ${DATA_SET_BYTES}`,
  )
  for (const [name] of answer.at(-1)?.rows ?? []) {
    const [row] = (await send(`SELECT 1 FROM ${String(name)} OFFSET ${SMALL_TABLE - 1} LIMIT 1`)).at(-1)?.rows ?? []
    if (row !== undefined) return true
  }
  return false
}

/** How many rows each table holds. */
export async function countRows(
  { send }: Pick<Session, 'send'>,
  tables: readonly OldRelation[],
): Promise<ReadonlyMap<string, number>> {
  if (tables.length === 0) return new Map()
  const counts = tables.map(({ oid, relation }) => `SELECT ${oid}, count(*) FROM ${withSchema(relation)}`)
  const answer = await send(counts.join(' UNION ALL '))
  return new Map(answer.at(-1)?.rows.map(([oid, rows]) => [String(oid), Number(rows)]))
}

/**
 * What a backend holds or waits for: the strongest mode on each relation, and the relations of which it may have written rows. INSERT,
 * UPDATE, DELETE and MERGE lock a table so even where they find no row (PostgreSQL, "Table-Level Locks").
 */
export type BackendLocks = { readonly modes: ReadonlyMap<string, LockMode>; readonly written: ReadonlySet<string> }

const LOCKS = (pid: string): string =>
  `SELECT l.relation, l.mode FROM pg_catalog.pg_locks l WHERE l.pid = ${pid} AND l.locktype = 'relation'
    AND l.relation >= ${FIRST_USER_OID} AND l.database <> 0`

/** The locks of a backend on relations of users. */
export async function readLocks({ send }: Pick<Session, 'send'>, pid: string): Promise<BackendLocks> {
  const modes = new Map<string, LockMode>()
  const written = new Set<string>()
  for (const [oid, text] of (await send(LOCKS(pid))).at(-1)?.rows ?? []) {
    const mode = lockModeOf(String(text))
    if (mode === undefined) continue
    modes.set(String(oid), stronger(modes.get(String(oid)), mode))
    if (mode === 'ROW EXCLUSIVE') written.add(String(oid))
  }
  return { modes, written }
}

/** Relations with rows of their own. */
export const HOLDS_ROWS: ReadonlySet<RelationKind> = new Set<RelationKind>([
  'table',
  'partitioned table',
  'materialized view',
])

export const isTable = ({ kind }: OldRelation): boolean => kind === 'table' || kind === 'partitioned table'

/** Each relation once. */
export const distinct = (relations: readonly OldRelation[]): readonly OldRelation[] => [
  ...new Map(relations.map((one) => [one.oid, one])).values(),
]
