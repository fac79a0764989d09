// Stops migrations before a database with tables that no known history explains: they would all run again.
import type { Settings } from '../../config/settings.js'
import { UserError } from '../../model/errors.js'
import { tablesCreated } from '../../sql/effects/created-tables.js'
import {
  countedTables,
  existingOf,
  existingRefusal,
  isUnknown,
  type Existing,
  type OwnedTable,
} from '../../state/existing-tables.js'
import { JOURNAL } from '../../state/journal.js'
import { historyNamed } from '../../tools/histories.js'
import { parseTableName, seedsTable } from '../../tools/table-name.js'
import { sqlName, type History, type TableName } from '../../state/history.js'
import type { DatabaseConfig } from '../../model/config.js'
import type { Target } from '../../ports/target.js'
import { selectDatabases } from '../shared/databases.js'
import type { UpRequest } from '../../requests/request.js'
import { readDatabase } from '../shared/read-database.js'
import { commandWithExisting } from '../../requests/suggested-command.js'
import { literal } from '../../sql/quote.js'
import type { Run } from './run.js'
import { stoppedBy, type ConnectedTarget, type PlannedTarget, type Staged, type TargetStatus } from './target.js'

/** All targets of the run, and the settings in which their neighbours are. */
export type Neighbours = {
  readonly run: Run
  readonly targets: readonly Staged<ConnectedTarget>[]
  readonly settings: Settings
}

/** Stops each target whose ups would run on such tables. `existing` `allow`: none. Reads only. */
export async function refuseExisting(
  planned: readonly Staged<PlannedTarget>[],
  { existing, ...neighbours }: Omit<Neighbours, 'targets'> & { readonly existing: UpRequest['existing'] },
): Promise<readonly Staged<PlannedTarget>[]> {
  if (existing === 'allow') return planned
  return Promise.all(
    planned.map(async (one) => {
      if (one.stopped !== undefined || !one.plan.steps.some(({ direction }) => direction === 'up')) return one
      try {
        const found = await existingIn(one, one.status, { ...neighbours, targets: planned })
        if (found === undefined) return one
        const { what, fix } = existingRefusal({
          database: one.read.config.name,
          about: one.about,
          command: neighbours.run.request.command,
          again: commandWithExisting(neighbours.run.request, one.read.config.name),
          migrations: one.read.schema.migrations,
          existing: found,
        })
        return { ...one, stopped: { kind: 'refused', what, fix } as const }
      } catch (error) {
        return { ...one, stopped: stoppedBy(error) }
      }
    }),
  )
}

/** Undefined if the database is empty, or if migrations of this repository explain what is there. */
export async function existingIn(
  one: ConnectedTarget,
  status: TargetStatus,
  neighbours: Neighbours,
): Promise<Existing | undefined> {
  if (!isUnknown(status, status.journal)) return undefined
  const { target, read, found } = one
  const { migrations } = read.schema
  const histories = [
    ...[found, ...found.others].flatMap((own) => [own, seedsTable(own)]),
    ...found.foreign.tables,
    ...found.foreign.histories,
  ]
  const tables = countedTables({
    tables: await ownedTables(target),
    migrations,
    histories,
    home: found.schema,
    expected: new Set(read.setup.flatMap(({ messages }) => messages.flatMap(({ text }) => tablesCreated(text)))),
  })
  const others = [
    ...found.others.map((other) => ({ ...other, tool: other.kind, apart: other.schema !== found.schema })),
    ...found.foreign.histories.map((other) => ({ ...other, kind: undefined })),
  ]
  const filled = []
  for (const other of others) if (await isFilled(target, other)) filled.push(other)
  const existing = existingOf(tables, filled)
  return existing === undefined || (await isOfNeighbour(one, neighbours)) ? undefined : existing
}

async function ownedTables(target: Target): Promise<readonly OwnedTable[]> {
  const rows = await target.read(TABLES)
  return rows.map(([schema, name, inPath, owner]) => ({
    schema: schema ?? '',
    name: name ?? '',
    inPath: inPath === 't',
    owner: owner ?? '',
  }))
}

/** Tables and partitioned tables without their partitions, and foreign tables, unless an extension made them. */
const TABLES = `SELECT n.nspname::text, c.relname::text, n.nspname = ANY(pg_catalog.current_schemas(false)), pg_catalog.pg_get_userbyid(c.relowner)::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', ${literal(JOURNAL.schema)})
AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname`

/** Whether the table has a version. One that this role may not read counts as filled. */
async function isFilled(target: Target, { kind, ...table }: Filled): Promise<boolean> {
  const history = kind === undefined ? undefined : historyNamed(kind)
  try {
    if (history === undefined) return (await target.read(`SELECT 1 FROM ${sqlName(table)} LIMIT 1`)).length > 0
    const { missing, dirty } = history.applied([], await target.read(history.read(sqlName(table))))
    return missing.length > 0 || dirty !== undefined
  } catch (error) {
    if (error instanceof UserError && /SQLSTATE/.test(error.message)) return true
    throw error
  }
}

/** `kind`: of a tool whose table is read here. */
type Filled = TableName & { readonly kind: History['kind'] | undefined }

/** Whether another folder of this repository has migrations in the same database: what is there may be theirs. */
async function isOfNeighbour(one: ConnectedTarget, { run, targets, settings }: Neighbours): Promise<boolean> {
  const { target } = one
  for (const other of targets) {
    if (other.stopped !== undefined || other.read === one.read || other.target.identity !== target.identity) continue
    const { history, table, exists } = other.found
    const rows = exists ? await target.read(history.read(table)) : []
    if (history.applied(other.read.schema.migrations, rows).migrations.length > 0) return true
  }
  const { files } = run.world
  const names = new Set(targets.map(({ read }) => read.config.name))
  const { databases } = await selectDatabases({ files, settings, paths: run.request.paths, names: [] })
  for (const config of [...settings.databases, ...databases]) {
    if (names.has(config.name)) continue
    names.add(config.name)
    const journal = await target.readJournal(config.name)
    if (journal.some(({ outcome }) => outcome === 'applied' || outcome === 'recorded')) return true
    if (await isHistoryOf(one, config, run)) return true
  }
  return false
}

/** Whether a history that does not count for the target is that of another folder: its table, and versions of its files. */
async function isHistoryOf({ target, found }: ConnectedTarget, config: DatabaseConfig, run: Run): Promise<boolean> {
  if (found.others.length === 0) return false
  const read = await readDatabase(config, run.world).catch(() => undefined)
  if (read === undefined) return false
  const { migrations, layout } = read.schema
  const history =
    config.history.kind === undefined ? layout.histories.first(migrations) : historyNamed(config.history.kind)
  if (history === undefined) return false
  const { name } = parseTableName(config.history.table ?? history.table, history)
  const table = found.others.find((other) => other.kind === history.kind && other.name === name)
  if (table === undefined) return false
  const { missing, migrations: applied } = history.applied(migrations, await target.read(history.read(sqlName(table))))
  return applied.length > 0 && missing.length === 0
}
