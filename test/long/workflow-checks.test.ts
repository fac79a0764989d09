// The reusable workflows, run for real by act on this machine, against a GitHub on loopback.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { startFakeGithub, type FakeGithub } from '../adapters/github/fake-github.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { makeRepo, type Repo } from '../support/git.js'
import { callerOf, COMMIT, copyOf } from '../workflows/copy.js'
import { ORIGIN, runAct } from '../workflows/run-act.js'

test('the copy that act runs differs in nothing but what act does not know', () => {
  for (const name of ['check.yml', 'comment.yml', 'deploy.yml', 'rollback.yml', 'restore.yml', 'drift.yml']) {
    const { own, copy } = copyOf(name)
    const kept = own.split('\n').filter((line) => !/^ +(?:queue: max|deployment: false)$/.test(line))
    const after = copy.split('\n')
    expect(after).toHaveLength(kept.length)
    const other = after.filter((line, i) => line !== kept[i])
    expect(other.length).toBeGreaterThan(0)
    expect(other.every((line) => line.trim().endsWith(`uses: gate/action@${COMMIT}`))).toBe(true)
  }
})

const hasAct = spawnSync('act', ['--version']).status === 0
const withAct = hasAct ? describe : describe.skip

withAct('with act', () => {
  let github: FakeGithub
  let action: Folder
  const made: { readonly remove: () => void }[] = []
  beforeAll(async () => {
    github = await startFakeGithub()
    action = makeFolder({})
    cpSync('dist', action.at('dist'), { recursive: true })
    cpSync('action.yml', action.at('action.yml'))
  })
  afterAll(async () => {
    action.remove()
    await github.close()
  })
  afterEach(() => {
    expect(github.violations).toEqual([])
    github.reset()
    for (const one of made.splice(0)) one.remove()
  })

  const pair = (id: string, down = `DROP TABLE ${id.slice(6)};`): Readonly<Record<string, string>> => ({
    [`migrations/app/${id}.up.sql`]: `CREATE TABLE ${id.slice(6)} (id int);\n`,
    [`migrations/app/${id}.down.sql`]: `${down}\n`,
  })

  type Case = {
    readonly repo: Repo
    readonly base: string
    readonly head: string
    readonly owner: string
    readonly folder: Folder
  }

  function change(files: Readonly<Record<string, string>>, owner = 'o'): Case {
    const repo = makeRepo({
      ...pair('00001_a'),
      '.github/workflows/check.yml': copyOf('check.yml').copy,
      '.github/workflows/comment.yml': copyOf('comment.yml').copy,
      '.github/workflows/migrations.yml': callerOf('pull-request.yml'),
      '.github/workflows/after.yml': callerOf('comment.yml'),
    })
    const base = repo.git('rev-parse', 'HEAD')
    // act takes the repository's name from here.
    repo.git('remote', 'add', 'origin', ORIGIN)
    repo.git('switch', '--quiet', '--create', 'patch-1')
    const head = repo.commit(files)
    const folder = makeFolder({})
    made.push(repo, folder)
    github.pulls.push({
      number: 7,
      title: 'x',
      login: 'ann',
      head,
      owner,
      branch: 'patch-1',
      base: 'main',
      state: 'open',
      files: [],
    })
    return { repo, base, head, owner, folder }
  }

  async function act(
    event: string,
    { repo, base, head, owner, folder }: Case,
  ): Promise<{ readonly code: number | null; readonly log: string }> {
    const repository = { full_name: 'o/r', name: 'r', owner: { login: 'o' } }
    const pull = {
      number: 7,
      head: { sha: head, ref: 'patch-1', repo: { full_name: `${owner}/r` } },
      base: { sha: base, ref: 'main', repo: { full_name: 'o/r' } },
    }
    const run = {
      id: 34,
      event: 'pull_request',
      head_sha: head,
      head_branch: 'patch-1',
      head_repository: { full_name: `${owner}/r`, owner: { login: owner } },
    }
    const payload = {
      pull_request: { pull_request: pull, repository },
      merge_group: { merge_group: { base_ref: 'refs/heads/main', base_sha: base, head_sha: head }, repository },
      workflow_run: { workflow_run: run, repository },
    }[event]
    const id = event === 'workflow_run' ? '35' : String(run.id)
    return runAct({ event, payload, run: id, workflows: ['check.yml', 'comment.yml'], repo, folder, action, github })
  }

  test('a good change: proved, and one comment', async () => {
    const made = change(pair('00002_b'))
    const { code, log } = await act('pull_request', made)
    expect([log.match(/🏁.*/g), code]).toEqual([
      [expect.stringContaining('succeeded'), expect.stringContaining('succeeded')],
      0,
    ])
    expect(github.comments.map(({ body }) => body.split('\n')[2])).toEqual([
      '### ✅ PASS: 1 migration in 1 database proved',
    ])
  })

  test('a bad change: the proof fails, the comment says why', async () => {
    const { code } = await act('pull_request', change(pair('00002_b', '-- nothing')))
    expect(code).not.toBe(0)
    expect(github.comments.map(({ body }) => body.split('\n')[2])).toEqual([
      '### ❌ FAIL: 1 of 1 migration cannot be rolled back',
    ])
  })

  test('from a fork: the verdict without a comment, which a second workflow writes', async () => {
    const made = change(pair('00002_b'), 'stranger')
    expect((await act('pull_request', made)).code).toBe(0)
    expect(github.comments).toEqual([])
    expect((await act('workflow_run', made)).code).toBe(0)
    expect(github.comments.map(({ issue, body }) => [issue, body.split('\n')[2]])).toEqual([
      [7, '### ✅ PASS: 1 migration in 1 database proved'],
    ])
  })

  test('in the merge queue: a number that was taken meanwhile', async () => {
    const { code, log } = await act('merge_group', change(pair('00001_b')))
    expect(code).not.toBe(0)
    expect(log).toContain('version 00001 of 00001_b is taken')
    expect(github.comments).toEqual([])
  })
})
