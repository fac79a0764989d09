// The reusable workflows, run for real by act on this machine, against a GitHub on loopback.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { startFakeGithub, type FakeGithub } from '../github/fake-github.js'
import { makeFolder, type Folder } from '../host/folder.js'
import { GIT_ENVIRONMENT, makeRepo, type Repo } from '../support/git.js'
import { COMMIT, copyOf, foreignActions } from './copy.js'

const CALLER = `name: Migrations
on: [pull_request, merge_group]
permissions: {}
jobs:
  migrations:
    permissions: { contents: read, pull-requests: write }
    uses: ./.github/workflows/check.yml
`
const AFTER = `name: Comment
on: workflow_run
permissions: {}
jobs:
  comment:
    permissions: { actions: read, pull-requests: write }
    uses: ./.github/workflows/comment.yml
`

/** Of which git is told another place, through variables that act does not read. */
const ORIGIN = 'https://github.com/o/r.git'

test('the copy that act runs differs in nothing but what act does not know', () => {
  for (const name of ['check.yml', 'comment.yml']) {
    const { own, copy } = copyOf(name)
    const [before, after] = [own.split('\n'), copy.split('\n')]
    const other = after.filter((line, i) => line !== before[i])
    expect(other.length).toBeGreaterThan(0)
    expect(other.every((line) => line.trim().endsWith(`uses: gate/action@${COMMIT}`))).toBe(true)
    expect(before).toHaveLength(after.length)
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
      '.github/workflows/migrations.yml': CALLER,
      '.github/workflows/after.yml': AFTER,
    })
    const base = repo.git('rev-parse', 'HEAD')
    // act takes the repository's name from here.
    repo.git('remote', 'add', 'origin', ORIGIN)
    repo.git('switch', '--quiet', '--create', 'patch-1')
    const head = repo.commit(files)
    const folder = makeFolder({})
    made.push(repo, folder)
    github.pulls.push({
      ...{
        number: 7,
        title: 'x',
        login: 'ann',
        head,
        owner,
        branch: 'patch-1',
        base: 'main',
        state: 'open',
        files: [],
      },
    })
    return { repo, base, head, owner, folder }
  }

  async function act(
    event: string,
    { repo, base, head, owner, folder }: Case,
  ): Promise<{ readonly code: number | null; readonly log: string }> {
    const repository = { full_name: 'o/r', name: 'r', owner: { login: 'o' } }
    const pull = {
      ...{ number: 7, head: { sha: head, ref: 'patch-1', repo: { full_name: `${owner}/r` } } },
      base: { sha: base, ref: 'main', repo: { full_name: 'o/r' } },
    }
    const run = {
      ...{ id: 34, event: 'pull_request', head_sha: head, head_branch: 'patch-1' },
      head_repository: { full_name: `${owner}/r`, owner: { login: owner } },
    }
    const payload = {
      pull_request: { pull_request: pull, repository },
      merge_group: { merge_group: { base_ref: 'refs/heads/main', base_sha: base, head_sha: head }, repository },
      workflow_run: { workflow_run: run, repository },
    }[event]
    writeFileSync(folder.at('event.json'), JSON.stringify(payload))
    mkdirSync(folder.at('artifacts'), { recursive: true })
    const mapped = [
      `gate/action@${COMMIT}=${action.path}`,
      ...foreignActions(`${copyOf('check.yml').copy}${copyOf('comment.yml').copy}`).flatMap((name) => {
        const standIn = /upload|download/.exec(name)?.[0]
        return standIn === undefined ? [] : [`${name}=${path.resolve('test/workflows', standIn)}`]
      }),
    ]
    const child = spawn(
      'act',
      [
        ...[event, '--eventpath', folder.at('event.json'), '--platform', 'ubuntu-24.04=-self-hosted'],
        ...['--env', `GITHUB_API_URL=${github.url}`, '--env', `ARTIFACTS=${folder.at('artifacts')}`],
        ...['--secret', 'GITHUB_TOKEN=ghs_0123456789', '--rm'],
        ...mapped.flatMap((one) => ['--local-repository', one]),
      ],
      {
        cwd: repo.path,
        env: {
          ...{ ...GIT_ENVIRONMENT, HOME: folder.path, XDG_CACHE_HOME: folder.at('cache') },
          ...{
            GIT_CONFIG_COUNT: '1',
            GIT_CONFIG_KEY_0: `url.file://${repo.path}.insteadOf`,
            GIT_CONFIG_VALUE_0: ORIGIN,
          },
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (log += text))
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    return { code, log }
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
