// The commands on live databases as a child process: words, exit codes, signals, and nothing secret in what is printed.
import { expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { LiveReport } from '../../src/report/run-report.js'
import { foldersForTests } from '../adapters/host/folder.js'
import { serverForTests, type LiveDatabase } from '../support/live.js'
import { compileProgram, type Ended, type Program } from './program.js'

const program = compileProgram()
const live = serverForTests()
const makeFolder = foldersForTests()

const FILES = {
  'migrations/app/00001_a.up.sql': 'CREATE TABLE a (id int);\n',
  'migrations/app/00001_a.down.sql': 'DROP TABLE a;\n',
  'migrations/app/00002_b.up.sql': 'CREATE TABLE b (id int);\nINSERT INTO b VALUES (1, 2);\n',
  'migrations/app/00002_b.down.sql': 'DROP TABLE b;\n',
}
const PASSWORD = 'correct-horse-battery'

type Where = { readonly files?: Readonly<Record<string, string>>; readonly database: LiveDatabase }

async function run(
  words: readonly string[],
  where: Where,
  more: Partial<Parameters<Program['run']>[0]> = {},
): Promise<Ended> {
  const folder = makeFolder(where.files ?? FILES)
  const APP_DSN = `${where.database.dsn} password='${PASSWORD}'`
  const ended = await program.run({ entry: 'cli', words, cwd: folder.path, environment: { APP_DSN }, ...more })
  expect(ended.out + ended.err).not.toContain(PASSWORD)
  return ended
}

test('a failure half way: exit code 4, the place, the line, what goes on, and the verdict last', async () => {
  const database = await live.database()
  const { code, out, err } = await run(['up'], { database })
  expect(err).toBe('')
  expect(out).toContain('migrations/app/00002_b.up.sql:2:26')
  expect(out).toContain('2 | INSERT INTO b VALUES (1, 2);')
  expect(out).toContain('fix: Fix migrations/app/00002_b.up.sql, then run up again.')
  expect(out.trimEnd().split('\n').at(-1)).toMatch(/^STOPPED {2}app failed at step 2 of 2; 1 step done, 0 not started/)
  expect(code).toBe(4)
})

test('down and baseline by their words, status with --check', async () => {
  const database = await live.database()
  expect((await run(['up', '--to', '1'], { database })).code).toBe(0)
  expect((await run(['status', '--check'], { database })).code).toBe(1)
  const down = await run(['down', '--databases', 'app', '--format', 'json'], { database })
  expect(JSON.parse(down.out)).toMatchObject({
    command: 'down',
    targets: [{ steps: [{ id: '00001_a', outcome: 'undone' }] }],
  })
  const many = {
    ...FILES,
    'migrations/zoo/00001_z.up.sql': 'SELECT 1;\n',
    'migrations/zoo/00001_z.down.sql': 'SELECT 1;\n',
  }
  const refused = await run(['down'], { database, files: many })
  expect(refused.err).toMatch(/^error {2}cannot roll back all databases at once\n/)
  expect(refused.code).toBe(2)
  expect((await run(['baseline', '--databases', 'app'], { database })).code).toBe(2)
})

test('a server that does not answer is exit code 3, and shows its address without the rest of the DSN', async () => {
  const database = { ...(await live.database()), dsn: `host=127.0.0.1 port=1 user=u dbname=x` }
  const { code, out } = await run(['up'], { database })
  expect(out).toContain('The server at 127.0.0.1:1 refuses connections')
  expect(code).toBe(3)
})

test.each(['app', 'sheet', 'up', 'a'])('the plan is whole where the password is %s', async (password) => {
  const database = await live.database()
  const folder = makeFolder({ ...FILES, 'migrations/app/00002_b.up.sql': 'CREATE TABLE b (id int);\n' })
  const env = {
    PATH: process.env['PATH'],
    APP_DSN: `${database.dsn.replace(/password='[^']*'/, '')} password='${password}'`,
  }
  const cli = (...words: readonly string[]): string =>
    execFileSync(process.execPath, [program.file('entry/cli'), ...words], { cwd: folder.path, env, encoding: 'utf8' })
  const production = ['--environment', 'production', '--no-proof']
  cli('plan', ...production, '--output', 'json=plan.json')
  const plan = JSON.parse(readFileSync(folder.at('plan.json'), 'utf8')) as LiveReport
  const approved = ['--plan', 'plan.json', '--digest', plan.approval?.digest ?? '']
  expect(cli('deploy', ...production, ...approved, '--backup', 'external', '--backup-id', 'x')).toMatch(/2 steps done/)
})

test('as an action: inputs, outputs, annotations', async () => {
  const database = await live.database()
  const environment = {
    INPUT_COMMAND: 'up',
    APP_DSN: `${database.dsn} password='${PASSWORD}'`,
    'INPUT_LOCK-TIMEOUT': '1s',
  }
  const { code, out } = await run([], { database }, { entry: 'action', environment })
  expect(out).toMatch(/^::error file=migrations\/app\/00002_b\.up\.sql,line=2,col=26,/m)
  expect(out).toContain('::set-output name=done::1')
  expect(code).toBe(4)
})

test('SIGINT ends the run after the step that is under way', async () => {
  const database = await live.database()
  const slow = { ...FILES, 'migrations/app/00001_a.up.sql': 'SELECT pg_sleep(1);\nCREATE TABLE a (id int);\n' }
  const watch = async (kill: (signal: NodeJS.Signals) => void): Promise<void> => {
    const running = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query ~ 'pg_sleep' AND pid <> pg_backend_pid()`
    while ((await database.query(running)).length === 0) await Promise.resolve()
    kill('SIGINT')
  }
  const { code, out } = await run(['up'], { database, files: slow }, { started: (kill) => void watch(kill) })
  expect(out).toMatch(/^CANCELLED {2}cancelled after 1 step, 1 not started/m)
  expect(code).toBe(130)
  expect(await database.query('SELECT version, dirty FROM schema_migrations')).toEqual([{ version: '1', dirty: false }])
})

test('SIGINT while a step waits for a lock ends the run without it', async () => {
  const database = await live.database()
  await database.query('CREATE TABLE b (id int)')
  const files = {
    'migrations/app/00001_a.up.sql': 'ALTER TABLE b ADD c int;\n',
    'migrations/app/00001_a.down.sql': 'ALTER TABLE b DROP c;\n',
  }
  const holder = await database.session()
  await holder.query('BEGIN; LOCK TABLE b')
  const watch = async (kill: (signal: NodeJS.Signals) => void): Promise<void> => {
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    while ((await database.query(waiting)).length === 0) await Promise.resolve()
    kill('SIGINT')
  }
  const { code, out } = await run(
    ['up', '--lock-timeout', '500ms', '--allow-existing'],
    { database, files },
    { started: (kill) => void watch(kill) },
  )
  expect(out).toMatch(/^CANCELLED {2}cancelled after 0 steps, 1 not started/m)
  expect(code).toBe(130)
  await holder.end()
})
