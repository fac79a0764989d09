// The histories of tools whose files are not read here, as data: how a live database shows which tool made it.
import { literal } from '../sql/quote.js'
import type { Rows, TableName } from '../state/history.js'

/**
 * `tables` are the names that the tool gives its table, and `columns` are columns that it always has. `exactly`: it has no
 * others, because the name alone says little. `anyName`: the columns tell the tool under every name. `beside` are more
 * tables of the tool. With `needs`, one of these has to be in the same schema. `schema`: the tool keeps everything in a
 * schema of its own.
 */
type ForeignTool = {
  readonly tool: string
  readonly tables: readonly string[]
  readonly columns: readonly string[]
  readonly exactly?: true
  readonly anyName?: true
  readonly beside?: readonly string[]
  readonly needs?: string
  readonly schema?: string
}

/** Columns and names are those of the newest version of each tool, and of older ones where they differ. */
const TOOLS: readonly ForeignTool[] = [
  {
    tool: 'Flyway',
    tables: ['flyway_schema_history', 'schema_version'],
    columns: ['installed_rank', 'script', 'checksum', 'installed_on', 'success'],
    anyName: true,
  },
  {
    tool: 'Liquibase',
    tables: ['databasechangelog', 'DATABASECHANGELOG'],
    columns: ['id', 'author', 'filename', 'orderexecuted', 'exectype', 'md5sum'],
    anyName: true,
    beside: ['databasechangeloglock', 'DATABASECHANGELOGLOCK'],
  },
  {
    tool: 'Prisma',
    tables: ['_prisma_migrations'],
    columns: ['checksum', 'migration_name', 'applied_steps_count'],
    anyName: true,
  },
  { tool: 'Alembic', tables: ['alembic_version'], columns: ['version_num'], exactly: true, anyName: true },
  { tool: 'Django', tables: ['django_migrations'], columns: ['app', 'name', 'applied'] },
  {
    tool: 'Rails',
    tables: ['schema_migrations'],
    columns: ['version'],
    exactly: true,
    beside: ['ar_internal_metadata'],
    needs: 'ar_internal_metadata',
  },
  { tool: 'Ecto', tables: ['schema_migrations'], columns: ['version', 'inserted_at'], exactly: true },
  { tool: 'Sequel', tables: ['schema_migrations'], columns: ['filename'], exactly: true },
  { tool: 'Migratus', tables: ['schema_migrations'], columns: ['id', 'applied', 'description'], exactly: true },
  {
    tool: 'Knex',
    tables: ['knex_migrations', 'adonis_schema'],
    columns: ['name', 'batch', 'migration_time'],
    anyName: true,
    beside: ['knex_migrations_lock', 'adonis_schema_versions'],
  },
  {
    tool: 'TypeORM',
    tables: ['migrations'],
    columns: ['id', 'timestamp', 'name'],
    exactly: true,
    beside: ['typeorm_metadata'],
  },
  { tool: 'Laravel', tables: ['migrations'], columns: ['id', 'migration', 'batch'], exactly: true },
  { tool: 'CodeIgniter', tables: ['migrations'], columns: ['version', 'class', 'namespace', 'batch'] },
  { tool: 'postgres-migrations', tables: ['migrations'], columns: ['id', 'name', 'hash'] },
  { tool: 'db-migrate', tables: ['migrations'], columns: ['id', 'name', 'run_on'], exactly: true },
  { tool: 'gormigrate', tables: ['migrations'], columns: ['id'], exactly: true },
  { tool: 'Piccolo', tables: ['migration'], columns: ['id', 'name', 'app_name', 'ran_on'], exactly: true },
  { tool: 'Yii', tables: ['migration'], columns: ['version', 'apply_time'], exactly: true },
  { tool: 'Grafana', tables: ['migration_log'], columns: ['migration_id', 'success', 'timestamp'] },
  { tool: 'Sequelize', tables: ['SequelizeMeta', 'sequelize_meta'], columns: ['name'], exactly: true },
  {
    tool: 'Atlas',
    tables: ['atlas_schema_revisions'],
    columns: ['version', 'partial_hashes', 'operator_version'],
    anyName: true,
    schema: 'atlas_schema_revisions',
  },
  { tool: 'Sqitch', tables: ['changes'], columns: ['change_id', 'project', 'committed_at'], schema: 'sqitch' },
  { tool: 'EF Core', tables: ['__EFMigrationsHistory'], columns: ['MigrationId', 'ProductVersion'], anyName: true },
  { tool: 'EF Core', tables: ['__EFMigrationsHistory'], columns: ['migration_id', 'product_version'] },
  { tool: 'MikroORM', tables: ['mikro_orm_migrations'], columns: ['name', 'executed_at'] },
  { tool: 'Drizzle', tables: ['__drizzle_migrations'], columns: ['hash', 'created_at'], schema: 'drizzle' },
  { tool: 'Hasura', tables: ['hdb_version'], columns: ['hasura_uuid', 'cli_state'], schema: 'hdb_catalog' },
  { tool: 'refinery', tables: ['refinery_schema_history'], columns: ['version', 'name', 'applied_on', 'checksum'] },
  {
    tool: 'Kysely',
    tables: ['kysely_migration'],
    columns: ['name', 'timestamp'],
    beside: ['kysely_migration_lock'],
  },
  {
    tool: 'graphile-migrate',
    tables: ['migrations'],
    columns: ['hash', 'previous_hash', 'filename'],
    schema: 'graphile_migrate',
  },
  { tool: 'pgroll', tables: ['migrations'], columns: ['schema', 'name', 'migration', 'parent'], schema: 'pgroll' },
  { tool: 'Phinx', tables: ['phinxlog', 'cake_migrations'], columns: ['version', 'migration_name', 'start_time'] },
  {
    tool: 'Doctrine',
    tables: ['doctrine_migration_versions', 'migration_versions'],
    columns: ['version', 'executed_at'],
  },
  {
    tool: 'Yoyo',
    tables: ['_yoyo_migration'],
    columns: ['migration_id'],
    beside: ['_yoyo_log', '_yoyo_version', 'yoyo_lock'],
  },
  {
    tool: 'Yandex pgmigrate',
    tables: ['schema_version'],
    columns: ['version', 'type', 'installed_by', 'installed_on'],
  },
  { tool: 'tern', tables: ['schema_version'], columns: ['version'], exactly: true },
  { tool: 'Sequel', tables: ['schema_info'], columns: ['version'], exactly: true },
  { tool: 'pop', tables: ['schema_migration'], columns: ['version'], exactly: true },
  {
    tool: 'Play evolutions',
    tables: ['play_evolutions'],
    columns: ['apply_script', 'revert_script'],
    beside: ['play_evolutions_lock'],
  },
  { tool: 'DbUp', tables: ['schemaversions'], columns: ['scriptname', 'applied'] },
  { tool: 'Evolve', tables: ['changelog'], columns: ['description', 'checksum', 'installed_by', 'success'] },
  { tool: 'MyBatis Migrations', tables: ['changelog'], columns: ['id', 'applied_at', 'description'], exactly: true },
  { tool: 'FluentMigrator', tables: ['VersionInfo'], columns: ['Version', 'AppliedOn'] },
  { tool: 'grate', tables: ['ScriptsRun'], columns: ['script_name', 'text_of_script'], schema: 'grate' },
  {
    tool: 'Supabase',
    tables: ['schema_migrations'],
    columns: ['version', 'statements'],
    schema: 'supabase_migrations',
  },
  { tool: 'Strapi', tables: ['strapi_migrations'], columns: ['name', 'time'] },
  { tool: 'Directus', tables: ['directus_migrations'], columns: ['version', 'name', 'timestamp'] },
  { tool: 'Payload', tables: ['payload_migrations'], columns: ['name', 'batch'] },
  { tool: 'Fluent', tables: ['_fluent_migrations'], columns: ['name', 'batch'] },
  {
    tool: 'Bun',
    tables: ['bun_migrations'],
    columns: ['name', 'group_id', 'migrated_at'],
    beside: ['bun_migration_locks'],
  },
  { tool: 'go-pg', tables: ['gopg_migrations'], columns: ['version', 'created_at'] },
  { tool: 'morph', tables: ['db_migrations'], columns: ['version', 'name'], exactly: true, beside: ['db_lock'] },
  { tool: 'peewee-migrate', tables: ['migratehistory'], columns: ['name', 'migrated_at'] },
  { tool: 'Aerich', tables: ['aerich'], columns: ['version', 'app', 'content'] },
  { tool: 'SeaORM', tables: ['seaql_migrations'], columns: ['version', 'applied_at'] },
  { tool: 'Ragtime', tables: ['ragtime_migrations'], columns: ['id', 'created_at'] },
  { tool: 'codd', tables: ['sql_migrations'], columns: ['migration_timestamp', 'applied_at', 'name'] },
  { tool: 'pgmigrate', tables: ['pgmigrate_migrations'], columns: ['id', 'checksum', 'execution_time_in_millis'] },
]

/** A table of a live database, with the names of its columns. */
export type LiveTable = TableName & { readonly columns: readonly string[] }

/** `apart`: it is in the schema that the tool has for itself, so it says nothing about other schemas. */
export type ForeignHistory = TableName & { readonly tool: string; readonly apart: boolean }

/** The history tables of other tools, and all tables that these tools have for themselves. */
export type ForeignTables = { readonly histories: readonly ForeignHistory[]; readonly tables: readonly TableName[] }

/** One SELECT without a side effect. `foreignTablesFrom` reads its answer. */
export function foreignTablesQuery(): string {
  const list = (texts: readonly string[]): string => [...new Set(texts)].map(literal).join(', ')
  const names = TOOLS.flatMap(({ tables, beside = [] }) => [...tables, ...beside])
  const schemas = TOOLS.flatMap(({ schema }) => schema ?? [])
  const telling = TOOLS.flatMap(({ anyName, columns }) => (anyName ? [columns] : []))
  const column = (name: string): string =>
    `EXISTS (SELECT FROM pg_catalog.pg_attribute b WHERE b.attrelid = c.oid AND b.attnum > 0 AND NOT b.attisdropped AND b.attname = ${literal(name)})`
  return `SELECT n.nspname::text, c.relname::text, pg_catalog.json_agg(a.attname ORDER BY a.attnum)::text
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
AND (c.relname IN (${list(names)}) OR n.nspname IN (${list(schemas)})
  OR ${telling.map((columns) => `(${columns.map(column).join(' AND ')})`).join('\n  OR ')})
GROUP BY n.nspname, c.relname ORDER BY n.nspname, c.relname`
}

/** Which tables of the answer belong to another tool, in the order of the answer. Pure. */
export function foreignTablesFrom(rows: Rows): ForeignTables {
  const all = rows.map(([schema, name, columns]): LiveTable => ({
    schema: schema ?? '',
    name: name ?? '',
    columns: JSON.parse(columns ?? '[]') as readonly string[],
  }))
  const found = all.flatMap((table) => {
    const by = toolOf(table, all)
    return by === undefined ? [] : [{ table, by }]
  })
  const isIts = ({ schema, name }: TableName): boolean =>
    found.some(({ table, by }) => table.schema === schema && (by.schema === schema || (by.beside ?? []).includes(name)))
  return {
    histories: found.map(({ table: { schema, name }, by }) => ({
      schema,
      name,
      tool: by.tool,
      apart: by.schema === schema,
    })),
    tables: all
      .filter((table) => isIts(table) || found.some((one) => one.table === table))
      .map(({ schema, name }) => ({ schema, name })),
  }
}

/** The name of the tool that made a table; undefined for a table that shows none. `all` are the tables beside it. */
export const foreignToolOf = (table: LiveTable, all: readonly TableName[]): string | undefined =>
  toolOf(table, all)?.tool

function toolOf({ schema, name, columns }: LiveTable, all: readonly TableName[]): ForeignTool | undefined {
  const fitting = TOOLS.filter(
    (one) =>
      (one.tables.includes(name) || one.anyName === true) &&
      one.columns.every((column) => columns.includes(column)) &&
      (one.exactly === undefined || columns.length === one.columns.length) &&
      (one.needs === undefined || all.some((other) => other.schema === schema && other.name === one.needs)),
  )
  return fitting.find((one) => one.schema === schema) ?? fitting[0]
}

/** The tables of tools that do not count here: no migration of the files makes them. */
export const otherTables = ({
  others,
  foreign,
}: {
  readonly others: readonly TableName[]
  readonly foreign: Pick<ForeignTables, 'tables'>
}): readonly TableName[] => [...others, ...foreign.tables]
