// Production on real servers: what was approved is what runs, and whatever moved refuses. Offers of a way back, another
// database under the name of the approved one, a required check, and what a tool or a hand did, are in test/long/deploy.test.ts.
import { describe, expect } from '@jest/globals'
import { testWithDump as test } from '../../support/with-dump.js'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { systemClock } from '../../../src/adapters/host/clock.js'
import { status, up } from '../../support/everyday.js'
import { serverForTests, statusRequest, upRequest } from '../../support/live.js'
import { expectNothingDone, ONE } from '../../support/one-ahead.js'
import {
  BACKUP,
  FOUR,
  outcomes,
  pairOf,
  productionsForTests,
  reasons,
  rules,
  type Production,
} from '../../support/production.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)

async function production(files: Readonly<Record<string, string>> = ONE, to = '00001'): Promise<Production> {
  const one = await makeProduction(files)
  if (to !== '') await one.upTo(to)
  return one
}

describe('a plan', () => {
  test('says what each step does, loses and meets, and changes nothing', async () => {
    const at = await production(
      {
        ...ONE,
        ...pairOf(
          'core_db',
          '00003',
          'ALTER TABLE users DROP COLUMN phone;',
          'ALTER TABLE users ADD COLUMN phone text;',
        ),
        ...pairOf('core_db', '00004', 'DROP TABLE old;', 'CREATE TABLE old (id int);'),
      },
      '00002',
    )
    await at.databases['core_db']?.query(
      `INSERT INTO users SELECT i, CASE WHEN i < 4 THEN 'x' END FROM generate_series(1, 10) i; CREATE TABLE old (id int)`,
    )
    const report = await at.plan({ to: '00003' })
    expect(report).toMatchObject({
      verdict: 'pass',
      approval: { refused: [], digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    expect(report.targets[0]?.ahead?.steps).toMatchObject([
      {
        id: '00003_m',
        does: [{ change: 'lost', kind: 'column', identity: 'public.users.phone' }],
        losses: [{ kind: 'column', table: 'public.users', column: 'phone', rows: 10, values: 3 }],
        sizes: [{ relation: 'public.users' }],
        back: 'proved',
      },
    ])
    // A table that no file makes is reported as drift.
    expect(report.targets[0]?.ahead?.drift).toMatchObject([
      { change: 'left behind', kind: 'table', identity: 'public.old' },
    ])
    expect(outcomes(await status(statusRequest(), at.world()))).toEqual([])
    expect(readdirSync(at.folder.path)).toEqual(['migrations'])
  })

  test('is the same as long as nothing moves, and another one as soon as something does', async () => {
    const at = await production()
    const expires = '2030-01-01T00:00:00Z'
    const digest = async (): Promise<string | undefined> => (await at.plan({ expires })).approval?.digest
    const first = await digest()
    expect(await digest()).toBe(first)
    await at.databases['core_db']?.query('INSERT INTO users VALUES (1)')
    expect(await digest()).toBe(first)
    await at.databases['core_db']?.query('CREATE INDEX by_hand ON users (id)')
    expect(await digest()).not.toBe(first)
  })

  test('names what rewrites a table and what blocks the step', async () => {
    const at = await production(
      {
        ...ONE,
        ...pairOf(
          'core_db',
          '00003',
          'ALTER TABLE users ALTER COLUMN id TYPE bigint;',
          'ALTER TABLE users ALTER COLUMN id TYPE int;',
        ),
      },
      '00002',
    )
    const client = await at.databases['core_db']?.session()
    await client?.query(`SET application_name = 'pg_dump'; BEGIN; SELECT * FROM users`)
    const [target] = (await at.plan()).targets
    expect(target?.ahead?.steps[0]?.rewrites).toEqual(['public.users'])
    expect(target?.ahead?.conditions).toMatchObject([
      { kind: 'blocks', what: expect.stringContaining('a backup or restore is running') },
    ])
    const refused = await at.deploy({}, {})
    expect(rules(refused)).toEqual(['blocker'])
    await client?.end()
  })

  test('reports a step that fails on the scratch server before its approval', async () => {
    const at = await production(
      { ...ONE, ...pairOf('core_db', '00003', 'SELECT * FROM nothing;', 'SELECT 1;') },
      '00002',
    )
    const report = await at.plan()
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 })
    expect(reasons(report)).toContain('00003_m fails on the scratch server: relation "nothing" does not exist')
  })
})

describe('a deploy', () => {
  test('backs up all, applies in the declared order, verifies, and leaves nothing to do', async () => {
    const at = await production(FOUR)
    at.write({
      'migration-gate.yml': 'deploy:\n  order: [rates_db, core_db]\n',
      'migrations/core_db/assert/no_notes.sql': 'SELECT * FROM a WHERE note IS NOT NULL;\n',
    })
    const report = await at.deploy({ smoke: 'exit 0' })
    expect(report).toMatchObject({ verdict: 'pass', exitCode: 0, counts: { done: 4 } })
    expect(outcomes(report)).toEqual(
      ['rates_db', 'core_db', 'audit_db', 'kyc_db'].map((name) => `${name} 00002 applied`),
    )
    for (const { backup, seen } of report.targets) {
      expect(backup).toMatchObject({ kind: 'dump', proof: 'read', encrypted: false })
      expect(existsSync(backup?.kind === 'dump' ? backup.path : '')).toBe(true)
      expect(seen?.every(({ result }) => result === 'held')).toBe(true)
    }
    expect(report.targets[1]?.seen?.map(({ what }) => what)).toEqual([
      'the schema is what was approved',
      'indexes are valid and constraints validated',
      'migrations/core_db/assert/no_notes.sql returns no row',
    ])
    const rows = await at.databases['core_db']?.query(
      `SELECT version, outcome, environment, plan FROM migration_gate.journal ORDER BY n DESC LIMIT 1`,
    )
    expect(rows).toEqual([
      { version: '00002', outcome: 'applied', environment: 'production', plan: report.approval?.digest },
    ])
    expect(await at.deploy({ digest: undefined })).toMatchObject({ verdict: 'pass', counts: { done: 0 } })
  })

  test('a failed assertion or smoke test ends the run, and the report has the state', async () => {
    const at = await production()
    at.write({ 'migrations/core_db/assert/none.sql': 'SELECT 1 -- always\n' })
    const report = await at.deploy()
    expect(report).toMatchObject({ verdict: 'unfinished', exitCode: 4 })
    expect(report.targets[0]?.stopped?.what).toContain('assert/none.sql returns no row (1 row)')
    expect(report.ways?.map(({ command }) => command)).toContain(
      `pg-migration-gate rollback --environment production --databases core_db --to 00001 --confirm 'core_db 00001' --backup-folder backups --lock-timeout 2s`,
    )
    const other = await production()
    expect(await other.deploy({ smoke: 'exit 3' })).toMatchObject({
      verdict: 'unfinished',
      targets: [{ stopped: { what: 'core_db: the smoke test fails (exit code 3)' } }],
    })
  })

  test('goes as far as was approved, and prints commands about the same folders', async () => {
    const at = await production({
      ...ONE,
      ...pairOf('core_db', '00003', 'CREATE TABLE x (id int);', 'DROP TABLE x;'),
      ...pairOf('core_db', '00004', 'CREATE TABLE y (id int);', 'DROP TABLE y;'),
    })
    const backup = { ...BACKUP, kind: 'external', id: 'snap' } as const
    const paths = ['migrations/core_db']
    const approved = await at.approve({ paths, to: '00003' })
    const report = await at.deploy({ ...approved, paths, backup, smoke: 'exit 3' })
    expect(outcomes(report)).toEqual(['core_db 00002 applied', 'core_db 00003 applied'])
    expect(report.ways?.map(({ command }) => command)).toEqual([
      expect.stringMatching(
        /^pg-migration-gate deploy migrations\/core_db --environment production --backup external --backup-id snap .* --plan plan\.json /,
      ),
      'pg-migration-gate plan migrations/core_db --environment production --lock-timeout 2s --output json=plan.json',
      expect.stringMatching(
        /^pg-migration-gate rollback migrations\/core_db --environment production --databases core_db /,
      ),
    ])
    expect(await at.deploy({ ...approved, paths, backup })).toMatchObject({ verdict: 'pass', counts: { done: 0 } })
  })

  test('a partial failure in four databases: reports each, offers rollbacks; the same command goes on', async () => {
    const at = await production({
      ...FOUR,
      // It removes no row, but its rollback asks about it.
      ...pairOf('core_db', '00002', 'ALTER TABLE a ADD note text; DELETE FROM a;', 'ALTER TABLE a DROP note;'),
      ...pairOf('rates_db', '00003', 'ALTER TABLE a ADD UNIQUE (note);', 'ALTER TABLE a DROP CONSTRAINT a_note_key;'),
    })
    at.write({ 'migration-gate.yml': 'deploy:\n  order: [core_db, kyc_db, rates_db, audit_db]\n' })
    // Rows that no scratch server has: the third step fails live only.
    await at.databases['rates_db']?.query('INSERT INTO a VALUES (1), (2)')
    at.write({
      'migrations/rates_db/00002_m.up.sql': `ALTER TABLE a ADD COLUMN note text DEFAULT 'secret value';\n`,
    })
    const approved = await at.approve()
    const broken = await at.deploy(approved)
    expect(broken).toMatchObject({ verdict: 'unfinished', exitCode: 4 })
    expect(outcomes(broken)).toEqual([
      'core_db 00002 applied',
      'kyc_db 00002 applied',
      'rates_db 00002 applied',
      'rates_db 00003 failed',
      'audit_db 00002 not started',
    ])
    expect(broken.targets.map(({ standing }) => standing?.applied.at(-1)?.version)).toEqual([
      '00002',
      '00002',
      '00002',
      '00001',
    ])
    expect(
      broken.ways?.map(({ command }) => /rollback.*--databases (\S+) --to (\S+)/.exec(command)?.slice(1, 3).join(' ')),
    ).toEqual([undefined, undefined, 'rates_db 00001', 'kyc_db 00001', 'core_db 00001'])
    expect(broken.ways?.at(-1)?.command).toMatch(
      / --accept-irreversible 00002 --backup-folder backups --lock-timeout 2s$/,
    )
    const text = JSON.stringify(broken)
    expect(text).toContain('23505')
    expect(text).not.toContain('secret value')
    // The cause is mended in the rows, so the same approval still holds.
    await at.databases['rates_db']?.query('UPDATE a SET note = id::text')
    const on = await at.deploy(approved)
    expect(on).toMatchObject({ verdict: 'pass', counts: { done: 2 } })
    expect(outcomes(on)).toEqual(['rates_db 00003 applied', 'audit_db 00002 applied'])
  })

  test('a run that was stopped goes on under the same approval', async () => {
    const at = await production(FOUR)
    at.write({ 'migration-gate.yml': 'deploy:\n  order: [core_db, kyc_db, rates_db, audit_db]\n' })
    const approved = await at.approve()
    const blocker = await at.databases['rates_db']?.session()
    await blocker?.query('BEGIN; LOCK TABLE a IN ACCESS SHARE MODE')
    const stopped = await at.deploy({ ...approved, lockMs: 50, backup: { ...BACKUP, kind: 'external', id: 'snap-1' } })
    expect(stopped).toMatchObject({ verdict: 'unfinished', exitCode: 4 })
    expect(outcomes(stopped)).toEqual([
      'core_db 00002 applied',
      'kyc_db 00002 applied',
      'rates_db 00002 failed',
      'audit_db 00002 not started',
    ])
    await blocker?.query('ROLLBACK')
    const done = await at.deploy(approved)
    expect(done).toMatchObject({ verdict: 'pass', counts: { done: 2 } })
    expect(outcomes(done)).toEqual(['rates_db 00002 applied', 'audit_db 00002 applied'])
  })

  test('two at the same moment: one runs, the other has nothing to do or refuses, never both', async () => {
    const at = await production()
    const approved = await at.approve()
    const both = await Promise.all([at.deploy(approved), at.deploy(approved)])
    expect(both.map(({ counts }) => counts.done).toSorted()).toEqual([0, 1])
    expect(
      await at.databases['core_db']?.query(
        'SELECT count(*)::int AS n FROM migration_gate.journal WHERE plan IS NOT NULL',
      ),
    ).toEqual([{ n: 1 }])
  })
})

describe('refused', () => {
  test('without an approval, and with one of something else', async () => {
    const at = await production()
    const none = await at.deploy({ digest: undefined })
    expect(none).toMatchObject({ verdict: 'fail', exitCode: 1 })
    expect(rules(none)).toEqual(['approval'])
    expect(rules(await at.deploy({ digest: 'deadbeef' }))).toEqual(['digest'])
    for (const digest of ['dead', 'zzz'])
      await expect(at.deploy({ digest })).rejects.toThrow(`"${digest}" is not a digest`)
    for (const plan of ['/does/not/exist', '/nothing.json', 'nothing.json'])
      await expect(at.deploy({ digest: 'deadbeef', plan })).rejects.toThrow(
        `${plan} cannot be read: there is no such file`,
      )
    expect(rules(await at.deploy({ ...(await at.approve()), digest: 'deadbeef' }))).toEqual(['digest'])
    await expectNothingDone(at)
  })

  test('the schema was changed by hand in between', async () => {
    const at = await production()
    const approved = await at.approve()
    await at.databases['core_db']?.query('ALTER TABLE users ADD COLUMN by_hand int')
    const report = await at.deploy(approved)
    expect(rules(report)).toContain('moved')
    expect(reasons(report)).toContain('core_db: the live schema differs from the approved one')
    await expectNothingDone(at)
  })

  test('the history moved in between', async () => {
    const at = await production({ ...ONE, ...pairOf('core_db', '00003', 'SELECT 1;', 'SELECT 1;') })
    const approved = await at.approve()
    at.write({ 'migration-gate.yml': 'databases:\n  core_db:\n    production: up\n' })
    await up(upRequest({ to: '00002', environment: 'staging' }), at.world())
    const report = await at.deploy(approved)
    expect(reasons(report)).toContain("core_db: the tool's history changed since the approval")
    expect(reasons(report)).toContain('core_db: approved, but no longer planned: up 00002_m')
  })

  test('a file has another text than what was approved', async () => {
    const at = await production()
    const approved = await at.approve()
    at.write({ 'migrations/core_db/00002_m.up.sql': 'ALTER TABLE users ADD COLUMN phone varchar(20);\n' })
    expect(reasons(await at.deploy(approved))).toContain('core_db: the up of 00002_m has another text')
    await expectNothingDone(at)
  })

  test('another target behind the same name of a variable', async () => {
    const at = await production()
    const approved = await at.approve()
    const other = await makeProduction(ONE)
    await other.upTo('00001')
    other.write({ 'plan.json': readFileSync(at.folder.at('plan.json'), 'utf8') })
    const report = await other.deploy(approved)
    expect(reasons(report)).toMatch(
      /core_db: a different target: its database name is live_\w+, not the approved live_\w+/,
    )
  })

  test('an expired plan', async () => {
    const at = await production()
    const approved = await at.approve({ expires: '90m' })
    const later = { ...systemClock, now: () => Date.now() + 2 * 3_600_000 }
    expect(rules(await at.deploy(approved, { clock: later }))).toEqual(['expired'])
    await expectNothingDone(at)
  })

  test('from a fork, from a pull request, and from a ref that is not protected', async () => {
    const at = await production()
    const approved = await at.approve()
    const origin = { event: 'push', fork: false, refProtected: true, ref: 'refs/heads/main' }
    expect(rules(await at.deploy(approved, { origin: { ...origin, event: 'pull_request', fork: true } }))).toEqual([
      'fork',
    ])
    expect(rules(await at.deploy(approved, { origin: { ...origin, event: 'pull_request' } }))).toEqual(['fork'])
    expect(rules(await at.deploy(approved, { origin: { ...origin, refProtected: false } }))).toEqual(['ref'])
    await expectNothingDone(at)
    at.write({ 'migration-gate.yml': 'deploy:\n  refs: any\n' })
    expect(await at.deploy(approved, { origin: { ...origin, refProtected: false } })).toMatchObject({ verdict: 'pass' })
  })

  test('outside of the windows', async () => {
    const at = await production()
    at.write({ 'migration-gate.yml': 'deploy:\n  windows: ["Mon-Thu 09:00-16:00 Europe/Berlin"]\n' })
    const approved = await at.approve({ expires: '2030-01-01T00:00:00Z' })
    const moment = (iso: string) => ({ clock: { ...systemClock, now: () => Date.parse(iso) } })
    const friday = await at.deploy(approved, moment('2026-11-27T10:00:00Z'))
    expect(rules(friday)).toEqual(['window'])
    expect(reasons(friday)).toContain(
      '2026-11-27 10:00 UTC is outside of the windows for deploys: Mon-Thu 09:00-16:00 Europe/Berlin',
    )
    expect(rules(await at.deploy(approved, moment('2026-11-26T07:59:00Z')))).toEqual(['window'])
    expect(await at.deploy(approved, moment('2026-11-26T08:00:00Z'))).toMatchObject({ verdict: 'pass' })
  })

  test('a backup that there is no room for, and no backup in production', async () => {
    const at = await production()
    const approved = await at.approve()
    await at.databases['core_db']?.query('INSERT INTO users SELECT generate_series(1, 5000)')
    const full = await at.deploy(approved, { backups: { freeBytes: 10 } })
    expect(full).toMatchObject({ verdict: 'environment', exitCode: 3 })
    expect(full.targets[0]?.stopped?.what).toMatch(/^a backup needs about 1 MB, and 1 MB are free in /)
    const none = await at.deploy({ ...approved, backup: { ...BACKUP, kind: 'none' } })
    expect(none.targets[0]?.stopped?.what).toBe('core_db: production is not changed without a backup')
    const [target] = (await status(statusRequest(), at.world())).targets
    expect(target?.standing?.pending).toEqual(['00002_m'])
    expect(readdirSync(at.folder.at('backups'))).toEqual(['.gitignore'])
  })

  test('a folder for backups that cannot be made ends it, at once', async () => {
    const at = await production()
    const report = await at.deploy({ backup: { ...BACKUP, folder: '/proc/x/y' } })
    expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
    expect(report.targets[0]?.stopped?.what).toBe('the folder for backups /proc/x/y cannot be created')
  })

  test('a missing environment is wrong use', async () => {
    const at = await production()
    await expect(at.deploy({ digest: undefined, environment: undefined })).rejects.toThrow(
      'deploy needs an environment',
    )
  })
})

test('sees a change by another session during the backup before the first step', async () => {
  const at = await production()
  const afterDump = async (): Promise<void> => {
    await at.databases['core_db']?.query('CREATE INDEX by_hand ON users (id)')
  }
  const report = await at.deploy({}, { backups: { afterDump } })
  expect(report.targets[0]?.stopped?.what).toBe(
    'core_db: another session changed the live schema while the backup was taken',
  )
  expect(outcomes(report)).toEqual(['core_db 00002 not started'])
})
