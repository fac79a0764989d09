// Tables of a live database that no known history explains: which of them count, and why migrations stop before them. Pure.
import { commandText } from '../model/command.js'
import type { Migration } from '../model/migration.js'
import { firstFew } from '../model/list-words.js'
import { shellWord } from '../model/shell-quote.js'
import type { TableName } from './history.js'
import type { JournalRow } from './journal.js'
import type { Refusal } from './refusals.js'
import type { MigrationStatus } from './status.js'

/** A report names so many tables. */
const NAMED = 5

/**
 * What a database without a known history holds. `tables` are the names of the first five of `count` tables. `histories`
 * are tables of applied versions that do not count for these files, each with its tool.
 */
export type Existing = {
  readonly tables: readonly string[]
  readonly count: number
  readonly histories: readonly { readonly table: string; readonly tool: string }[]
}

/** A table of a live database. `inPath`: its schema is in the search_path. */
export type OwnedTable = TableName & { readonly inPath: boolean; readonly owner: string }

/**
 * Whether nothing says that migrations of these files were ever applied there. A journal that saw them applied and rolled
 * back knows the database: what is left there is theirs.
 */
export const isUnknown = (
  { applied, missing, dirty, rolledBack, lost }: MigrationStatus,
  journal: readonly JournalRow[],
): boolean =>
  applied.length + missing.length + rolledBack.length + lost.length === 0 &&
  dirty === undefined &&
  !journal.some(({ outcome }) => SEEN.has(outcome))

const SEEN: ReadonlySet<JournalRow['outcome']> = new Set(['applied', 'undone', 'recorded', 'cleared'])

/** Schemas and owners of what a platform makes in every new database (Supabase, Hasura, Amazon RDS, Google Cloud SQL, Neon). */
const PLATFORM_SCHEMA = /^hdb_(?:catalog|views|pro_catalog)$/
const PLATFORM_OWNER = /^(?:supabase_\w*admin|rdsadmin|cloudsqladmin|cloud_admin|azuresu)$/

/**
 * The tables that migrations of these files may be about. A table in a schema that is neither in the search_path nor
 * named in the files belongs to someone else. `expected` are the names of tables that the setup files make.
 */
export function countedTables(options: {
  readonly tables: readonly OwnedTable[]
  readonly migrations: readonly Migration[]
  readonly histories: readonly TableName[]
  readonly home: string
  readonly expected: ReadonlySet<string>
}): readonly OwnedTable[] {
  const { tables, migrations, histories, home, expected } = options
  const known = new Set(histories.map(keyOf))
  const counts = new Map<string, boolean>()
  const isCounted = ({ schema, inPath }: OwnedTable): boolean => {
    const counted = counts.get(schema) ?? (inPath || schema === home || isNamedIn(migrations, schema))
    counts.set(schema, counted)
    return counted
  }
  return tables.filter(
    (table) =>
      !known.has(keyOf(table)) &&
      !PLATFORM_SCHEMA.test(table.schema) &&
      !PLATFORM_OWNER.test(table.owner) &&
      !expected.has(table.name) &&
      isCounted(table),
  )
}

const keyOf = ({ schema, name }: TableName): string => JSON.stringify([schema, name])

/** A program that is not SQL may be about any schema. */
function isNamedIn(migrations: readonly Migration[], schema: string): boolean {
  const word = new RegExp(`(?<![\\w$])${schema.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`, 'i')
  return migrations.some(
    ({ code, up }) => code !== undefined || up?.messages.some(({ text }) => word.test(text)) === true,
  )
}

/** Undefined if nothing is there. `apart` histories alone say nothing about the rest of the database. */
export function existingOf(
  tables: readonly OwnedTable[],
  histories: readonly (TableName & { readonly tool: string; readonly apart: boolean })[],
): Existing | undefined {
  if (tables.length === 0 && histories.every(({ apart }) => apart)) return undefined
  return {
    tables: tables.slice(0, NAMED).map(written),
    count: tables.length,
    histories: histories.map((one) => ({ table: written(one), tool: one.tool })),
  }
}

const written = ({ schema, name }: TableName): string => `${schema}.${name}`

/** What is there, as the object of "has". */
export function existingWords({ tables, count, histories }: Existing): string {
  const more = count > tables.length ? `, and ${(count - tables.length).toLocaleString('en')} more` : ''
  const shown =
    count === 0
      ? []
      : [`${count.toLocaleString('en')} ${count === 1 ? 'table' : 'tables'} (${tables.join(', ')}${more})`]
  const others = histories.map(({ table, tool }) => `the history of ${tool} (${table})`)
  return [...(others.length === 0 ? [] : [firstFew(others, ' and ')]), ...shown].join(' and ')
}

/** The phrase for a status. */
export const existingPhrase = (existing: Existing): string =>
  `no history of these migrations, but ${existingWords(existing)}`

/**
 * Why `command` does not begin there. `about` as in PlanInput. `again`: the command that begins all the same. baseline compares the schema first, so its suggestion is
 * safe with any version.
 */
export function existingRefusal(options: {
  readonly database: string
  readonly about: string
  readonly command: string
  readonly again: string
  readonly migrations: readonly Migration[]
  readonly existing: Existing
}): Refusal {
  const { database, about, command, again, migrations, existing } = options
  const newest = migrations.at(-1)?.version ?? '0'
  const first = migrations[0]?.id ?? ''
  const baseline = commandText(`baseline ${about} --to ${shellWord(newest)}`)
  return {
    kind: 'plan',
    what: `${database}: the database has ${existingWords(existing)}, but no history of these migrations, so ${command} would begin with the first one, ${first}`,
    fix: `If it has what the migrations make: ${baseline} compares the schema and records that (name an older version if it has less). If the tables have nothing to do with these migrations: ${again}.`,
  }
}
