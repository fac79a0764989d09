// Databases that have tables, and no history that explains them: made by hand, or by another tool.
import { describe, expect, test } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { LiveReport } from '../../../src/report/run-report.js'
import type { Rows } from '../../../src/state/history.js'
import { foreignTablesFrom, foreignTablesQuery } from '../../../src/tools/foreign-histories.js'
import { foldersForTests } from '../../adapters/host/folder.js'
import { baseline, down, status, up } from '../../support/everyday.js'
import {
  baselineRequest,
  downRequest,
  serverForTests,
  statusRequest,
  upRequest,
  worldIn,
  type LiveDatabase,
} from '../../support/live.js'

const live = serverForTests()
const makeFolder = foldersForTests()

const FLYWAY = `flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
  type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
  installed_on timestamp DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL)`

/** Tool -> its tables as it makes them. The first one is its history. */
const TOOLS: readonly (readonly [string, readonly string[]])[] = [
  ['Flyway', [FLYWAY]],
  ['Flyway', [FLYWAY.replace('flyway_schema_history', 'schema_version')]],
  ['Flyway', [FLYWAY.replace('flyway_schema_history', 'a_name_of_their_own')]],
  [
    'Liquibase',
    [
      `databasechangelog (id varchar(255) NOT NULL, author varchar(255) NOT NULL, filename varchar(255) NOT NULL, dateexecuted timestamp NOT NULL,
       orderexecuted int NOT NULL, exectype varchar(10) NOT NULL, md5sum varchar(35), description varchar(255), comments varchar(255),
       tag varchar(255), liquibase varchar(20), contexts varchar(255), labels varchar(255), deployment_id varchar(10))`,
      'databasechangeloglock (id int PRIMARY KEY, locked boolean NOT NULL, lockgranted timestamp, lockedby varchar(255))',
    ],
  ],
  [
    'Prisma',
    [
      `_prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
       logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0)`,
    ],
  ],
  ['Alembic', ['alembic_version (version_num varchar(32) PRIMARY KEY)']],
  [
    'Django',
    [
      'django_migrations (id bigint PRIMARY KEY, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied timestamptz NOT NULL)',
    ],
  ],
  [
    'Rails',
    [
      'schema_migrations (version varchar PRIMARY KEY)',
      'ar_internal_metadata (key varchar PRIMARY KEY, value varchar, created_at timestamp NOT NULL, updated_at timestamp NOT NULL)',
    ],
  ],
  ['Ecto', ['schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp(0))']],
  [
    'Knex',
    [
      'knex_migrations (id serial PRIMARY KEY, name varchar(255), batch int, migration_time timestamptz)',
      'knex_migrations_lock (index serial PRIMARY KEY, is_locked int)',
    ],
  ],
  ['TypeORM', ['migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL)']],
  ['Laravel', ['migrations (id serial PRIMARY KEY, migration varchar(255) NOT NULL, batch int NOT NULL)']],
  [
    'postgres-migrations',
    [
      'migrations (id int PRIMARY KEY, name varchar(100) UNIQUE NOT NULL, hash varchar(40) NOT NULL, executed_at timestamp)',
    ],
  ],
  ['db-migrate', ['migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)']],
  ['Sequelize', ['"SequelizeMeta" (name varchar(255) PRIMARY KEY)']],
  [
    'Atlas',
    [
      `atlas_schema_revisions (version varchar PRIMARY KEY, description varchar NOT NULL, type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL,
       total bigint NOT NULL, executed_at timestamptz NOT NULL, execution_time bigint NOT NULL, error text, error_stmt text, hash varchar NOT NULL,
       partial_hashes jsonb, operator_version varchar NOT NULL)`,
    ],
  ],
  [
    'EF Core',
    ['"__EFMigrationsHistory" ("MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL)'],
  ],
  [
    'MikroORM',
    ['mikro_orm_migrations (id serial PRIMARY KEY, name varchar(255), executed_at timestamptz DEFAULT now())'],
  ],
  ['Drizzle', ['__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)']],
  [
    'refinery',
    [
      'refinery_schema_history (version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255))',
    ],
  ],
  [
    'Kysely',
    [
      'kysely_migration (name varchar(255) PRIMARY KEY, timestamp varchar(255) NOT NULL)',
      'kysely_migration_lock (id text, is_locked int)',
    ],
  ],
  [
    'Phinx',
    [
      'phinxlog (version bigint PRIMARY KEY, migration_name varchar(100), start_time timestamp, end_time timestamp, breakpoint boolean)',
    ],
  ],
  [
    'Doctrine',
    ['doctrine_migration_versions (version varchar(191) PRIMARY KEY, executed_at timestamp(0), execution_time int)'],
  ],
  [
    'Yoyo',
    ['_yoyo_migration (migration_hash varchar(64) PRIMARY KEY, migration_id varchar(255), applied_at_utc timestamp)'],
  ],
  ['tern', ['schema_version (version int4 NOT NULL)']],
  [
    'DbUp',
    [
      'schemaversions (schemaversionsid serial PRIMARY KEY, scriptname varchar(255) NOT NULL, applied timestamp NOT NULL)',
    ],
  ],
  ['SeaORM', ['seaql_migrations (version varchar PRIMARY KEY, applied_at bigint NOT NULL)']],
  [
    'morph',
    [
      'db_migrations (version bigint PRIMARY KEY, name varchar NOT NULL)',
      'db_lock (id varchar(64) PRIMARY KEY, expireat bigint)',
    ],
  ],
  [
    'CodeIgniter',
    [
      'migrations (id bigserial PRIMARY KEY, version varchar(255), class varchar(255), "group" varchar(255), namespace varchar(255), time int, batch int)',
    ],
  ],
  ['Yii', ['migration (version varchar(180) PRIMARY KEY, apply_time int)']],
]

/** Tables with a name or a column of a tool, that no tool makes. */
const NO_TOOLS = [
  'migrations (id int, bird text, season text)',
  'migration (id int, from_host text, to_host text)',
  'changelog (id int, note text)',
  'schema_migrations (version bigint, dirty boolean)',
  'schema_migrations (version varchar)',
  'changes (id int, what text)',
  'document_versions (document int, version_num int, body text)',
  'jobs (name text, batch int)',
]

test('a tool is known by the names and columns of its tables, and nothing else looks like one', async () => {
  const database = await live.database()
  const all = [...TOOLS.map(([, tables]) => tables), ...NO_TOOLS.map((one) => [one])]
  await database.query(
    all
      .map(
        (tables, at) =>
          `CREATE SCHEMA s${at}; SET search_path = s${at}; ${tables.map((one) => `CREATE TABLE ${one};`).join('')}`,
      )
      .join(''),
  )
  const rows = (await database.query(foreignTablesQuery())).map((row) => Object.values(row)) as unknown as Rows
  const { histories, tables } = foreignTablesFrom(rows)
  const toolOf = new Map(histories.map(({ schema, tool }) => [schema, tool]))
  expect(all.map((_, at) => toolOf.get(`s${at}`))).toEqual([
    ...TOOLS.map(([tool]) => tool),
    ...NO_TOOLS.map(() => undefined),
  ])
  expect(tables).toHaveLength(TOOLS.flatMap(([, made]) => made).length)
})

type Place = { readonly folder: string; readonly database: LiveDatabase; readonly world: ReturnType<typeof worldIn> }
type Files = Readonly<Record<string, string>>

const pair = (folder: string, version: string, table: string): Files => ({
  [`migrations/${folder}/${version}_m.up.sql`]: `CREATE TABLE IF NOT EXISTS ${table} (id int);\n`,
  [`migrations/${folder}/${version}_m.down.sql`]: `DROP TABLE ${table};\n`,
})
const USERS = pair('app', '00001', 'users')

/** A database in which `sql` was run. `more`: further variables that lead to it. */
async function place(sql: string, files: Files = USERS, more: readonly string[] = []): Promise<Place> {
  const folder = makeFolder(files)
  const database = await live.database()
  if (sql !== '') await database.query(sql)
  const variables = Object.fromEntries(['APP_DSN', ...more].map((name) => [name, database.dsn]))
  return { folder: folder.path, database, world: worldIn(folder.path, variables, { server: live.server }) }
}

const said = ({ targets }: LiveReport): readonly string[] =>
  targets.map(({ stopped, steps }) =>
    stopped === undefined ? steps.map(({ version, outcome }) => `${version} ${outcome}`).join() : stopped.what,
  )

describe('a database with tables and no known history', () => {
  /** With one row that holds only its first column. */
  const filled = (tool: string): string => {
    const tables = TOOLS.find(([name]) => name === tool)?.[1] ?? []
    const [history = '', column = ''] = /^(\S+) \((\S+)/.exec(tables[0] ?? '')?.slice(1) ?? []
    const made = tables.map((one) => `CREATE TABLE ${one.replaceAll(' NOT NULL', '')};`).join('')
    return `CREATE TABLE users (id int); ${made} INSERT INTO ${history} (${column}) VALUES ('1')`
  }

  test.each([
    ['made by hand', 'CREATE TABLE users (id int); CREATE TABLE b (id int)', '2 tables (public.b, public.users)'],
    ['Flyway', filled('Flyway'), 'the history of Flyway (public.flyway_schema_history) and 1 table (public.users)'],
    [
      'Liquibase',
      filled('Liquibase'),
      'the history of Liquibase (public.databasechangelog) and 1 table (public.users)',
    ],
    ['Alembic', filled('Alembic'), 'the history of Alembic (public.alembic_version) and 1 table (public.users)'],
    ['Sequelize', filled('Sequelize'), 'the history of Sequelize (public.SequelizeMeta) and 1 table (public.users)'],
    [
      'Atlas in its own schema',
      `CREATE SCHEMA atlas_schema_revisions; SET search_path = atlas_schema_revisions; CREATE TABLE ${TOOLS.find(([name]) => name === 'Atlas')?.[1][0] ?? ''};
       CREATE TABLE public.users (id int)`,
      '1 table (public.users)',
    ],
    [
      'a foreign table',
      'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (id int) SERVER s',
      '1 table (public.f)',
    ],
    [
      'a partitioned one',
      'CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)',
      '1 table (public.p)',
    ],
    [
      'many',
      Array.from({ length: 12 }, (_, i) => `CREATE TABLE t${String(i).padStart(2, '0')} ();`).join(''),
      '12 tables (public.t00, public.t01, public.t02, public.t03, public.t04, and 7 more)',
    ],
  ])('%s: up refuses and changes nothing', async (how, sql, has) => {
    const at = await place(sql)
    for (const dryRun of how === 'made by hand' ? [true, false] : [false]) {
      const report = await up(upRequest({ dryRun }), at.world)
      expect(report).toMatchObject({ verdict: 'fail', exitCode: 1, targets: [{ stopped: { kind: 'refused' } }] })
      expect(said(report)).toEqual([
        `app: the database has ${has}, but no history of these migrations, so up would begin with the first one, 00001_m`,
      ])
      expect(report.targets[0]?.stopped?.fix).toContain(
        '`pg-migration-gate baseline --databases app --to 00001` compares',
      )
      expect(report.targets[0]?.stopped?.fix).toContain(
        `\`pg-migration-gate up --databases app --allow-existing${dryRun ? ' --dry-run' : ''}\`.`,
      )
    }
    expect(await at.database.query(`SELECT to_regclass('schema_migrations') AS made`)).toEqual([{ made: null }])
  })

  test('status says so, and does not pass', async () => {
    const at = await place('CREATE TABLE users (id int)')
    expect(await status(statusRequest(), at.world)).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      targets: [
        {
          standing: { pending: ['00001_m'], existing: { tables: ['public.users'], count: 1, histories: [] } },
          notes: [expect.stringContaining('pg-migration-gate up --databases app --allow-existing')],
        },
      ],
    })
    const production = await status(statusRequest({ environment: 'production' }), at.world)
    expect(production.targets[0]?.notes).toEqual([
      expect.stringContaining('pg-migration-gate plan --environment production --databases app --allow-existing`.'),
    ])
  })

  test('both ways out work: baseline compares without the table of the tool, --allow-existing goes on', async () => {
    const adopted = await place(filled('Flyway'))
    expect(await baseline(baselineRequest({ to: '00001' }), adopted.world)).toMatchObject({ verdict: 'pass' })
    expect(said(await up(upRequest(), adopted.world))).toEqual([''])
    expect(await status(statusRequest({ drift: true }), adopted.world)).toMatchObject({
      verdict: 'pass',
      targets: [{ standing: { drift: [] } }],
    })
    const allowed = await place('CREATE TABLE other (id int)')
    expect(said(await up(upRequest({ existing: 'allow' }), allowed.world))).toEqual(['00001 applied'])
    expect(said(await up(upRequest(), allowed.world))).toEqual([''])
  })

  test('a table of another tool under the name of ours is named as its', async () => {
    const at = await place(`CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
      CREATE TABLE ar_internal_metadata (key varchar, value varchar); INSERT INTO schema_migrations VALUES ('20200101000000')`)
    await expect(up(upRequest(), at.world)).rejects.toMatchObject({
      kind: 'use',
      message: expect.stringMatching(/so it belongs to Rails$/),
      fix: expect.stringContaining('history.table: schema_migrations_2'),
    })
    writeFileSync(
      path.join(at.folder, 'migration-gate.yml'),
      'databases: { app: { history: { table: schema_migrations_2 } } }\n',
    )
    expect(said(await up(upRequest(), at.world))[0]).toContain('has the history of Rails (public.schema_migrations)')
  })

  test('a history of ours that does not count for these files counts as one', async () => {
    const at = await place(
      'CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); INSERT INTO schema_migrations VALUES (7, false)',
      {
        ...USERS,
        'migration-gate.yml': 'databases: { app: { history: { table: done } } }\n',
      },
    )
    expect(said(await up(upRequest(), at.world))[0]).toContain(
      'the history of golang-migrate (public.schema_migrations)',
    )
  })
})

describe('a database that is known, or has nothing of its own', () => {
  test.each([
    ['nothing', ''],
    [
      'an empty schema, a view and a function',
      'CREATE SCHEMA app; CREATE VIEW v AS SELECT 1; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
    ],
    // As PostGIS makes it: a table that belongs to an extension.
    [
      'a table of an extension',
      'CREATE TABLE spatial_ref_sys (srid int); ALTER EXTENSION plpgsql ADD TABLE spatial_ref_sys',
    ],
    ['a schema that these files do not name', 'CREATE SCHEMA billing; CREATE TABLE billing.invoices (id int)'],
    [
      'the tables of a platform',
      'CREATE ROLE supabase_auth_admin; CREATE TABLE sessions (id int); ALTER TABLE sessions OWNER TO supabase_auth_admin',
    ],
    ['the empty history of another tool', `CREATE TABLE ${FLYWAY}`],
    ['an empty table of ours', 'CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)'],
  ])('%s: up applies', async (_, sql) => {
    const at = await place(sql)
    expect(said(await up(upRequest(), at.world))).toEqual(['00001 applied'])
  })

  test('a schema that these files name counts', async () => {
    const at = await place(
      'CREATE SCHEMA billing; CREATE TABLE billing.invoices (id int)',
      pair('app', '00001', 'billing.orders'),
    )
    expect(said(await up(upRequest(), at.world))[0]).toContain('1 table (billing.invoices)')
  })

  test('the tables of the setup files', async () => {
    const setup = 'CREATE SCHEMA auth; CREATE TABLE auth.users (id int); CREATE TABLE IF NOT EXISTS "Plans" (id int)'
    const at = await place(setup, {
      ...pair('app', '00001', 'auth.keys'),
      'setup.sql': setup,
      'migration-gate.yml': 'databases: { app: { setup: [setup.sql] } }\n',
    })
    expect(said(await up(upRequest(), at.world))).toEqual(['00001 applied'])
  })

  test('after everything was rolled back, also where a down left its table', async () => {
    const at = await place('', { ...USERS, 'migrations/app/00001_m.down.sql': 'SELECT 1;\n' })
    await up(upRequest(), at.world)
    await down(downRequest({ to: '0' }), at.world)
    expect(said(await up(upRequest(), at.world))).toEqual(['00001 applied'])
  })

  const TWO = {
    ...USERS,
    ...pair('log', '00001', 'entries'),
    'migration-gate.yml':
      'databases: { log: { history: { table: log_done }, journal: off }, app: { history: { table: app_done }, journal: off } }\n',
  }

  test('two folders in one database, in one run and one after the other', async () => {
    const together = await place('', TWO, ['LOG_DSN'])
    expect(said(await up(upRequest(), together.world))).toEqual(['00001 applied', '00001 applied'])
    const apart = await place('', TWO, ['LOG_DSN'])
    expect(said(await up(upRequest({ databases: ['app'] }), apart.world))).toEqual(['00001 applied'])
    expect(said(await up(upRequest({ databases: ['log'] }), apart.world))).toEqual(['00001 applied'])
    const both = await place('', TWO, ['LOG_DSN'])
    expect(said(await up(upRequest({ databases: ['log'] }), both.world))).toEqual(['00001 applied'])
    expect(said(await up(upRequest(), both.world))).toEqual(['', '00001 applied'])
  })
})
