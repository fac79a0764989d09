// Pull requests in git repositories of their own, for tests: what a check says about a change to a base.
import { afterEach, expect, test } from '@jest/globals'
import { check } from '../../src/commands/check/check.js'
import type { Finding } from '../../src/model/finding.js'
import type { Report } from '../../src/report/check-report.js'
import { systemClock } from '../../src/adapters/host/clock.js'
import { createFiles } from '../../src/adapters/host/files.js'
import { createRepository } from '../../src/adapters/host/git/repository.js'
import { groupProblems } from '../../src/render/words/problems.js'
import { checkRequest, lent } from './check.js'
import { GIT_ENVIRONMENT, makeRepo, type Repo } from './git.js'
import { serverForTests } from './live.js'
import { NOTHING } from './nothing.js'

export type Files = Readonly<Record<string, string | undefined>>

/** A migration of two files. `down` undefined: there is none. */
export const pair = (id: string, up: string, down?: string): Files => ({
  [`migrations/app/${id}.up.sql`]: `${up}\n`,
  ...(down !== undefined && { [`migrations/app/${id}.down.sql`]: `${down}\n` }),
})

/** A good one, that makes a table. */
export const table = (id: string): Files =>
  pair(id, `CREATE TABLE ${id.slice(6)} (id int);`, `DROP TABLE ${id.slice(6)};`)

/** The same files in another folder. */
export const movedTo = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('migrations/app', folder), text]))

/** The files that are deleted. */
export const gone = (files: Files): Files => Object.fromEntries(Object.keys(files).map((path) => [path, undefined]))

/** A setup file, and the config that names it. */
export const setup = (sql: string): Files => ({
  'setup.sql': `${sql}\n`,
  'migration-gate.yml': 'databases:\n  app:\n    folder: migrations/app\n    setup: [setup.sql]\n',
})

/** Good. */
export const A = table('00001_a')
export const B_UP = 'CREATE TABLE b (id int);\nCREATE TABLE c (id int);'
/** A base with a down that leaves a table. */
export const LEAVES = { ...A, ...pair('00002_b', B_UP, 'DROP TABLE b;') }
/** A base with a down that fails. */
export const FAILS = { ...A, ...pair('00002_b', B_UP, 'DROP TABLE nothing;') }
/** A base with an up that fails. */
export const BROKEN = { ...A, ...pair('00002_b', 'CREATE TABLE b (id nonsense);', 'DROP TABLE b;') }
/** A base whose steps are right by themselves. All downs in a row fail: the rows of the third one are still there. */
export const CHAIN = {
  ...pair('00001_a', 'CREATE TABLE a (id int, n int NOT NULL);', 'DROP TABLE a;'),
  ...pair('00002_b', 'ALTER TABLE a ALTER COLUMN n DROP NOT NULL;', 'ALTER TABLE a ALTER COLUMN n SET NOT NULL;'),
  ...pair('00003_c', 'INSERT INTO a (id) VALUES (1);', 'SELECT 1;'),
}
/** A base that no server here can run. */
export const EXTENSION = pair('00001_a', 'CREATE EXTENSION no_such;\nCREATE TABLE a (id int);', 'DROP TABLE a;')
/** Good where there is a table a. */
export const NEEDS_A = pair('00002_b', 'ALTER TABLE a ADD COLUMN b int;', 'ALTER TABLE a DROP COLUMN b;')
/** Good where there is a table b. */
export const NEEDS_B = pair('00003_d', 'ALTER TABLE b ADD COLUMN d int;', 'ALTER TABLE b DROP COLUMN d;')
/** New migrations: a good one, and one whose down does nothing. */
export const GOOD = table('00003_d')
export const BAD = pair('00003_d', 'CREATE TABLE d (id int);', 'SELECT 1;')

/** `first`: the rule of the problem that is shown first. `own` and `before`: rule and migration, without notes. */
export type Row = readonly [
  what: string,
  base: Files,
  change: Files,
  expected: {
    readonly verdict: Report['verdict']
    readonly first?: string
    readonly own: readonly string[]
    readonly before: readonly string[]
  },
]

export type PullRequests = {
  /** What a check says of a base and a change to it. */
  readonly judged: (base: Files, change: Files) => Promise<Report>
  /** A test for each row. */
  readonly rows: (table: readonly Row[]) => void
}

/** One server for the tests of a file. */
export function pullRequests(): PullRequests {
  const live = serverForTests()
  const repos: Repo[] = []
  afterEach(() => {
    for (const repo of repos.splice(0)) repo.remove()
  })
  const judged = (base: Files, change: Files): Promise<Report> => {
    const repo = makeRepo(base)
    repos.push(repo)
    repo.write(change)
    const request = checkRequest({ against: { event: 'asked', name: 'main' }, scope: 'changed', proof: 'guided' })
    return check(request, {
      ...NOTHING,
      clock: systemClock,
      startServer: () => Promise.resolve(lent(live.server)),
      files: createFiles(repo.path),
      repository: createRepository({ root: repo.path, environment: GIT_ENVIRONMENT }),
    })
  }
  return {
    judged,
    rows: (table) => {
      test.each(table)('%s', async (_, base, change, { first, ...expected }) => {
        expect(shown(await judged(base, change))).toEqual({ first, ...expected })
      })
    },
  }
}

const said = ({ rule, migration }: Finding): string => `${rule} ${migration ?? '-'}`

const shown = (report: Report): object => ({
  verdict: report.verdict,
  first: groupProblems(report)[0]?.entries[0]?.finding.rule,
  own: report.findings.filter(({ level }) => level !== 'note').map(said),
  before: report.setAside.filter(({ level }) => level !== 'note').map(said),
})
