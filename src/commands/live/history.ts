// Finds the table of applied versions of a target, and creates it and our journal for the first step.
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import { type History, sqlName, type TableName } from '../../state/history.js'
import {
  candidatesFrom,
  candidatesQuery,
  type FoundTables,
  detectHistory,
  type OtherHistory,
} from '../../tools/detect-history.js'
import { foreignTablesFrom, foreignTablesQuery, type ForeignTables } from '../../tools/foreign-histories.js'
import { historyNamed } from '../../tools/histories.js'
import { parseTableName, seedsTable } from '../../tools/table-name.js'
import type { Target, TableFromEnvironment } from '../../ports/target.js'
import type { ReadDatabase } from '../shared/read-database.js'
import { literal } from '../../sql/quote.js'

/** `table` is the qualified, quoted name for SQL. `schema` and `name` are its plain parts. */
export type FoundHistory = {
  readonly history: History
  readonly table: string
  readonly schema: string
  readonly name: string
  readonly exists: boolean
  /** How it was decided, and the skipped histories, as sentences. */
  readonly reason: string
  readonly notes: readonly string[]
  /** The tables of applied versions that do not count here: of tools that this program knows, and of others. */
  readonly others: readonly OtherHistory[]
  readonly foreign: ForeignTables
}

/** Rejects with a UserError, of kind `use` if the database does not show which history counts. */
export async function findHistory(options: {
  readonly target: Target
  readonly read: ReadDatabase
  readonly stream: 'schema' | 'seed'
}): Promise<FoundHistory> {
  const { target, read, stream } = options
  const candidates = await readCandidates({ target, config: read.config })
  const { config, schema } = read
  const { migrations, layout } = schema
  const named = tableFor(options)
  const history = named === undefined ? config.history : { kind: named.kind, table: named.table }
  const detected = detectHistory({
    found: candidates,
    layout: layout.name,
    config: { history },
    migrations,
    stream,
    ...(named && { named: named.from }),
  })
  if (detected.kind === 'conflict') {
    throw new UserError({ kind: 'use', what: `${config.name}: ${detected.what}`, fix: detected.fix })
  }
  const { exists, reason, others } = detected
  const theirs = without(foreignTablesFrom(await target.read(foreignTablesQuery())), [detected.table, ...others])
  return {
    others,
    foreign: theirs,
    history: detected.history,
    exists,
    reason,
    schema: detected.table.schema,
    name: detected.table.name,
    table: sqlName(detected.table),
    notes: [
      ...others.map(
        (other) => `the database also has the history ${other.schema}.${other.name}, which does not count here`,
      ),
      ...theirs.histories
        .filter(({ apart }) => !apart)
        .map(
          (one) =>
            `the database also has the history of ${one.tool} (${one.schema}.${one.name}), which does not count here`,
        ),
      ...target.tablesFromEnvironment
        .filter((one) => one !== named && one.kind === 'golang-migrate')
        .map(({ from }) => `${from} does not count here: the config or the files say otherwise`),
    ],
  }
}

/** A table that the files or the config give to a tool of ours is no other tool's. */
function without({ histories, tables }: ForeignTables, ours: readonly TableName[]): ForeignTables {
  const isOurs = (one: TableName): boolean =>
    ours.some(({ schema, name }) => one.schema === schema && one.name === name)
  return { histories: histories.filter((one) => !isOurs(one)), tables: tables.filter((one) => !isOurs(one)) }
}

/** The tables of a target that may be a history. */
async function readCandidates(options: {
  readonly target: Target
  readonly config: Pick<DatabaseConfig, 'history'>
}): Promise<FoundTables> {
  const { kind, table } = options.config.history
  const named = [
    ...(table === undefined ? [] : [parseTableName(table, historyNamed(kind)).name]),
    ...options.target.tablesFromEnvironment.map((one) => parseTableName(one.table, historyNamed(one.kind)).name),
  ]
  return candidatesFrom(await options.target.read(candidatesQuery(named)))
}

/** If the config names no table: the one from the tool's environment variable. */
function tableFor({
  target,
  read,
}: Pick<Parameters<typeof findHistory>[0], 'target' | 'read'>): TableFromEnvironment | undefined {
  const { kind, table } = read.config.history
  if (table !== undefined) return undefined
  const usual = read.schema.layout.histories.candidates[0]?.kind
  return target.tablesFromEnvironment.find((one) => one.kind === (kind ?? usual))
}

/**
 * Whether a live database holds nothing that migrations could have created: apart from the history, our own schema and
 * extensions, no relation, function or type.
 */
export async function isBare(target: Target, { schema, name }: FoundHistory): Promise<boolean> {
  const own = [name, seedsTable({ schema, name }).name].map(literal).join(', ')
  const others = (catalogue: string, namespace: string): string => `pg_catalog.${catalogue} o
  JOIN pg_catalog.pg_namespace n ON n.oid = o.${namespace}
  WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'migration_gate') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.${catalogue}'::regclass AND d.objid = o.oid AND d.deptype = 'e')`
  const rows = await target.read(`SELECT 1
WHERE EXISTS (SELECT FROM ${others('pg_class', 'relnamespace')} AND o.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT (n.nspname = ${literal(schema)} AND o.relname IN (${own})))
  OR EXISTS (SELECT FROM ${others('pg_proc', 'pronamespace')})
  OR EXISTS (SELECT FROM ${others('pg_type', 'typnamespace')} AND o.typtype IN ('e', 'd', 'r'))`)
  return rows.length === 0
}

type WithHistory = { readonly target: Target; readonly read: ReadDatabase; readonly found: FoundHistory }

/**
 * The target after its history was created, and whether a journal is kept. `notes`: why there is none. Call it under
 * the locks. Rejects with a UserError if the tool's table cannot be created.
 */
export async function makeTables<Connected extends WithHistory>(
  connected: Connected,
): Promise<{
  readonly connected: Connected
  readonly journal: 'on' | 'off'
  readonly notes: readonly string[]
}> {
  const ready = { ...connected, found: await makeHistory(connected, 'schema') }
  if (connected.read.config.journal === 'off') return { connected: ready, journal: 'off', notes: [] }
  const missing = await connected.target.prepareJournal()
  if (missing === undefined) return { connected: ready, journal: 'on', notes: [] }
  return { connected: ready, journal: 'off', notes: [`no journal is kept: ${missing}`] }
}

/** `found` is the history of that stream. The tool may create its table at the same time. */
export async function makeHistory(
  { target, read, found }: WithHistory,
  stream: 'schema' | 'seed',
): Promise<FoundHistory> {
  if (found.exists) return found
  try {
    await target.write(found.history.create(found.table))
  } catch (error) {
    const now = await findHistory({ target, read, stream })
    if (!now.exists || now.table !== found.table) throw error
  }
  return { ...found, exists: true }
}
