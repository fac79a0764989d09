// Online ways for migrations that make clients wait: found, and proved to be equal, online and reversible.
import { compareSnapshots } from '../catalog/compare-snapshots.js'
import { deriveDown, wordsOf } from '../catalog/derive/down.js'
import { isRestored, sameness } from '../catalog/difference.js'
import type { Snapshot } from '../catalog/snapshot.js'
import type { Impact, MigrationImpact } from '../impact/facts.js'
import { isWaiting } from '../impact/judge/effect.js'
import { judge } from '../impact/judge/judge.js'
import { onlineDown } from '../impact/online/online-down.js'
import type {
  AuthorStatement,
  OnlineMigration,
  StatementEffect,
  WrittenMigration,
} from '../impact/online/online-migration.js'
import { onlineWay } from '../impact/online/online-way.js'
import { rowFacts, waitingStatements } from '../impact/online/waiting-statements.js'
import { withSchema } from '../impact/relation-name.js'
import { stopIfCancelled, UserError } from '../model/errors.js'
import { ownScript, type Migration, type Script } from '../model/migration.js'
import type { Scratch, ScratchEnvironment } from '../ports/scratch.js'
import type { OnlineWay } from '../report/check-report.js'
import { splitStatements } from '../sql/statements.js'
import { transactionControl } from '../sql/transactions.js'
import { WorkingCopy } from './scratch-copies.js'
import { watchSteps } from './watch-scope.js'

/**
 * Files in the place of a migration, and what the folder's tool reads from them. `later`: those but the first run behind the
 * newest migration of the folder, because there is no room before the next one. `earlier`: ways of other migrations, whose
 * versions are taken. Undefined where the tool cannot run them so.
 */
export type WriteWay = (
  migration: Migration,
  way: readonly WrittenMigration[],
  earlier: readonly OnlineWay[],
) =>
  | { readonly files: OnlineWay['files']; readonly migrations: readonly Migration[]; readonly later: boolean }
  | undefined

export type OnlineWaysOptions = {
  readonly environment: ScratchEnvironment
  /** The state before the first migration. It is left as it is. */
  readonly base: Scratch
  /** Those of the scope, in order. */
  readonly migrations: readonly Migration[]
  readonly impacts: ReadonlyMap<string, MigrationImpact>
  readonly isWanted: (migration: Migration) => boolean
  readonly write: WriteWay
  readonly signal: AbortSignal
}

/** So many of one database are looked for; it takes about a second for each. */
const MOST = 10

/** The proved ways by migration id. What cannot be proved has none. Rejects only when the run is cancelled. */
export async function findOnlineWays(options: OnlineWaysOptions): Promise<ReadonlyMap<string, OnlineWay>> {
  const ways = new Map<string, OnlineWay>()
  try {
    await findAll(options, ways)
  } catch (error) {
    // The proof is done, and a server that stops here changes nothing of it.
    if (!(error instanceof UserError) || error.kind !== 'environment') throw error
  }
  return ways
}

async function findAll(options: OnlineWaysOptions, ways: Map<string, OnlineWay>): Promise<void> {
  const { migrations, impacts, isWanted, environment, base, signal } = options
  const wanted = migrations.filter((one) => isWanted(one) && makesWait(impacts.get(one.id))).slice(0, MOST)
  const last = wanted.at(-1)
  if (last === undefined) return
  const copy = await environment.copy(base)
  if (copy === undefined) return
  const place = await WorkingCopy.over(environment, copy)
  try {
    for (const [at, migration] of migrations.entries()) {
      stopIfCancelled(signal)
      const found = wanted.includes(migration)
        ? await findWay(place, migration, {
            ...options,
            following: migrations.slice(at + 1),
            earlier: [...ways.values()],
          })
        : undefined
      if (found !== undefined) ways.set(migration.id, found)
      if (migration === last || migration.up === undefined) continue
      if (!(await place.run(migration.up, 'up')).ok) break
    }
  } finally {
    await place.main.drop()
  }
}

/** Rows that make it fail for certain have to be changed first. */
const makesWait = (impact: MigrationImpact | undefined): boolean => {
  const effects = impact === undefined ? [] : judge(impact, 'up')
  return effects.some(isWaiting) && !effects.some((one) => one.rule === 'fails-on-rows' && one.atMost === undefined)
}

async function findWay(
  before: WorkingCopy,
  migration: Migration,
  options: OnlineWaysOptions & { readonly following: readonly Migration[]; readonly earlier: readonly OnlineWay[] },
): Promise<OnlineWay | undefined> {
  const { environment, impacts, write, following, earlier } = options
  const impact = impacts.get(migration.id)
  if (migration.up === undefined || impact?.up === undefined) return undefined
  const { up } = migration
  const inCopy = async <T>(body: (place: WorkingCopy) => Promise<T>): Promise<T | undefined> => {
    const copy = await environment.copy(before.main)
    if (copy === undefined) return undefined
    const place = await WorkingCopy.over(environment, copy)
    try {
      return await body(place)
    } finally {
      await place.main.drop()
    }
  }
  const author = await inCopy((place) => followAuthor(place, up, impact))
  const way = author && onlineWay(author)
  const downs = way && (await inCopy((place) => deriveDowns(place, up, way)))
  const written = downs && write(migration, downs, earlier)
  if (written === undefined) return undefined
  const scripts = written.migrations.map((one) => ({ migration: one, judged: true }))
  const rest = following.map((one) => ({ migration: one, judged: false }))
  const order = written.later ? [...scripts.slice(0, 1), ...rest, ...scripts.slice(1)] : scripts
  const all = [migration, ...(written.later ? following : [])]
  const tables = changedBy(impact.up)
  const goal = await inCopy((place) => endOf(place, all, tables))
  const end = goal && (await inCopy((place) => proveEach(place, order, tables)))
  if (goal === undefined || end === undefined) return undefined
  const word = sameness(compareSnapshots(goal.schema, end.schema))
  if (!isRestored(word) || !haveSameRows(goal.rows, end.rows, rewrittenBy([migration, ...following], impacts)))
    return undefined
  const base = await environment.copy(before.main)
  if (base === undefined || !(await isOnline(options, { base, order, impact: impact.up }))) return undefined
  return {
    files: written.files,
    migrations: written.migrations.map(({ id }) => id),
    ...(word !== 'same' && { order: 'other' as const }),
    ...(written.later && following.length > 0 && { behind: following.at(-1)?.id ?? '' }),
  }
}

/** The author's statements, each run by itself, with the effects of those for which clients wait. Undefined where one fails. */
async function followAuthor(
  place: WorkingCopy,
  up: Script,
  impact: MigrationImpact,
): Promise<readonly AuthorStatement[] | undefined> {
  const facts = impact.up
  if (facts === undefined) return undefined
  const { own, apart } = waitingStatements(facts)
  const list: AuthorStatement[] = []
  const statements = up.messages.flatMap(({ text }) => splitStatements(text))
  if (facts.statements.length !== statements.length) return undefined
  for (const [at, statement] of statements.entries()) {
    const number = at + 1
    const text = statement.text.trim().replace(/;$/, '')
    if (transactionControl(statement) !== undefined) {
      list.push({ text })
      continue
    }
    const before = new Map(place.tracker.now)
    const moment = place.tracker.remember()
    const ran = await place.run(ownScript(up.file, [text]), 'up')
    const fates = place.tracker.fatesSince(moment)
    place.tracker.forget(moment)
    if (!ran.ok) return undefined
    const effect = own.has(number) ? await effectOf(place, { before, fates, facts, number }) : undefined
    list.push({ text, effect, ...(apart.has(number) && { apart: true as const }) })
  }
  return list
}

const PARTITION_CONDITIONS = `SELECT format('%I.%I', n.nspname, c.relname), pg_catalog.pg_get_partition_constraintdef(c.oid)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relispartition AND c.relkind IN ('r', 'p') AND pg_catalog.pg_get_partition_constraintdef(c.oid) IS NOT NULL`

async function effectOf(
  place: WorkingCopy,
  known: Pick<StatementEffect, 'before' | 'fates'> & { readonly facts: Impact; readonly number: number },
): Promise<StatementEffect> {
  const { before, fates, facts, number } = known
  const conditions = await place.main.read(PARTITION_CONDITIONS)
  return {
    before,
    after: new Map(place.tracker.now),
    fates,
    ...rowFacts(facts, number),
    partitionConditions: new Map(conditions.map(([name = '', condition = '']) => [name, condition])),
  }
}

/** The way with the derived down of each migration; undefined where one fails, or a down cannot be derived whole. */
async function deriveDowns(
  place: WorkingCopy,
  up: Script,
  way: readonly OnlineMigration[],
): Promise<readonly WrittenMigration[] | undefined> {
  const written: WrittenMigration[] = []
  for (const migration of way) {
    const before = new Map(place.tracker.now)
    const moment = place.tracker.remember()
    const { up: statements, transaction } = migration
    const ran = await place.run(ownScript(up.file, [statements.map((one) => `${one};`).join('\n')], transaction), 'up')
    const fates = place.tracker.fatesSince(moment)
    place.tracker.forget(moment)
    if (!ran.ok) return undefined
    const derived = deriveDown(before, place.tracker.now, { fates, words: wordsOf(up) })
    if (derived.alone.length > 0) return undefined
    written.push({ ...migration, down: onlineDown(derived.statements, transaction) })
  }
  return written
}

type End = { readonly schema: Snapshot; readonly rows: ReadonlyMap<string, string> }

/** Old tables whose rows a script writes: there the way has to leave the same rows. */
const changedBy = ({ changed }: Impact): readonly string[] => [...new Set(changed.map(({ relation }) => relation))]

/** As many rows as show whether two ways differ. */
const ROWS_EACH = 20

/** The same rows in each copy, among them NULL, equal and far values. */
const fill = ({ main }: WorkingCopy, tables: readonly string[]): Promise<unknown> =>
  tables.length === 0 ? Promise.resolve() : main.fill({ tables, rows: ROWS_EACH, kind: 'awkward' })

async function endOf(
  place: WorkingCopy,
  migrations: readonly Migration[],
  tables: readonly string[],
): Promise<End | undefined> {
  await fill(place, tables)
  for (const { up } of migrations) if (up !== undefined && !(await place.run(up, 'up')).ok) return undefined
  return { schema: new Map(place.tracker.now), rows: await place.main.rows() }
}

type Ordered = readonly { readonly migration: Migration; readonly judged: boolean }[]

/** Each migration of the way up, down and up, the others up; undefined where one does not hold. */
async function proveEach(place: WorkingCopy, order: Ordered, tables: readonly string[]): Promise<End | undefined> {
  await fill(place, tables)
  for (const { migration, judged } of order) {
    const { up, down } = migration
    if (up === undefined) continue
    const before = new Map(place.tracker.now)
    if (!(await place.run(up, 'up')).ok) return undefined
    if (!judged) continue
    const after = new Map(place.tracker.now)
    // A file with nothing to roll back has no statement.
    if (down !== undefined && !(await place.run(down, 'down')).ok) return undefined
    if (!isRestored(sameness(compareSnapshots(before, place.tracker.now)))) return undefined
    if (!(await place.run(up, 'up')).ok) return undefined
    if (sameness(compareSnapshots(after, place.tracker.now)) !== 'same') return undefined
  }
  return { schema: new Map(place.tracker.now), rows: await place.main.rows() }
}

/** Each row of a table that is written again may compute its own values, so those of two runs differ. */
const rewrittenBy = (migrations: readonly Migration[], impacts: OnlineWaysOptions['impacts']): ReadonlySet<string> =>
  new Set(
    migrations.flatMap(({ id }) => impacts.get(id)?.up?.rewritten ?? []).map(({ relation }) => withSchema(relation)),
  )

const haveSameRows = (goal: End['rows'], end: End['rows'], except: ReadonlySet<string>): boolean =>
  [...goal].every(([table, rows]) => except.has(table) || end.get(table) === rows)

/** Watched one by one in tables with rows: no client waits, and rows make nothing fail but what they made fail before. */
async function isOnline(
  { environment, signal }: OnlineWaysOptions,
  { base, order, impact }: { readonly base: Scratch; readonly order: Ordered; readonly impact: Impact },
): Promise<boolean> {
  const scripts = order.flatMap(({ migration }) => migration.up ?? [])
  const watched = await watchSteps({ environment, base, signal, scripts, deploy: 'one by one' })
  if (watched.length < scripts.length) return false
  const mayFail = impact.failsOnRows !== undefined
  return order.every(({ judged }, at) => {
    const one = watched[at]
    if (!judged || one === undefined) return !judged
    const effects = judge({ up: one }, 'up')
    return (
      one.statements.length > 0 &&
      !effects.some(isWaiting) &&
      !effects.some(({ rule, atMost }) => rule === 'fails-on-rows' && (!mayFail || atMost === undefined))
    )
  })
}
