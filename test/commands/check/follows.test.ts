// What a check says of failures that follow from others, and of those that only look so: findings, verdict, exit code.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { check } from '../../../src/commands/check/check.js'
import { decideVerdict } from '../../../src/commands/check/verdict.js'
import type { Finding } from '../../../src/model/finding.js'
import type { ScratchServer } from '../../../src/ports/scratch.js'
import type { Report } from '../../../src/report/check-report.js'
import { makeFolder, type Folder } from '../../adapters/host/folder.js'
import { failure } from '../../rules/recorded-proof.js'
import { database, finding, migration, proof } from '../../render/reports.js'
import { checkRequest, lent } from '../../support/check.js'
import { worldIn } from '../../support/live.js'
import { openServer } from '../../support/server.js'

let server: ScratchServer
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const folders: Folder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

/** Files by what follows `migrations/core_db/`. */
async function checked(files: Readonly<Record<string, string>>): Promise<Report> {
  const paths = Object.entries(files).map(([name, text]) => [`migrations/core_db/${name}`, `${text}\n`])
  const folder = makeFolder(Object.fromEntries(paths) as Readonly<Record<string, string>>)
  folders.push(folder)
  const request = checkRequest({ proof: 'guided' })
  return check(request, worldIn(folder.path, { STAGE: 'dev' }, { server: lent(server) }))
}

const brief = ({ findings }: Report): readonly string[] =>
  findings.map(({ level, rule, migration, follows }) =>
    [level, rule, migration, ...(follows === undefined ? [] : [`follows ${follows}`])].join(' '),
  )

const ACME = 'CREATE EXTENSION acme_types;'

describe('a real fault is never lost', () => {
  test.each([
    ['an extension', { '00001_v.up.sql': ACME, '00001_v.down.sql': 'DROP EXTENSION acme_types;' }, 'environment'],
    ['code', { '00001_v.up.go': 'package migrations' }, 'code-migration'],
  ])('behind %s', async (_, first, rule) => {
    const report = await checked({
      ...first,
      '00002_t.up.sql': 'CREATE TABLE t (a int);',
      '00002_t.down.sql': 'DROP TABLE t;',
      '00006_c.up.sql': 'CREATE INDEX i ON t (a);',
      '00006_c.down.sql': 'DROP INDEX typo;',
    })
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1, counts: { errors: 1, warnings: 1, proved: 1 } })
    expect(brief(report)).toEqual(['error down-fails 00006_c', `warning ${rule} 00001_v`])
  })

  test('in a second up: what the down left is the one finding', async () => {
    const report = await checked({
      '00001_v.up.sql': ACME,
      '00001_v.down.sql': 'DROP EXTENSION acme_types;',
      '00002_t.up.sql': 'CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));',
      '00002_t.down.sql': 'DROP TABLE t;',
      '00003_c.up.sql': 'ALTER TABLE t DROP CONSTRAINT c;',
      '00003_c.down.sql': 'ALTER TABLE t ADD CONSTRAINT c_wrong CHECK (a > 0);',
    })
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 })
    expect(brief(report)).toEqual(['error down-restores-schema 00003_c', 'warning environment 00001_v'])
  })
})

describe('a consequence is no fault of its own', () => {
  test('of a step that this server could not run', async () => {
    const report = await checked({
      '00001_a.up.sql': `${ACME} CREATE TABLE a (id int);`,
      '00001_a.down.sql': 'DROP TABLE a; DROP EXTENSION acme_types;',
      '00002_f.up.sql':
        'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nDECLARE\n  x a.id%type;\nBEGIN\nEND $$;',
      '00002_f.down.sql': 'DROP FUNCTION f();',
    })
    expect(report).toMatchObject({ verdict: 'environment', exitCode: 3, counts: { errors: 0, warnings: 1, proved: 0 } })
    expect(brief(report)).toEqual(['warning environment 00001_a', 'note environment 00002_f follows 00001_a'])
    expect(report.databases[0]?.migrations[1]?.proof).toMatchObject({
      failure: { follows: '00001_a', environment: '00001_a could not run here, and this depends on it' },
      reason: 'follows from 00001_a, which could not run here',
    })
  })

  test('of a step that failed: one error', async () => {
    const report = await checked({
      '00001_a.up.sql': 'CREATE TABLE a (id int,, n int);',
      '00001_a.down.sql': 'DROP TABLE a;',
      '00002_b.up.sql': 'ALTER TABLE a ADD x int;',
      '00002_b.down.sql': 'ALTER TABLE a DROP x;',
      '00003_c.up.sql': 'CREATE INDEX i ON a (x);',
      '00003_c.down.sql': 'DROP INDEX i;',
    })
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1, counts: { errors: 1, notes: 2, proved: 0 } })
    expect(brief(report)).toEqual([
      'error up-fails 00001_a',
      'note up-fails 00002_b follows 00001_a',
      'note up-fails 00003_c follows 00001_a',
    ])
  })

  test('of code: an SQL substitute is the way out', async () => {
    const report = await checked({
      '00001_v.up.go': 'package migrations',
      '00002_t.up.sql': 'ALTER TABLE by_code ADD n int;',
      '00002_t.down.sql': 'ALTER TABLE by_code DROP n;',
    })
    expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
    expect(brief(report)).toEqual(['warning code-migration 00001_v', 'note environment 00002_t follows 00001_v'])
    expect(report.findings[1]?.fix).toContain('stand-ins:\n  "00001":')
  })
})

test('ENVSUB of goose and a $$', async () => {
  const block = `-- +goose StatementBegin\nDO $$\nBEGIN\n  IF '\${STAGE}' = 'dev' THEN\n    NULL;\n  END IF;\nEND $$;\n-- +goose StatementEnd`
  const report = await checked({
    '00001_env.sql': `-- +goose Up\n-- +goose ENVSUB ON\n${block}\n-- +goose ENVSUB OFF\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;`,
  })
  expect(brief(report)).toEqual(['error up-fails 00001_env'])
  expect(report.findings[0]?.fix).toMatch(/^ENVSUB makes one \$ of \$\$: switch it off around the \$\$/)
})

test('a migration behind an older failure, which fails no run, is not passed', () => {
  const behind = migration('00002_b', { proof: proof({ up: 'failed', failure: failure({ follows: '00001_a' }) }) })
  const databases = [database('core_db', [migration('00001_a'), behind])]
  const older = finding({ rule: 'up-fails', database: 'core_db', migration: '00001_a' })
  const decided = (setAside: readonly Finding[], findings: readonly Finding[] = []): string =>
    decideVerdict({ failOn: 'error', findings, setAside, databases }).verdict
  expect(decided([{ ...older, debt: 'stood before' }])).toBe('environment')
  expect(decided([{ ...older, debt: 'stood before', rule: 'file-name' }])).toBe('pass')
  expect(decided([{ ...older, debt: 'listed' }])).toBe('pass')
  expect(decided([], [older])).toBe('fail')
})
