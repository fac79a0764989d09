// The truth of a case, measured on a server without the program: its locks, the clients that wait, and its work on tables with rows.
import type { LockMode } from '../../../src/impact/lock-modes.js'
import type { Case } from './case.js'
import { sqlstateOf, type OldTable } from './old-tables.js'
import { locksOf, merge, openStage, sorted, waitingClients, type Seen, type Server, type Stage } from './stage.js'
import { watchWaiting } from './waiting.js'

/**
 * All names are those of tables that were there before. `holds`: the strongest mode that the script had. `kept`: those with
 * which it reached its COMMIT; undefined: it has no transaction. `refused`: client statements that waited there (`insert orders`), sorted; undefined: not
 * measured. `fails`: the SQLSTATE with which it ended. `rewritten`, `built` and `read` are of tables with 1,000 rows or more.
 */
export type Truth = {
  readonly holds: ReadonlyMap<string, LockMode>
  readonly kept: ReadonlyMap<string, LockMode> | undefined
  readonly refused: readonly string[] | undefined
  readonly fails: string | undefined
  readonly rewritten: readonly string[]
  readonly built: readonly string[]
  readonly read: readonly string[]
}

/** Work on fewer rows does not count. */
const MANY_ROWS = 1_000

/** A new, empty database for each call: some statements are measured more than once. */
export async function measure(each: Case, server: Server): Promise<Truth> {
  const stage = await openStage(each.base, server)
  try {
    const before = await readIndexes(stage)
    const run = each.transaction === false ? await runAlone(stage, each, server) : await runTogether(stage, each)
    return { ...run, ...(await workOn(stage, before)) }
  } finally {
    await stage.close()
  }
}

type Run = Omit<Truth, 'rewritten' | 'built'>

async function runTogether(stage: Stage, { up }: Case): Promise<Run> {
  const { script } = stage
  const holds = new Map<string, LockMode>()
  await script.query('BEGIN')
  try {
    for (const sql of up) {
      await script.query(sql)
      merge(holds, await locksOf(stage))
    }
    const kept = await locksOf(stage)
    const refused = await waitingClients(stage)
    const read = await readWhole(stage)
    await script.query('COMMIT')
    return { holds, kept, refused, fails: undefined, read }
  } catch (error) {
    const fails = sqlstateOf(error)
    await script.query('ROLLBACK')
    return { holds, kept: holds, refused: undefined, fails, read: [] }
  }
}

/** Statements that begin or end a transaction, in a script that runs without one. */
const BEGINS = /^(begin|start transaction)\b/i
const ENDS = /^(commit|end|rollback)\s*$/i

async function runAlone(stage: Stage, { base, up }: Case, server: Server): Promise<Run> {
  const { script } = stage
  const holds = new Map<string, LockMode>()
  const refused: string[] = []
  let isJudged = true
  let isOpen = false
  try {
    for (const [at, sql] of up.entries()) {
      if (BEGINS.test(sql) || isOpen) {
        if (ENDS.test(sql)) refused.push(...(await waitingClients(stage)))
        await script.query(sql)
        merge(holds, await locksOf(stage))
        isOpen = !ENDS.test(sql)
        continue
      }
      const seen =
        (await inTransaction(stage, sql)) ??
        (await watchWaiting({ base, earlier: up.slice(0, at), sql, tables: [...stage.tables.values()] }, server))
      merge(holds, seen.holds)
      if (seen.refused === undefined) isJudged = false
      refused.push(...(seen.refused ?? []))
      await script.query(sql)
    }
    return {
      holds,
      kept: undefined,
      refused: isJudged && !isOpen ? sorted(refused) : undefined,
      fails: undefined,
      read: [],
    }
  } catch (error) {
    return { holds, kept: undefined, refused: undefined, fails: sqlstateOf(error), read: [] }
  }
}

/** What the statement does in a transaction, which is rolled back; undefined where it takes none. */
async function inTransaction(stage: Stage, sql: string): Promise<Seen | undefined> {
  const { script } = stage
  await script.query('BEGIN')
  try {
    await script.query(sql)
    return { holds: await locksOf(stage), refused: await waitingClients(stage) }
  } catch (error) {
    if (['25001', '2D000'].includes(sqlstateOf(error))) return undefined
    throw error
  } finally {
    await script.query('ROLLBACK')
  }
}

const large = ({ tables }: Stage): readonly OldTable[] => [...tables.values()].filter(({ rows }) => rows >= MANY_ROWS)

/** Tables of which the transaction read as many rows as they have, or more. */
async function readWhole(stage: Stage): Promise<readonly string[]> {
  const read: string[] = []
  for (const { oid, name, rows } of large(stage)) {
    const answer = await stage.script.query<{ count: string }>(
      `SELECT pg_stat_get_xact_tuples_returned($1)::text AS count`,
      [oid],
    )
    if (Number(answer.rows[0]?.count) >= rows) read.push(name)
  }
  return read
}

type Indexes = ReadonlyMap<string, string>

const readIndexes = async ({ observer }: Stage): Promise<Indexes> => {
  const { rows } = await observer.query<{ oid: string; file: string }>(
    `SELECT indexrelid::text AS oid, indrelid::text || ' ' || coalesce(pg_relation_filenode(indexrelid), 0)::text AS file FROM pg_index
     WHERE indrelid >= 16384`,
  )
  return new Map(rows.map(({ oid, file }) => [oid, file]))
}

/** Files that are not those from before. A table that is empty now was truncated. */
async function workOn(stage: Stage, before: Indexes): Promise<Pick<Truth, 'rewritten' | 'built'>> {
  const { observer } = stage
  const after = await readIndexes(stage)
  const changed = new Set(
    [...after].flatMap(([oid, file]) => (before.get(oid) === file ? [] : [file.split(' ')[0] ?? ''])),
  )
  const rewritten: string[] = []
  for (const { oid, name, file } of large(stage)) {
    const { rows } = await observer.query<{ file: string | null; relation: string | null }>(
      'SELECT pg_relation_filenode($1::oid)::text AS file, (SELECT oid::regclass::text FROM pg_class WHERE oid = $1::oid) AS relation',
      [oid],
    )
    const [now] = rows
    if (now?.relation == null || now.file === file) continue
    const left = await observer.query(`SELECT FROM ${now.relation} LIMIT 1`)
    if (left.rowCount === 1) rewritten.push(name)
  }
  return { rewritten, built: large(stage).flatMap(({ oid, name }) => (changed.has(oid) ? [name] : [])) }
}
