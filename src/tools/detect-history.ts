// Which history a database has, or gets: decided from its tables, the layout of the files and the config.
import type { DatabaseConfig } from '../model/config.js'
import { sqlName, type History, type TableName, type Rows } from '../state/history.js'
import type { LayoutName, Migration } from '../model/migration.js'
import { identifier, literal } from '../sql/quote.js'
import { dbmate } from './dbmate/history.js'
import { foreignToolOf } from './foreign-histories.js'
import { histories, historyNamed } from './histories.js'
import { ours } from './pairs/own-history.js'
import { parseTableName, seedsTable, writtenTableName } from './table-name.js'
import { toolNamed } from './tools.js'

/**
 * `exists` is false where the table is yet to be made. `reason` is the end of a sentence: why it was chosen.
 * `others` are tables of other histories in the same database, which the config excludes.
 */
export type Detected =
  | {
      readonly kind: 'history'
      readonly history: History
      readonly table: TableName
      readonly exists: boolean
      readonly reason: string
      readonly others: readonly OtherHistory[]
    }
  | { readonly kind: 'conflict'; readonly what: string; readonly fix: string }

/** A history of a tool of ours that does not count for these files. */
export type OtherHistory = TableName & Pick<History, 'kind'>

const candidatesOf = (layout: LayoutName): readonly History[] => toolNamed(layout).histories.candidates

type Options = {
  readonly found: FoundTables
  readonly layout: LayoutName
  readonly config: Pick<DatabaseConfig, 'history'>
  readonly migrations: readonly Migration[]
  readonly stream: 'schema' | 'seed'
  /** What names the table, where that is not the config. */
  readonly named?: string
}

type Match = { readonly history: History; readonly table: FoundTable }

/**
 * The config decides first, then the database, then the layout. Conflicts are: two histories, one where its tool would
 * not look, and a name that something else has. A wrong guess would run every migration again, so nothing is guessed.
 * Seeds (`stream`) go beside the migrations. Throws a UserError (`use`) for an invalid name in the config.
 */
export function detectHistory(options: Options): Detected {
  const schema = detectSchema(options)
  if (options.stream === 'schema' || schema.kind === 'conflict') return schema
  const table = seedsTable(schema.table)
  const there = options.found.tables.find((one) => same(one, table))
  if (there !== undefined && !holds(schema.history, there)) return taken(schema.history, there, options.found)
  return { ...schema, table, exists: there !== undefined }
}

function detectSchema(options: Options): Detected {
  const { found, layout, config } = options
  const matches = matchesIn(
    found,
    config.history.kind === undefined ? candidatesOf(layout) : [historyNamed(config.history.kind)],
  )
  if (config.history.table !== undefined) return named(options, config.history.table, matches)
  const wanted = config.history.kind
  const usable = matches.filter(
    (match) => isUsable(match, found) && (wanted === undefined || match.history.kind === wanted),
  )
  const [only, second] = usable
  if (only !== undefined && second !== undefined) return two(only, second)
  if (only !== undefined) {
    if (wanted === undefined && !candidatesOf(layout).includes(only.history)) return foreign(layout, only)
    return chosen({ history: only.history, table: only.table, found, matches, reason: 'its table is in the database' })
  }
  const history = wanted === undefined ? usual(options) : historyNamed(wanted)
  const likely: readonly History[] = wanted === undefined ? candidatesOf(layout) : [history]
  const stray = matches.find((match) => likely.includes(match.history))
  if (stray !== undefined) return elsewhere(stray, found)
  const schema = homeOf(history, found)
  if (schema === undefined) return nowhere(history)
  const table = { schema, name: plainTable(history) }
  if (wanted === undefined && history === dbmate && isOfRails(table, found)) return ofRails(table)
  const reason = wanted === undefined ? `it is the default of the layout ${layout}` : 'the config says so'
  return chosen({ history, table, found, matches, reason })
}

/** The config names the table. */
function named(options: Options, text: string, matches: readonly Match[]): Detected {
  const { found, config } = options
  const kind = config.history.kind
  const guess = kind === undefined ? usual(options) : historyNamed(kind)
  const written = parseTableName(text, guess)
  const schema = written.schema ?? homeOf(guess, found)
  if (schema === undefined) return nowhere(guess)
  const table = { schema, name: written.name }
  const there = found.tables.find((one) => same(one, table))
  const history =
    kind !== undefined || there === undefined
      ? guess
      : [guess, ...histories].find((one) => holds(one, there) && candidatesOf(options.layout).includes(one))
  if (history === undefined || (there !== undefined && !holds(history, there)))
    return taken(guess, there ?? table, found)
  return chosen({ history, table, found, matches, reason: `${options.named ?? 'the config'} names its table` })
}

function chosen(options: {
  readonly history: History
  readonly table: TableName
  readonly found: FoundTables
  readonly matches: readonly Match[]
  readonly reason: string
}): Detected {
  const { history, table, found, matches, reason } = options
  const there = found.tables.find((one) => same(one, table))
  if (there !== undefined && !holds(history, there)) return taken(history, there, found)
  return {
    kind: 'history',
    history,
    table: { schema: table.schema, name: table.name },
    exists: there !== undefined,
    reason,
    others: matches
      .filter((match) => !same(match.table, table))
      .map((match) => ({ ...nameOf(match.table), kind: match.history.kind })),
  }
}

/**
 * Tables that a tool could have made. Under another name than the default only where the columns leave no doubt. With
 * columns that were added since, only for a tool that is `likely`.
 */
function matchesIn(found: FoundTables, likely: readonly History[]): readonly Match[] {
  return found.tables.flatMap((table) => {
    const isIts = (one: History): boolean => one.table === table.name || one.table === written(table)
    const fitting = histories.filter((one) => fits(one, table) && !(one === dbmate && isOfRails(table, found)))
    const history =
      fitting.find(isIts) ??
      fitting.find((one) => one.distinctive && !table.name.endsWith('_seeds')) ??
      likely.find((one) => isIts(one) && holds(one, table) && !(one === dbmate && isOfRails(table, found)))
    return history === undefined ? [] : [{ history, table }]
  })
}

/** These columns and no others; a version that is text is dbmate's, one that is a number another tool's. */
const fits = (history: History, table: FoundTable): boolean =>
  table.columns.length === history.columns.length && hasColumns(history, table)

/** As `fits`, or with added columns, where the tool names its own columns when it reads and writes. */
const holds = (history: History, table: FoundTable): boolean =>
  history.takesMore ? hasColumns(history, table) : fits(history, table)

function hasColumns({ columns: names, types }: History, { columns }: FoundTable): boolean {
  const own = names.map((name) => columns.find((column) => column.name === name))
  if (own.includes(undefined)) return false
  return types === undefined || own.some((column) => types.includes(column?.type ?? ''))
}

/** Rails and dbmate make the same table; only its neighbour shows whose it is. */
const isOfRails = ({ schema, name }: TableName, { tables }: FoundTables): boolean =>
  tables.some((one) => same(one, { schema, name: RAILS })) && tables.some((one) => same(one, { schema, name }))

/** Whether the tool, started with these settings, would find the table. */
function isUsable({ history, table }: Match, found: FoundTables): boolean {
  if (table.name !== plainTable(history)) return false
  return history.looks === 'in one schema' ? table.schema === homeOf(history, found) : table.visible
}

/** The schema in which the tool makes its table; undefined when there is none. */
function homeOf({ home }: History, { current }: FoundTables): string | undefined {
  return home?.when === 'always' ? home.schema : (current ?? home?.schema)
}

/** The history that a database without one gets. */
const usual = ({ layout, migrations }: Options): History => toolNamed(layout).histories.first(migrations) ?? ours

const plainTable = ({ table }: History): string => table.slice(table.lastIndexOf('.') + 1)

const same = (a: TableName, b: TableName): boolean => a.schema === b.schema && a.name === b.name

const nameOf = ({ schema, name }: TableName): TableName => ({ schema, name })

const written = ({ schema, name }: TableName): string => `${schema}.${name}`

const two = (a: Match, b: Match): Detected => ({
  kind: 'conflict',
  what: `the database has two histories: ${written(a.table)} of ${a.history.kind} and ${written(b.table)} of ${b.history.kind}`,
  fix: `Set in the config which one counts for this folder (history.kind: ${[a, b]
    .map(({ history }) => history.kind)
    .filter((kind) => kind !== 'ours')
    .join(', or ')}).`,
})

const foreign = (layout: LayoutName, { history, table }: Match): Detected => ({
  kind: 'conflict',
  what: `the files have the layout ${layout}, but the database has the history of ${history.kind}: ${written(table)}`,
  fix: `Set in the config which tool keeps the history of this folder (history.kind), and connect to its database.`,
})

const elsewhere = ({ history, table }: Match, { current }: FoundTables): Detected => ({
  kind: 'conflict',
  what: `the database has a history of ${history.kind} where that tool does not look for it: ${written(table)}`,
  fix: `If it belongs to this folder, set history.kind: ${history.kind} and history.table: ${writtenTableName(table, history)}. If not, name the table to create, such as history.table: ${writtenTableName({ schema: current ?? 'public', name: plainTable(history) }, history)}.`,
})

const taken = (history: History, table: TableName | FoundTable, { tables }: FoundTables): Detected => {
  const added =
    !history.takesMore && history !== ours && 'columns' in table && hasColumns(history, table)
      ? table.columns.map(({ name }) => name).filter((name) => !history.columns.includes(name))
      : []
  if (added.length > 0)
    return {
      kind: 'conflict',
      what: `${written(table)} has columns that ${history.kind} did not make (${added.join(', ')}), at which ${history.kind} itself stops`,
      fix: `Drop them: ALTER TABLE ${sqlName(table)} ${added.map((name) => `DROP COLUMN ${identifier(name)}`).join(', ')}.`,
    }
  const tool =
    'columns' in table ? foreignToolOf({ ...table, columns: table.columns.map(({ name }) => name) }, tables) : undefined
  const what = `${written(table)} has other columns than the history of ${history.kind} (${history.columns.join(', ')}), so it belongs to`
  if (tool === undefined)
    return {
      kind: 'conflict',
      what: `${what} something else`,
      fix: 'Name another table (history.table), or the tool that this one belongs to (history.kind).',
    }
  return {
    kind: 'conflict',
    what: `${what} ${tool}`,
    fix: `Name another table for these files in the config (history.table: ${plainTable(history)}_2). If ${tool} made the database, record next what it has: baseline.`,
  }
}

const ofRails = (table: TableName): Detected => ({
  kind: 'conflict',
  what: `${written(table)} belongs to Rails (${RAILS} is beside it), not to dbmate`,
  fix: 'Name another table (history.table). If dbmate does write into this one, set history.kind: dbmate.',
})

const nowhere = (history: History): Detected => ({
  kind: 'conflict',
  what: `no schema of the search_path exists, so ${history.kind} has no place for its table`,
  fix: 'Create the schema, or set where the table is (history.table: schema.name).',
})

/** `columns` are their names and types (format_type). `visible`: an unqualified name leads to it. */
export type FoundTable = TableName & {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly visible: boolean
}

/** `current` is current_schema(): undefined when no schema of the search_path exists. */
export type FoundTables = { readonly current: string | undefined; readonly tables: readonly FoundTable[] }

/** Columns that no table of an application is likely to have. */
const TELLING = ['version_id', 'dirty', 'checksum', 'is_applied']

/** Rails keeps its versions in a table that looks like dbmate's; this one is beside it. */
const RAILS = 'ar_internal_metadata'

/**
 * Finds the tables that may be a tool's history: one SELECT without a side effect, with a first row that holds
 * current_schema(). `named` are more names of tables to look for, without their schema, in any spelling. The tables
 * behind the names of seeds (`<name>_seeds`) are found too.
 */
export function candidatesQuery(named: readonly string[] = []): string {
  const usual = histories.map(({ table }) => table.slice(table.lastIndexOf('.') + 1))
  const names = [...usual, ...named, ...named.map((name) => name.toLowerCase())].flatMap((name) => [
    name,
    `${name}_seeds`,
  ])
  const list = (texts: readonly string[]): string => texts.map(literal).join(', ')
  return `SELECT current_schema()::text, NULL, NULL, NULL, NULL
UNION ALL
(SELECT n.nspname::text, c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, NULL), pg_catalog.pg_table_is_visible(c.oid)::text
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
AND (c.relname IN (${list([...names, RAILS])}) OR EXISTS (SELECT FROM pg_catalog.pg_attribute b
  WHERE b.attrelid = c.oid AND b.attname IN (${list(TELLING)}) AND b.attnum > 0 AND NOT b.attisdropped))
ORDER BY n.nspname, c.relname, a.attnum)`
}

/** The result of the query, table by table. */
export function candidatesFrom(rows: Rows): FoundTables {
  const tables = new Map<string, FoundTable>()
  for (const [schema, name, column, type, visible] of rows) {
    if (schema == null || name == null || column == null || type == null) continue
    const key = JSON.stringify([schema, name])
    const known = tables.get(key) ?? { schema, name, columns: [], visible: visible === 'true' }
    tables.set(key, { ...known, columns: [...known.columns, { name: column, type }] })
  }
  const first = rows.find(([, name]) => name === null || name === undefined)
  return { current: first?.[0] ?? undefined, tables: [...tables.values()] }
}
