// What a change does, seen in real git repositories: what is judged, what is proved, and what was there before.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { check } from '../../../src/commands/check/check.js'
import type { Against, CheckRequest } from '../../../src/requests/request.js'
import { UserError } from '../../../src/model/errors.js'
import { verdictOf } from '../../../src/render/words/verdict.js'
import type { Report } from '../../../src/report/check-report.js'
import { systemClock } from '../../../src/adapters/host/clock.js'
import { createFiles } from '../../../src/adapters/host/files.js'
import { createRepository } from '../../../src/adapters/host/git/repository.js'
import { cloneOf, GIT_ENVIRONMENT, makeRepo, type Repo } from '../../support/git.js'
import { checkRequest, lent } from '../../support/check.js'
import { startLive, type LiveServer } from '../../support/live.js'
import { NOTHING } from '../../support/nothing.js'

let live: LiveServer
const repos: Repo[] = []
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove()
})

const kept = (repo: Repo): Repo => {
  repos.push(repo)
  return repo
}
const judged = (repo: Repo, request: Partial<CheckRequest> = {}): Promise<Report> =>
  check(checkRequest({ against: { event: 'asked', name: 'main' }, scope: 'changed', ...request }), {
    ...NOTHING,
    clock: systemClock,
    startServer: () => Promise.resolve(lent(live.server)),
    files: createFiles(repo.path),
    repository: createRepository({ root: repo.path, environment: GIT_ENVIRONMENT }),
  })
const against = async (event: Against, repo: Repo): Promise<Report['change']> =>
  (await judged(repo, { against: event })).change

const name = (version: string, direction: string, database = 'app'): string =>
  `migrations/${database}/${version}.${direction}.sql`
const pair = (id: string, table = id.replace(/^\d+_/, ''), database = 'app'): Readonly<Record<string, string>> => ({
  [name(id, 'up', database)]: `CREATE TABLE ${table} (id int);\n`,
  [name(id, 'down', database)]: `DROP TABLE ${table};\n`,
})
const gone = (id: string): Readonly<Record<string, undefined>> => ({
  [name(id, 'up')]: undefined,
  [name(id, 'down')]: undefined,
})
const goose = (down: string): string => `-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\n${down}\n`

/** `main` with two migrations, and a branch at the same commit. */
function branched(more: Readonly<Record<string, string>> = {}): Repo {
  const repo = kept(makeRepo({ ...pair('00001_a'), ...pair('00002_b'), ...more }))
  repo.git('switch', '--quiet', '--create', 'feature')
  return repo
}

const said = ({ findings }: Report): readonly string[] =>
  findings.map(
    ({ rule, level, place, message }) => `${level} ${rule} ${place?.file.split('/').at(-1) ?? '-'}: ${message}`,
  )

describe('what is merged', () => {
  test.each<[string, Readonly<Record<string, string | undefined>>, readonly string[]]>([
    [
      'the up is edited',
      { [name('00002_b', 'up')]: 'CREATE TABLE b (id bigint);\n' },
      ['error merged-edited 00002_b.up.sql: 00002_b is merged (in main), and its up has changed'],
    ],
    ['a comment in the up', { [name('00002_b', 'up')]: '-- b\nCREATE TABLE b (id int);\n' }, []],
    ['the line ends of the up', { [name('00002_b', 'up')]: 'CREATE TABLE b (id int);\r\n' }, []],
    [
      'its mode',
      { [name('00002_b', 'up')]: '-- no-transaction\nCREATE TABLE b (id int);\n' },
      [
        'error merged-edited 00002_b.up.sql: 00002_b is merged (in main), and the transaction mode of its up has changed',
      ],
    ],
    [
      'the down is edited',
      { [name('00002_b', 'down')]: 'DROP TABLE IF EXISTS b;\n' },
      ['warning merged-down-edited 00002_b.down.sql: 00002_b is merged (in main), and its down has changed'],
    ],
    [
      'it gets another name',
      { ...gone('00002_b'), ...pair('00002_c', 'b') },
      ['error merged-renamed 00002_c.up.sql: 00002_b is merged (in main), and its name is 00002_c now'],
    ],
    [
      'it gets another version',
      { ...gone('00002_b'), ...pair('00003_b') },
      ['error merged-renamed 00003_b.up.sql: 00002_b is merged (in main), and its version is 00003 now'],
    ],
    [
      'it is deleted',
      gone('00001_a'),
      ['error merged-deleted -: 00001_a is merged (in main), and migrations/app/00001_a.up.sql is deleted'],
    ],
    ['nothing', { 'README.md': 'x' }, []],
  ])('%s', async (_, files, expected) => {
    const repo = branched()
    repo.commit(files)
    expect(said(await judged(repo))).toEqual(expected)
  })

  test('in a file with both directions, reports only the one that changed', async () => {
    const file = 'migrations/app/00001_a.sql'
    const repo = kept(makeRepo({ [file]: goose('DROP TABLE b;') }))
    repo.write({ [file]: goose('DROP TABLE a;') })
    expect(said(await judged(repo))).toEqual([expect.stringMatching(/^warning merged-down-edited 00001_a.sql:/)])
  })
})

describe('what is new', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['comes after all', pair('00003_c'), []],
    [
      'has a version that is taken',
      pair('00002_c'),
      [
        'error version-taken 00002_c.up.sql: version 00002 of 00002_c is taken: main has 00002_b; the next free one is 00003',
      ],
    ],
    [
      'comes before one that is merged',
      pair('00000_c'),
      [
        'error version-late 00000_c.up.sql: 00000_c comes before 00002_b, the newest one in main; the next free version is 00003',
      ],
    ],
    [
      'twice the same version',
      { ...pair('00003_c'), ...pair('00003_d') },
      [expect.stringMatching(/^error duplicate-version 00003_d/) as never],
    ],
  ])('%s', async (_, files, expected) => {
    const repo = branched()
    repo.commit(files)
    expect(said(await judged(repo))).toEqual(expected)
  })

  test('the base branch went on meanwhile', async () => {
    const repo = branched()
    repo.commit(pair('00003_mine'))
    repo.git('switch', '--quiet', 'main')
    const tip = repo.commit(pair('00003_theirs'))
    repo.git('switch', '--quiet', 'feature')
    const report = await judged(repo)
    expect(said(report)).toEqual([
      'error version-taken 00003_mine.up.sql: version 00003 of 00003_mine is taken: main has 00003_theirs; the next free one is 00004',
    ])
    expect(report.change).toMatchObject({ tip, branch: 'main', notSeen: [] })
  })

  test.each<[string, (sql: string) => string, string, readonly string[], string, readonly string[]]>([
    [
      'dbmate runs by name as text',
      (table) => `-- migrate:up\nCREATE TABLE ${table} (id int);\n-- migrate:down\nDROP TABLE ${table};\n`,
      '10_c.sql',
      ['1_a.sql', '9_b.sql'],
      '10_c',
      [
        'error version-late 10_c.sql: 10_c comes before 9_b, the newest one in main; no number comes after all existing ones: dbmate runs files by their names as text, where 10 comes before 9',
      ],
    ],
    [
      'sql-migrate runs names without a number last, and knows each by its name',
      (table) => `-- +migrate Up\nCREATE TABLE ${table} (id int);\n-- +migrate Down\nDROP TABLE ${table};\n`,
      'later.sql',
      ['2-a.sql', 'init.sql'],
      'later',
      [],
    ],
    [
      'a number after names without one, in sql-migrate',
      (table) => `-- +migrate Up\nCREATE TABLE ${table} (id int);\n-- +migrate Down\nDROP TABLE ${table};\n`,
      '3-c.sql',
      ['2-a.sql', 'init.sql'],
      '3-c',
      [
        'error version-late 3-c.sql: 3-c comes before init, the newest one in main; no number comes after all existing ones: sql-migrate runs files by the number in front of their names, those without one last',
      ],
    ],
    [
      'numbers with dots are compared whole',
      (table) => `CREATE TABLE ${table} (id int);`,
      'V1.10__c.sql',
      ['V1.2__a.sql', 'V1.3__b.sql'],
      'V1.10__c',
      [],
    ],
  ])('%s', async (_, text, added, base, id, expected) => {
    const at = (file: string): string => `migrations/app/${file}`
    const files = base.map((file, i) => [at(file), text(`t${String(i)}`)])
    const repo = kept(makeRepo(Object.fromEntries(files) as Readonly<Record<string, string>>))
    repo.git('switch', '--quiet', '--create', 'feature')
    repo.commit({ [at(added)]: text('mine') })
    const report = await judged(repo)
    expect(said(report).filter((line) => / version-/.test(line))).toEqual(expected)
    const touched = report.databases[0]?.migrations.filter(({ touched }) => touched !== undefined)
    expect(touched?.map((one) => one.id)).toEqual([id])
  })

  test('reports a gap where the project allows none', async () => {
    const repo = branched({ 'migration-gate.yml': 'checks:\n  version-gap: error\n' })
    repo.commit({ ...pair('00004_c'), ...pair('00005_d') })
    expect(said(await judged(repo))).toEqual(['error version-gap 00004_c.up.sql: 00004_c skips numbers after 00002'])
  })

  test('what was wrong before the change counts apart', async () => {
    const repo = branched({ [name('00002_b', 'down')]: '-- nothing\n' })
    repo.commit({ ...pair('00003_c'), [name('00004_d', 'up')]: 'CREATE TABLE d (id int);\n' })
    const report = await judged(repo)
    expect(said(report)).toEqual(['error unpaired 00004_d.up.sql: 00004_d has no down'])
    expect(report.setAside).toMatchObject([{ rule: 'down-empty', migration: '00002_b', debt: 'stood before' }])
    expect(report.counts).toMatchObject({ errors: 1, before: 1 })
  })

  test('a folder without downs is an old habit, and what the change brings to it is not', async () => {
    const old = ['00001_a', '00002_b', '00003_c', '00004_d', '00005_e', '00006_f']
    const ups = old.map((id) => [name(id, 'up'), `CREATE TABLE ${id.slice(6)} (id int);\n`] as const)
    const repo = kept(makeRepo(Object.fromEntries(ups)))
    repo.git('switch', '--quiet', '--create', 'feature')
    repo.commit({ [name('00007_g', 'up')]: 'CREATE TABLE g (id int);\n' })
    const report = await judged(repo, { proof: 'guided' })
    expect(said(report)).toEqual(['error unpaired 00007_g.up.sql: 00007_g has no down'])
    expect(report.findings[0]?.fix).toMatch(/DROP TABLE public\.g;/)
    expect(report.setAside).toMatchObject([{ message: 'none of the 7 migrations has a down', debt: 'stood before' }])
    expect(report.verdict).toBe('fail')
  })

  test('files that are not committed yet count as well', async () => {
    const repo = branched()
    repo.write(pair('00002_c'))
    expect(said(await judged(repo))).toHaveLength(1)
  })

  test.each(['-x', '00003_$(touch x)', '00003_"q', '00003_ü', '00003_a\nb'])('a hostile name: %j', async (id) => {
    const repo = branched(pair(id, 'x'))
    repo.commit({ [name(id, 'up')]: 'CREATE TABLE x (id text);\n' })
    const report = await judged(repo)
    const known = report.databases[0]?.migrations.some((migration) => migration.id === id) ?? false
    expect(report.findings.filter(({ rule }) => rule === 'merged-edited')).toHaveLength(known ? 1 : 0)
  })
})

describe('what is compared with', () => {
  const PULL = { event: 'pull request', number: 7, branch: 'main', fork: false } as const

  test('a branch only of origin, a tag, a commit', async () => {
    const repo = branched()
    const start = repo.git('rev-parse', 'HEAD')
    repo.commit(pair('00003_c'))
    repo.git('tag', 'v1.2.0', start)
    const clone = kept(cloneOf(repo))
    for (const wanted of ['main', 'v1.2.0', start]) {
      expect(await against({ event: 'asked', name: wanted }, clone)).toMatchObject({ base: start, branch: wanted })
    }
    expect(await against({ event: 'release', pattern: 'v*' }, clone)).toMatchObject({ base: start, branch: 'v1.2.0' })
  })

  test('the merge that GitHub checks out, in a clone of depth 1', async () => {
    const origin = branched()
    const head = origin.commit(pair('00003_c'))
    origin.git('switch', '--quiet', 'main')
    const base = origin.commit(pair('00003_theirs'))
    origin.git('switch', '--quiet', '--detach')
    origin.git('merge', '--quiet', '--no-ff', '-m', 'merge', head)
    origin.git('update-ref', 'refs/pull/7/merge', 'HEAD')
    origin.git('switch', '--quiet', 'main')
    const tip = origin.commit(pair('00004_later'))
    const clone = kept(cloneOf(origin, ['--depth=1']))
    clone.git('fetch', '--quiet', '--depth=1', 'origin', 'refs/pull/7/merge')
    clone.git('checkout', '--quiet', 'FETCH_HEAD')
    const report = await judged(clone, { against: { ...PULL, base, head } })
    expect(report.change).toMatchObject({ event: 'pull request', base, tip, head, pull: 7, notSeen: [] })
    expect(report.databases[0]?.migrations.filter(({ touched }) => touched !== undefined)).toMatchObject([
      { id: '00003_c', touched: 'added' },
    ])
    expect(said(report)).toEqual([expect.stringMatching(/^error version-taken .* the next free one is 00005$/)])
  })

  test('the head itself, in a clone of depth 1, which is deepened', async () => {
    const origin = branched()
    const base = origin.git('rev-parse', 'HEAD')
    for (let i = 0; i < 60; i++) origin.git('commit', '--quiet', '--allow-empty', '--message', `${i}`)
    const head = origin.commit(pair('00003_c'))
    const clone = kept(cloneOf(origin, ['--depth=1', '--branch=feature', '--no-single-branch']))
    expect(await against({ ...PULL, base, head }, clone)).toMatchObject({ base, head })
  })

  test('a whole clone stays whole, also where something has to be fetched', async () => {
    const origin = branched()
    const clone = kept(cloneOf(origin, ['--branch=main']))
    origin.git('switch', '--quiet', 'main')
    const base = origin.git('rev-parse', 'HEAD')
    origin.git('switch', '--quiet', '--create', 'later')
    const head = origin.commit(pair('00009_c'))
    await judged(clone, { against: { ...PULL, base, head } })
    expect(clone.git('rev-parse', '--is-shallow-repository')).toBe('false')
  })

  test('the merge queue', async () => {
    const repo = branched()
    const base = repo.git('rev-parse', 'HEAD')
    const head = repo.commit(pair('00003_c'))
    expect(await against({ event: 'merge queue', branch: 'main', base, head }, repo)).toMatchObject({
      base,
      tip: base,
      event: 'merge queue',
      notSeen: [expect.stringContaining('could not be fetched')],
    })
  })

  test.each<[string, Against, RegExp]>([
    ['an unknown name', { event: 'asked', name: 'nowhere' }, /no branch, tag or commit "nowhere"/],
    ['a name that is an option', { event: 'asked', name: '--upload-pack=touch x' }, /no branch, tag or commit/],
    ['no such release', { event: 'release', pattern: 'v*' }, /no tag in the history of this commit matches "v\*"/],
  ])('%s is wrong use', async (_, event, what) => {
    await expect(judged(branched(), { against: event })).rejects.toThrow(what)
  })

  test('no repository at all is wrong use', async () => {
    const repo = branched()
    repo.git('checkout', '--quiet', '--orphan', 'none')
    await expect(judged(repo)).rejects.toThrow(UserError)
  })
})

describe('the scope of the proof', () => {
  test('proves what is new, only runs what was there before, leaves other databases alone', async () => {
    const repo = branched(pair('00001_x', 'x', 'other'))
    repo.commit({
      ...pair('00003_c'),
      [name('00004_d', 'up')]: 'ALTER TABLE a ADD COLUMN d text;\n',
      [name('00004_d', 'down')]: 'ALTER TABLE a DROP COLUMN d;\n',
    })
    const report = await judged(repo, { proof: 'guided' })
    expect(report).toMatchObject({ verdict: 'pass', counts: { proved: 2, migrations: 5 } })
    const [app, other] = report.databases
    expect(app?.migrations.map(({ id, scope, proof }) => [id, scope, proof?.down])).toEqual([
      ['00001_a', 'applied', undefined],
      ['00002_b', 'applied', undefined],
      ['00003_c', 'proved', 'same'],
      ['00004_d', 'proved', 'same'],
    ])
    expect(app?.chain).toMatchObject({ down: 'same', again: 'same', downs: 2, upToDate: 'nothing to do' })
    expect(app?.migrations[3]).toMatchObject({
      does: [{ change: 'left behind', kind: 'column', identity: 'public.a.d' }],
      sql: { up: 'ALTER TABLE a ADD COLUMN d text;', down: 'ALTER TABLE a DROP COLUMN d;' },
    })
    expect(other).toMatchObject({ untouched: true, migrations: [{ id: '00001_x' }] })
  })

  test('a step that is wrong is found behind those that were only run', async () => {
    const repo = branched()
    repo.commit({ ...pair('00003_c'), [name('00003_c', 'down')]: 'CREATE TABLE left_behind ();\n', ...pair('00004_d') })
    const { databases, verdict } = await judged(repo, { proof: 'guided' })
    expect(verdict).toBe('fail')
    expect(databases[0]?.migrations.map(({ proof }) => proof?.down)).toEqual([undefined, undefined, 'differs', 'same'])
  })

  test('reports an earlier step that cannot run, and does not blame the others for it', async () => {
    const repo = branched({
      [name('00001_a', 'down')]: 'CREATE TABLE left_behind ();\n',
      [name('00002_b', 'up')]: 'CREATE TABLE b (id nonsense);\n',
    })
    repo.commit({ ...pair('00003_c'), ...pair('00004_d'), [name('00004_d', 'down')]: 'CREATE TABLE left_behind ();\n' })
    const report = await judged(repo, { proof: 'guided' })
    const [app] = report.databases
    expect(app?.migrations.map(({ scope, proof }) => [scope, proof?.up, proof?.down])).toEqual([
      ['applied', undefined, undefined],
      ['applied', 'failed', 'not run'],
      ['proved', 'ok', 'same'],
      ['proved', 'ok', 'differs'],
    ])
    expect(app?.chain?.downs).toBe(2)
    expect(said(report).map((line) => line.split(':')[0])).toEqual(['error down-restores-schema 00004_d.down.sql'])
    expect(report.setAside).toMatchObject([{ rule: 'up-fails', migration: '00002_b', debt: 'stood before' }])
  })

  test('what the server lacks for earlier steps is said once, and is no finding about the change', async () => {
    const repo = branched({
      [name('00001_a', 'up')]: 'CREATE EXTENSION no_such_extension;\n',
      [name('00002_b', 'up')]: 'SELECT of_the_extension();\n',
    })
    repo.commit(pair('00003_c'))
    const report = await judged(repo, { proof: 'guided' })
    expect(report.databases[0]?.migrations.map(({ proof }) => proof?.down)).toEqual(['not run', 'not run', 'same'])
    expect(said(report)).toEqual([])
    expect(report.setAside.map(({ rule, migration }) => [rule, migration])).toEqual([
      ['environment', '00001_a'],
      ['environment', '00002_b'],
    ])
    expect(report.verdict).toBe('pass')
  })

  test.each<[string, Readonly<Record<string, string | undefined>>, readonly (string | undefined)[]]>([
    ['an edit in the middle', { [name('00001_a', 'down')]: 'DROP TABLE IF EXISTS a;\n' }, ['same', 'same']],
    ['a deletion', { ...gone('00001_a') }, ['same']],
    ['another config', { 'migration-gate.yml': 'databases:\n  app:\n    journal: off\n' }, ['same', 'same']],
  ])('%s reaches all that follows', async (_, files, downs) => {
    const repo = branched({ 'migration-gate.yml': 'checks: {}\n' })
    repo.write(files)
    const { databases } = await judged(repo, { proof: 'guided' })
    expect(databases[0]?.migrations.map(({ proof }) => proof?.down)).toEqual(downs)
  })

  test('reports what git cannot read of the base instead of treating it as new', async () => {
    const repo = branched()
    repo.commit({ [name('00002_b', 'up')]: 'CREATE TABLE b (id bigint);\n' })
    const blob = repo.git('rev-parse', `main:${name('00002_b', 'up')}`)
    rmSync(path.join(repo.path, '.git/objects', blob.slice(0, 2), blob.slice(2)))
    await expect(judged(repo)).rejects.toThrow(/git cannot read the files of the base commit [0-9a-f]{8}: .*missing/)
  })

  test('all is all', async () => {
    const repo = branched()
    repo.commit(pair('00003_c'))
    expect(await judged(repo, { proof: 'guided', scope: 'all' })).toMatchObject({ counts: { proved: 3 } })
  })
})

describe('files that the tool does not run', () => {
  const dbmate = '-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;\n'
  const added = async (
    base: Readonly<Record<string, string>>,
    more: Readonly<Record<string, string>>,
  ): Promise<Report> => {
    const repo = kept(makeRepo(base))
    repo.git('switch', '--quiet', '--create', 'feature')
    repo.commit(more)
    return judged(repo)
  }
  const rules = ({ findings }: Report): readonly string[] =>
    findings.map(({ level, rule, place }) => `${level} ${rule} ${place?.file ?? ''}`)

  // Other names: test/long/never-run-files.test.ts.
  test.each(['t_00003.sql', 'V3__t.sql'])('a change that adds %s to a folder of dbmate fails', async (file) => {
    const report = await added({ 'migrations/d/00001_a.sql': dbmate }, { [`migrations/d/${file}`]: dbmate })
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 })
    expect(rules(report)).toEqual([`error file-name migrations/d/${file}`])
  })

  test('one that adds a script without any sign of a migration is warned', async () => {
    const report = await added(pair('00001_a'), { 'migrations/app/add_column.sql': 'SELECT 1;\n' })
    expect(rules(report)).toEqual(['warning never-runs migrations/app/add_column.sql'])
  })

  test('those of before are not counted', async () => {
    const report = await added({ ...pair('00001_a'), 'migrations/app/t.up.sql': 'SELECT 1;\n' }, pair('00002_b'))
    expect(report).toMatchObject({ verdict: 'pass', counts: { before: 1 } })
  })

  test.each(['up', 'down'] as const)(
    'the name of a merged one was there before an edit of its %s',
    async (direction) => {
      const base = { ...pair('00001_a'), ...pair('00002_b'), ...pair('3_c') }
      const report = await added(base, { [name('3_c', direction)]: 'DROP TABLE IF EXISTS c;\n' })
      const fix = report.setAside.find(({ rule }) => rule === 'file-name')?.fix
      expect(fix).toContain('Only while no database has applied it: it is merged (in main) under this name.')
      expect(rules(report).filter((found) => found.includes('file-name'))).toEqual([])
    },
  )

  test('a change that only adds one says that nothing is proved', async () => {
    const report = await added(pair('00001_a'), { 'migrations/app/add_column.sql': 'SELECT 1;\n' })
    expect(verdictOf(report).sentence).toBe('nothing in the change is proved, 1 warning')
  })
})
