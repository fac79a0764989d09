// Deploys that are rarer than those of test/commands/release/: with an offer of a way back, against another database under the
// approved name, against a standby, and while an application goes on; what was made by hand, roles, a required check, goose.
import { expect } from '@jest/globals'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { createForge } from '../../src/adapters/github/forge.js'
import { systemClock } from '../../src/adapters/host/clock.js'
import { startFakeGithub } from '../adapters/github/fake-github.js'
import { compileProgram } from '../entry/program.js'
import { hasOwnServer, startCrashing } from '../support/crashing.js'
import { GIT_ENVIRONMENT } from '../support/git.js'
import { serverForTests } from '../support/live.js'
import { deployThrough, expectNothingDone, ONE, oneAhead } from '../support/one-ahead.js'
import {
  BACKUP,
  FOUR,
  outcomes,
  pairOf,
  productionsForTests,
  reasons,
  rules,
  type Production,
} from '../support/production.js'
import { testWithDump as test } from '../support/with-dump.js'
import { isInstalled } from '../tools/real-tools.js'

const program = compileProgram()
const live = serverForTests()
const makeProduction = productionsForTests(live)

const production = (files?: Readonly<Record<string, string>>): Promise<Production> => oneAhead(makeProduction, files)

test('where the config wants an offer, each way back is tried on a copy, and what it would lose is counted', async () => {
  const at = await production({
    ...FOUR,
    ...pairOf('core_db', '00002', `ALTER TABLE a ADD COLUMN note text DEFAULT 'x';`, 'ALTER TABLE a DROP COLUMN note;'),
    ...pairOf('kyc_db', '00002', 'ALTER TABLE a ADD COLUMN note text;', '-- nothing'),
    ...pairOf(
      'rates_db',
      '00002',
      'ALTER TABLE a ADD COLUMN note text; UPDATE a SET id = 8 WHERE id = 9;',
      'ALTER TABLE a DROP COLUMN note;',
    ),
    ...pairOf('rates_db', '00003', 'ALTER TABLE a ADD CHECK (id < 2);', 'ALTER TABLE a DROP CONSTRAINT a_id_check;'),
  })
  at.write({ 'migration-gate.yml': 'deploy:\n  order: [core_db, kyc_db, rates_db, audit_db]\n  on-failure: offer\n' })
  await at.databases['core_db']?.query('INSERT INTO a VALUES (1)')
  await at.databases['rates_db']?.query('INSERT INTO a VALUES (1), (2)')
  const approved = await at.approve()
  const broken = await at.deploy(approved)
  expect(broken.exitCode).toBe(4)
  const usual = ' --backup-folder backups --lock-timeout 2s'
  // The down of kyc_db is empty, so its rollback asks to accept that.
  expect(broken.ways?.map(({ command }) => /rollback .*--databases (\w+)(.*)/.exec(command)?.slice(1))).toEqual(
    expect.arrayContaining([
      // No row has that id, but the rollback asks about the UPDATE.
      ['rates_db', ` --to 00001 --confirm 'rates_db 00001' --accept-irreversible 00002${usual}`],
      ['kyc_db', ` --to 00001 --confirm 'kyc_db 00001' --accept-irreversible 00002${usual}`],
      ['core_db', ` --to 00001 --confirm 'core_db 00001'${usual}`],
    ]),
  )
  const offers = broken.ways?.flatMap(({ what, tried }) => (tried === undefined ? [] : [{ what, ...tried }]))
  expect(offers).toEqual([
    {
      what: 'Roll back what this run did to rates_db',
      result: 'failed',
      losses: [],
      why: expect.stringContaining('00002_m: its up can remove data that no down restores (UPDATE'),
    },
    {
      what: 'Roll back what this run did to kyc_db',
      result: 'failed',
      losses: [],
      why: '00002_m: its down does nothing',
    },
    {
      what: 'Roll back what this run did to core_db',
      result: 'ran',
      why: undefined,
      losses: [{ kind: 'column', table: 'public.a', column: 'note', rows: 1, values: 1 }],
    },
  ])
})

test('refused: another database that was given the name of the approved one', async () => {
  const at = await production()
  const approved = await at.approve()
  const name = at.databases['core_db']?.name ?? ''
  const keeper = await live.database()
  await keeper.query(`ALTER DATABASE ${name} RENAME TO ${name}_approved`)
  await keeper.query(`CREATE DATABASE ${name} TEMPLATE ${name}_approved`)
  expect(reasons(await at.deploy(approved))).toMatch(
    /core_db: a different target: its database OID is \d+, not the approved \d+/,
  )
  await expectNothingDone(at)
  await keeper.query(`DROP DATABASE ${name}`)
  await keeper.query(`ALTER DATABASE ${name}_approved RENAME TO ${name}`)
  expect(await at.deploy(approved)).toMatchObject({ verdict: 'pass' })
})

const withOwnServer = hasOwnServer ? test : test.skip
withOwnServer('a standby is refused', async () => {
  const at = await production()
  const standby = await startCrashing({ standby: true })
  try {
    const { code, out } = await deployThrough(
      program,
      at,
      `host='${standby?.folder ?? ''}' user=postgres dbname=postgres`,
    )
    expect([code, out]).toEqual([3, expect.stringContaining('is a standby and takes no writes')])
  } finally {
    await standby?.close()
  }
})

const bin = [
  '/usr/lib/postgresql/15/bin',
  '/usr/lib/postgresql/16/bin',
  '/usr/lib/postgresql/17/bin',
  '/usr/lib/postgresql/18/bin',
].find((folder) => existsSync(path.join(folder, 'pgbench')))
const withBench = bin === undefined ? test.skip : test
withBench(
  'an application goes on while its table is changed: no transaction fails or waits over the lock timeout plus 1 s',
  async () => {
    const at = await production({
      ...pairOf(
        'core_db',
        '00001',
        `CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84));
CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88));
CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84));
CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));`,
        'DROP TABLE pgbench_accounts, pgbench_branches, pgbench_tellers, pgbench_history;',
      ),
      ...pairOf(
        'core_db',
        '00002',
        'ALTER TABLE pgbench_accounts ADD COLUMN note text;',
        'ALTER TABLE pgbench_accounts DROP COLUMN note;',
      ),
      ...pairOf(
        'core_db',
        '00003',
        'CREATE INDEX CONCURRENTLY by_bid ON pgbench_accounts (bid);',
        'DROP INDEX CONCURRENTLY by_bid;',
      ),
      ...pairOf(
        'core_db',
        '00004',
        'ALTER TABLE pgbench_accounts ADD CONSTRAINT some_bid CHECK (bid > 0) NOT VALID;',
        'ALTER TABLE pgbench_accounts DROP CONSTRAINT some_bid;',
      ),
      ...pairOf('core_db', '00005', 'ALTER TABLE pgbench_accounts VALIDATE CONSTRAINT some_bid;', 'SELECT 1;'),
    })
    const { host = '' } = live.cluster.connection('postgres')
    const bench = (...words: readonly string[]) =>
      promisify(execFile)(
        path.join(bin ?? '', 'pgbench'),
        [...words, '-h', host, '-U', 'postgres', at.databases['core_db']?.name ?? ''],
        { cwd: at.folder.path },
      )
    await bench('-i', '-I', 'g', '-s', '1', '-q')
    const approved = await at.approve()
    // Without a rate it would take all that the machine has.
    const load = bench('-n', '-c', '4', '-T', '4', '-R', '200', '-l')
    const report = await at.deploy({ ...approved, lockMs: 500 })
    const { stdout } = await load
    expect(report).toMatchObject({ verdict: 'pass', counts: { done: 4 } })
    expect(stdout).toMatch(/number of failed transactions: 0/)
    const logs = readdirSync(at.folder.path).filter((name) => name.startsWith('pgbench_log'))
    const waits = logs.flatMap((name) =>
      readFileSync(at.folder.at(name), 'utf8')
        .trim()
        .split('\n')
        .map((line) => Number(line.split(' ')[2]) / 1000),
    )
    expect(waits.length).toBeGreaterThan(100)
    expect(Math.max(...waits)).toBeLessThan(1_500)
  },
)

test('says that what a step makes is there already, made by hand', async () => {
  const at = await production({
    ...ONE,
    ...pairOf('core_db', '00003', 'CREATE TABLE IF NOT EXISTS sent (id int);', 'DROP TABLE sent;'),
    ...pairOf(
      'core_db',
      '00004',
      'ALTER TABLE users ADD COLUMN IF NOT EXISTS age int;',
      'ALTER TABLE users DROP COLUMN age;',
    ),
    ...pairOf('core_db', '00005', 'CREATE TABLE fresh (id int);', 'DROP TABLE fresh;'),
  })
  await at.upTo('00002')
  const said = async () => (await at.plan()).targets[0]?.ahead?.conditions.map(({ kind, what }) => [kind, what])
  expect(await said()).toEqual([])
  await at.databases['core_db']?.query('CREATE TABLE sent (id int); ALTER TABLE users ADD COLUMN age int')
  const there = 'creates what the live database already has, but no applied migration created:'
  expect(await said()).toEqual([
    ['warns', `00003_m ${there} table public.sent`],
    ['warns', `00004_m ${there} column public.users.age`],
  ])
})

test('roles belong to the server, the rights of those that the migrations make to the schema', async () => {
  const role = `reader_${Date.now().toString(36)}`
  const at = await production({
    ...pairOf(
      'core_db',
      '00001',
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role}; END IF; END $$;
CREATE TABLE users (id int PRIMARY KEY); GRANT SELECT ON users TO ${role};`,
      'DROP TABLE users;',
    ),
    ...pairOf('core_db', '00002', `CREATE TABLE b (id int); GRANT SELECT ON b TO ${role};`, 'DROP TABLE b;'),
  })
  const database = at.databases['core_db']
  try {
    // A role of this server alone, and data that no migration makes.
    await database?.query(`GRANT SELECT ON users TO pg_monitor; SELECT lo_create(0)`)
    const driftOf = async () => (await at.plan()).targets[0]?.ahead?.drift?.map(({ identity }) => identity)
    expect(await driftOf()).toEqual([])
    await database?.query(`REVOKE SELECT ON users FROM ${role}`)
    expect(await driftOf()).toEqual(['public.users'])
    await database?.query(`GRANT SELECT ON users TO ${role}`)
    expect(await at.deploy({ backup: { ...BACKUP, kind: 'external', id: 'x' } })).toMatchObject({ verdict: 'pass' })
  } finally {
    await database?.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  }
})

test('accepts a constraint that is unvalidated as approved', async () => {
  const at = await production({
    ...ONE,
    ...pairOf(
      'core_db',
      '00003',
      `ALTER TABLE users ADD CONSTRAINT has_phone CHECK (phone <> '') NOT VALID;`,
      'ALTER TABLE users DROP CONSTRAINT has_phone;',
    ),
  })
  const report = await at.deploy()
  expect(report).toMatchObject({ verdict: 'pass' })
  expect(report.targets[0]?.seen?.[1]).toEqual({
    what: 'indexes are valid and constraints validated',
    result: 'held',
    seen: 'except as approved: constraint public.users.has_phone is not validated',
  })
})

test('what a run found wrong after its last step is not passed over by the same command', async () => {
  const at = await production()
  at.write({ 'migrations/core_db/assert/none.sql': 'SELECT 1' })
  const approved = await at.approve()
  expect(await at.deploy(approved)).toMatchObject({ exitCode: 4 })
  const second = await at.deploy(approved)
  expect(second).toMatchObject({ verdict: 'fail', exitCode: 1 })
  expect(second.targets[0]?.stopped?.what).toContain('assert/none.sql returns no row (1 row)')
  at.write({ 'migrations/core_db/assert/none.sql': 'SELECT 1 WHERE false' })
  const third = await at.deploy({ ...approved, smoke: 'exit 1' })
  expect(third.targets[0]?.stopped?.what).toContain('the smoke test fails')
  expect(await at.deploy({ ...approved, smoke: 'exit 0' })).toMatchObject({ verdict: 'pass' })
  await at.databases['core_db']?.query('ALTER TABLE users ADD COLUMN by_hand int')
  expect(rules(await at.deploy(approved))).toEqual(['moved'])
})

test('a digest alone is enough where the expiry is the approved one', async () => {
  const at = await production()
  const expires = '2030-01-01T00:00:00Z'
  const { digest } = await at.approve({ expires })
  expect(rules(await at.deploy({ digest }))).toEqual(['digest'])
  expect(await at.deploy({ digest, expires })).toMatchObject({ verdict: 'pass', counts: { done: 1 } })
})

const withGoose = isInstalled('goose') ? test : test.skip
withGoose('refused: goose applied something in between', async () => {
  const file = (version: number, column: string): Readonly<Record<string, string>> => ({
    [`core_db/0000${version}_${column}.sql`]: `-- +goose Up\nALTER TABLE users ADD COLUMN ${column} text;\n-- +goose Down\nALTER TABLE users DROP COLUMN ${column};\n`,
  })
  const at = await production({
    'core_db/00001_users.sql':
      '-- +goose Up\nCREATE TABLE users (id int PRIMARY KEY);\n-- +goose Down\nDROP TABLE users;\n',
    ...file(2, 'phone'),
    ...file(3, 'mail'),
  })
  const approved = await at.approve()
  const dsn = `${at.databases['core_db']?.dsn ?? ''} sslmode=disable`
  execFileSync('goose', ['-dir', at.folder.at('migrations/core_db'), 'postgres', dsn, 'up-to', '2'])
  const report = await at.deploy(approved)
  expect(rules(report)).toContain('moved')
  expect(reasons(report)).toContain("core_db: the tool's history changed since the approval")
  expect(reasons(report)).toContain('core_db: approved, but no longer planned: up 00002_phone')
  expect(existsSync(at.folder.at('backups'))).toBe(false)
  expect(await at.deploy()).toMatchObject({ verdict: 'pass', counts: { done: 1 } })
})

test('a required check that is missing, failed, or cannot be seen', async () => {
  const at = await production()
  at.write({ 'migration-gate.yml': 'deploy:\n  check: migrations / prove\n' })
  const git = (...words: readonly string[]): string =>
    execFileSync('git', words, { cwd: at.folder.path, env: GIT_ENVIRONMENT, encoding: 'utf8' }).trim()
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '--message', 'x')
  const approved = await at.approve()
  const said = 'the required check "migrations / prove"'
  expect(reasons(await at.deploy(approved))).toContain(
    `${said} could not be read: there is no token to ask GitHub with`,
  )
  const github = await startFakeGithub()
  try {
    const { signal } = new AbortController()
    const options = { token: 'ghs_0123456789', repository: 'o/r', apiUrl: github.url, clock: systemClock, signal }
    const forge = createForge(options)
    const run = (id: number, conclusion: string): void => {
      github.checks.push({
        id,
        sha: git('rev-parse', 'HEAD'),
        name: 'migrations / prove',
        status: 'completed',
        conclusion,
      })
    }
    expect(reasons(await at.deploy(approved, { forge }))).toContain(`${said} did not run for this commit`)
    run(1, 'failure')
    expect(reasons(await at.deploy(approved, { forge }))).toContain(`${said} failed for this commit`)
    await expectNothingDone(at)
    run(2, 'success')
    expect(await at.deploy(approved, { forge })).toMatchObject({ verdict: 'pass' })
    expect(github.violations).toEqual([])
  } finally {
    await github.close()
  }
})

test('two folders about one database do not wait for each other', async () => {
  const at = await production({
    ...ONE,
    ...pairOf('other', '00001', 'CREATE TABLE o (id int);', 'DROP TABLE o;'),
  })
  at.write({
    'migration-gate.yml':
      'databases:\n  other:\n    dsn: CORE_DB_DSN\n    history: { kind: golang-migrate, table: other_migrations }\n',
  })
  const report = await at.deploy({ backup: { ...BACKUP, kind: 'external', id: 'x' } })
  expect([reasons(report), report.verdict]).toEqual(['', 'pass'])
  expect(outcomes(report)).toContain('core_db 00002 applied')
})
