// The everyday commands on real databases: what each does, and what it refuses.
import { describe, expect, test } from '@jest/globals'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { OWN_KEY } from '../../../src/adapters/postgres/live/locks.js'
import type { LiveReport } from '../../../src/report/run-report.js'
import { renderLiveText } from '../../../src/render/text/run.js'
import { isInstalled, run } from '../../tools/real-tools.js'
import { foldersForTests } from '../../adapters/host/folder.js'
import { OTHER_ADDRESS, startProxy } from '../../support/proxy.js'
import { baseline, down, redo, status, up } from '../../support/everyday.js'
import {
  baselineRequest,
  downRequest,
  redoRequest,
  serverForTests,
  statusRequest,
  upRequest,
  worldIn,
  type LiveDatabase,
} from '../../support/live.js'

const live = serverForTests()
const makeFolder = foldersForTests()

const pair = (version: string, upText: string, downText: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${version}_m.up.sql`]: `${upText}\n`,
  [`migrations/app/${version}_m.down.sql`]: `${downText}\n`,
})
const table = (version: string, name: string) => pair(version, `CREATE TABLE ${name} (id int);`, `DROP TABLE ${name};`)
const ABC = { ...table('00001', 'a'), ...table('00002', 'b'), ...table('00003', 'c') }

type Place = { readonly folder: string; readonly database: LiveDatabase; readonly world: ReturnType<typeof worldIn> }

async function place(
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
): Promise<Place> {
  const folder = makeFolder(files)
  const database = await live.database()
  const world = worldIn(folder.path, { APP_DSN: database.dsn, ...variables }, { server: live.server })
  return { folder: folder.path, database, world }
}

const textOf = (report: LiveReport): string =>
  renderLiveText(report, { colour: false, width: 100, verbosity: 'normal' })

const outcomes = (report: LiveReport): readonly string[] =>
  report.targets.flatMap(({ steps }) => steps.map(({ version, outcome }) => `${version} ${outcome}`))

const tables = async ({ database }: Place): Promise<readonly unknown[]> =>
  (
    await database.query(
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
  ).map(({ relname }) => relname)

describe('up', () => {
  test('applies what is pending, then has nothing to do', async () => {
    const at = await place(ABC)
    const first = await up(upRequest(), at.world)
    expect(first).toMatchObject({ verdict: 'pass', exitCode: 0, counts: { done: 3, failed: 0, waiting: 0 } })
    expect(outcomes(first)).toEqual(['00001 applied', '00002 applied', '00003 applied'])
    expect(await tables(at)).toEqual(['a', 'b', 'c', 'schema_migrations'])
    expect(await at.database.query('SELECT * FROM schema_migrations')).toEqual([{ version: '3', dirty: false }])
    const again = await up(upRequest(), at.world)
    expect(again).toMatchObject({ verdict: 'pass', counts: { done: 0 } })
    expect(outcomes(again)).toEqual([])
  })

  test('--to stops there, --dry-run touches nothing, an unknown version is wrong use', async () => {
    const at = await place(ABC)
    expect(outcomes(await up(upRequest({ dryRun: true }), at.world))).toEqual([
      '00001 planned',
      '00002 planned',
      '00003 planned',
    ])
    expect(await tables(at)).toEqual([])
    expect(outcomes(await up(upRequest({ to: '2' }), at.world))).toEqual(['00001 applied', '00002 applied'])
    await expect(up(upRequest({ to: '7' }), at.world)).rejects.toMatchObject({
      kind: 'use',
      message: 'app: there is no migration 7',
    })
  })

  test('the journal holds who, what and the down as it was; it is append-only', async () => {
    const at = await place(ABC, {
      GITHUB_ACTOR: 'ada',
      GITHUB_SERVER_URL: 'https://h',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: '7',
    })
    await up(upRequest({ to: '1', environment: 'test' }), at.world)
    const rows = await at.database.query('SELECT * FROM migration_gate.journal')
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      database: 'app',
      version: '00001',
      id: '00001_m',
      direction: 'up',
      outcome: 'applied',
      before: null,

      actor: 'ada',
      run: 'https://h/o/r/actions/runs/7',
      tool: 'pg-migration-gate 1.2.3',
      environment: 'test',
      plan: null,
      down_script: { transaction: 'message', messages: [{ text: 'DROP TABLE a;\n', line: 1, column: 1 }] },
    })
    for (const sql of [
      'UPDATE migration_gate.journal SET actor = null',
      'DELETE FROM migration_gate.journal',
      'TRUNCATE migration_gate.journal',
    ]) {
      await expect(at.database.query(sql)).rejects.toThrow('append-only')
    }
  })

  test('without the right to make it, there is no journal, and that is said once', async () => {
    const at = await place(ABC)
    await at.database.query(
      `CREATE ROLE plain_${at.database.name} LOGIN; GRANT ALL ON SCHEMA public TO plain_${at.database.name}`,
    )
    const dsn = at.database.dsn.replace(/user='[^']*'/, `user=plain_${at.database.name}`)
    const report = await up(upRequest(), worldIn(at.folder, { APP_DSN: dsn }))
    expect(report).toMatchObject({
      verdict: 'pass',
      targets: [{ notes: ['no journal is kept: this role may not create the schema migration_gate'] }],
    })
  })

  test('journal: off keeps nothing of ours there', async () => {
    const at = await place({ ...ABC, 'migration-gate.yml': 'databases: { app: { journal: off } }\n' })
    expect(await up(upRequest(), at.world)).toMatchObject({ verdict: 'pass', targets: [{ notes: [] }] })
    expect(await at.database.query(`SELECT to_regnamespace('migration_gate') AS n`)).toEqual([{ n: null }])
  })

  test('a failure tells line, column and the line itself; what was done stays done', async () => {
    const at = await place({
      ...table('00001', 'a'),
      ...pair('00002', 'CREATE TABLE b (id int);\nINSERT INTO b\n  VALUES (1/0);', 'DROP TABLE b;'),
      ...table('00003', 'c'),
    })
    const report = await up(upRequest(), at.world)
    expect(report).toMatchObject({ verdict: 'unfinished', exitCode: 4, counts: { done: 1, failed: 1, waiting: 1 } })
    expect(outcomes(report)).toEqual(['00001 applied', '00002 failed', '00003 not started'])
    expect(report.targets[0]?.steps[1]).toMatchObject({
      failure: {
        sqlstate: '22012',
        place: { file: 'migrations/app/00002_m.up.sql', line: 2, column: 1 },
        line: 'INSERT INTO b',
      },
      left: [],
      fix: 'Fix migrations/app/00002_m.up.sql, then run up again.',
    })
    expect(await tables(at)).toEqual(['a', 'schema_migrations'])
    expect(await at.database.query('SELECT * FROM schema_migrations')).toEqual([{ version: '1', dirty: false }])
  })

  test('nothing changed and failed is exit code 1', async () => {
    const at = await place(pair('00001', 'SELECT nonsense;', 'SELECT 1;'))
    expect(await up(upRequest(), at.world)).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      targets: [{ steps: [{ failure: { sqlstate: '42703', place: { line: 1, column: 8 } } }] }],
    })
  })

  test('one refusal keeps every database from starting', async () => {
    const files = {
      ...table('00001', 'a'),
      'migrations/zoo/00001_z.up.sql': 'SELECT 1;\n',
      'migrations/zoo/00001_z.down.sql': 'SELECT 1;\n',
    }
    const at = await place(files)
    const report = await up(
      upRequest(),
      worldIn(at.folder, { APP_DSN: at.database.dsn, ZOO_DSN: `${at.database.dsn} port=1` }),
    )
    expect(report).toMatchObject({
      verdict: 'environment',
      exitCode: 3,
      targets: [
        { name: 'app', steps: [{ outcome: 'not started' }], stopped: { kind: 'not started' } },
        { name: 'zoo', stopped: { kind: 'environment' } },
      ],
    })
  })

  test('an unset variable is wrong use, and is named', async () => {
    const at = await place(ABC)
    await expect(up(upRequest(), worldIn(at.folder, {}))).rejects.toMatchObject({
      kind: 'use',
      message: expect.stringContaining('the variable APP_DSN is not set'),
    })
  })

  test('settings of one file do not reach the next, unless the session is shared', async () => {
    const files = {
      ...pair('00001', `SET search_path = other; SET statement_timeout = '1h';`, 'SELECT 1;'),
      ...pair('00002', `CREATE TABLE seen AS SELECT current_setting('search_path') AS p;`, 'DROP TABLE seen;'),
    }
    const reset = await place(files)
    expect(await up(upRequest(), reset.world)).toMatchObject({ verdict: 'pass' })
    expect(await reset.database.query('SELECT p FROM public.seen')).toEqual([{ p: '"$user", public' }])
    const shared = await place({
      ...files,
      'migration-gate.yml': 'databases: { app: { session: shared } }\n',
      ...pair('00001', 'CREATE SCHEMA other; SET search_path = other;', 'SELECT 1;'),
    })
    expect(await up(upRequest(), shared.world)).toMatchObject({ verdict: 'pass' })
    expect(await shared.database.query('SELECT p FROM other.seen')).toEqual([{ p: 'other' }])
  })
})

test('a folder behind a link out of the repository is not followed, and that is said', async () => {
  const at = await place(table('00001', 'a'))
  const outside = makeFolder(table('00001', 'b'))
  symlinkSync(outside.at('migrations/app'), path.join(at.folder, 'migrations/kyc_db'))
  expect(await up(upRequest(), at.world)).toMatchObject({
    verdict: 'pass',
    targets: [
      {
        name: 'app',
        notes: [
          'passed over: migrations/kyc_db is a link to a folder outside of the repository, which is not followed',
        ],
      },
    ],
  })
})

test('two folders of one database are worked on in turns, each with its own table', async () => {
  const files = {
    'migrations/one/00001_a.up.sql': 'SELECT pg_sleep(0.3);\nCREATE TABLE a (id int);\n',
    'migrations/one/00001_a.down.sql': 'DROP TABLE a;\n',
    'migrations/two/00001_b.up.sql': 'SELECT pg_sleep(0.3);\nCREATE TABLE b (id int);\n',
    'migrations/two/00001_b.down.sql': 'DROP TABLE b;\n',
    'migration-gate.yml': `databases:
  one: { history: { kind: golang-migrate, table: one_migrations } }
  two: { history: { kind: golang-migrate, table: two_migrations } }
`,
  }
  const at = await place(files)
  const world = worldIn(at.folder, { ONE_DSN: at.database.dsn, TWO_DSN: at.database.dsn })
  expect(await up(upRequest({ lockMs: 10 }), world)).toMatchObject({ verdict: 'pass', counts: { done: 2 } })
  expect(await tables(at)).toEqual(['a', 'b', 'one_migrations', 'two_migrations'])
})

test('two folders that lead to one history of one database are refused, whatever their DSNs look like', async () => {
  const two = { 'migrations/one/00001_a.up.sql': 'SELECT 1;\n', 'migrations/two/00001_b.up.sql': 'SELECT 1;\n' }
  const at = await place(two)
  const another = `${at.database.dsn} application_name='other'`
  const world = worldIn(at.folder, { ONE_DSN: at.database.dsn, TWO_DSN: another })
  const refused = {
    kind: 'use',
    message: expect.stringMatching(
      /^one \(ONE_DSN\) and two \(TWO_DSN\) are one database, .*, and one history in it, public\.schema_migrations$/,
    ),
  }
  await expect(up(upRequest(), world)).rejects.toMatchObject(refused)
  await expect(status(statusRequest(), world)).rejects.toMatchObject(refused)
  expect(await tables(at)).toEqual([])
  expect(await up(upRequest({ databases: ['one'] }), world)).toMatchObject({ verdict: 'pass' })
})

describe('an empty history beside a full journal', () => {
  const NOTE =
    /^the history is empty, but our journal has 00001_m, 00002_m, 00003_m as applied, the newest on 20.* by \w+: /

  test('is not run again: what is known is said, and baseline goes on', async () => {
    const at = await place(ABC)
    await up(upRequest(), at.world)
    await at.database.query('DROP TABLE schema_migrations')
    expect((await status(statusRequest(), at.world)).targets[0]?.notes).toMatchObject([expect.stringMatching(NOTE)])
    const refused = await up(upRequest(), at.world)
    expect(refused).toMatchObject({ verdict: 'fail', exitCode: 1, counts: { done: 0 } })
    expect(refused.targets[0]?.stopped).toMatchObject({
      kind: 'refused',
      what: expect.stringMatching(/^app: the history is empty/),
      fix: expect.stringMatching(
        /baseline --databases app --to 00003`\. .*baseline --databases app --to 0`, then run up again/,
      ),
    })
    expect(await baseline(baselineRequest({ to: '3' }), at.world)).toMatchObject({ verdict: 'pass' })
    expect(await up(upRequest(), at.world)).toMatchObject({ verdict: 'pass', counts: { done: 0 } })
  })

  test('after another tool rolled everything back, a baseline to 0 records that, and up goes on', async () => {
    const at = await place(ABC)
    await up(upRequest(), at.world)
    await at.database.query('DELETE FROM schema_migrations; DROP TABLE a, b, c; CREATE TABLE somebody_elses (id int)')
    expect(await up(upRequest(), at.world)).toMatchObject({ verdict: 'fail', counts: { done: 0 } })
    expect(await baseline(baselineRequest({ to: '0' }), at.world)).toMatchObject({ verdict: 'fail' })
    const accepted = baselineRequest({ to: '0', differences: 'accept' })
    expect(await baseline(accepted, at.world)).toMatchObject({ verdict: 'pass' })
    expect(await up(upRequest(), at.world)).toMatchObject({ verdict: 'pass', counts: { done: 3 } })
  })

  test('starts again on a database that was emptied', async () => {
    const at = await place(ABC)
    await up(upRequest(), at.world)
    await at.database.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    expect(await up(upRequest(), at.world)).toMatchObject({ verdict: 'pass', counts: { done: 3 } })
  })
})

test('a role without write access to the history is an environment failure; no file is blamed', async () => {
  const at = await place(ABC)
  await up(upRequest({ to: '1' }), at.world)
  const role = `reader_${at.database.name}`
  await at.database.query(
    `CREATE ROLE ${role} LOGIN; GRANT CREATE ON SCHEMA public TO ${role}; GRANT SELECT ON schema_migrations TO ${role}`,
  )
  const dsn = at.database.dsn.replace(/user='[^']*'/, `user=${role}`)
  const report = await up(upRequest(), worldIn(at.folder, { APP_DSN: dsn }))
  expect(report).toMatchObject({
    verdict: 'environment',
    exitCode: 3,
    targets: [{ steps: [{ failure: { sqlstate: '42501', place: undefined } }, { outcome: 'not started' }] }],
  })
})

test('reports a policy that hides history rows from the role; nothing counts as pending', async () => {
  const at = await place(ABC)
  await up(upRequest(), at.world)
  const role = `hidden_${at.database.name}`
  await at.database.query(
    `CREATE ROLE ${role} LOGIN; GRANT ALL ON schema_migrations TO ${role}; ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY`,
  )
  const dsn = at.database.dsn.replace(/user='[^']*'/, `user=${role}`)
  const stopped = {
    kind: 'environment',
    what: expect.stringMatching(/row-level security policy for table "schema_migrations"/),
  }
  expect(await status(statusRequest(), worldIn(at.folder, { APP_DSN: dsn }))).toMatchObject({
    verdict: 'environment',
    exitCode: 3,
    targets: [{ standing: undefined, stopped }],
  })
  expect(await up(upRequest(), worldIn(at.folder, { APP_DSN: dsn }))).toMatchObject({
    targets: [{ stopped, steps: [] }],
  })
})

test.each([
  [
    'CREATE TABLE closed.t (id int);',
    'permission denied for schema closed (GRANT USAGE, CREATE ON SCHEMA closed TO ROLE)',
  ],
  ['INSERT INTO a VALUES (1);', 'permission denied for table a (GRANT what the statement needs'],
  [
    'ALTER TABLE a ADD COLUMN b int;',
    'must be owner of table a (make ROLE a member of its owner: GRANT the owner TO ROLE)',
  ],
  ['CREATE ROLE other_one;', 'permission denied to create role (ALTER ROLE ROLE CREATEROLE)'],
])('a missing privilege of a step is reported as one, and no file is blamed: %s', async (text, words) => {
  const at = await place({ ...pair('00001', 'CREATE TABLE a (id int);', 'DROP TABLE a;'), ...pair('00002', text, '') })
  await up(upRequest({ to: '1' }), at.world)
  const role = `plain_${at.database.name}`
  await at.database.query(
    `CREATE ROLE ${role} LOGIN; CREATE SCHEMA closed; GRANT ALL ON SCHEMA public TO ${role}; GRANT ALL ON schema_migrations TO ${role};
     GRANT USAGE ON SCHEMA migration_gate TO ${role}; GRANT ALL ON ALL TABLES IN SCHEMA migration_gate TO ${role}`,
  )
  const dsn = at.database.dsn.replace(/user='[^']*'/, `user=${role}`)
  const report = await up(upRequest(), worldIn(at.folder, { APP_DSN: dsn }))
  expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
  const [step] = report.targets[0]?.steps ?? []
  expect(step?.failure?.environment).toContain(
    `role "${role}" lacks a privilege: ${words.replaceAll(/(?<=TO |make |ALTER ROLE )ROLE/g, `"${role}"`)}`,
  )
  expect(step?.fix).toBe('Give it that privilege, then run up again.')
})

test('a version that the table has no place for is refused before the first statement', async () => {
  const big = `99999999999999999999`
  const folder = (version: string, name: string): Readonly<Record<string, string>> => ({
    [`migrations/app/${version}_m/up.sql`]: `CREATE TABLE ${name} (id int);\n`,
    [`migrations/app/${version}_m/down.sql`]: `DROP TABLE ${name};\n`,
  })
  const at = await place({
    ...folder('00001', 'a'),
    ...folder(big, 'b'),
    'migration-gate.yml': 'databases: { app: { history: { kind: golang-migrate } } }\n',
  })
  const report = await up(upRequest(), at.world)
  expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 })
  expect(outcomes(report)).toEqual(['00001 planned', `${big} planned`])
  expect(report.targets[0]?.stopped?.what).toContain('golang-migrate keeps versions as whole numbers up to')
  expect(await tables(at)).toEqual([])
})

describe('why the server refuses connections', () => {
  const stopped = async (at: Place, user: string) => {
    const dsn = at.database.dsn.replace(/user='[^']*'/, `user=${user}`)
    const report = await up(upRequest({ lockMs: 20 }), worldIn(at.folder, { APP_DSN: dsn }))
    expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
    return report.targets[0]?.stopped
  }

  test('a role that may not log in, a limit of the database', async () => {
    const at = await place(ABC)
    const role = `none_${at.database.name}`
    await at.database.query(`CREATE ROLE ${role} NOLOGIN; CREATE ROLE late_${role} LOGIN`)
    expect(await stopped(at, role)).toMatchObject({
      what: expect.stringContaining(`does not let role "${role}" log in (NOLOGIN)`),
    })
    await at.database.query(`ALTER DATABASE ${at.database.name} CONNECTION LIMIT 0`)
    expect(await stopped(at, `late_${role}`)).toMatchObject({
      what: expect.stringContaining(`lets no more connections in for database "${at.database.name}"`),
      fix: `Close some, or raise it: ALTER DATABASE "${at.database.name}" CONNECTION LIMIT.`,
    })
  })

  test('says what the role cannot see of the session that holds the locks', async () => {
    const at = await place(ABC)
    const role = `blind_${at.database.name}`
    await at.database.query(`CREATE ROLE ${role} LOGIN; GRANT ALL ON SCHEMA public TO ${role}`)
    const holder = await at.database.session()
    await holder.query(`SELECT pg_advisory_lock(${OWN_KEY})`)
    const { what = '' } = (await stopped(at, role)) ?? {}
    expect(what).toMatch(/pid \d+ \(role \w+; more is not visible to this role: GRANT pg_read_all_stats shows it\)/)
    await holder.end()
  })
})

test('what a script raises with the code of a missing right is its own', async () => {
  const raising = `DO $$ BEGIN RAISE 'not you' USING ERRCODE = '42501'; END $$;`
  const at = await place(pair('00001', raising, ''))
  expect(await up(upRequest(), at.world)).toMatchObject({
    verdict: 'fail',
    exitCode: 1,
    targets: [{ steps: [{ failure: { sqlstate: '42501', environment: undefined } }] }],
  })
})

test('a constraint that is checked at the end fails the step, and nothing stays', async () => {
  const bad =
    'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE k (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED); INSERT INTO k VALUES (1);'
  const at = await place(pair('00001', bad, 'DROP TABLE k, p;'))
  expect(await up(upRequest(), at.world)).toMatchObject({
    verdict: 'fail',
    exitCode: 1,
    targets: [{ steps: [{ failure: { sqlstate: '23503', environment: undefined, detail: expect.any(String) } }] }],
  })
  const production = worldIn(at.folder, { APP_DSN: at.database.dsn, APP_ENV: 'production' })
  writeFileSync(path.join(at.folder, 'migration-gate.yml'), 'databases: { app: { production: up } }\n')
  const report = await up(upRequest(), production)
  expect(report.targets[0]?.steps[0]?.failure?.detail).toBeUndefined()
})

describe('production', () => {
  test('up, down and redo do not run there and name the command that does', async () => {
    const at = await place(ABC, { APP_ENV: 'production' })
    expect(await up(upRequest(), at.world)).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      targets: [
        {
          stopped: {
            kind: 'refused',
            fix: expect.stringContaining('`pg-migration-gate plan --environment production --databases app`.'),
          },
        },
      ],
    })
    expect(await down(downRequest(), at.world)).toMatchObject({
      targets: [
        {
          stopped: {
            fix: expect.stringContaining(
              '`pg-migration-gate rollback --environment production --databases app --steps 1`.',
            ),
          },
        },
      ],
    })
    expect(await redo(redoRequest(), at.world)).toMatchObject({ verdict: 'fail' })
    expect(await tables(at)).toEqual([])
  })

  test('the config may let up in; a target that once was production stays it', async () => {
    const at = await place({ ...ABC, 'migration-gate.yml': 'databases: { app: { production: up } }\n' })
    expect(await up(upRequest({ environment: 'production', to: '2' }), at.world)).toMatchObject({ verdict: 'pass' })
    expect(await down(downRequest({ environment: 'test' }), at.world)).toMatchObject({
      targets: [{ stopped: { what: 'app: down does not run here, because it was once deployed to as production' } }],
    })
    expect(await up(upRequest({ environment: 'test' }), at.world)).toMatchObject({
      verdict: 'pass',
      counts: { done: 1 },
    })
  })
})

const elsewhere = OTHER_ADDRESS === undefined ? test.skip : test
elsewhere('a server that is not this machine is changed only under a named environment', async () => {
  const proxy = await startProxy(live.cluster, OTHER_ADDRESS)
  try {
    const at = await place(ABC)
    const dsn = `postgres://postgres@${OTHER_ADDRESS ?? ''}:${proxy.port}/${at.database.name}`
    const world = (variables: Readonly<Record<string, string>> = {}) =>
      worldIn(at.folder, { APP_DSN: dsn, ...variables }, { server: live.server })
    const refused = await Promise.all([
      up(upRequest(), world()),
      up(upRequest({ dryRun: true, to: '2' }), world()),
      down(downRequest({ steps: 2 }), world()),
      redo(redoRequest(), world()),
      baseline(baselineRequest({ to: '0' }), world()),
    ])
    expect(
      refused.map(({ verdict, targets: [one] }) => [verdict, one?.stopped?.what.replace(dsn.slice(20), 'there')]),
    ).toEqual(refused.map(() => ['fail', 'app: there is not on this machine, and no environment is named']))
    expect(
      refused.map(({ targets: [one] }) => /`(pg-migration-gate (?!status)[^`]*)`/.exec(one?.stopped?.fix ?? '')?.[1]),
    ).toEqual([
      'pg-migration-gate plan --environment production --databases app',
      'pg-migration-gate plan --environment production --databases app --to 2',
      'pg-migration-gate rollback --environment production --databases app --steps 2',
      'pg-migration-gate rollback --environment production --databases app --steps 1',
      undefined,
    ])
    expect(await tables(at)).toEqual([])
    expect(await status(statusRequest(), world())).toMatchObject({ verdict: 'pass' })
    expect(outcomes(await up(upRequest({ to: '1' }), world({ APP_ENV: 'test' })))).toEqual(['00001 applied'])
    expect(outcomes(await up(upRequest({ environment: 'staging', to: '2' }), world()))).toEqual(['00002 applied'])
    expect(outcomes(await down(downRequest({ environment: 'staging' }), world()))).toEqual(['00002 undone'])
  } finally {
    await proxy.close()
  }
})

describe('down and redo', () => {
  test('after a redo whose up failed, up goes on: another redo would roll back an earlier step', async () => {
    const at = await place({ ...table('00001', 'a'), ...table('00002', 'b') })
    await up(upRequest(), at.world)
    writeFileSync(path.join(at.folder, 'migrations/app/00002_m.up.sql'), 'CREATE TABLE b (id int); SELECT 1 / 0;')
    const failed = await redo(redoRequest(), at.world)
    expect(failed.targets[0]?.steps.at(-1)?.fix).toMatch(/, then run up\.$/)
  })

  test('what a file leaves open is the fault of the file, not of the history', async () => {
    const at = await place(pair('00001', "CREATE TABLE a (x text DEFAULT 'open);", 'DROP TABLE a;'))
    const failed = await up(upRequest(), at.world)
    expect(failed).toMatchObject({ verdict: 'fail', exitCode: 1 })
    const [step] = failed.targets[0]?.steps ?? []
    expect(step?.failure).toMatchObject({ place: { file: 'migrations/app/00001_m.up.sql', line: 1 } })
    expect(JSON.stringify(step)).not.toMatch(/schema_migrations|CONSTRAINTS/)
  })

  test('one, several, to a version, to none', async () => {
    const at = await place(ABC)
    await up(upRequest(), at.world)
    expect(outcomes(await down(downRequest(), at.world))).toEqual(['00003 undone'])
    expect(outcomes(await redo(redoRequest(), at.world))).toEqual(['00002 undone', '00002 applied'])
    expect(outcomes(await down(downRequest({ steps: 2 }), at.world))).toEqual(['00002 undone', '00001 undone'])
    expect(await at.database.query('SELECT * FROM schema_migrations')).toEqual([])
    await up(upRequest(), at.world)
    expect(outcomes(await down(downRequest({ to: '1' }), at.world))).toEqual(['00003 undone', '00002 undone'])
    expect(await at.database.query('SELECT * FROM schema_migrations')).toEqual([{ version: '1', dirty: false }])
    expect(outcomes(await down(downRequest({ to: '0' }), at.world))).toEqual(['00001 undone'])
    expect(await tables(at)).toEqual(['schema_migrations'])
  })

  test('all databases at once are refused', async () => {
    const at = await place({
      ...ABC,
      'migrations/zoo/00001_z.up.sql': 'SELECT 1;\n',
      'migrations/zoo/00001_z.down.sql': 'SELECT 1;\n',
    })
    await expect(down(downRequest({ dryRun: true }), at.world)).rejects.toMatchObject({
      kind: 'use',
      message: 'cannot roll back all databases at once',
      fix: expect.stringContaining('`pg-migration-gate down --databases zoo --dry-run`'),
    })
    await expect(redo(redoRequest(), at.world)).rejects.toMatchObject({ kind: 'use' })
  })

  test('a migration without a down stays, and so does one below a newer one without a file', async () => {
    const at = await place(ABC)
    await up(upRequest(), at.world)
    rmSync(path.join(at.folder, 'migrations/app/00003_m.down.sql'))
    expect(await down(downRequest(), at.world)).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      targets: [{ stopped: { what: '00003_m cannot be rolled back: it has no down' } }],
    })
    rmSync(path.join(at.folder, 'migrations/app/00003_m.up.sql'))
    expect(await down(downRequest(), at.world)).toMatchObject({
      targets: [{ stopped: { what: '3 is applied, newer, and has no file here' } }],
    })
  })
})

describe('status', () => {
  test('pending fails only with --check; reports applied, edited and late', async () => {
    const at = await place(ABC)
    await up(upRequest({ to: '2' }), at.world)
    expect(await status(statusRequest(), at.world)).toMatchObject({
      verdict: 'pass',
      exitCode: 0,
      targets: [
        {
          standing: {
            pending: ['00003_m'],
            applied: [{ id: '00001_m', by: expect.any(String), milliseconds: expect.any(Number) }, {}],
          },
        },
      ],
    })
    expect(await status(statusRequest({ check: true }), at.world)).toMatchObject({ verdict: 'fail', exitCode: 1 })
    await up(upRequest(), at.world)
    writeFileSync(path.join(at.folder, 'migrations/app/00001_m.down.sql'), 'DROP TABLE IF EXISTS a;\n')
    writeFileSync(path.join(at.folder, 'migrations/app/00002_a.up.sql'), 'SELECT 1;\n')
    rmSync(path.join(at.folder, 'migrations/app/00002_m.up.sql'))
    rmSync(path.join(at.folder, 'migrations/app/00002_m.down.sql'))
    expect(await status(statusRequest({ check: true }), at.world)).toMatchObject({
      verdict: 'pass',
      targets: [{ standing: { edited: ['00001_m', '00002_a'], pending: [] } }],
    })
  })

  test('a database without any history is not touched', async () => {
    const at = await place(ABC)
    expect(await status(statusRequest(), at.world)).toMatchObject({
      targets: [{ history: { exists: false }, standing: { applied: [] } }],
    })
    expect(await tables(at)).toEqual([])
  })

  test('--drift tells what the live schema has otherwise', async () => {
    const at = await place(ABC)
    await up(upRequest(), at.world)
    const clean = await status(statusRequest({ drift: true, check: true }), at.world)
    expect(clean).toMatchObject({ verdict: 'pass', targets: [{ standing: { drift: [] } }] })
    await at.database.query('ALTER TABLE a ADD COLUMN extra text; DROP TABLE b')
    const drifted = await status(statusRequest({ drift: true, check: true }), at.world)
    expect(drifted.exitCode).toBe(1)
    expect(drifted.targets[0]?.standing?.drift?.map(({ change, identity }) => `${change} ${identity}`)).toEqual([
      'left behind public.a.extra',
      'lost public.b',
    ])
  })

  test('--check --wait waits for another run to bring it up to date', async () => {
    const at = await place(ABC)
    const waiting = status(statusRequest({ check: true, waitMs: 30_000 }), at.world)
    await up(upRequest(), at.world)
    expect(await waiting).toMatchObject({ verdict: 'pass', exitCode: 0 })
  })
})

describe('late migrations', () => {
  const goose = (version: string, name: string): Readonly<Record<string, string>> => ({
    [`migrations/app/${version}_${name}.sql`]: `-- +goose Up\nCREATE TABLE ${name} (id int);\n-- +goose Down\nDROP TABLE ${name};\n`,
  })

  test('are refused by default, and applied with --allow-late where the tool can record them', async () => {
    const at = await place({ ...goose('00001', 'a'), ...goose('00003', 'c') })
    await up(upRequest(), at.world)
    const [file = '', text = ''] = Object.entries(goose('00002', 'b'))[0] ?? []
    writeFileSync(path.join(at.folder, file), text)
    expect(await up(upRequest(), at.world)).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      targets: [
        {
          stopped: {
            what: 'out of order, below the newest applied one: 00002_b',
            fix: expect.stringContaining('--allow-late'),
          },
        },
      ],
    })
    expect(outcomes(await up(upRequest({ late: 'allow' }), at.world))).toEqual(['00002 applied'])
    expect(await at.database.query('SELECT version_id FROM goose_db_version ORDER BY id')).toEqual(
      ['0', '1', '3', '2'].map((version_id) => ({ version_id })),
    )
  })

  test('golang-migrate has no place for them: the journal still tells, and --allow-late goes on without', async () => {
    const at = await place({ ...table('00001', 'a'), ...table('00003', 'c') })
    await up(upRequest(), at.world)
    for (const [file, text] of Object.entries({ ...table('00002', 'b'), ...table('00004', 'd') }))
      writeFileSync(path.join(at.folder, file), text)
    expect(await status(statusRequest(), at.world)).toMatchObject({
      targets: [{ standing: { late: ['00002_m'], pending: ['00004_m'] } }],
    })
    expect(await up(upRequest(), at.world)).toMatchObject({
      targets: [{ stopped: { fix: expect.stringContaining('golang-migrate keeps only') } }],
    })
    const report = await up(upRequest({ late: 'allow' }), at.world)
    expect(outcomes(report)).toEqual(['00004 applied'])
    expect(report.targets[0]?.notes).toEqual([`skipped, because the tool's table cannot hold it: 00002_m`])
  })
})

describe('baseline', () => {
  test('records what is there, and refuses what is not', async () => {
    const at = await place(ABC)
    await at.database.query('CREATE TABLE a (id int); CREATE TABLE b (id int, more text)')
    const refused = await baseline(baselineRequest({ to: '2' }), at.world)
    expect(refused).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      targets: [{ steps: [], stopped: { kind: 'refused' } }],
    })
    expect(refused.targets[0]?.standing?.drift).toHaveLength(1)
    expect(await tables(at)).toEqual(['a', 'b'])
    await at.database.query('ALTER TABLE b DROP COLUMN more')
    const done = await baseline(baselineRequest({ to: '2' }), at.world)
    expect(done).toMatchObject({ verdict: 'pass', targets: [{ standing: { pending: ['00003_m'] } }] })
    expect(outcomes(done)).toEqual(['00001 recorded', '00002 recorded'])
    expect(outcomes(await up(upRequest(), at.world))).toEqual(['00003 applied'])
  })

  test('--accept-differences records all the same', async () => {
    const at = await place(ABC)
    expect(await baseline(baselineRequest({ to: '3', differences: 'accept' }), at.world)).toMatchObject({
      verdict: 'pass',
    })
    expect(await at.database.query('SELECT * FROM schema_migrations')).toEqual([{ version: '3', dirty: false }])
  })

  const it = isInstalled('migrate') ? test : test.skip
  it('a failed down of golang-migrate is reported beside the up that it looks like (needs: migrate)', async () => {
    const at = await place({ ...ABC, ...pair('00003', 'CREATE TABLE c (id int);', 'DROP TABLE nothing;') })
    const { host, port } = live.cluster.connection(at.database.name)
    const url = `postgres://postgres@/${at.database.name}?host=${String(host)}&port=${String(port)}&sslmode=disable`
    const migrate = (...args: readonly string[]) =>
      run(at.folder, 'migrate', ['-path', 'migrations/app', '-database', url, ...args])
    expect(migrate('up').code).toBe(0)
    expect(migrate('down', '1').code).toBe(1)
    const [stopped] = (await up(upRequest(), at.world)).targets.map((one) => one.stopped)
    expect(stopped?.what).toContain('the up of 00002_m, or the down of 00003_m, began and did not end')
    expect(stopped?.fix).toContain(
      'none of it is: `pg-migration-gate baseline --databases app --to 00003 --clear-dirty',
    )
    await baseline(baselineRequest({ to: '3', clearDirty: true }), at.world)
    expect(migrate('version').text.trim()).toBe('3')
  })

  test('shows steps that were recorded without a run as baselined', async () => {
    const at = await place(ABC)
    await at.database.query('CREATE TABLE a (id int); CREATE TABLE b (id int)')
    await baseline(baselineRequest({ to: '2' }), at.world)
    await up(upRequest(), at.world)
    const report = await status(statusRequest(), at.world)
    expect(report.targets[0]?.standing?.applied.map(({ recorded }) => recorded)).toEqual([true, true, undefined])
    expect(textOf(report)).toMatch(/00001_m +baselined .*\n.*00002_m +baselined .*\n.*00003_m +applied /)
  })

  test('a dirty mark of golang-migrate is understood, shown, and cleared only when asked', async () => {
    const at = await place(ABC)
    await up(upRequest({ to: '2' }), at.world)
    await at.database.query('UPDATE schema_migrations SET version = 3, dirty = true')
    for (const check of [true, false]) {
      const seen = await status(statusRequest({ check }), at.world)
      expect(seen).toMatchObject({ exitCode: 1, targets: [{ standing: { dirty: '00003_m', applied: [{}, {}] } }] })
      expect(textOf(seen)).toMatch(/FAIL {2}1 of 1 database not up to date: app \(dirty\)/)
    }
    expect(await up(upRequest(), at.world)).toMatchObject({
      targets: [
        {
          stopped: {
            what: expect.stringContaining('00003_m began and did not end'),
            fix: expect.stringContaining('baseline --databases app --to 00002 --clear-dirty'),
          },
        },
      ],
    })
    expect(await baseline(baselineRequest({ to: '2' }), at.world)).toMatchObject({ verdict: 'fail' })
    const cleared = await baseline(baselineRequest({ to: '2', clearDirty: true }), at.world)
    expect(cleared).toMatchObject({ verdict: 'pass', counts: { done: 1 } })
    expect(textOf(cleared)).toMatch(/app +00003 recorded as not applied +at 00002[^]*PASS {2}1 step done/)
    expect(await at.database.query('SELECT * FROM schema_migrations')).toEqual([{ version: '2', dirty: false }])
    expect(outcomes(await up(upRequest(), at.world))).toEqual(['00003 applied'])
  })
})
