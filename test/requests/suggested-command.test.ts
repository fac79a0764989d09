// Commands that are to be pasted are about what the run was about.
import { expect, test } from '@jest/globals'
import type { DeployRequest, LiveRequest } from '../../src/requests/request.js'
import {
  commandWithExisting,
  databaseWords,
  deployWords,
  dryRunWords,
  extentWords,
  planWords,
} from '../../src/requests/suggested-command.js'
import { baselineRequest, downRequest, LIVE_OPTIONS, redoRequest, statusRequest, upRequest } from '../support/live.js'
import { BACKUP } from '../support/production.js'

test('the name alone where nothing else was said', () => {
  expect(databaseWords({ paths: [], config: undefined, environment: undefined }, 'app')).toBe('--databases app')
})

test('folders, config and environment as they were given, each one word', () => {
  const request = { paths: ['db/my app', "it's"], config: 'a.yml', environment: 'staging' }
  expect(databaseWords(request, "a'; rm -rf x")).toBe(
    `'db/my app' 'it'\\''s' --config a.yml --environment staging --databases 'a'\\''; rm -rf x'`,
  )
})

test.each<[LiveRequest, string]>([
  [downRequest({ steps: 3 }), '--steps 3'],
  [downRequest({ to: '00002 x' }), "--to '00002 x'"],
  [upRequest({ to: '4' }), '--to 4'],
  [redoRequest(), ''],
  [baselineRequest({ to: '7', clearDirty: true }), '--to 7 --clear-dirty'],
])('a command for one of several databases goes as far: %j', (request, words) => {
  expect(extentWords(request).join(' ')).toBe(words)
})

test('a deploy that was refused is suggested with its plan and its backup, and without a server', () => {
  const backup = {
    kind: 'dump',
    id: undefined,
    key: 'age1x',
    command: 'push $1',
    folder: 'b',
    jobs: 4,
    proof: 'restored',
  } as const
  const request: DeployRequest = {
    ...LIVE_OPTIONS,
    command: 'deploy',
    server: 'postgres://x:secret@db/postgres',
    to: '00004',
    late: 'allow',
    existing: 'allow',
    expires: undefined,
    proof: 'none',
    digest: undefined,
    plan: undefined,
    smoke: 'make smoke',
    irreversible: ['00003', '00004'],
    unrestorable: ['core_db'],
    backup,
  }
  const limits = { waitMs: 300_000, lockMs: 1_500, statementMs: 800 }
  expect(planWords({ ...request, ...limits }).slice(-3)).toEqual([
    '--wait 5m',
    '--lock-timeout 1.5s',
    '--statement-timeout 800ms',
  ])
  expect(deployWords({ ...request, ...limits }).slice(-3)).toEqual(planWords({ ...request, ...limits }).slice(-3))
  expect(commandWithExisting({ ...request, digest: 'b12333dd', plan: 'plan.json', environment: 'prod' }, 'app')).toBe(
    `\`pg-migration-gate deploy --environment prod ${deployWords(request).join(' ')} --plan plan.json --digest b12333dd\``,
  )
  expect(deployWords(request).join(' ')).toBe(
    "--to 00004 --allow-late --allow-existing --no-proof --accept-irreversible 00003,00004 --accept-unrestorable core_db --backup-key age1x --backup-command 'push $1' --backup-folder b --backup-jobs 4 --prove-backup restore --smoke-test 'make smoke'",
  )
  expect(
    deployWords({
      ...request,
      ...upRequest(),
      command: 'deploy',
      proof: 'guided',
      smoke: undefined,
      irreversible: [],
      unrestorable: [],
      backup: { ...BACKUP, folder: 'migration-gate-backups' },
    }),
  ).toEqual([])
})

test.each<[LiveRequest, string]>([
  [
    upRequest({ to: '4', late: 'allow', dryRun: true, lockMs: 2_000 }),
    'up --databases app --to 4 --allow-late --allow-existing --dry-run --lock-timeout 2s',
  ],
  [
    { ...upRequest({ to: '4' }), command: 'plan', proof: 'none', expires: '3d' },
    'plan --databases app --to 4 --allow-existing --no-proof --expires 3d',
  ],
  [statusRequest(), 'up --databases app --allow-existing'],
])('a command that goes on beside existing tables does no more than the one before: %j', (request, words) => {
  expect(commandWithExisting(request, 'app')).toBe(`\`pg-migration-gate ${words}\``)
})

test('a command without --dry-run never takes the place of one with it', () => {
  expect([downRequest({ dryRun: true }), redoRequest({ dryRun: true }), statusRequest()].map(dryRunWords)).toEqual([
    ['--dry-run'],
    ['--dry-run'],
    [],
  ])
})
