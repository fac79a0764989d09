// The command line as a child process.
import { describe, expect, test } from '@jest/globals'
import { chmodSync, existsSync, readFileSync, watch } from 'node:fs'
import { foldersForTests, type Folder } from '../adapters/host/folder.js'
import { compileProgram, type Ended, type Program } from './program.js'

const program = compileProgram()
const makeFolder = foldersForTests()

const GOOD = {
  'migrations/core_db/00001_a.up.sql': 'CREATE TABLE a (id int PRIMARY KEY);\n',
  'migrations/core_db/00001_a.down.sql': 'DROP TABLE a;\n',
  'migrations/core_db/seeds/00010_a.up.sql': 'INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING;\n',
  'migrations/core_db/seeds/00010_a.down.sql': 'DELETE FROM a WHERE id = 1;\n',
}
const BAD = { ...GOOD, 'migrations/core_db/00001_a.down.sql': 'SELECT 1;\n' }

type Options = Omit<Parameters<Program['run']>[0], 'entry' | 'cwd' | 'words'>

async function run(
  files: Readonly<Record<string, string>>,
  words: readonly string[],
  options: Options = {},
): Promise<Ended & { readonly folder: Folder }> {
  const folder = makeFolder(files)
  return { ...(await program.run({ entry: 'cli', words, cwd: folder.path, ...options })), folder }
}

describe('verdicts', () => {
  test('good migrations are proved on a real server, seeds with them', async () => {
    const { code, out, err } = await run(GOOD, ['check', '--format', 'json'])
    expect(err).toBe('')
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'pass',
      exitCode: 0,
      counts: { databases: 1, migrations: 2, proved: 2 },
      server: { source: expect.stringMatching(/local|package/) },
      databases: [{ name: 'core_db', folder: 'migrations/core_db', layout: 'pairs' }],
    })
    expect(code).toBe(0)
  })

  test('a bad down fails, the last line is the verdict, and a pipe gets no colours', async () => {
    const { code, out } = await run(BAD, ['check'])
    expect(code).toBe(1)
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^FAIL {2}1 of 2 migrations cannot be rolled back/)
    expect(out).not.toContain('\u001b')
  })

  test('--no-proof starts no server and judges files', async () => {
    const { code, out } = await run(BAD, [
      'check',
      '--no-proof',
      '--format',
      'json',
      '--server',
      'postgres://u@127.0.0.1:1/x',
    ])
    expect(JSON.parse(out)).toMatchObject({ verdict: 'fail', counts: { proved: 0 } })
    expect(out).toContain('"rule": "down-empty"')
    expect(code).toBe(1)
  })

  test('--fail-on warning is stricter', async () => {
    const files = {
      ...GOOD,
      'migrations/core_db/00001_a.up.sql': 'CREATE TABLE a (id int PRIMARY KEY);\nSET search_path = public;\n',
    }
    expect((await run(files, ['check', '--no-proof', '--quiet'])).code).toBe(0)
    expect((await run(files, ['check', '--no-proof', '--quiet', '--fail-on', 'warning'])).code).toBe(1)
  })

  test('a server that refuses is an environment failure: one report, exit code 3', async () => {
    const { code, out } = await run(GOOD, [
      'check',
      '--server',
      'postgres://u:hunter2hunter2@127.0.0.1:1/x',
      '--fail-on',
      'warning',
    ])
    expect(code).toBe(3)
    expect(out).toContain('ENVIRONMENT')
    expect(out).toContain('127.0.0.1:1')
    expect(out).not.toContain('hunter2')
  })

  test('colours when they are asked for', async () => {
    expect((await run(GOOD, ['check', '--no-proof', '--color', 'always'])).out).toContain('\u001b[')
    const forced = { environment: { FORCE_COLOR: '1' } }
    expect((await run(GOOD, ['check', '--no-proof'], forced)).out).toContain('\u001b[')
    expect((await run(GOOD, ['check', '--no-proof', '--no-color'], forced)).out).not.toContain('\u001b[')
  })
})

test('reports go to files too', async () => {
  const words = [
    'check',
    '--no-proof',
    '-q',
    '--output',
    'json=out/r.json',
    '--output',
    'markdown=r.md',
    '--output',
    'annotations=r.txt',
  ]
  const { code, folder } = await run(BAD, words)
  expect(code).toBe(1)
  expect(JSON.parse(readFileSync(folder.at('out/r.json'), 'utf8'))).toMatchObject({ verdict: 'fail' })
  expect(readFileSync(folder.at('r.md'), 'utf8')).toContain('core_db')
  expect(readFileSync(folder.at('r.txt'), 'utf8')).toMatch(/^::error .*file=migrations\/core_db\/00001_a\.down\.sql/m)
})

describe('wrong use: exit code 2, a clear message, no stack', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
    ['missing folder', {}, ['check'], 'there is no folder migrations'],
    ['near miss', { 'db/m/0001_a.up.sql': '', 'db/m/0001_a.down.sql': '' }, ['check'], 'cli.js check db/m`'],
    [
      'far below, and nearer only SQL without versions',
      { 'dev/grants.sql': '', 'a/b/c/d/e/f/0001_a.up.sql': '' },
      ['check'],
      'There are migrations in a/b/c/d/e/f',
    ],
    [
      'numbered Go files that are no migrations',
      { 'pkg/v1/01_codec.go': 'package v1\n', 'db/m/README.md': '' },
      ['check'],
      'Name the folder with your migrations',
    ],
    [
      'migrations in Go',
      {
        'pkg/v1/01_codec.go': 'package v1\n',
        'db/m/01_a.go': 'package m\nfunc init() { goose.AddMigrationContext(up, down) }\n',
      },
      ['check'],
      'There are migrations in db/m',
    ],
    ['empty folder', { 'migrations/README.md': '' }, ['check'], 'there are README.md'],
    ['a file', GOOD, ['check', 'migrations/core_db/00001_a.up.sql'], 'is not a folder'],
    ['unknown database', GOOD, ['check', '--databases', 'core'], 'there is no database "core"; did you mean core_db?'],
    ['unknown command', GOOD, ['chekc'], 'did you mean check?'],
    ['no command', GOOD, [], 'no command is given'],
    ['wrong config', { ...GOOD, 'migration-gate.yml': 'a: 1\nb: 2\n' }, ['check'], 'migration-gate.yml has 2 problems'],
    [
      'a database without migrations',
      { ...GOOD, 'm/README.md': '', 'migration-gate.yml': 'databases: { x: { folder: m } }' },
      ['check', '--no-proof'],
      'x: no migrations in m',
    ],
    [
      'a stand-in for nothing',
      { ...GOOD, 's.sql': '', 'migration-gate.yml': 'databases: { core_db: { stand-ins: { 7: s.sql } } }' },
      ['check', '--no-proof'],
      's.sql is the substitute for the version 7',
    ],
  ])('%s', async (_, files, words, message) => {
    const { code, out, err } = await run(files, words)
    expect(err).toContain(message)
    expect(err).not.toMatch(/^\s+at /m)
    expect(out).toBe('')
    expect(code).toBe(2)
  })
})

test.each([
  [['check', 'postgres://u:hunter22@h/d']],
  [['postgres://u:hunter22@h/d']],
  [['check', '--config', 'postgres://u:hunter22@h/d']],
])('a connection string in the wrong place is not repeated: %j', async (words) => {
  const { code, err } = await run({}, words)
  expect(err).not.toContain('hunter22')
  expect(code).toBe(2)
})

test('help and version answer without a server, and with 0', async () => {
  const { code, out } = await run({}, ['check', '--help'])
  expect([code, out.includes('--fail-on <level>')]).toEqual([0, true])
  expect((await run({}, ['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

describe("a script is sent as its tool sends it, in its tool's order", () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    [
      'sql-migrate cuts at a semicolon that ends a line, also inside of a quote',
      {
        'migrations/1-t.sql':
          "-- +migrate Up\nCREATE TABLE t (b text);\nINSERT INTO t VALUES ('one;\ntwo');\n-- +migrate Down\nDROP TABLE t;\n",
      },
    ],
    [
      'goose does so in a function without its marks',
      {
        'migrations/00001_f.sql':
          '-- +goose Up\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\nSELECT 1;\n$$;\n-- +goose Down\nDROP FUNCTION f();\n',
      },
    ],
  ])('%s', async (_what, files) => {
    const { code, out } = await run(files, ['check', '--format', 'json'])
    expect(code).toBe(1)
    expect(out).toMatch(/unterminated (?:dollar-)?quoted string/)
  })

  test('diesel orders dates with dashes as it does, not as numbers', async () => {
    const step = (name: string, up: string, down: string) => ({
      [`migrations/${name}/up.sql`]: up,
      [`migrations/${name}/down.sql`]: down,
    })
    const { code, out } = await run(
      {
        ...step('20140101000000_a', 'CREATE TABLE a (id int);', 'DROP TABLE a;'),
        ...step('20170101000000_b', 'ALTER TABLE a ADD b int;', 'ALTER TABLE a DROP b;'),
        ...step('2017-08-31-230457_c', 'ALTER TABLE a ADD c int;', 'ALTER TABLE a DROP c;'),
      },
      ['check'],
    )
    expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, expect.stringMatching(/^PASS {2}all 3 migrations/)])
  })
})

describe('what is found', () => {
  const pair = (name: string) => ({ [`${name}/0001_a.up.sql`]: 'SELECT 1', [`${name}/0001_a.down.sql`]: 'SELECT 1' })
  const names = async (
    files: Readonly<Record<string, string>>,
    ...words: readonly string[]
  ): Promise<readonly string[]> => {
    const { out, err } = await run(files, ['check', '--no-proof', '--format', 'json', ...words])
    expect(err).toBe('')
    // Only the part of the report that is looked at here.
    const report = JSON.parse(out) as { databases: readonly { name: string; folder: string }[] }
    return report.databases.map(({ name, folder }) => `${name}=${folder}`)
  }

  test('several paths, and the same name twice', async () => {
    const files = { ...pair('a/db'), ...pair('b/db'), ...pair('c') }
    expect(await names(files, 'a', 'b/db/', './c')).toEqual(['a/db=a/db', 'b/db=b/db', 'c=c'])
  })

  test('the config says what differs, the rest is found; paths narrow it', async () => {
    const files = {
      ...pair('migrations/one'),
      ...pair('migrations/two'),
      ...pair('migrations/old'),
      ...pair('else/where'),
      'migration-gate.yml': 'databases: { far: { folder: else/where }, one: {} }\nignore: [migrations/old]\n',
    }
    expect(await names(files)).toEqual(['far=else/where', 'one=migrations/one', 'two=migrations/two'])
    expect(await names(files, 'migrations')).toEqual(['one=migrations/one', 'two=migrations/two'])
    expect(await names(files, 'else')).toEqual(['far=else/where'])
    expect(await names(files, '--databases', 'two')).toEqual(['two=migrations/two'])
  })
})

test('in a GitHub log no file gives orders', async () => {
  const name = 'migrations/core_db/##[set-output name=verdict]x.sql'
  const { out } = await run({ ...GOOD, [name]: 'SELECT 1' }, ['check', '--no-proof', '-v'], {
    environment: { GITHUB_ACTIONS: 'true' },
  })
  expect(out).not.toContain('##[')
  expect(out).not.toMatch(/^\s*::/m)
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s in the middle of a migration ends the run with 130',
  async (signal) => {
    const sign = makeFolder({})
    // The server may run as another account.
    chmodSync(sign.path, 0o777)
    const files = {
      ...GOOD,
      'migrations/core_db/00002_b.up.sql': `COPY (SELECT 1) TO PROGRAM 'cat > ${sign.at('here')}';\nSELECT pg_sleep(60);\n`,
      'migrations/core_db/00002_b.down.sql': 'SELECT 1;\n',
    }
    const { code, err, folder } = await run(files, ['check', '--output', 'json=r.json'], {
      started: (kill) => {
        const watcher = watch(sign.path, () => {
          watcher.close()
          kill(signal)
        })
      },
    })
    expect(err).toContain(`${signal}: stopping and cleaning up`)
    expect(err).toContain('cancelled')
    expect(code).toBe(130)
    expect(existsSync(folder.at('r.json'))).toBe(false)
  },
)
