import { describe, expect, test } from '@jest/globals'
import { databaseFolders, foldersWithVersions } from '../../src/tools/folders.js'

const folders = (root: string, ...paths: readonly string[]): readonly string[] =>
  databaseFolders(paths, root).databases.map(({ folder }) => folder)

describe('which folders are databases', () => {
  test.each<readonly [string, string, readonly string[], readonly string[]]>([
    ['the folder itself', 'm', ['m/1_a.up.sql', 'm/1_a.down.sql', 'm/sub/1_x.up.sql'], ['m']],
    ['with a slash at the end', 'm/', ['m/1_a.up.sql'], ['m']],
    [
      'each subfolder that does',
      'm',
      ['m/core/1_a.up.sql', 'm/kyc/1_a.sql', 'm/docs/x.md', 'm/README.md'],
      ['m/core', 'm/kyc'],
    ],
    ['a few levels deep', 'm', ['m/a/b/postgres/1_a.up.sql', 'm/c/README.md'], ['m/a/b/postgres']],
    ['no deeper', 'm', ['m/a/b/c/d/e/1_a.up.sql'], []],
    ['directories', 'm', ['m/2020-01-01_a/up.sql', 'm/2020-01-01_a/down.sql'], ['m']],
    ['directories of two databases', 'm', ['m/core/1_a/up.sql', 'm/kyc/1_a/up.sql'], ['m/core', 'm/kyc']],
    [
      'seeds belong to their database',
      'm',
      ['m/core/1_a.up.sql', 'm/core/seeds/10_a.sql', 'm/seeds/1_a.sql'],
      ['m/core'],
    ],
    ['hidden folders and packages', '.', ['.git/1_a.sql', 'node_modules/x/1_a.sql', 'db/1_a.sql'], ['db']],
    ['the root', '.', ['1_a.sql'], ['.']],
    ['an absolute root', '/tmp/m', ['/tmp/m/core/1_a.sql', '/tmp/other/1_a.sql'], ['/tmp/m/core']],
    ['SQL without versions, where there is nothing better', 'm', ['m/init.sql', 'm/other.sql'], ['m']],
    ['which is not taken beside real ones', 'm', ['m/core/1_a.sql', 'm/queries/find.sql'], ['m/core']],
    [
      'versions of one kind or another',
      'm',
      ['m/a/V1__x.sql', 'm/b/1.do.x.sql', 'm/c/20200101.sql', 'm/d/1_x.go'],
      ['m/a', 'm/b', 'm/c', 'm/d'],
    ],
    ['names that only look like versions', 'm', ['m/a/utf8.sql', 'm/b/1_a.sql'], ['m/b']],
    ['nothing', 'm', ['m/README.md'], []],
    ['no files', 'm', [], []],
  ])('%s', (_, root, paths, expected) => {
    expect(folders(root, ...paths)).toEqual(expected)
  })
})

test('folders for other servers are passed over and said', () => {
  expect(databaseFolders(['db/postgres/1_a.up.sql', 'db/sqlite/1_a.up.sql', 'db/mysql/1_a.up.sql'], 'db')).toEqual({
    databases: [{ folder: 'db/postgres' }],
    skipped: [
      { path: 'db/mysql', reason: 'written for mysql' },
      { path: 'db/sqlite', reason: 'written for sqlite' },
    ],
    foreign: [],
  })
  expect(databaseFolders(['sqlite/1_a.up.sql'], 'sqlite').databases).toEqual([{ folder: 'sqlite' }])
})

test.each<readonly [string, readonly string[], readonly string[], readonly string[]]>([
  [
    'with all below them',
    ['db/mysql/migrations/1_a.up.sql', 'db/mysql/seed/x/1_a.sql', 'db/postgres/migrations/1_a.up.sql'],
    ['db/postgres/migrations'],
    ['db/mysql: written for mysql'],
  ],
  [
    'in the name of a folder',
    ['db/migrations-pg/1_a.sql', 'db/migrations-sqlite3/1_a.sql', 'db/oracle-prices/1_a.sql'],
    ['db/migrations-pg', 'db/oracle-prices'],
    ['db/migrations-sqlite3: written for sqlite3'],
  ],
  [
    'on any level',
    ['db/a/ClickHouse/x/1_a.sql', 'db/a/PostgreSQL/x/1_a.sql', 'db/b/cockroachdb/x/1_a.sql', 'db/b/pgsql/x/1_a.sql'],
    ['db/a/PostgreSQL/x', 'db/b/pgsql/x'],
    ['db/a/ClickHouse: written for ClickHouse', 'db/b/cockroachdb: written for cockroachdb'],
  ],
  [
    'not a service that is called so',
    ['services/billing/migrations/1_a.sql', 'services/oracle/migrations/1_a.sql', 'services/postgres/init.sql'],
    ['services/billing/migrations', 'services/oracle/migrations'],
    [],
  ],
])(
  'beside the same for PostgreSQL, folders for other servers are passed over: %s',
  (_, paths, expected, passedOver) => {
    const root = paths[0]?.split('/')[0] ?? ''
    const { databases, skipped } = databaseFolders(paths, root)
    expect(databases.map(({ folder }) => folder)).toEqual(expected)
    expect(skipped.map(({ path, reason }) => `${path}: ${reason}`)).toEqual(passedOver)
    expect(databaseFolders(['db/mysql/x/1_a.sql', 'db/postgres/x/1_a.sql'], 'db/mysql').databases).toEqual([
      { folder: 'db/mysql/x' },
    ])
  },
)

test('folders of templates beside databases are said', () => {
  expect(
    databaseFolders(['m/jobs/000001_a.up.tmpl', 'm/jobs/README.md', 'm/node/1_a.up.sql', 'm/docs/page.tmpl'], 'm'),
  ).toEqual({
    databases: [{ folder: 'm/node' }],
    skipped: [{ path: 'm/jobs', reason: 'holds templates (000001_a.up.tmpl): the filled-in files were not checked' }],
    foreign: [],
  })
})

test('folders with migrations further down are said', () => {
  expect(databaseFolders(['m/core/1_a.sql', 'm/kyc/postgres/1_a.sql'], 'm').skipped.map(({ path }) => path)).toEqual([
    'm/kyc',
  ])
})

test('a hint finds folders at any depth, the fullest first, and none of another server or without versions', () => {
  expect(
    foldersWithVersions([
      'sql/1_schema.sql',
      'dev/setup/grants.sql',
      'a/b/c/d/e/migrations/1_a.up.sql',
      'a/b/c/d/e/migrations/1_a.down.sql',
      'a/b/c/d/e/migrations/2_b.up.sql',
      'db/clickhouse/1_a.sql',
      'app/migrations_sqlite/1_a.sql',
      'dirs/2020-01-01_a/up.sql',
      'dirs/2020-01-02_b/up.sql',
    ]),
  ).toEqual(['a/b/c/d/e/migrations', 'dirs', 'sql'])
})

describe('ups and downs in two folders', () => {
  const both = (folder: string, up: string, down: string): readonly string[] => [
    `${folder}/${up}/001_a.sql`,
    `${folder}/${down}/001_a.sql`,
  ]

  test.each([
    ['up', 'down'],
    ['Up', 'Down'],
    ['deploy', 'revert'],
    ['forward', 'backward'],
    ['ups', 'downs'],
  ])('%s and %s are one chain, not two databases', (up, down) => {
    const found = databaseFolders(both('m/app', up, down), 'm')
    expect(found.databases).toEqual([])
    expect(found.foreign).toMatchObject([{ folder: 'm/app', whose: expect.stringContaining(`${up} for the ups`) }])
  })
  test('beside a database they are said', () => {
    const found = databaseFolders(['m/core/1_a.up.sql', ...both('m/app', 'up', 'down')], 'm')
    expect(found.databases).toEqual([{ folder: 'm/core' }])
    expect(found.foreign).toMatchObject([{ folder: 'm/app' }])
  })
  test('with a plan they are of Sqitch', () => {
    const files = ['m/sqitch.plan', ...['deploy', 'revert', 'verify'].map((folder) => `m/${folder}/users.sql`)]
    expect(databaseFolders(files, 'm').foreign).toMatchObject([
      { folder: 'm', whose: expect.stringContaining('Sqitch') },
    ])
  })
  test('services of such names are databases', () => {
    const files = ['m/deploy/1_a.up.sql', 'm/deploy/1_a.down.sql', 'm/revert/1_b.up.sql', 'm/revert/1_b.down.sql']
    expect(databaseFolders(files, 'm').databases).toEqual([{ folder: 'm/deploy' }, { folder: 'm/revert' }])
  })
})
