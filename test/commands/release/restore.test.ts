// A backup that replaces the live database, and the undo of that. Rarer servers, archives, roles, copies of an earlier start
// and a connection that breaks are in test/long/restore.test.ts.
import { expect } from '@jest/globals'
import { testWithDump as test } from '../../support/with-dump.js'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { OWN_KEY } from '../../../src/adapters/postgres/live/locks.js'
import { backedUpBy, CHAIN, expectSpoiltFound, named, restoredCopies, userCount } from '../../support/backed-up.js'
import { serverForTests } from '../../support/live.js'
import { productionsForTests, reasons, rules } from '../../support/production.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)
const deployed = backedUpBy(makeProduction, live)

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
  expect(await userCount(at)).toBe(11)
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
  expect(await restoredCopies(live, at)).toEqual([])
  expect(done.targets[0]?.seen?.at(-1)?.seen).toMatch(
    /^the previous one is kept as live_\w+_before_\d{17}, 1 sessions were ended/,
  )
  await expect(application?.query('SELECT 1')).rejects.toThrow()
  expect(await userCount(at)).toBe(10)
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
  expect(await userCount(at)).toBe(11)
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
  expect(await userCount(at)).toBe(10)
})

test('a backup that is cut off right after it was written is found before anything is changed', async () => {
  await expectSpoiltFound(makeProduction, 'cut off')
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
  expect(await userCount(to)).toBe(0)
  expect(await to.restore({ ...asked, differences: 'accept' })).toMatchObject({ verdict: 'pass' })
  expect(await userCount(to)).toBe(10)
})

test('while a deploy holds the locks, nothing is swapped', async () => {
  const at = await deployed()
  const busy = await at.databases['core_db']?.session()
  await busy?.query(`SELECT pg_advisory_lock(${OWN_KEY})`)
  const stopped = await at.restore({ archive: at.archive, confirm: 'core_db restore', lockMs: 20 })
  expect(stopped.verdict).not.toBe('pass')
  expect(stopped.targets[0]?.stopped?.what).toContain('is locked by another migration run')
  expect(await userCount(at)).toBe(10)
  // What only says what would be lost takes nothing away from the deploy, and does not wait for it.
  const stated = await at.restore({ archive: at.archive, lockMs: 20 })
  expect(rules(stated)).toEqual(['confirmation'])
  expect(stated.targets[0]?.stopped).toBeUndefined()
  expect(stated.targets[0]?.seen?.[1]).toMatchObject({ what: 'it holds what was backed up', result: 'held' })
  await busy?.end()
})
