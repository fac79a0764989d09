// Statements that no transaction takes: another session keeps them waiting in the middle, so that their locks can be read.
import type { LockMode } from '../../../impact/lock-modes.js'
import { stronger } from '../../../impact/lock-modes.js'
import type { Session } from '../session.js'
import { qualified, readLocks, type OldRelation } from './old-relations.js'

/** `modes`: the strongest lock that the statement held or waited for, on each relation. */
export type Watching = { readonly modes: ReadonlyMap<string, LockMode>; readonly error: Error | undefined }

/** The relations that a text names, and the tables of the indexes that it names, without regard to what the words mean there. */
export function namedRelations(text: string, relations: readonly OldRelation[]): readonly OldRelation[] {
  const words = new Set(
    text
      .match(/"(?:[^"]|"")+"|[\w$\u0080-\uffff]+/g)
      ?.map((word) => (word.startsWith('"') ? word : word.toLowerCase())),
  )
  const named = new Set(
    relations.flatMap(({ oid, table, kind, relation }) =>
      words.has(lastNameOf(relation)) ? [kind === 'index' ? table : oid] : [],
    ),
  )
  return relations.filter(({ oid, kind }) => kind !== 'index' && named.has(oid))
}

/** `orders` of `billing.orders`. A name in quotes may be written without them where it is a keyword. */
const lastNameOf = (relation: string): string => /(?:"(?:[^"]|"")*"|[^".]+)$/.exec(relation)?.[0] ?? relation

/**
 * Runs a statement in `mover`, whose process is `pid`. `holder` keeps a snapshot and ROW EXCLUSIVE on the tables, for which
 * CONCURRENTLY waits, and VACUUM FULL, CLUSTER and REINDEX as well. As soon as the statement waits, `waiting` looks; then it goes on.
 */
export async function runAlone(options: {
  readonly text: string
  readonly mover: Session
  readonly pid: string
  readonly observer: Session
  readonly holder: Session
  readonly tables: readonly OldRelation[]
  readonly waiting: (modes: ReadonlyMap<string, LockMode>) => Promise<void>
}): Promise<Watching> {
  const { mover, observer, holder, pid } = options
  const modes = new Map<string, LockMode>()
  const look = async (): Promise<void> => {
    for (const [oid, mode] of await readLocks(observer, pid)) modes.set(oid, stronger(modes.get(oid), mode))
  }
  const tables = options.tables.filter(({ kind }) => kind === 'table' || kind === 'partitioned table')
  const names = tables.map(({ relation }) => qualified(relation))
  const lock = names.length === 0 ? '' : `LOCK TABLE ${names.join(', ')} IN ROW EXCLUSIVE MODE;`
  await holder.send(`BEGIN ISOLATION LEVEL REPEATABLE READ;${lock}SELECT 1`)
  let ended: { readonly error: Error | undefined } | undefined
  const running = mover.send(options.text).then(
    () => (ended = { error: undefined }),
    (error: Error) => (ended = { error }),
  )
  let isHolding = true
  try {
    while (ended === undefined) {
      await look()
      if (!isHolding || !(await isWaiting(observer, pid))) continue
      await look()
      await options.waiting(modes)
      await holder.send('ROLLBACK')
      isHolding = false
    }
  } finally {
    if (isHolding) await holder.send('ROLLBACK')
    await running
  }
  return { modes, error: ended.error }
}

async function isWaiting({ send }: Session, pid: string): Promise<boolean> {
  const answer = await send(`SELECT 1 FROM pg_catalog.pg_locks WHERE pid = ${pid} AND NOT granted`)
  return (answer.at(-1)?.rows.length ?? 0) > 0
}
