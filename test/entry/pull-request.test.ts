// The action on a pull request, as a process, with a real repository and a GitHub on loopback.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Report } from '../../src/report/check-report.js'
import { startFakeGithub, type FakeGithub, type Pull } from '../adapters/github/fake-github.js'
import { GIT_ENVIRONMENT, makeRepo, type Repo } from '../support/git.js'
import { compileProgram, type Ended, type Program } from './program.js'

let program: Program
let github: FakeGithub
const repos: Repo[] = []
beforeAll(async () => {
  program = compileProgram()
  github = await startFakeGithub()
}, 120_000)
afterAll(async () => {
  await github.close()
})
afterEach(() => {
  expect(github.violations).toEqual([])
  github.reset()
  for (const repo of repos.splice(0)) repo.remove()
})

const TOKEN = 'ghs_s3cretTokenOfTheJob'
const pair = (id: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${id}.up.sql`]: `CREATE TABLE t${id.slice(0, 5)} (id int);\n`,
  [`migrations/app/${id}.down.sql`]: `DROP TABLE t${id.slice(0, 5)};\n`,
})

type Made = { readonly repo: Repo; readonly base: string; readonly head: string; readonly pull: Pull }

/** A pull request whose head is checked out. */
function pullRequest(files: Readonly<Record<string, string>>, owner = 'o'): Made {
  const repo = makeRepo(pair('00001_a'))
  repos.push(repo)
  const base = repo.git('rev-parse', 'HEAD')
  repo.git('switch', '--quiet', '--create', 'patch-1')
  const head = repo.commit(files)
  const pull: Pull = {
    number: 7,
    title: 'a change',
    login: 'ann',
    head,
    owner,
    branch: 'patch-1',
    base: 'main',
    state: 'open',
    files: Object.keys(files).map((filename) => ({ filename, status: 'added' })),
  }
  github.pulls.push(pull)
  return { repo, base, head, pull }
}

type Acted = Ended & { readonly outputs: Readonly<Record<string, string>>; readonly summary: string }

async function act(
  { repo, base, head, pull }: Made,
  inputs: Readonly<Record<string, string>>,
  more: { readonly event?: string; readonly payload?: object; readonly run?: string } = {},
): Promise<Acted> {
  const runner = path.join(repo.path, '.git/runner')
  mkdirSync(runner, { recursive: true })
  const at = (name: string): string => path.join(runner, name)
  const event = {
    pull_request: {
      number: pull.number,
      head: { sha: head, ref: pull.branch, repo: { full_name: `${pull.owner}/r` } },
      base: { sha: base, ref: 'main', repo: { full_name: 'o/r' } },
    },
  }
  writeFileSync(at('event.json'), JSON.stringify(more.payload ?? event))
  for (const name of ['output', 'summary']) writeFileSync(at(name), '')
  const ended = await program.run({
    entry: 'action',
    cwd: repo.path,
    environment: {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: more.event ?? 'pull_request',
      GITHUB_EVENT_PATH: at('event.json'),
      GITHUB_OUTPUT: at('output'),
      GITHUB_STEP_SUMMARY: at('summary'),
      RUNNER_TEMP: runner,
      GITHUB_API_URL: github.url,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: more.run ?? '12',
      GITHUB_WORKFLOW: 'Migrations',
      GITHUB_JOB: 'check',
      GIT_CONFIG_GLOBAL: GIT_ENVIRONMENT.GIT_CONFIG_GLOBAL,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
  })
  const outputs = readFileSync(at('output'), 'utf8').matchAll(/^([\w-]+)<<(\S+)\n(.*?)\n\2$/gms)
  const acted = {
    ...ended,
    outputs: Object.fromEntries([...outputs].map(([, name = '', , value = '']) => [name, value])),
    summary: readFileSync(at('summary'), 'utf8'),
  }
  const log = acted.out.replaceAll(/^::add-mask::.*$/gm, '')
  for (const text of [log, acted.err, acted.summary, ...github.comments.map(({ body }) => body)])
    expect(text).not.toContain(TOKEN)
  return acted
}

const checked = (made: Made, more: Readonly<Record<string, string>> = {}): Promise<Acted> =>
  act(made, { token: TOKEN, proof: 'none', ...more })

const reportOf = ({ outputs }: Acted): Report => JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as Report

/** The second job: no checkout, the report from the first. */
function commented(made: Made, report: object | string, more: Parameters<typeof act>[2] = {}): Promise<Acted> {
  const file = path.join(made.repo.path, '.git/report.json')
  writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report))
  return act(made, { command: 'comment', token: TOKEN, report: file }, more)
}

const workflowRun = ({ head, pull }: Made): { readonly event: string; readonly payload: object } => ({
  event: 'workflow_run',
  payload: {
    workflow_run: {
      id: 34,
      head_sha: head,
      head_branch: pull.branch,
      html_url: 'https://github.com/o/r/actions/runs/34',
      head_repository: { owner: { login: pull.owner } },
    },
  },
})

describe('the check', () => {
  test('compares with the base of the pull request, and tells a clash with another one', async () => {
    const made = pullRequest(pair('00002_b'))
    const files = [{ filename: 'migrations/app/00002_other.up.sql', status: 'added' }]
    github.pulls.push({ ...made.pull, number: 3, title: 'their change', branch: 'x', files })
    const acted = await checked(made)
    expect(reportOf(acted)).toMatchObject({
      change: { event: 'pull request', base: made.base, head: made.head, pull: 7 },
      findings: [
        {
          rule: 'pull-clash',
          level: 'warning',
          migration: '00002_b',
          message: expect.stringMatching(/also in pull request 3 \(their change\); the next free one is 00003/),
        },
      ],
    })
    expect([acted.code, github.comments]).toEqual([0, []])
  })

  test('writes the comment when asked, and the next run edits it', async () => {
    const made = pullRequest({ ...pair('00002_b'), 'migrations/app/00002_b.down.sql': '-- nothing\n' })
    const first = await checked(made, { comment: 'true' })
    expect([first.code, first.outputs['comment']]).toEqual([1, 'https://github.com/o/r/pull/7#issuecomment-1001'])
    expect(github.comments[0]?.body).toMatch(/### ❌ FAIL: 1 error/)
    made.repo.write(pair('00002_b'))
    const again = await act(
      { ...made, head: made.repo.commit({}) },
      { token: TOKEN, proof: 'none', comment: 'true' },
      { run: '13' },
    )
    expect(again.code).toBe(0)
    expect(github.comments).toHaveLength(1)
    expect(github.comments[0]?.body).toMatch(/### ✅ PASS[^]*since the last push: 1 fixed, 0 new/)
  })

  test('suggests the proved repair on the last line of the down', async () => {
    const down = 'migrations/app/00002_b.down.sql'
    const made = pullRequest({
      'migrations/app/00002_b.up.sql': 'CREATE TABLE b (id int);\nCREATE INDEX i ON t00001 (id);\n',
      [down]: '-- back\nDROP TABLE b;\n',
    })
    const acted = await act(made, { token: TOKEN, comment: 'true' })
    expect(acted.code).toBe(1)
    expect(github.reviews).toMatchObject([{ path: down, line: 2 }])
    expect(github.reviews[0]?.body).toContain(
      '```suggestion\nDROP TABLE b;\n-- Derived from what the up does, and proved:\nDROP INDEX public.i;\n```',
    )
  })

  test('a token that may not write changes nothing about the verdict', async () => {
    github.trouble = ({ method }) =>
      method === 'POST' ? { status: 403, message: 'Resource not accessible by integration' } : undefined
    const acted = await checked(pullRequest(pair('00002_b')), { comment: 'true' })
    expect(acted.code).toBe(0)
    expect(acted.out).toContain(
      'No comment was written: the token has no permission for this (403: Resource not accessible by integration)',
    )
    expect(acted.summary).toContain('PASS')
  })

  test('without any token, from a fork, everything but the comment is there', async () => {
    const acted = await act(pullRequest({ ...pair('00001_b') }, 'stranger'), { proof: 'none' })
    expect(acted.code).toBe(1)
    expect(acted.summary).toContain('is taken')
    expect(acted.out).toMatch(/^::error [^:]*file=migrations\/app\/00001_b\.up\.sql/m)
  })

  test('code of a stranger does not run beside secrets', async () => {
    const acted = await act(
      pullRequest(pair('00002_b'), 'stranger'),
      { token: TOKEN },
      { event: 'pull_request_target' },
    )
    expect(acted.code).toBe(2)
    expect(acted.out).toMatch(/pull_request_target/)
  })

  test('the merge queue is compared with what it builds on', async () => {
    const made = pullRequest(pair('00001_b'))
    const payload = { merge_group: { base_ref: 'refs/heads/main', base_sha: made.base, head_sha: made.head } }
    const acted = await act(made, { token: TOKEN, proof: 'none' }, { event: 'merge_group', payload })
    expect(reportOf(acted)).toMatchObject({ change: { event: 'merge queue' }, findings: [{ rule: 'version-taken' }] })
  })
})

describe('the second job', () => {
  test.each(['pull_request', 'workflow_run'])('posts the same comment on %s', async (event) => {
    const made = pullRequest(pair('00002_b'), 'stranger')
    const report = reportOf(await checked(made))
    const acted = await commented(made, report, event === 'workflow_run' ? workflowRun(made) : {})
    expect([acted.code, github.comments.map(({ issue }) => issue)]).toEqual([0, [7]])
    expect(github.comments[0]?.body).toMatch(/### ✅ PASS/)
  })

  test.each<[string, (report: Report) => object | string, RegExp, number]>([
    [
      'about another pull request',
      (report) => ({ ...report, change: { ...report.change, pull: 1 } }),
      /Comment: .*pull\/7#/,
      0,
    ],
    [
      'about another commit',
      (report) => ({ ...report, change: { ...report.change, head: 'a'.repeat(40) } }),
      /the report is about aaaaaaa, not about/,
      0,
    ],
    ['no JSON', () => 'x', /not a report of a check: it is not JSON/, 2],
    [
      'another shape',
      (report) => ({ ...report, databases: [{ name: 1 }] }),
      /not a report of a check: report.databases\[0\]/,
      2,
    ],
    ['a member more', (report) => ({ ...report, body: '@everybody' }), /report\.body/, 2],
  ])('a forged report %s', async (_, forge, said, code) => {
    const made = pullRequest(pair('00002_b'), 'stranger')
    github.pulls.push({ ...made.pull, number: 1, branch: 'victim', head: 'b'.repeat(40) })
    const acted = await commented(made, forge(reportOf(await checked(made))), workflowRun(made))
    expect(acted.out).toMatch(said)
    expect(acted.code).toBe(code)
    expect(github.comments.filter(({ issue }) => issue !== 7)).toEqual([])
  })

  test('a run of an older commit does not comment', async () => {
    const made = pullRequest(pair('00002_b'))
    const report = reportOf(await checked(made))
    github.pulls[0] = { ...made.pull, head: 'c'.repeat(40) }
    const acted = await commented(made, report)
    expect(acted.out).toContain('a newer commit, and its run writes the comment')
    expect([acted.code, github.comments]).toEqual([0, []])
  })

  test.each([
    ['without a token', { token: '' }, /comment needs a token/],
    ['without a report', { report: '' }, /needs the report/],
    ['with a report that is not there', { report: 'nowhere.json' }, /nowhere\.json cannot be read: it is not there/],
  ])('%s it is wrong use', async (_, inputs, said) => {
    const made = pullRequest(pair('00002_b'))
    const acted = await act(made, { command: 'comment', token: TOKEN, report: 'x', ...inputs })
    expect(acted.code).toBe(2)
    expect(acted.out).toMatch(said)
  })
})
