// Deploy and drift as workflows, run for real by act on four databases, against a GitHub on loopback.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { HAS_ACT, NAMES, startStage, type Stage } from '../workflows/stage.js'

const withAct = HAS_ACT ? describe : describe.skip

withAct('with act', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage()
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())

  test('plan job, then apply job: deploys all four, keeps encrypted backups, comments on the merge', async () => {
    const site = await stage.site()
    stage.github.merged.set(site.repo.git('rev-parse', 'HEAD'), 12)
    const { run, code, log } = await site.act('push', 'deploy.yml')
    expect([code, log.match(/🏁.*/g)]).toEqual([
      0,
      [expect.stringContaining('succeeded'), expect.stringContaining('succeeded')],
    ])
    for (const name of NAMES) expect(await site.version(name)).toBe('2')
    expect(stage.github.comments).toMatchObject([
      { issue: 12, body: expect.stringContaining('PASS: 8 steps done in 4 databases') },
    ])
    const kept = site.kept(run)[`migration-backup-production-${run}-1`] ?? []
    expect(kept.filter((name) => name.endsWith('.age'))).toHaveLength(8)
    const plan = JSON.parse(readFileSync(site.at(run, 'migration-plan-production', 'report.json'), 'utf8')) as {
      readonly approval: { readonly digest: string }
    }
    expect(log).toContain(plan.approval.digest.slice(0, 8))
    // The database that is up to date is planned, and nothing is deployed.
    expect((await site.act('push', 'deploy.yml')).log).not.toContain('Deploy (production)]')
  })

  test('drift opens one issue, and closes it when it is gone', async () => {
    const site = await stage.site()
    await site.upTo()
    await site.databases.kyc_db.query('CREATE TABLE by_hand (id int)')
    await site.act('schedule', 'drift.yml')
    await site.act('schedule', 'drift.yml')
    expect(stage.github.issues).toMatchObject([
      { title: 'The live schema of kyc_db differs from the migrations', state: 'open' },
    ])
    await site.databases.kyc_db.query('DROP TABLE by_hand')
    await site.act('schedule', 'drift.yml')
    expect(stage.github.issues).toMatchObject([{ state: 'closed' }])
  })
})
