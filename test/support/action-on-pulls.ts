// The action on pull requests, as a process, with a real repository and a GitHub on loopback.
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Report } from '../../src/report/check-report.js'
import { startFakeGithub, type FakeGithub, type Pull } from '../adapters/github/fake-github.js'
import { compileProgram, type Ended, type Program } from '../entry/program.js'
import { GIT_ENVIRONMENT, makeRepo, type Repo } from './git.js'

export const TOKEN = 'ghs_s3cretTokenOfTheJob'
/** A migration in two files, that makes a table. */
export const pair = (id: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${id}.up.sql`]: `CREATE TABLE t${id.slice(0, 5)} (id int);\n`,
  [`migrations/app/${id}.down.sql`]: `DROP TABLE t${id.slice(0, 5)};\n`,
})

/** A pull request whose head is checked out. */
export type Made = { readonly repo: Repo; readonly base: string; readonly head: string; readonly pull: Pull }

/** How the process ended, the outputs of the step, and its page. */
export type Acted = Ended & { readonly outputs: Readonly<Record<string, string>>; readonly summary: string }

type More = { readonly event?: string; readonly payload?: object; readonly run?: string }

export type ActionOnPulls = {
  /** Without what an earlier test did to it. */
  readonly github: FakeGithub
  readonly pullRequest: (files: Readonly<Record<string, string>>, owner?: string) => Made
  /** Runs the action with these inputs. */
  readonly act: (made: Made, inputs: Readonly<Record<string, string>>, more?: More) => Promise<Acted>
  /** A check of the files alone. */
  readonly checked: (made: Made, more?: Readonly<Record<string, string>>) => Promise<Acted>
  /** The second job: no checkout, the report from the first. */
  readonly commented: (made: Made, report: object | string, more?: More) => Promise<Acted>
  /** Fails when the second job comments elsewhere than on its own pull request, or does not say and end as expected. */
  readonly expectForgedHarmless: (
    forge: (report: Report) => object | string,
    said: RegExp,
    code: number,
  ) => Promise<void>
}

export const reportOf = ({ outputs }: Acted): Report =>
  JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as Report

/** The event of a run that another workflow waits for. */
export const workflowRun = ({ head, pull }: Made): { readonly event: string; readonly payload: object } => ({
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

/** One GitHub for the tests of a file. */
export function actionOnPulls(): ActionOnPulls {
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

  async function act(
    { repo, base, head, pull }: Made,
    inputs: Readonly<Record<string, string>>,
    more: More = {},
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

  function commented(made: Made, report: object | string, more: More = {}): Promise<Acted> {
    const file = path.join(made.repo.path, '.git/report.json')
    writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report))
    return act(made, { command: 'comment', token: TOKEN, report: file }, more)
  }

  async function expectForgedHarmless(
    forge: (report: Report) => object | string,
    said: RegExp,
    code: number,
  ): Promise<void> {
    const made = pullRequest(pair('00002_b'), 'stranger')
    github.pulls.push({ ...made.pull, number: 1, branch: 'victim', head: 'b'.repeat(40) })
    const acted = await commented(made, forge(reportOf(await checked(made))), workflowRun(made))
    expect(acted.out).toMatch(said)
    expect(acted.code).toBe(code)
    expect(github.comments.filter(({ issue }) => issue !== 7)).toEqual([])
  }

  return {
    get github() {
      return github
    },
    pullRequest,
    act,
    checked,
    commented,
    expectForgedHarmless,
  }
}
