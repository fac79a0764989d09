// Deploy and rollback as workflows, run for real by act on four databases, against a GitHub on loopback.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { startFakeGithub, type FakeGithub } from '../github/fake-github.js'
import { makeFolder, type Folder } from '../host/folder.js'
import { makeRepo, type Repo } from '../support/git.js'
import { startLive, type LiveDatabase, type LiveServer } from '../support/live.js'
import { FOUR } from '../support/production.js'
import { copyOf } from './copy.js'
import { ORIGIN, runAct } from './run-act.js'

const NAMES = ['core_db', 'kyc_db', 'rates_db', 'audit_db'] as const

const DEPLOY = (key: string): string => `name: Deploy
on: push
permissions: {}
jobs:
  deploy:
    permissions: { contents: read, checks: read, statuses: read, pull-requests: write }
    uses: ./.github/workflows/deploy.yml
    with: { backup-key: ${key}, prove-backup: restore }
    secrets: inherit
`
const ROLLBACK = `name: Roll back
on:
  workflow_dispatch:
    inputs:
      database: { type: choice, options: [core_db, kyc_db, rates_db, audit_db] }
      to: { type: string }
      confirm: { type: string }
permissions: {}
jobs:
  rollback:
    permissions: { contents: read }
    uses: ./.github/workflows/rollback.yml
    with:
      database: \${{ inputs.database }}
      to: \${{ inputs.to }}
      confirm: \${{ inputs.confirm }}
    secrets: inherit
`
const DRIFT = `name: Drift
on: schedule
permissions: {}
jobs:
  drift:
    permissions: { contents: read, issues: write }
    uses: ./.github/workflows/drift.yml
    secrets: inherit
`

const withAct = spawnSync('act', ['--version']).status === 0 ? describe : describe.skip

withAct('with act', () => {
  let live: LiveServer
  let github: FakeGithub
  let action: Folder
  let folder: Folder
  let repo: Repo
  const databases: Record<string, LiveDatabase> = {}
  const secrets: Record<string, string> = {}
  const PASSWORD = 'Zx9-secret-of-production'

  beforeAll(async () => {
    live = await startLive()
    github = await startFakeGithub()
    ;[action, folder] = [makeFolder({}), makeFolder({})]
    cpSync('dist', action.at('dist'), { recursive: true })
    cpSync('action.yml', action.at('action.yml'))
    for (const name of NAMES) {
      const database = (databases[name] = await live.database())
      secrets[`${name.toUpperCase()}_DSN`] = `${database.dsn} password=${PASSWORD}`
    }
    repo = makeRepo({
      ...Object.fromEntries(Object.entries(FOUR).map(([name, text]) => [`migrations/${name}`, text])),
      ...Object.fromEntries(
        ['deploy.yml', 'rollback.yml', 'drift.yml'].map((name) => [`.github/workflows/${name}`, copyOf(name).copy]),
      ),
      '.github/workflows/1-deploy.yml': DEPLOY(await identityToRecipient(await generateIdentity())),
      '.github/workflows/2-rollback.yml': ROLLBACK,
      '.github/workflows/3-drift.yml': DRIFT,
      'migration-gate.yml': 'deploy:\n  refs: any\n  order: [core_db, kyc_db, rates_db, audit_db]\n',
    })
    repo.git('remote', 'add', 'origin', ORIGIN)
  })
  afterAll(async () => {
    for (const one of [action, folder, repo]) one.remove()
    await github.close()
    await live.close()
  })

  const act = async (
    event: string,
    workflow: string,
    inputs: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number | null; readonly log: string }> => {
    const sha = repo.git('rev-parse', 'HEAD')
    const repository = { full_name: 'o/r', name: 'r', owner: { login: 'o' }, default_branch: 'main' }
    const payload = { repository, ref: 'refs/heads/main', after: sha, head_commit: { id: sha }, inputs }
    const ran = await runAct({
      ...{ event, payload, repo, folder, action, github, secrets },
      workflows: ['deploy.yml', 'rollback.yml', 'drift.yml'],
      words: ['--workflows', `.github/workflows/${workflow}`],
    })
    expect(ran.log).not.toContain(PASSWORD)
    expect(github.violations).toEqual([])
    return ran
  }
  const versions = (name: string) => databases[name]?.query('SELECT version FROM schema_migrations')

  test('plan job, then apply job: all four deployed, backups kept encrypted, the merged pull request told', async () => {
    github.merged.set(repo.git('rev-parse', 'HEAD'), 12)
    const { code, log } = await act('push', '1-deploy.yml')
    expect([code, log.match(/🏁.*/g)]).toEqual([
      0,
      [expect.stringContaining('succeeded'), expect.stringContaining('succeeded')],
    ])
    for (const name of NAMES) expect(await versions(name)).toEqual([{ version: '2' }])
    expect(github.comments).toMatchObject([
      { issue: 12, body: expect.stringContaining('PASS: 8 steps done in 4 databases') },
    ])
    const kept =
      readdirSync(folder.at('artifacts')).find((name) => name.startsWith('migration-backup-production')) ?? ''
    expect(readdirSync(folder.at(`artifacts/${kept}`)).filter((name) => name.endsWith('.age'))).toHaveLength(8)
    const plan = JSON.parse(readFileSync(folder.at('artifacts/migration-plan-production/report.json'), 'utf8')) as {
      readonly approval: { readonly digest: string }
    }
    expect(log).toContain(plan.approval.digest.slice(0, 8))
    // The database that is up to date is planned, and nothing is deployed.
    expect((await act('push', '1-deploy.yml')).log).not.toContain('Deploy (production)]')
  })

  test('rollback by dispatch: the statement first, then with the typed words', async () => {
    const asked = { database: 'core_db', to: '00001' }
    const stated = await act('workflow_dispatch', '2-rollback.yml', { ...asked, confirm: '' })
    expect(stated.code).not.toBe(0)
    expect(stated.log).toContain(`To go on: --confirm 'core_db 00001'`)
    expect(await versions('core_db')).toEqual([{ version: '2' }])
    const { code, log } = await act('workflow_dispatch', '2-rollback.yml', { ...asked, confirm: 'core_db 00001' })
    expect([code, /PASS {2}1 step done in 1 database/.test(log)]).toEqual([0, true])
    expect(await versions('core_db')).toEqual([{ version: '1' }])
    expect(await versions('kyc_db')).toEqual([{ version: '2' }])
  })

  test('drift opens one issue, and closes it when it is gone', async () => {
    await databases['kyc_db']?.query('CREATE TABLE by_hand (id int)')
    await act('schedule', '3-drift.yml')
    await act('schedule', '3-drift.yml')
    expect(github.issues).toMatchObject([
      { title: 'The live schema of kyc_db is not what the migrations make', state: 'open' },
    ])
    await databases['kyc_db']?.query('DROP TABLE by_hand')
    await act('schedule', '3-drift.yml')
    expect(github.issues).toMatchObject([{ state: 'closed' }])
    expect(existsSync(folder.at('artifacts'))).toBe(true)
  })
})
