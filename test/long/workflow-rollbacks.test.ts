// The four ways back of docs/rollback.md as people start them: by dispatch, run for real by act, each on databases of its own.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { pairOf } from '../support/production.js'
import { HAS_ACT, NAMES, startStage, type Site, type Stage } from '../workflows/stage.js'

const withAct = HAS_ACT ? describe : describe.skip

const THIRD = pairOf('core_db', '00003', 'CREATE TABLE logs (id int);', 'DROP TABLE logs;')

withAct('with act', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage()
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())

  const start = (site: Site, caller: string, inputs: Readonly<Record<string, string>>) =>
    site.act('workflow_dispatch', caller, { database: 'core_db', ...inputs })
  const versions = (site: Site) => Promise.all(NAMES.map(site.version))
  const rows = (site: Site) => site.databases.core_db.query('SELECT * FROM a ORDER BY id')
  const tables = async (site: Site) =>
    (
      await site.databases.core_db.query(
        `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
      )
    ).map(({ relname }) => relname)

  test('1: in development, rolls back the last one of that database alone', async () => {
    const site = await stage.site(THIRD)
    await site.upTo()
    expect(await tables(site)).toEqual(['a', 'logs', 'schema_migrations'])
    const { code, log } = await start(site, 'development.yml', { command: 'down' })
    expect([code, log]).toEqual([0, expect.stringContaining('PASS  1 step done in 1 database')])
    expect(await versions(site)).toEqual(['2', '2', '2', '2'])
    expect(await tables(site)).toEqual(['a', 'schema_migrations'])
  })

  test('2: in production the statement first, then with the typed words and after a backup', async () => {
    const site = await stage.site()
    await site.upTo()
    await site.databases.core_db.query(`INSERT INTO a VALUES (1, 'x'), (2, NULL)`)
    const stated = await start(site, 'rollback.yml', { steps: '1' })
    expect([stated.code, stated.log]).toEqual([1, expect.stringContaining('data loss: 1 value of a.note in 2 rows')])
    expect(stated.log).toContain(`To continue: --confirm 'core_db 00001'`)
    expect(await rows(site)).toEqual([
      { id: 1, note: 'x' },
      { id: 2, note: null },
    ])
    const words = { confirm: 'core_db 00001', reason: 'wrong column' }
    const { run, code, log } = await start(site, 'rollback.yml', { steps: '1', ...words })
    expect([code, log]).toEqual([0, expect.stringContaining('PASS  1 step done in 1 database')])
    expect(log).toContain('[x] backup completed and verified: 1 of 1 databases')
    expect(log).toContain('[x] reason recorded: wrong column')
    expect(site.kept(run)[`migration-backup-production-${run}-1`]).toContainEqual(
      expect.stringMatching(/^core_db_\w+\.dump\.age$/),
    )
    expect(await versions(site)).toEqual(['1', '2', '2', '2'])
    expect(await rows(site)).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('3: back over several versions, newest first', async () => {
    const site = await stage.site(THIRD)
    await site.upTo()
    await site.databases.core_db.query('INSERT INTO a (id) VALUES (1)')
    const stated = await start(site, 'rollback.yml', { to: '00001' })
    expect([stated.code, stated.log]).toEqual([1, expect.stringContaining(`To continue: --confirm 'core_db 00001'`)])
    expect(await versions(site)).toEqual(['3', '2', '2', '2'])
    const { code, log } = await start(site, 'rollback.yml', { to: '00001', confirm: 'core_db 00001' })
    expect([code, log]).toEqual([0, expect.stringContaining('PASS  2 steps done in 1 database')])
    expect(await versions(site)).toEqual(['1', '2', '2', '2'])
    expect([await tables(site), await rows(site)]).toEqual([['a', 'schema_migrations'], [{ id: 1 }]])
  })

  test('4: restores the backup of a deploy over the live database, and undoes that', async () => {
    const site = await stage.site()
    await site.upTo('00001')
    await site.databases.core_db.query('INSERT INTO a VALUES (1), (2)')
    const deployed = await site.act('push', 'deploy.yml')
    expect([deployed.code, await site.version('core_db')]).toEqual([0, '2'])
    await site.databases.core_db.query(`INSERT INTO a VALUES (3, 'late')`)
    const before = [{ id: 1 }, { id: 2 }]
    const now = [
      { id: 1, note: null },
      { id: 2, note: null },
      { id: 3, note: 'late' },
    ]
    const from = { run: deployed.run }

    const stated = await start(site, 'restore.yml', from)
    expect([stated.code, stated.log]).toEqual([1, expect.stringContaining(`To continue: --confirm 'core_db restore'`)])
    expect(stated.log).toContain('core_db  yes  it holds what was backed up: compared with its description')
    expect(stated.log).toContain('what was written since would be lost: public.a 2 -> 3 rows')
    expect(stated.log).toContain(`DROP DATABASE "${site.databases.core_db.name}_restore_`)
    expect(await rows(site)).toEqual(now)

    const words = { confirm: 'core_db restore', reason: 'rows went wrong' }
    const { code, log } = await start(site, 'restore.yml', { ...from, ...words })
    expect([code, log]).toEqual([0, expect.stringContaining('core_db restored from the backup')])
    expect(log).toContain('reason recorded: rows went wrong')
    expect([await rows(site), await versions(site)]).toEqual([before, ['1', '2', '2', '2']])

    const unsaid = await start(site, 'restore.yml', { undo: 'true' })
    expect([unsaid.code, unsaid.log]).toEqual([1, expect.stringContaining(`To continue: --confirm 'core_db undo'`)])
    expect(await rows(site)).toEqual(before)
    expect((await start(site, 'restore.yml', { undo: 'true', confirm: 'core_db undo' })).code).toBe(0)
    expect([await rows(site), await versions(site)]).toEqual([now, ['2', '2', '2', '2']])
  })

  test('4: a run that kept nothing, and no run at all, change nothing', async () => {
    const site = await stage.site()
    await site.upTo()
    const nowhere = await start(site, 'restore.yml', { run: '7', confirm: 'core_db restore' })
    expect([nowhere.code, nowhere.log]).toEqual([1, expect.stringContaining('there is no backup')])
    const unsaid = await start(site, 'restore.yml', { confirm: 'core_db restore' })
    expect([unsaid.code, unsaid.log]).toEqual([1, expect.stringContaining('restore needs a backup')])
    expect(await versions(site)).toEqual(['2', '2', '2', '2'])
  })
})
