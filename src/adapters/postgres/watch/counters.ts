// What the statements of a session did to relations, from the counters and files that only their own session sees before COMMIT.
import type { Session } from '../session.js'

/** Sums of the session since its counters began. `file`: its current file, 0 for none or a dropped relation. */
export type Counters = {
  readonly file: string
  readonly size: number
  readonly scans: number
  readonly read: number
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

export type SeenIndex = {
  readonly oid: string
  readonly table: string
  readonly name: string
  readonly file: string
  readonly unique: boolean
}

/** What the session sees of some relations, and of all indexes on them. */
export type SessionView = { readonly counters: ReadonlyMap<string, Counters>; readonly indexes: readonly SeenIndex[] }

/** Runs in the session that is watched, also in its open transaction. */
export async function readView({ send }: Pick<Session, 'send'>, oids: readonly string[]): Promise<SessionView> {
  if (oids.length === 0) return { counters: new Map(), indexes: [] }
  const list = `'{${oids.join(',')}}'::pg_catalog.oid[]`
  const answers = await send(
    `SELECT o, coalesce(pg_catalog.pg_relation_filenode(o), 0), coalesce(pg_catalog.pg_relation_size(c.oid), 0),
      pg_catalog.pg_stat_get_xact_numscans(o), pg_catalog.pg_stat_get_xact_tuples_returned(o),
      pg_catalog.pg_stat_get_xact_tuples_inserted(o), pg_catalog.pg_stat_get_xact_tuples_updated(o),
      pg_catalog.pg_stat_get_xact_tuples_deleted(o)
     FROM pg_catalog.unnest(${list}) o LEFT JOIN pg_catalog.pg_class c ON c.oid = o AND c.relkind IN ('r', 'm', 'i');
     SELECT i.indexrelid, i.indrelid, c.relname, coalesce(pg_catalog.pg_relation_filenode(c.oid), 0), i.indisunique
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid OPERATOR(pg_catalog.=) ANY (${list}) AND c.relkind = 'i'`,
  )
  const counters = new Map<string, Counters>()
  for (const [oid, file, size, scans, read, inserted, updated, deleted] of answers.at(-2)?.rows ?? []) {
    counters.set(String(oid), {
      file: String(file),
      size: Number(size),
      scans: Number(scans),
      read: Number(read),
      inserted: Number(inserted),
      updated: Number(updated),
      deleted: Number(deleted),
    })
  }
  const indexes = (answers.at(-1)?.rows ?? []).map(([oid, table, name, file, unique]) => ({
    oid: String(oid),
    table: String(table),
    name: String(name),
    file: String(file),
    unique: unique === 't',
  }))
  return { counters, indexes }
}

/** Counters that began again are smaller than before. */
const since = (now: number, before: number | undefined): number => (now >= (before ?? 0) ? now - (before ?? 0) : now)

/** What happened between two views. */
export const difference = (now: Counters, before: Counters | undefined): Omit<Counters, 'file' | 'size'> => ({
  scans: since(now.scans, before?.scans),
  read: since(now.read, before?.read),
  inserted: since(now.inserted, before?.inserted),
  updated: since(now.updated, before?.updated),
  deleted: since(now.deleted, before?.deleted),
})
