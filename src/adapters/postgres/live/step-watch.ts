// What a step locks and rewrites on the live database: read by its own session, in its own transaction.
import type { RelationKind, Touched } from '../../../impact/facts.js'
import { lockModeOf, stronger } from '../../../impact/lock-modes.js'
import { quoted } from '../../../sql/quote.js'
import { clientName } from '../clients/world-queries.js'

/** Those with clients; no one names an index. */
const KINDS: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
}

/** The first OID of what users make (PostgreSQL, FirstNormalObjectId). */
const FROM_USERS = `c.oid >= 16384 AND c.relkind IN (${Object.keys(KINDS).map(quoted).join(', ')})`

const FILE = 'coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::text'

/** One row for each relation of users: its OID and the number of its file. */
export const FILES = `SELECT c.oid::text, ${FILE} FROM pg_catalog.pg_class c WHERE ${FROM_USERS}`

/** Whether this role may see locks: an administrator may have revoked it, and no step fails for that. */
export const MAY_SEE_LOCKS = `SELECT pg_catalog.has_function_privilege('pg_catalog.pg_lock_status()', 'EXECUTE')
  AND pg_catalog.has_table_privilege('pg_catalog.pg_locks', 'SELECT')`

/** The modes that clients wait for, as pg_locks writes them. */
const STRONG = `'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'`

/** An expression for what the transaction holds by now. Its rows in the history are no matter of clients. */
const heldNow = (history: string): string => `(SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
  c.oid::text, ${clientName('n.nspname', 'c.relname')}, c.relkind, l.mode, ${FILE},
  (SELECT ${clientName('pn.nspname', 'p.relname')} FROM pg_catalog.pg_class p JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
    WHERE c.relispartition AND p.oid = pg_catalog.pg_partition_root(c.oid))) ORDER BY c.oid), '[]')::text
  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.mode IN (${STRONG}) AND ${FROM_USERS}
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  AND c.oid IS DISTINCT FROM pg_catalog.to_regclass(${quoted(history)}))`

type Held = readonly [
  oid: string,
  relation: string,
  kind: string,
  mode: string,
  file: string,
  partitionOf: string | null,
]

/** Knows the files of the relations from before the first step. Until `begin`, nothing is read. */
export class StepWatch {
  #files: Map<string, string> | undefined

  /** `files` are the rows of FILES. */
  begin(files: readonly (readonly (string | null)[])[]): void {
    this.#files = new Map(files.map(([oid, file]) => [oid ?? '', file ?? '']))
  }

  /** What a row that ends a step has behind its other columns: empty, or a comma and an expression. */
  column(history: string): string {
    return this.#files === undefined ? '' : `, ${heldNow(history)}`
  }

  /** What a step did that was committed, by the value of its column. Undefined where none was asked for. */
  read(held: string | null | undefined): readonly Touched[] | undefined {
    const files = this.#files
    if (files === undefined || held == null) return undefined
    const rows = JSON.parse(held) as readonly Held[]
    const strongest = new Map<string, Touched>()
    for (const [oid, relation, letter, written, file, partitionOf] of rows) {
      const [kind, mode, before] = [KINDS[letter], lockModeOf(written), files.get(oid)]
      if (kind === undefined || mode === undefined || before === undefined) continue
      strongest.set(oid, {
        relation,
        kind,
        mode: stronger(strongest.get(oid)?.mode, mode),
        rewritten: file !== before,
        ...(partitionOf !== null && { partitionOf }),
      })
    }
    for (const [oid, , , , file] of rows) if (files.has(oid)) files.set(oid, file)
    return [...strongest.values()]
  }
}
