// Statements that no transaction takes: another session keeps them waiting in the middle, so that their locks can be read.
import type { LockMode } from '../../../impact/lock-modes.js'
import { stronger } from '../../../impact/lock-modes.js'
import { isDatabaseError, type Session } from '../session.js'
import { withSchema } from '../../../impact/relation-name.js'
import { isTable, readLocks, type BackendLocks, type OldRelation } from './old-relations.js'

/** `locks`: all that the statement held or waited for. */
export type Watching = { readonly locks: BackendLocks; readonly error: Error | undefined }

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

/** How often a statement is kept waiting: CONCURRENTLY comes to its tables in several transactions. */
const MOST_WAITS = 4

/**
 * Runs a statement in `mover`, whose process is `pid`. The first of the `holders` keeps a snapshot and ROW EXCLUSIVE on the tables, for
 * which CONCURRENTLY waits, and VACUUM FULL, CLUSTER and REINDEX as well. As soon as the statement waits, `waiting` looks; then the
 * other holder takes the place of the first one with ACCESS SHARE, for which a later transaction of the statement waits if it takes
 * a table for itself, and so on.
 */
export async function runAlone(options: {
  readonly text: string
  readonly mover: Session
  readonly pid: string
  readonly observer: Session
  readonly holders: readonly [Session, Session]
  readonly tables: readonly OldRelation[]
  readonly waiting: (modes: ReadonlyMap<string, LockMode>) => Promise<void>
}): Promise<Watching> {
  const { mover, observer, pid } = options
  const modes = new Map<string, LockMode>()
  const written = new Set<string>()
  const look = async (): Promise<void> => {
    const now = await readLocks(observer, pid)
    for (const [oid, mode] of now.modes) modes.set(oid, stronger(modes.get(oid), mode))
    for (const oid of now.written) written.add(oid)
  }
  const names = options.tables.filter(isTable).map(({ relation }) => withSchema(relation))
  const lock = names.length === 0 ? '' : `LOCK TABLE ${names.join(', ')} IN ROW EXCLUSIVE MODE;`
  let [holding, next] = options.holders
  await holding.send(`BEGIN ISOLATION LEVEL REPEATABLE READ;${lock}SELECT 1`)
  let ended: { readonly error: Error | undefined } | undefined
  const running = mover.send(options.text).then(
    () => (ended = { error: undefined }),
    (error: unknown) => (ended = { error: error instanceof Error ? error : new Error(String(error)) }),
  )
  let waits = 0
  try {
    while (ended === undefined) {
      await look()
      if (waits === MOST_WAITS || !(await isWaiting(observer, pid))) continue
      await look()
      await options.waiting(modes)
      waits++
      await takeOver(next, waits < MOST_WAITS ? names : [])
      await holding.send('ROLLBACK')
      ;[holding, next] = [next, holding]
    }
  } finally {
    await holding.send('ROLLBACK')
    await running
  }
  return { locks: { modes, written }, error: ended.error }
}

/** Tables that the statement has for itself, or waits for, are left to it. */
async function takeOver({ send }: Session, names: readonly string[]): Promise<void> {
  await send(`BEGIN; SET LOCAL lock_timeout = '20ms'`)
  for (const name of names) {
    try {
      await send(`SAVEPOINT one; LOCK TABLE ONLY ${name} IN ACCESS SHARE MODE`)
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      await send('ROLLBACK TO one')
    }
  }
}

async function isWaiting({ send }: Session, pid: string): Promise<boolean> {
  const answer = await send(`SELECT 1 FROM pg_catalog.pg_locks WHERE pid = ${pid} AND NOT granted`)
  return (answer.at(-1)?.rows.length ?? 0) > 0
}
