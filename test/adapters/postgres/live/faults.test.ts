// What goes wrong under a step, and whether what is said of it is true.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { World } from '../../../../src/commands/shared/context.js'
import { setImmediate } from 'node:timers/promises'
import type { LiveReport } from '../../../../src/report/run-report.js'
import { OWN_KEY } from '../../../../src/adapters/postgres/live/locks.js'
import { makeFolder, type Folder } from '../../host/folder.js'
import { baseline, down, status, up } from '../../../support/everyday.js'
import {
  baselineRequest,
  downRequest,
  dsnOf,
  startLive,
  statusRequest,
  upRequest,
  worldIn,
  type LiveDatabase,
  type LiveServer,
} from '../../../support/live.js'
import { startProxy, type Proxy } from '../../../support/proxy.js'

let live: LiveServer
let proxy: Proxy
const folders: Folder[] = []
beforeAll(async () => {
  live = await startLive()
  proxy = await startProxy(live.cluster)
})
afterAll(async () => {
  await proxy.close()
  await live.close()
})
afterEach(() => {
  proxy.arm(undefined)
  proxy.open(true)
  for (const folder of folders.splice(0)) folder.remove()
})

const pair = (version: string, upText: string, downText: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${version}_m.up.sql`]: `${upText}\n`,
  [`migrations/app/${version}_m.down.sql`]: `${downText}\n`,
})
const goose = (version: string, upText: string, downText: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${version}_m.sql`]: `-- +goose NO TRANSACTION\n-- +goose Up\n${upText}\n-- +goose Down\n${downText}\n`,
})
const AB = {
  ...pair('00001', 'CREATE TABLE a (id int);', 'DROP TABLE a;'),
  ...pair('00002', 'CREATE TABLE b (id int);', 'DROP TABLE b;'),
}

const tablesIn = (
  write: (version: string, upText: string, downText: string) => Readonly<Record<string, string>>,
  names: readonly string[],
  more = '',
): Readonly<Record<string, string>> =>
  Object.assign(
    {},
    ...names.map((name, at) => {
      const last = at === names.length - 1 ? more : ''
      return write(`0000${at + 1}`, `CREATE TABLE ${name} (id int);${last}`, `DROP TABLE ${name};`)
    }),
  ) as Readonly<Record<string, string>>

/** golang-migrate's history is measured after each step; goose's is computed, and steps are sent ahead. */
const TOOLS = [
  { tool: 'golang-migrate', write: pair, versions: 'SELECT version AS v FROM schema_migrations', two: ['2'] },
  {
    tool: 'goose',
    write: (version: string, upText: string, downText: string) => ({
      [`migrations/app/${version}_m.sql`]: `-- +goose Up\n${upText}\n-- +goose Down\n${downText}\n`,
    }),
    versions: 'SELECT version_id AS v FROM goose_db_version ORDER BY id',
    two: ['0', '1', '2'],
  },
]

type Place = {
  readonly database: LiveDatabase
  readonly world: ReturnType<typeof worldIn>
  readonly direct: Place['world']
}

/** `world` goes through the proxy, `direct` does not. */
async function place(files: Readonly<Record<string, string>>): Promise<Place> {
  const folder = makeFolder(files)
  folders.push(folder)
  const database = await live.database()
  const { user } = live.cluster.connection(database.name)
  const dsn = `postgres://${user ?? ''}@127.0.0.1:${proxy.port}/${database.name}?sslmode=disable`
  const more = { server: live.server }
  return {
    database,
    world: worldIn(folder.path, { APP_DSN: dsn }, more),
    direct: worldIn(folder.path, { APP_DSN: database.dsn }, more),
  }
}

const outcomes = (report: LiveReport): readonly string[] =>
  report.targets.flatMap(({ steps }) => steps.map(({ version, outcome }) => `${version} ${outcome}`))

const exists = async ({ database }: Place, name: string): Promise<boolean> =>
  (await database.query(`SELECT to_regclass('public.${name}') IS NOT NULL AS there`))[0]?.['there'] === true

/** Resolves when a session of ours runs a statement that matches. */
async function seen({ database }: Place, pattern: string, wait = ''): Promise<number> {
  for (;;) {
    const rows = await database.query(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'pg-migration-gate'
       AND state = 'active' AND query ~ '${pattern}' AND coalesce(wait_event_type, '') ~ '${wait}'`,
    )
    const pid = rows[0]?.['pid']
    if (typeof pid === 'number') return pid
  }
}

describe('locks', () => {
  test('a lock that another session holds is waited for, and its holder named', async () => {
    const at = await place(AB)
    await up(upRequest({ to: '1' }), at.direct)
    const folder = makeFolder({
      ...AB,
      ...pair('00002', 'ALTER TABLE a ADD COLUMN more text;', 'ALTER TABLE a DROP COLUMN more;'),
    })
    folders.push(folder)
    const world = worldIn(folder.path, { APP_DSN: at.database.dsn })
    const other = await at.database.session()
    await other.query('BEGIN; LOCK TABLE a IN ACCESS SHARE MODE')
    const failed = await up(upRequest({ lockMs: 60 }), world)
    const [pid] = (await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows
    expect(failed.targets[0]?.steps[0]).toMatchObject({
      outcome: 'failed',
      left: [],
      failure: {
        sqlstate: '55P03',
        hint: expect.stringMatching(new RegExp(`pid ${pid?.pid ?? ''} \\(test.*idle in a transaction`)),
      },
    })
    const waiting = up(upRequest({ lockMs: 500 }), world)
    await seen(at, 'ALTER TABLE a', 'Lock')
    await other.query('COMMIT')
    expect(outcomes(await waiting)).toEqual(['00002 applied'])
  })

  test.each(TOOLS)('one that the second of two steps waits for, in the history of $tool', async ({ write }) => {
    const at = await place({
      ...write('00001', 'CREATE TABLE a (id int);', 'DROP TABLE a;'),
      ...write('00002', 'ALTER TABLE held ADD COLUMN more text;', 'ALTER TABLE held DROP COLUMN more;'),
    })
    await at.database.query('CREATE TABLE held (id int)')
    const other = await at.database.session()
    await other.query('BEGIN; LOCK TABLE held IN ACCESS SHARE MODE')
    const failed = await up(upRequest({ lockMs: 60, existing: 'allow' }), at.direct)
    expect(outcomes(failed)).toEqual(['00001 applied', '00002 failed'])
    expect(failed.targets[0]?.steps[1]).toMatchObject({
      left: [],
      failure: { sqlstate: '55P03', place: { file: expect.stringContaining('00002_m') } },
    })
    const waiting = up(upRequest({ lockMs: 500 }), at.direct)
    await seen(at, 'ALTER TABLE held', 'Lock')
    await other.query('COMMIT')
    expect(outcomes(await waiting)).toEqual(['00002 applied'])
  })

  test.each(TOOLS)('waits for the session that locks the history of $tool, and names it', async ({ tool, write }) => {
    const at = await place(tablesIn(write, ['a', 'b']))
    await up(upRequest({ to: '1' }), at.direct)
    const other = await at.database.session()
    const table = tool === 'goose' ? 'goose_db_version' : 'schema_migrations'
    await other.query(`BEGIN; LOCK TABLE ${table}`)
    const what = expect.stringMatching(new RegExp(`the history .*${table}.* stayed locked .* by pid \\d+ \\(test`))
    for (const report of [
      await up(upRequest({ lockMs: 20 }), at.direct),
      await status(statusRequest({ lockMs: 20 }), at.direct),
    ])
      expect(report).toMatchObject({ exitCode: 3, targets: [{ stopped: { what } }] })
    await other.end()
    expect(outcomes(await up(upRequest(), at.direct))).toEqual(['00002 applied'])
  })

  test('another run is waited for, and named when it takes too long', async () => {
    const at = await place(AB)
    const other = await at.database.session()
    await other.query(`SELECT pg_advisory_lock(${OWN_KEY})`)
    const report = await up(upRequest({ lockMs: 20 }), at.direct)
    expect(report).toMatchObject({
      verdict: 'environment',
      exitCode: 3,
      targets: [
        {
          stopped: { what: expect.stringMatching(/locked by another migration run: pid \d+ \(test/) },
          steps: [{ outcome: 'not started' }, {}],
        },
      ],
    })
    await other.end()
    expect(await up(upRequest(), at.direct)).toMatchObject({ verdict: 'pass' })
  })

  test('the lock of golang-migrate is one of ours', async () => {
    const at = await place(AB)
    const { golangMigrate } = await import('../../../../src/tools/pairs/golang-migrate-history.js')
    const [lock] = golangMigrate.locks({ schema: 'public', table: 'schema_migrations', database: at.database.name })
    const other = await at.database.session()
    await other.query(`SELECT pg_advisory_lock(${lock?.kind === 'advisory' ? lock.key : ''})`)
    expect(await up(upRequest({ lockMs: 20 }), at.direct)).toMatchObject({ exitCode: 3 })
  })

  test('two runs at the same time: every migration once, both end well', async () => {
    const at = await place(
      Object.fromEntries(
        Array.from({ length: 12 }, (_, i) =>
          pair(`${i + 1}`.padStart(5, '0'), `CREATE TABLE t${i} (id int);`, `DROP TABLE t${i};`),
        ).flatMap((files) => Object.entries(files)),
      ),
    )
    const reports = await Promise.all([up(upRequest(), at.direct), up(upRequest(), at.world)])
    expect(reports.map(({ verdict }) => verdict)).toEqual(['pass', 'pass'])
    expect(reports.reduce((sum, { counts }) => sum + counts.done, 0)).toBe(12)
    expect(await at.database.query('SELECT count(*) FROM migration_gate.journal')).toEqual([{ count: '12' }])
  })

  test('a run that applies something while another one looks breaks nothing in its eyes', async () => {
    const at = await place({
      ...pair('00001', 'CREATE TABLE t (id int);', 'DROP TABLE t;'),
      ...pair('00002', 'CREATE TABLE u (id int);', 'DROP TABLE u;'),
    })
    let other: Promise<LiveReport> | undefined
    const targets: World['targets'] = {
      ...at.world.targets,
      open: async (options) => {
        const target = await at.world.targets.open(options)
        const readJournal = target.readJournal.bind(target)
        return Object.assign(target, {
          readJournal: async (name: string) => {
            await (other ??= up(upRequest({ to: '00001' }), at.direct))
            return readJournal(name)
          },
        })
      },
    }
    const report = await up(upRequest(), { ...at.world, targets })
    expect(await other).toMatchObject({ verdict: 'pass', counts: { done: 1 } })
    expect(report.targets[0]?.stopped).toBeUndefined()
    expect(outcomes(report)).toEqual(['00002 applied'])
  })

  test('a step that another run is at work on is waited for, and not called broken', async () => {
    const at = await place({
      ...pair('00001', 'CREATE TABLE t (id int);', 'DROP TABLE t;'),
      ...pair('00002', 'CREATE INDEX CONCURRENTLY i ON t (id);', 'DROP INDEX CONCURRENTLY i;'),
    })
    await up(upRequest({ to: '1' }), at.direct)
    const application = await at.database.session()
    await application.query('BEGIN; INSERT INTO t VALUES (1)')
    const seen = async (query: string): Promise<void> => {
      while ((await application.query<{ n: number }>(query)).rows[0]?.n === 0) await setImmediate()
    }
    const first = up(upRequest(), at.direct)
    await seen('SELECT count(*)::int AS n FROM schema_migrations WHERE dirty')
    const second = up(upRequest(), at.world)
    const waits = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND query ~ 'pg_try_advisory_lock'`
    await Promise.race([second, seen(waits)])
    await application.query('COMMIT')
    const reports = [await first, await second]
    expect(reports.map(({ targets }) => targets[0]?.stopped)).toEqual([undefined, undefined])
    expect(reports.map(({ counts }) => counts.done)).toEqual([1, 0])
  })

  test('a script that lets go of all locks does not let go of ours for the next step', async () => {
    const at = await place({
      ...pair('00001', 'SELECT pg_advisory_unlock_all();', 'SELECT 1;'),
      ...pair(
        '00002',
        `CREATE TABLE held AS SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();`,
        'DROP TABLE held;',
      ),
    })
    expect(await up(upRequest(), at.direct)).toMatchObject({ verdict: 'pass' })
    expect(await at.database.query('SELECT n FROM held')).toEqual([{ n: 3 }])
  })
})

/** The message that holds nothing else (PostgreSQL, "Message Formats"): the end of a step. */
const COMMIT = 'Q\0\0\0\x0bCOMMIT\0'

describe.each(TOOLS)('COMMIT without an answer, in the history of $tool', ({ write, versions, two }) => {
  const files = tablesIn(write, ['a', 'b'])

  test('the server committed: reports the step as applied and goes on', async () => {
    const at = await place(files)
    await up(upRequest({ to: '1' }), at.world)
    await down(downRequest(), at.world)
    const before = proxy.broken()
    proxy.arm({ text: COMMIT, when: 'after' })
    const report = await up(upRequest(), at.world)
    expect(proxy.broken()).toBe(before + 1)
    expect(outcomes(report)).toEqual(['00001 applied', '00002 applied'])
    expect(await exists(at, 'a')).toBe(true)
    expect(await at.database.query(versions)).toEqual(two.map((v) => ({ v })))
    expect(await exists(at, 'b')).toBe(true)
  })

  test('the server never got it: reports the step as failed, with nothing left', async () => {
    const at = await place(files)
    await up(upRequest({ to: '1' }), at.world)
    await down(downRequest(), at.world)
    const before = proxy.broken()
    proxy.arm({ text: COMMIT, when: 'before' })
    const report = await up(upRequest(), at.world)
    expect(proxy.broken()).toBe(before + 1)
    expect(outcomes(report)).toEqual(['00001 failed', '00002 not started'])
    expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
    expect(await exists(at, 'a')).toBe(false)
    expect(outcomes(await up(upRequest(), at.world))).toEqual(['00001 applied', '00002 applied'])
  })

  test('the server cannot be asked: unknown, exit code 4', async () => {
    const at = await place(files)
    await up(upRequest({ to: '1' }), at.world)
    proxy.arm({ text: COMMIT, when: 'after', forGood: true })
    const report = await up(upRequest({ lockMs: 100 }), at.world)
    expect(report).toMatchObject({
      verdict: 'unfinished',
      exitCode: 4,
      targets: [{ standing: undefined, steps: [{ fix: expect.stringContaining('status --databases app') }] }],
    })
    expect(outcomes(report)).toEqual(['00002 unknown'])
    expect(await exists(at, 'b')).toBe(true)
  })
})

describe('a connection that is ended', () => {
  test.each(TOOLS)('under a transaction, in the history of $tool: failed, nothing left', async ({ write }) => {
    const at = await place(tablesIn(write, ['a', 'b', 'c'], ' SELECT pg_sleep(60);'))
    const running = up(upRequest(), at.direct)
    const pid = await seen(at, 'pg_sleep')
    await at.database.query(`SELECT pg_terminate_backend(${pid})`)
    const report = await running
    expect(outcomes(report)).toEqual(['00001 applied', '00002 applied', '00003 failed'])
    expect(report).toMatchObject({
      verdict: 'unfinished',
      exitCode: 4,
      targets: [{ standing: { pending: ['00003_m'] } }],
    })
    expect(report.targets[0]?.steps[2]).toMatchObject({ left: [], failure: { sqlstate: '57P01' } })
    expect(await exists(at, 'c')).toBe(false)
  })

  test('under a step without a transaction: unknown, and the next up asks to look', async () => {
    const at = await place({ ...goose('00001', 'CREATE TABLE a (id int);\nSELECT pg_sleep(60);', 'DROP TABLE a;') })
    const running = up(upRequest(), at.direct)
    const pid = await seen(at, 'pg_sleep')
    await at.database.query(`SELECT pg_terminate_backend(${pid})`)
    const report = await running
    expect(report).toMatchObject({ verdict: 'unfinished', exitCode: 4 })
    expect(outcomes(report)).toEqual(['00001 unknown'])
    const next = await up(upRequest(), at.direct)
    expect(next).toMatchObject({
      exitCode: 1,
      targets: [
        {
          stopped: {
            what: expect.stringContaining('00001_m began and did not end'),
            fix: expect.stringContaining('--to 0 --clear-dirty'),
          },
        },
      ],
    })
    await at.database.query('DROP TABLE a')
    expect(await baseline(baselineRequest({ to: '0', clearDirty: true }), at.direct)).toMatchObject({ verdict: 'pass' })
    expect(await status(statusRequest(), at.direct)).toMatchObject({
      targets: [{ standing: { pending: ['00001_m'] } }],
    })
  })
})

test.each(TOOLS)('a server that is gone under a transaction ($tool): failed, without a status', async ({ write }) => {
  const own = await startLive()
  try {
    const folder = makeFolder(tablesIn(write, ['a', 'b'], ' SELECT pg_sleep(60);'))
    folders.push(folder)
    const database = await own.database()
    const world = worldIn(folder.path, { APP_DSN: database.dsn })
    const running = up(upRequest({ lockMs: 50 }), world)
    await seen({ database, world, direct: world }, 'pg_sleep')
    await own.cluster.stop()
    const report = await running
    expect(report).toMatchObject({ verdict: 'unfinished', exitCode: 4, targets: [{ standing: undefined }] })
    expect(outcomes(report)).toEqual(['00001 applied', '00002 failed'])
  } finally {
    await own.close()
  }
})

describe('steps without a transaction', () => {
  const INDEX = {
    ...pair('00001', 'CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1);', 'DROP TABLE a;'),
    ...pair('00002', 'CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);', 'DROP INDEX CONCURRENTLY a_id;'),
  }

  test('an index that is left invalid is named, with the commands that go on', async () => {
    const at = await place(INDEX)
    const report = await up(upRequest(), at.direct)
    expect(report).toMatchObject({ verdict: 'unfinished', exitCode: 4 })
    expect(report.targets[0]).toMatchObject({
      standing: { dirty: '00002_m', applied: [{ id: '00001_m' }] },
      steps: [
        {},
        {
          outcome: 'failed',
          failure: { sqlstate: '23505' },
          left: ['the index public.a_id exists and is invalid: DROP INDEX CONCURRENTLY public.a_id;'],
          fix: expect.stringContaining('baseline --databases app --to 00001 --clear-dirty`, then run up again'),
        },
      ],
    })
    expect(await at.database.query('SELECT * FROM schema_migrations')).toEqual([{ version: '2', dirty: true }])
    await at.database.query('DROP INDEX a_id; DELETE FROM a')
    expect(await baseline(baselineRequest({ to: '1', clearDirty: true }), at.direct)).toMatchObject({ verdict: 'pass' })
    expect(outcomes(await up(upRequest(), at.direct))).toEqual(['00002 applied'])
    expect(outcomes(await down(downRequest({ steps: 2 }), at.direct))).toEqual(['00002 undone', '00001 undone'])
  })

  test('one that left nothing takes its marks back', async () => {
    const at = await place({
      ...INDEX,
      ...pair('00002', 'CREATE INDEX CONCURRENTLY a_id ON nowhere (id);', 'SELECT 1;'),
    })
    const report = await up(upRequest(), at.direct)
    expect(report.targets[0]?.steps[1]).toMatchObject({
      outcome: 'failed',
      left: [],
      failure: { sqlstate: '42P01', place: { line: 1 } },
    })
    expect(await at.database.query('SELECT * FROM schema_migrations')).toEqual([{ version: '1', dirty: false }])
    expect(await status(statusRequest(), at.direct)).toMatchObject({
      targets: [{ standing: { dirty: undefined, pending: ['00002_m'] } }],
    })
  })

  test('statements before the failing one stay, and the report says so', async () => {
    const at = await place(goose('00001', 'CREATE TABLE a (id int);\nCREATE TABLE a (id int);', 'DROP TABLE a;'))
    const report = await up(upRequest(), at.direct)
    expect(report.targets[0]?.steps[0]).toMatchObject({
      outcome: 'failed',
      failure: { sqlstate: '42P07', place: { file: 'migrations/app/00001_m.sql', line: 4 } },
      left: ['the statements before it in the file are done and stay'],
    })
    expect(await at.database.query(`SELECT outcome FROM migration_gate.journal ORDER BY n`)).toEqual([
      { outcome: 'started' },
      { outcome: 'partial' },
    ])
  })

  test('a script that leaves its transaction open fails and leaves nothing', async () => {
    const at = await place({ ...pair('00001', 'BEGIN; CREATE TABLE a (id int);', 'DROP TABLE a;') })
    const report = await up(upRequest(), at.direct)
    expect(report.targets[0]?.steps[0]).toMatchObject({ outcome: 'failed', failure: { sqlstate: '25001' } })
    expect(await exists(at, 'a')).toBe(false)
  })
})

test('plans again when the history changes during a run', async () => {
  const files = {
    ...Object.fromEntries(
      ['00001', '00002', '00003'].map((version) => [
        `migrations/app/${version}_m.sql`,
        `-- +goose Up\nSELECT pg_sleep(0.2);\nCREATE TABLE t${version} (id int);\n-- +goose Down\nDROP TABLE t${version};\n`,
      ]),
    ),
  }
  const at = await place(files)
  await up(upRequest({ to: '1' }), at.direct)
  const running = up(upRequest(), at.direct)
  await seen(at, 'pg_sleep')
  // As goose itself would: no lock taken, a row written.
  await at.database.query(
    'BEGIN; CREATE TABLE t00003 (id int); INSERT INTO goose_db_version (version_id, is_applied) VALUES (3, true); COMMIT',
  )
  const report = await running
  expect(report).toMatchObject({ verdict: 'pass' })
  expect(outcomes(report)).toEqual(['00002 applied'])
  expect(await at.database.query('SELECT version_id FROM goose_db_version ORDER BY version_id')).toEqual(
    ['0', '1', '2', '3'].map((version_id) => ({ version_id })),
  )
})

test('rolls back a step that was sent ahead and is no longer wanted', async () => {
  const goose = TOOLS[1]?.write ?? pair
  const at = await place({
    ...goose('00001', 'CREATE TABLE a (id int);', 'DROP TABLE a;'),
    ...goose('00002', "CREATE TABLE b (id int);\nSELECT nextval('ran');", 'DROP TABLE b;'),
  })
  // A rollback does not reset a sequence, so it shows that the step ran.
  await at.database.query('CREATE SEQUENCE ran')
  const stop = new AbortController()
  const progress = { move: () => stop.abort() }
  const report = await up(upRequest(), { ...at.direct, progress, signal: stop.signal })
  expect(report).toMatchObject({ verdict: 'cancelled' })
  expect(outcomes(report)).toEqual(['00001 applied', '00002 not started'])
  expect(report.targets[0]?.standing?.pending).toEqual(['00002_m'])
  expect(await at.database.query('SELECT is_called FROM ran')).toEqual([{ is_called: true }])
  expect(await exists(at, 'b')).toBe(false)
  expect(outcomes(await up(upRequest(), at.direct))).toEqual(['00002 applied'])
})

test('a trigger that writes into the history as well keeps nothing from being applied', async () => {
  const files = Object.fromEntries(
    ['00001', '00002', '00003', '00004', '00005'].map((version) => [
      `migrations/app/${version}_m.sql`,
      `-- +goose Up\nCREATE TABLE t${version} (id int);\n-- +goose Down\nDROP TABLE t${version};\n`,
    ]),
  )
  const at = await place(files)
  await up(upRequest({ to: '1' }), at.direct)
  await at.database.query(
    `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
       'BEGIN UPDATE goose_db_version SET tstamp = now() WHERE version_id = 0; RETURN NULL; END';
     CREATE TRIGGER touch AFTER INSERT ON goose_db_version EXECUTE FUNCTION touch()`,
  )
  const report = await up(upRequest(), at.direct)
  expect(report).toMatchObject({ verdict: 'pass' })
  expect(outcomes(report)).toEqual(['00002 applied', '00003 applied', '00004 applied', '00005 applied'])
  expect(await at.database.query('SELECT version_id FROM goose_db_version ORDER BY version_id')).toHaveLength(6)
})

describe('--wait', () => {
  test('until the database is there', async () => {
    const folder = makeFolder(AB)
    folders.push(folder)
    const name = `later_${process.pid}`
    const world = worldIn(folder.path, { APP_DSN: dsnOf(live.cluster, name) })
    expect(await up(upRequest(), world)).toMatchObject({
      exitCode: 3,
      targets: [{ stopped: { what: expect.stringContaining(`has no database "${name}"`) } }],
    })
    const waiting = up(upRequest({ waitMs: 30_000 }), world)
    await live.database(name)
    expect(await waiting).toMatchObject({ verdict: 'pass', counts: { done: 2 } })
  })

  test('no longer than asked', async () => {
    const folder = makeFolder(AB)
    folders.push(folder)
    const world = worldIn(folder.path, { APP_DSN: dsnOf(live.cluster, 'never_there') })
    expect(await up(upRequest({ waitMs: 300 }), world)).toMatchObject({
      targets: [{ stopped: { what: expect.stringContaining('and did not get it in time') } }],
    })
  })
})
