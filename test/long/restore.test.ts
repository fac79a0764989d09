// Restores that are rarer than those of test/commands/release/restore.test.ts: other servers, owners and tablespaces, encrypted
// archives and folders of files, a database that cannot be put aside, a connection that breaks during the swap, copies of an
// earlier start, roles that may not do all of it, rules of ICU.
import { describe, expect } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { createLike } from '../../src/adapters/postgres/backup/clone.js'
import { openLink } from '../../src/adapters/postgres/live/connection.js'
import { runSentence } from '../../src/render/words/run.js'
import { backedUpBy, CHAIN, expectSpoiltFound, named, restoredCopies, userCount } from '../support/backed-up.js'
import { hasOwnServer, startCrashing } from '../support/crashing.js'
import { serverForTests, startLive } from '../support/live.js'
import { BACKUP, pairOf, productionsForTests, type Production } from '../support/production.js'
import { startProxy, type Break } from '../support/proxy.js'
import { platformPackage } from '../support/server.js'
import { testWithDump as test } from '../support/with-dump.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)
const deployed = backedUpBy(makeProduction, live)

test('options of foreign servers, which a dump writes in another order, are what they were', async () => {
  const at = await deployed({}, async (one) => {
    await one.databases['core_db']?.query(
      `CREATE FOREIGN DATA WRAPPER far OPTIONS (z '1', a '2'); CREATE SERVER far FOREIGN DATA WRAPPER far OPTIONS (host 'h', dbname 'd')`,
    )
  })
  expect(await at.restore({ archive: at.archive, confirm: 'core_db restore' })).toMatchObject({ verdict: 'pass' })
})

test('an undone restore is not undone again: the one before it stays', async () => {
  const at = await deployed()
  const swap = () => at.restore({ archive: at.archive, confirm: 'core_db restore' })
  const undo = (confirm?: string) => at.restore({ undo: true, confirm })
  expect(await swap()).toMatchObject({ verdict: 'pass' })
  await at.databases['core_db']?.query(`INSERT INTO users VALUES (11, 'between')`)
  expect(await swap()).toMatchObject({ verdict: 'pass' })
  expect(await undo('core_db undo')).toMatchObject({ verdict: 'pass' })
  expect(await userCount(at)).toBe(11)
  for (const confirm of [undefined, 'core_db undo'])
    await expect(undo(confirm)).rejects.toThrow('was already rolled back')
  expect(await userCount(at)).toBe(11)
  const keeper = await live.database()
  const names = await keeper.query(
    `SELECT datname, datallowconn FROM pg_database WHERE datname ~ '^${named(at)}_(before|restored)_' ORDER BY 1`,
  )
  const [first, restored] = names.map(({ datname }) => String(datname))
  expect(names.map(({ datallowconn }) => datallowconn)).toEqual([false, false])
  await keeper.query(`DROP DATABASE ${restored ?? ''}`)
  // Further back only after the undone copy is dropped: named, and counted.
  expect((await undo()).targets[0]?.seen).toMatchObject([
    { seen: first },
    { seen: 'public.users 10 -> 11 rows' },
    { seen: 'adds column public.users.phone' },
  ])
  expect(await undo('core_db undo')).toMatchObject({ verdict: 'pass' })
  expect(await userCount(at)).toBe(10)
})

test('--undo ignores a database of another owner under the name of a former one', async () => {
  const at = await deployed()
  expect(await at.restore({ archive: at.archive, confirm: 'core_db restore' })).toMatchObject({ verdict: 'pass' })
  await at.databases['core_db']?.query(`INSERT INTO users VALUES (11, 'late')`)
  const keeper = await live.database()
  const planted = ['before', 'restored'].map((word) => `${named(at)}_${word}_${'9'.repeat(17)}`)
  await keeper.query(`CREATE ROLE planter_${named(at)}`)
  for (const name of planted) await keeper.query(`CREATE DATABASE ${name} OWNER planter_${named(at)}`)
  const undoing = await at.restore({ undo: true })
  expect(undoing.targets[0]?.seen?.slice(0, 2)).toMatchObject([
    { seen: expect.stringMatching(/_before_2\d{16}$/) },
    { seen: 'public.users 10 -> 11 rows' },
  ])
  expect(await at.restore({ undo: true, confirm: 'core_db undo' })).toMatchObject({ verdict: 'pass' })
  expect(await userCount(at)).toBe(10)
})

const withServer = hasOwnServer ? test : test.skip
withServer('a prepared transaction keeps the name: reports it before it ends any session', async () => {
  const server = await startCrashing()
  if (server === undefined) throw new Error('PostgreSQL was there a moment ago')
  try {
    const at = await deployed({ proof: 'read' }, undefined, server)
    await at.databases['core_db']?.query(`BEGIN; INSERT INTO users VALUES (11, 'half'); PREPARE TRANSACTION 'ours'`)
    const application = await at.databases['core_db']?.session()
    const stopped = await at.restore({ archive: at.archive, confirm: 'core_db restore', differences: 'accept' })
    expect(stopped).toMatchObject({ verdict: 'environment', exitCode: 3 })
    expect(stopped.targets[0]?.stopped).toMatchObject({
      what: expect.stringContaining(
        `keeps its name while it has a prepared transaction: 'ours' in ${named(at)} (of postgres)`,
      ),
      fix: expect.stringMatching(/ROLLBACK PREPARED, then run again\. The restored copy \w+ stays/),
    })
    expect((await application?.query('SELECT count(*)::int AS n FROM users'))?.rows).toEqual([{ n: 10 }])
    await application?.query(`COMMIT PREPARED 'ours'`)
    expect(await at.restore({ archive: at.archive, confirm: 'core_db restore' })).toMatchObject({ verdict: 'pass' })
    expect(await userCount(at)).toBe(10)
  } finally {
    await server.close()
  }
})

test('is in the tablespace of the former one', async () => {
  const at = await makeProduction(CHAIN)
  const space = `space_${named(at)}`
  const keeper = await (await live.database()).session()
  // In the data folder itself (PostgreSQL 15 and later).
  await keeper.query('SET allow_in_place_tablespaces = on')
  await keeper.query(`CREATE TABLESPACE ${space} LOCATION ''`)
  await keeper.query(`ALTER DATABASE ${named(at)} SET TABLESPACE ${space}`)
  await at.upTo('00001')
  const kept = (await at.deploy()).targets[0]?.backup
  const archive = path.relative(at.folder.path, kept?.kind === 'dump' ? kept.path : '')
  expect(await at.restore({ archive, confirm: 'core_db restore' })).toMatchObject({ verdict: 'pass' })
  expect(
    (
      await keeper.query(
        `SELECT spcname AS name FROM pg_database d JOIN pg_tablespace t ON t.oid = dattablespace WHERE datname = '${named(at)}'`,
      )
    ).rows,
  ).toEqual([{ name: space }])
})

test('an encrypted archive needs its key, and nothing plain is left of it', async () => {
  const identity = await generateIdentity()
  const at = await deployed({ key: await identityToRecipient(identity) })
  expect(
    readdirSync(at.folder.at('backups'))
      .map((name) => name.replace(/^.*\.dump/, ''))
      .toSorted(),
  ).toEqual(['.age', '.age.json', '.gitignore', '.globals.sql.age'])
  expect(readFileSync(at.folder.at('backups/.gitignore'), 'utf8')).toBe('*\n')
  expect(readFileSync(at.folder.at(at.archive)).includes('somebody')).toBe(false)
  const keyless = at.restore({ archive: at.archive, confirm: 'core_db restore' })
  await expect(keyless).rejects.toThrow('the backup is encrypted, and there is no key to open it with')
  process.env['BACKUP_AGE_IDENTITY'] = identity
  try {
    // The folder holds no other one of this database.
    expect(await at.restore({ archive: 'backups', confirm: 'core_db restore' })).toMatchObject({ verdict: 'pass' })
  } finally {
    delete process.env['BACKUP_AGE_IDENTITY']
  }
  expect(await userCount(at)).toBe(10)
})

test('a folder of many files, dumped and restored by several jobs', async () => {
  const at = await deployed({ jobs: 2 })
  expect(readdirSync(at.folder.at(at.archive))).toContain('toc.dat')
  expect(await at.restore({ archive: at.archive, jobs: 2, confirm: 'core_db restore' })).toMatchObject({
    verdict: 'pass',
  })
})

test('a backup that is flipped right after it was written is found before anything is changed', async () => {
  await expectSpoiltFound(makeProduction, 'flipped')
})

test('what a dump writes otherwise than it was is the same: typed lists, partitions without the default of their parent', async () => {
  const up = `CREATE TABLE users (id int PRIMARY KEY, status varchar(10) CHECK (status IN ('on', 'off')));
CREATE VIEW active AS SELECT id FROM users WHERE status IN ('on');
CREATE TABLE events (id int, day date, made timestamp(3) DEFAULT now()) PARTITION BY RANGE (day);
CREATE TABLE events_1 (LIKE events);
ALTER TABLE events ATTACH PARTITION events_1 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`
  const at = await makeProduction({
    ...pairOf('core_db', '00001', up, 'DROP VIEW active; DROP TABLE users, events;'),
    ...pairOf('core_db', '00002', 'ALTER TABLE users ADD COLUMN x int;', 'ALTER TABLE users DROP COLUMN x;'),
  })
  await at.upTo('00001')
  // A place of this server alone; PostgreSQL 15 can make one without a folder.
  const session = await at.databases['core_db']?.session()
  const elsewhere = await session
    ?.query('SET allow_in_place_tablespaces = on')
    .then(() => session.query(`CREATE TABLESPACE fast LOCATION ''`))
    .then(() => session.query('ALTER TABLE users SET TABLESPACE fast'))
    .catch(() => undefined)
  if (elsewhere === undefined) console.log('not tried with a tablespace: the server is older than 15')
  const report = await at.deploy({ backup: { ...BACKUP, proof: 'restored' } })
  expect(report).toMatchObject({ verdict: 'pass' })
  const dump = report.targets[0]?.backup
  const archive = dump?.kind === 'dump' ? dump.path : ''
  const brought = await at.restore({ archive, confirm: 'core_db restore' })
  expect(brought).toMatchObject({ verdict: 'pass' })
  // Which is another text now than what the files make.
  const drift = await at.plan()
  expect(drift.targets[0]?.ahead?.drift).toEqual([])
  expect(await at.deploy()).toMatchObject({ verdict: 'pass' })
  const back = await at.rollback({ steps: 1, confirm: 'core_db 00001' })
  expect(back).toMatchObject({ verdict: 'pass' })
  expect(back.targets[0]?.seen?.[0]?.seen).toMatch(/^\d+ objects compared$/)
})

test('reports its observations and the restored copy when it cannot put the live database aside', async () => {
  const at = await deployed({}, async (one) => {
    const role = `restorer_${named(one)}`
    await one.databases['core_db']?.query(
      `CREATE ROLE ${role} LOGIN CREATEDB; ALTER DATABASE ${named(one)} OWNER TO ${role}`,
    )
    Object.assign(one.dsns, { CORE_DB_DSN: (one.dsns['CORE_DB_DSN'] ?? '').replace(/user='[^']*'/, `user='${role}'`) })
  })
  const busy = await at.databases['core_db']?.session()
  const stopped = await at.restore({ archive: at.archive, confirm: 'core_db restore' })
  expect(stopped).toMatchObject({
    verdict: 'environment',
    ways: [{ what: 'The restored copy of core_db stays: the confirmed restore takes it. To drop it instead' }],
    targets: [{ stopped: { what: expect.stringContaining('this role may not end them') } }],
  })
  expect(stopped.targets[0]?.seen?.[1]).toMatchObject({ what: 'it holds what was backed up', result: 'held' })
  await busy?.end()
  expect(await at.restore({ archive: at.archive, confirm: 'core_db restore' })).toMatchObject({ verdict: 'pass' })
  const again = await at.databases['core_db']?.session()
  const notBack = await at.restore({ undo: true, confirm: 'core_db undo' })
  const { what = '', fix = '' } = notBack.targets[0]?.stopped ?? {}
  expect(what).toContain('this role may not end them')
  // It holds all that was live before the restore.
  expect(fix).toMatch(/_before_\d{17}, the database from before the last restore, stays as it is/)
  expect(fix).not.toContain('DROP')
  await again?.end()
})

describe('the connection that swaps breaks', () => {
  const broken = async (fault: Omit<Break, 'text'>) => {
    const at = await deployed()
    const proxy = await startProxy(live.cluster)
    const direct = at.dsns['CORE_DB_DSN'] ?? ''
    const { user } = live.cluster.connection(named(at))
    const through = `postgres://${user ?? ''}@127.0.0.1:${proxy.port}/${named(at)}?sslmode=disable`
    Object.assign(at.dsns, { CORE_DB_DSN: through })
    // The live name is given to the restored one.
    proxy.arm({ text: `RENAME TO "${named(at)}"`, ...fault })
    try {
      const report = await at.restore({ archive: at.archive, confirm: 'core_db restore', differences: 'accept' })
      expect(proxy.broken()).toBe(1)
      return { at: Object.assign(at, { direct }), report, stopped: report.targets[0]?.stopped }
    } finally {
      await proxy.close()
      Object.assign(at.dsns, { CORE_DB_DSN: direct })
    }
  }
  const state = async (at: Production) =>
    (await live.database()).query(
      `SELECT datname, datallowconn FROM pg_database WHERE datname ~ '^${named(at)}(_before_.*)?$' ORDER BY 1`,
    )

  test('before it is heard: nothing is swapped, and the live one is open', async () => {
    const { at, report, stopped } = await broken({ when: 'before' })
    expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
    expect(stopped?.what).toContain('broke')
    expect(await state(at)).toEqual([{ datname: named(at), datallowconn: true }])
  })

  test('and for good: the name keeps its database, and this and the next run say how to open it', async () => {
    const { at, stopped } = await broken({ when: 'before', forGood: true })
    expect(await state(at)).toEqual([{ datname: named(at), datallowconn: false }])
    const open = `ALTER DATABASE "${named(at)}" ALLOW_CONNECTIONS true;`
    expect(stopped?.fix).toContain(open)
    const next = await at.plan()
    expect(next.targets[0]?.stopped).toMatchObject({
      what: expect.stringContaining(`has the database "${named(at)}" closed to connections`),
      fix: expect.stringContaining(open),
    })
    await (await live.database()).query(open)
    expect(await at.plan()).toMatchObject({ verdict: 'pass' })
  })

  test('before its answer came: it is seen that the swap is done', async () => {
    const { at, report } = await broken({ when: 'after' })
    expect(report).toMatchObject({ verdict: 'pass', targets: [{ swapped: 'restored' }] })
    expect(await state(at)).toEqual([
      { datname: named(at), datallowconn: true },
      { datname: expect.stringContaining('_before_'), datallowconn: false },
    ])
    expect(await userCount(at)).toBe(10)
  })
})

test('notes on the backup what pg_dump silently leaves out', async () => {
  const at = await makeProduction(CHAIN)
  const role = `reader_${named(at)}`
  await at.databases['core_db']?.query(
    `CREATE ROLE ${role} LOGIN; ALTER DATABASE ${named(at)} OWNER TO ${role}; ALTER SCHEMA public OWNER TO ${role};
     CREATE FOREIGN DATA WRAPPER far; CREATE SERVER far FOREIGN DATA WRAPPER far; CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (password 'p');
     CREATE SUBSCRIPTION sub_${named(at)} CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false)`,
  )
  Object.assign(at.dsns, { CORE_DB_DSN: (at.dsns['CORE_DB_DSN'] ?? '').replace(/user='[^']*'/, `user='${role}'`) })
  await at.upTo('00001')
  const report = await at.deploy()
  expect(report).toMatchObject({ verdict: 'pass' })
  expect(report.targets[0]?.backup).toMatchObject({
    notes: [
      'subscriptions are not part of it: only a superuser may read them',
      'the options of user mappings (passwords) are not part of it: this role may not read them',
    ],
  })
})

test('no client new enough, and a command that fails', async () => {
  const at = await makeProduction(CHAIN)
  const saved = process.env['PATH']
  process.env['PATH'] = ''
  try {
    const report = await at.deploy({}, { backups: { clientFolders: [] } })
    expect(report.targets[0]?.stopped?.what).toMatch(
      /^a backup of PostgreSQL \S+ needs pg_dump \d+ or newer, and there is none$/,
    )
  } finally {
    process.env['PATH'] = saved
  }
  const report = await at.deploy({ backup: { ...BACKUP, command: 'test -f "$1" && exit 7' } })
  expect(report.targets[0]?.stopped?.what).toMatch(
    /is complete, but the command that stores it ended with exit code 7$/,
  )
  expect(readdirSync(at.folder.at('backups'))).not.toEqual([])
})

test('takes the copy of an earlier start only if it is of this archive, and nothing was written to it', async () => {
  const at = await deployed({ proof: 'read' })
  const look = () => at.restore({ archive: at.archive })
  await look()
  expect(await restoredCopies(live, at)).toHaveLength(1)
  const again = await look()
  expect(again.targets[0]?.seen?.[0]?.seen).toMatch(/ by an earlier start, and unchanged since$/)
  const [first] = await restoredCopies(live, at)
  const { host, port, user, password } = live.cluster.connection('postgres')
  const link = await openLink({ host, port, user, password, database: first })
  // No number of rows shows it.
  await link.send(`UPDATE users SET name = 'changed' WHERE id = 1`)
  await link.close()
  const fresh = /^live_\w+_restore_\d{17}$/
  expect((await look()).targets[0]?.seen?.[0]?.seen).toMatch(fresh)
  expect(await restoredCopies(live, at)).toHaveLength(2)
  const rolledBack = await at.rollback({ steps: 1, confirm: 'core_db 00001', irreversible: ['00002'] })
  const other = rolledBack.targets[0]?.backup
  const archive = path.relative(at.folder.path, other?.kind === 'dump' ? other.path : '')
  expect((await at.restore({ archive })).targets[0]?.seen?.[0]?.seen).toMatch(fresh)
})

test('says what a role needs that may not read or create all of it', async () => {
  const at = await deployed({}, async (one) => {
    const role = `restorer_${named(one)}`
    await one.databases['core_db']?.query(
      `CREATE ROLE ${role} LOGIN CREATEDB; ALTER DATABASE ${named(one)} OWNER TO ${role}; ALTER SCHEMA public OWNER TO ${role};
       CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()`,
    )
    Object.assign(one.dsns, { CORE_DB_DSN: (one.dsns['CORE_DB_DSN'] ?? '').replace(/user='[^']*'/, `user='${role}'`) })
  })
  const restored = await at.restore({ archive: at.archive, confirm: 'core_db restore' })
  expect(restored).toMatchObject({ verdict: 'environment', exitCode: 3 })
  expect(restored.targets[0]?.stopped).toMatchObject({
    what: expect.stringContaining('the backup cannot be restored'),
    fix: expect.stringContaining('Restore with the address of an administrator'),
  })
  expect(await userCount(at)).toBe(10)
  await at.databases['core_db']?.query(`SELECT lo_from_bytea(0, 'x')`)
  const dumped = await at.rollback({ steps: 1, confirm: 'core_db 00001', irreversible: ['00002'] })
  expect(dumped).toMatchObject({ verdict: 'environment', exitCode: 3 })
  expect(dumped.targets[0]?.stopped).toMatchObject({
    what: expect.stringMatching(/^core_db: the backup failed: .*permission denied for large object/),
    fix: expect.stringContaining('GRANT SELECT ON LARGE OBJECT'),
  })
  expect(runSentence(dumped)).toMatch(/^core_db: the backup failed/)
})

const folder16 = platformPackage('postgres-16')
const withRules = folder16 === undefined ? test.skip : test

withRules('a database with rules of ICU gets them again', async () => {
  const apart = await startLive(folder16)
  try {
    const keeper = await apart.database()
    const name = `${keeper.name}_rules`
    await keeper.query(
      `CREATE DATABASE ${name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' ICU_RULES '&V << w <<< W'`,
    )
    const { host, port, user, password } = apart.cluster.connection(name)
    const link = await openLink({ host, port, user, password, database: keeper.name })
    await createLike(link, name, `${name}_2`)
    await link.close()
    expect(
      await keeper.query(
        `SELECT DISTINCT daticulocale AS l, daticurules AS r FROM pg_database WHERE datname ~ '^${name}'`,
      ),
    ).toEqual([{ l: 'en', r: '&V << w <<< W' }])
  } finally {
    await apart.close()
  }
})
