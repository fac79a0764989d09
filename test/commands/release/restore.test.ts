// A backup that replaces the live database, and the undo of that.
import { describe, expect } from '@jest/globals'
import { testWithDump as test } from '../../support/with-dump.js'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { createLike } from '../../../src/adapters/postgres/backup/clone.js'
import { openLink } from '../../../src/adapters/postgres/live/connection.js'
import { OWN_KEY } from '../../../src/adapters/postgres/live/locks.js'
import { startCrashing } from '../../support/crashing.js'
import { serverForTests, startLive, type LiveServer } from '../../support/live.js'
import { runSentence } from '../../../src/render/words/run.js'
import { startProxy, type Break } from '../../support/proxy.js'
import { platformPackage } from '../../support/server.js'
import { BACKUP, pairOf, productionsForTests, reasons, rules, type Production } from '../../support/production.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)

const CHAIN = {
  ...pairOf('core_db', '00001', 'CREATE TABLE users (id int PRIMARY KEY, name text);', 'DROP TABLE users;'),
  ...pairOf('core_db', '00002', 'ALTER TABLE users ADD COLUMN phone text;', 'ALTER TABLE users DROP COLUMN phone;'),
}

/** Deployed up to the second one with a backup before it; `archive` is that, from the root of the repository. */
async function deployed(
  backup: Partial<typeof BACKUP> = {},
  prepare: (at: Production) => Promise<void> = () => Promise.resolve(),
  on: Pick<LiveServer, 'database'> = live,
): Promise<Production & { readonly archive: string }> {
  const at = await makeProduction(CHAIN, { ...live, database: on.database })
  await prepare(at)
  await at.upTo('00001')
  await at.databases['core_db']?.query(`INSERT INTO users SELECT i, 'somebody' FROM generate_series(1, 10) i`)
  const report = await at.deploy({ backup: { ...BACKUP, proof: 'restored', ...backup } })
  expect(report).toMatchObject({ verdict: 'pass' })
  const kept = report.targets[0]?.backup
  return { ...at, archive: path.relative(at.folder.path, kept?.kind === 'dump' ? kept.path : '') }
}

const named = (at: Production): string => at.databases['core_db']?.name ?? ''
/** Restored copies that are left. */
const copies = async (at: Production): Promise<readonly string[]> => {
  const keeper = await live.database()
  const rows = await keeper.query(`SELECT datname FROM pg_database WHERE datname ~ '^${named(at)}_restore_' ORDER BY 1`)
  return rows.map(({ datname }) => String(datname))
}
const count = async (at: Production) =>
  (await at.databases['core_db']?.query('SELECT count(*)::int AS n FROM users'))?.[0]?.['n']

test('swaps it in with its settings, ends sessions, reports later writes; one command undoes it', async () => {
  const at = await deployed()
  await at.databases['core_db']?.query(
    `ALTER DATABASE ${named(at)} SET work_mem = '7MB'; ALTER DATABASE ${named(at)} SET search_path = public, pg_catalog;
     CREATE ROLE reader_${named(at)}; GRANT CONNECT ON DATABASE ${named(at)} TO reader_${named(at)}; REVOKE CONNECT ON DATABASE ${named(at)} FROM PUBLIC;
     COMMENT ON DATABASE ${named(at)} IS 'ours'; INSERT INTO users VALUES (11, 'late')`,
  )
  const application = await at.databases['core_db']?.session()
  const stated = await at.restore({ archive: at.archive })
  expect(rules(stated)).toEqual(['confirmation'])
  expect(stated.targets[0]?.seen).toMatchObject([
    { result: 'held' },
    { what: 'it holds what was backed up', result: 'held' },
    {
      what: 'the copy takes room on the disk of the server',
      seen: expect.stringMatching(/^\d+ MB; [\d,]+ MB were free before$/),
    },
    { what: 'what was written since would be lost', result: 'open', seen: 'public.users 10 -> 11 rows' },
    { result: 'open', seen: 'drops column public.users.phone' },
  ])
  expect(await count(at)).toBe(11)
  const done = await at.restore({ archive: at.archive, confirm: 'core_db restore', jobs: 2 })
  expect(done).toMatchObject({ verdict: 'pass', exitCode: 0, targets: [{ swapped: 'restored' }] })
  expect(stated.targets[0]).not.toHaveProperty('swapped')
  expect(done.targets[0]?.seen).toMatchObject([
    { seen: `${stated.targets[0]?.seen?.[0]?.seen ?? ''}, by an earlier start, and unchanged since` },
    { what: 'it holds what was backed up', result: 'held' },
    { what: expect.stringMatching(/^what was written since is only in live_\w+_before_\d{17} now$/) },
    {
      what: expect.stringMatching(
        /^schema changes since then are only in live_\w+_before_\d{17} now, with their data$/,
      ),
    },
    { result: 'held' },
  ])
  expect(await copies(at)).toEqual([])
  expect(done.targets[0]?.seen?.at(-1)?.seen).toMatch(
    /^the previous one is kept as live_\w+_before_\d{17}, 1 sessions were ended/,
  )
  await expect(application?.query('SELECT 1')).rejects.toThrow()
  expect(await count(at)).toBe(10)
  expect(
    await at.databases['core_db']?.query(`SELECT current_setting('work_mem') AS m, current_setting('search_path') AS p,
    has_database_privilege('reader_${named(at)}', current_database(), 'CONNECT') AS reader,
    shobj_description((SELECT oid FROM pg_database WHERE datname = current_database()), 'pg_database') AS said,
    has_database_privilege('public', current_database(), 'CONNECT') AS everybody`),
  ).toEqual([{ m: '7MB', p: 'public, pg_catalog', reader: true, said: 'ours', everybody: false }])
  const undoing = await at.restore({ undo: true })
  expect(rules(undoing)).toEqual(['confirmation'])
  expect(undoing.targets[0]?.seen).toMatchObject([
    { result: 'held', seen: expect.stringMatching(/^live_\w+_before_\d{17}$/) },
    { what: 'what was written since would be lost', seen: 'public.users 11 -> 10 rows' },
    { result: 'open', seen: 'adds column public.users.phone' },
  ])
  expect(await at.restore({ undo: true, confirm: 'core_db undo', reason: 'the late row' })).toMatchObject({
    verdict: 'pass',
    targets: [
      {
        seen: [
          { result: 'held' },
          { result: 'open' },
          { result: 'open' },
          { what: 'reason recorded', result: 'held', seen: 'the late row' },
          { result: 'held' },
        ],
        swapped: 'put back',
      },
    ],
  })
  expect(await count(at)).toBe(11)
})

test('takes the copy of an earlier start only if it is of this archive, and nothing was written to it', async () => {
  const at = await deployed({ proof: 'read' })
  const look = () => at.restore({ archive: at.archive })
  await look()
  expect(await copies(at)).toHaveLength(1)
  const again = await look()
  expect(again.targets[0]?.seen?.[0]?.seen).toMatch(/ by an earlier start, and unchanged since$/)
  const [first] = await copies(at)
  const { host, port, user, password } = live.cluster.connection('postgres')
  const link = await openLink({ host, port, user, password, database: first })
  // No number of rows shows it.
  await link.send(`UPDATE users SET name = 'changed' WHERE id = 1`)
  await link.close()
  const fresh = /^live_\w+_restore_\d{17}$/
  expect((await look()).targets[0]?.seen?.[0]?.seen).toMatch(fresh)
  expect(await copies(at)).toHaveLength(2)
  const rolledBack = await at.rollback({ steps: 1, confirm: 'core_db 00001', irreversible: ['00002'] })
  const other = rolledBack.targets[0]?.backup
  const archive = path.relative(at.folder.path, other?.kind === 'dump' ? other.path : '')
  expect((await at.restore({ archive })).targets[0]?.seen?.[0]?.seen).toMatch(fresh)
})

test('reports later schema changes, grants included, and what no backup holds, before restore and undo', async () => {
  const at = await deployed()
  const name = named(at)
  await at.databases['core_db']?.query(
    `ALTER TABLE users ADD COLUMN nick text; CREATE INDEX since ON users (phone);
     CREATE ROLE app_${name}; GRANT SELECT ON users TO app_${name};
     CREATE SUBSCRIPTION sub_${name} CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false)`,
  )
  const schema = (seen: string) => ({
    what: expect.stringMatching(
      /^schema changes since then (?:would be lost|are only in \w+ now), with their data$/,
    ) as unknown,
    result: 'open',
    seen,
  })
  const bound = {
    what: 'what stays with the previous database: no backup holds it, so it must be created again',
    result: 'open',
    seen: `subscription sub_${name}`,
  }
  // The column of the step that the backup was taken before goes as well.
  const parts = (verb: string) =>
    schema(
      `changes table public.users, ${verb} column public.users.phone, ${verb} column public.users.nick, ${verb} index public.since`,
    )
  const done = await at.restore({ archive: at.archive, confirm: 'core_db restore' })
  expect(done).toMatchObject({ verdict: 'pass' })
  expect(done.targets[0]?.seen?.slice(3, -1)).toEqual([parts('drops'), bound])
  const undoing = await at.restore({ undo: true })
  // The subscription is in the one that comes back.
  expect(undoing.targets[0]?.seen?.slice(2)).toEqual([parts('adds')])
})

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
  expect(await count(at)).toBe(11)
  for (const confirm of [undefined, 'core_db undo'])
    await expect(undo(confirm)).rejects.toThrow('was already rolled back')
  expect(await count(at)).toBe(11)
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
  expect(await count(at)).toBe(10)
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
  expect(await count(at)).toBe(10)
})

const withServer = spawnSync('sh', ['-c', 'ls /usr/lib/postgresql/*/bin/initdb']).status === 0 ? test : test.skip
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
    expect(await count(at)).toBe(10)
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
  expect(await count(at)).toBe(10)
})

test('a folder of many files, dumped and restored by several jobs', async () => {
  const at = await deployed({ jobs: 2 })
  expect(readdirSync(at.folder.at(at.archive))).toContain('toc.dat')
  expect(await at.restore({ archive: at.archive, jobs: 2, confirm: 'core_db restore' })).toMatchObject({
    verdict: 'pass',
  })
})

test('an archive that is not the one that was written, is of another database, or is not there', async () => {
  const at = await deployed()
  await expect(at.restore({ archive: 'nothing.dump' })).rejects.toThrow('there is no backup')
  const bytes = readFileSync(at.folder.at(at.archive))
  bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1
  writeFileSync(at.folder.at(at.archive), bytes)
  await expect(at.restore({ archive: at.archive, confirm: 'core_db restore' })).rejects.toThrow('its SHA-256 differs')
  const sheet = at.folder.at(`${at.archive}.json`)
  writeFileSync(sheet, readFileSync(sheet, 'utf8').replace('"core_db"', '"kyc_db"'))
  await expect(at.restore({ archive: at.archive })).rejects.toThrow('the backup is of kyc_db, not of core_db')
  expect(await count(at)).toBe(10)
})

test.each(['cut off', 'flipped'])(
  'a backup that is %s right after it was written is found before anything is changed',
  async (how) => {
    const at = await makeProduction(CHAIN)
    await at.upTo('00001')
    await at.databases['core_db']?.query(`INSERT INTO users SELECT i, md5(i::text) FROM generate_series(1, 5000) i`)
    const afterDump = (archive: string): Promise<void> => {
      const bytes = readFileSync(archive)
      const middle = Math.floor(bytes.length / 2)
      if (how === 'flipped') bytes[middle] = (bytes[middle] ?? 0) ^ 0x10
      writeFileSync(archive, how === 'flipped' ? bytes : bytes.subarray(0, middle))
      return Promise.resolve()
    }
    const report = await at.deploy({}, { backups: { afterDump } })
    expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
    expect(report.targets[0]?.stopped?.what).toMatch(/^the archive core_db_\w+\.dump is not what pg_dump wrote: /)
    expect(readdirSync(at.folder.at('backups'))).toEqual(['.gitignore'])
    expect(reasons(report)).toBe('')
  },
)

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

test('reports a backup of another database, and restores it only when that is accepted', async () => {
  const from = await deployed()
  const to = await makeProduction(CHAIN)
  await to.upTo('00001')
  const archive = path.relative(to.folder.path, path.join(from.folder.path, from.archive))
  const asked = { archive, confirm: 'core_db restore' }
  const refused = await to.restore(asked)
  expect(rules(refused)).toEqual(['plan'])
  expect(reasons(refused)).toContain('core_db: the backup is of another database: it is a backup of')
  expect(await count(to)).toBe(0)
  expect(await to.restore({ ...asked, differences: 'accept' })).toMatchObject({ verdict: 'pass' })
  expect(await count(to)).toBe(10)
})

test('while a deploy holds the locks, nothing is swapped', async () => {
  const at = await deployed()
  const busy = await at.databases['core_db']?.session()
  await busy?.query(`SELECT pg_advisory_lock(${OWN_KEY})`)
  const stopped = await at.restore({ archive: at.archive, confirm: 'core_db restore', lockMs: 20 })
  expect(stopped.verdict).not.toBe('pass')
  expect(stopped.targets[0]?.stopped?.what).toContain('is locked by another migration run')
  expect(await count(at)).toBe(10)
  // What only says what would be lost takes nothing away from the deploy, and does not wait for it.
  const stated = await at.restore({ archive: at.archive, lockMs: 20 })
  expect(rules(stated)).toEqual(['confirmation'])
  expect(stated.targets[0]?.stopped).toBeUndefined()
  expect(stated.targets[0]?.seen?.[1]).toMatchObject({ what: 'it holds what was backed up', result: 'held' })
  await busy?.end()
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
    expect(await count(at)).toBe(10)
  })
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
  expect(await count(at)).toBe(10)
  await at.databases['core_db']?.query(`SELECT lo_from_bytea(0, 'x')`)
  const dumped = await at.rollback({ steps: 1, confirm: 'core_db 00001', irreversible: ['00002'] })
  expect(dumped).toMatchObject({ verdict: 'environment', exitCode: 3 })
  expect(dumped.targets[0]?.stopped).toMatchObject({
    what: expect.stringMatching(/^core_db: the backup failed: .*permission denied for large object/),
    fix: expect.stringContaining('GRANT SELECT ON LARGE OBJECT'),
  })
  expect(runSentence(dumped)).toMatch(/^core_db: the backup failed/)
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
