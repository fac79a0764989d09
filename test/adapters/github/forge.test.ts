// Pull requests and comments over real HTTP, on a GitHub that keeps state, checks every request and can fail.
import { describe, expect, test } from '@jest/globals'
import type { Posted } from '../../../src/report/posting.js'
import { markerOf, memoryOf, withMemory } from '../../../src/adapters/github/comment-body.js'
import { createForge } from '../../../src/adapters/github/forge.js'
import { waitBefore } from '../../../src/adapters/github/client.js'
import type { Forge } from '../../../src/ports/forge.js'
import { githubForTests, type Trouble } from './fake-github.js'

const github = await githubForTests()

const TOKEN = 'ghs_0123456789'
let waits: number[] = []
const clock = {
  now: () => 1_000_000_000_000,
  elapsed: () => 0,
  pause: (milliseconds: number): Promise<void> => {
    waits.push(milliseconds)
    return Promise.resolve()
  },
}

function forgeOf(more: { readonly token?: string; readonly timeoutMs?: number } = {}): Forge {
  waits = []
  const { signal } = new AbortController()
  return createForge({ token: TOKEN, repository: 'o/r', apiUrl: github.url, clock, signal, ...more })
}

const post = (run: number, text = `text of run ${run}`, forge = forgeOf()): Promise<Posted> =>
  forge.post({
    pull: 7,
    key: 'check',
    run,
    commit: 'a'.repeat(40),
    suggestions: [],
    render: ({ previous }) => ({ body: `${text}${previous ?? ''}`, state: `[${run}]` }),
  })

const ours = (): readonly string[] =>
  github.comments
    .filter(({ body }) => body.startsWith(markerOf('check')))
    .map(({ body }) => body.split('\n').slice(2).join('\n'))

const crowd = (count: number, body = 'a word'): void => {
  for (let id = 1; id <= count; id++) github.comments.push({ id, issue: 7, login: 'somebody', type: 'User', body })
}

describe('the comment', () => {
  test('is written once and edited from then on; the run before leaves its state', async () => {
    expect(await post(1)).toMatchObject({ end: 'posted', url: expect.stringContaining('#issuecomment-') })
    await post(2)
    expect(ours()).toEqual(['text of run 2[1]'])
  })

  test('is found on the last page of a thousand, with one edit and no second one', async () => {
    crowd(1000)
    github.comments.push({
      id: 1001,
      issue: 7,
      login: 'github-actions[bot]',
      type: 'Bot',
      body: withMemory('check', { run: 1, state: '' }, 'old'),
    })
    await post(2)
    expect(ours()).toEqual(['text of run 2'])
    expect(github.asked.filter(({ method }) => method !== 'GET')).toHaveLength(1)
  })

  test('a comment of another account that begins with our marker is not ours', async () => {
    crowd(3, withMemory('check', { run: 99, state: 'x' }, 'forged'))
    await post(1)
    expect(github.comments.filter(({ type }) => type === 'User').map(({ body }) => body)).toEqual(
      Array.from({ length: 3 }, () => withMemory('check', { run: 99, state: 'x' }, 'forged')),
    )
    expect(github.comments.filter(({ type }) => type === 'Bot')).toHaveLength(1)
  })

  test("a person's token finds the person's comment", async () => {
    github.identity = { login: 'me', type: 'User' }
    const forge = forgeOf({ token: 'github_pat_x' })
    await post(1, 'a', forge)
    await post(2, 'b', forge)
    expect(ours()).toEqual(['b[1]'])
  })

  test('other keys have their own', async () => {
    await post(1)
    await forgeOf().post({
      pull: 7,
      key: 'other',
      run: 1,
      commit: '',
      suggestions: [],
      render: () => ({ body: 'x', state: '' }),
    })
    expect(github.comments).toHaveLength(2)
  })

  test('the text of a newer run stays', async () => {
    await post(5)
    expect(await post(4)).toMatchObject({ end: 'left alone' })
    expect(ours()).toEqual(['text of run 5'])
  })

  test('what was left by a run that was killed is taken away', async () => {
    for (const id of [1, 2, 3])
      github.comments.push({
        id,
        issue: 7,
        login: 'a[bot]',
        type: 'Bot',
        body: withMemory('check', { run: 1, state: '' }, 'x'),
      })
    await post(2)
    expect(github.comments.map(({ id }) => id)).toEqual([1])
  })

  test('two runs at the same moment, fifty times: one comment', async () => {
    for (let round = 0; round < 50; round++) {
      github.comments.length = 0
      const runs = round % 2 === 0 ? [1, 2] : [2, 1]
      await Promise.all(runs.map((run) => post(run)))
      expect(github.comments).toHaveLength(1)
    }
  })

  test('an older and a newer run at the same moment, fifty times: the text of the newer one stays', async () => {
    for (let round = 0; round < 50; round++) {
      github.comments.length = 0
      await post(1)
      const runs = round % 2 === 0 ? [2, 3] : [3, 2]
      await Promise.all(runs.map((run) => post(run)))
      expect(ours()).toEqual([expect.stringContaining('text of run 3')])
    }
  })

  test('writes a new one when the old one vanishes between read and edit', async () => {
    await post(1)
    github.trouble = ({ method }) => {
      if (method === 'PATCH') github.comments.length = 0
      return undefined
    }
    await post(2)
    expect(ours()).toEqual(['text of run 2[1]'])
  })

  test('a text that is too long for GitHub gets shorter', async () => {
    github.limit = 30_000
    const posted = await forgeOf().post({
      pull: 7,
      key: 'check',
      run: 1,
      commit: '',
      suggestions: [],
      render: ({ limit }) => ({ body: 'x'.repeat(limit), state: '' }),
    })
    expect(posted).toMatchObject({ end: 'posted' })
    expect(ours()[0]?.length).toBe(25_000)
  })

  test.each<[string, Trouble, RegExp]>([
    [
      'the token may not write',
      { status: 403, message: 'Resource not accessible by integration' },
      /has no permission for this \(403: Resource not accessible/,
    ],
    ['no such pull request', { status: 404, message: 'Not Found' }, /did not find it, or the token may not see it/],
    ['a wrong token', { status: 401, message: 'Bad credentials' }, /rejected the token/],
    ['a refused text', { status: 422, message: 'Validation Failed' }, /GitHub answered 422: Validation Failed/],
    ['it never stops failing', { status: 502, message: 'Bad Gateway' }, /GitHub answered 502/],
    [
      'a limit that is hours away',
      {
        status: 403,
        message: 'API rate limit exceeded',
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000003600' },
      },
      /fewer requests/,
    ],
    ['answers that are cut off', 'cut', /incomplete/],
    ['no answers', 'drop', /could not be reached/],
    ['answers that never come', 'hang', /could not be reached in time/],
  ])('%s: nothing is posted, and why is said', async (_, trouble, why) => {
    github.trouble = ({ path }) => (path.includes('/issues/') ? trouble : undefined)
    const posted = await post(1, 'x', forgeOf({ timeoutMs: 50 }))
    expect(posted).toEqual({ end: 'not posted', why: expect.stringMatching(why) })
    expect(JSON.stringify(posted)).not.toContain(TOKEN)
  })

  test.each<[string, Trouble, readonly number[]]>([
    ['500', { status: 500, message: 'x' }, [1000, 4000]],
    ['502', { status: 502, message: 'x' }, [1000, 4000]],
    ['429 with a time', { status: 429, message: 'x', headers: { 'retry-after': '7' } }, [7000, 7000]],
    [
      'a secondary limit',
      { status: 403, message: 'You have exceeded a secondary rate limit', headers: { 'retry-after': '3' } },
      [3000, 3000],
    ],
    ['an abuse limit without a time', { status: 403, message: 'abuse detection mechanism' }, [60_000]],
    [
      'an exhausted budget',
      {
        status: 403,
        message: 'API rate limit exceeded',
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000000009' },
      },
      [10_000, 10_000],
    ],
    ['an answer that is cut off', 'cut', [1000, 4000]],
    ['no answer', 'drop', [1000, 4000]],
  ])('%s: tried again after the time that is asked for', async (_, trouble, expected) => {
    github.trouble = ({ method, path }, nth) =>
      method === 'GET' && path.includes('/issues/') && nth <= expected.length ? trouble : undefined
    expect(await post(1)).toMatchObject({ end: 'posted' })
    expect(waits).toEqual(expected)
    expect(github.comments).toHaveLength(1)
  })

  test('an answer to a POST that is lost makes no second comment', async () => {
    github.trouble = ({ method }, nth) => (method === 'POST' && nth === 1 ? 'cut' : undefined)
    await post(1)
    expect(github.comments).toHaveLength(1)
  })
})

test('the hidden beginning holds any state, and nothing of it ends the comment', () => {
  for (const state of ['-->', '<!--', '\n', '"', 'ü', 'x'.repeat(9_000)]) {
    const body = withMemory('k', { run: 3, state }, 'text')
    expect(memoryOf('k', body)).toEqual({ run: 3, state })
    expect(body.match(/-->/g)).toHaveLength(2)
  }
  expect(memoryOf('k', `${markerOf('k')}\n<!-- state:!!! -->`)).toEqual({ run: 0, state: '' })
  expect(memoryOf('k', `${markerOf('other')}\nx`)).toBeUndefined()
})

test('no wait is longer than a job has patience for', () => {
  const limited = { status: 429, headers: { 'retry-after': '1' }, message: '' }
  expect([1, 2, 3, 4].map((attempt) => waitBefore(attempt, limited, { now: 0, repeatable: false }))).toEqual([
    1000,
    1000,
    1000,
    undefined,
  ])
})

describe('suggested changes', () => {
  const HEAD = 'e'.repeat(40)
  const open = (): void => {
    github.pulls.push({
      number: 7,
      title: 'x',
      login: 'ann',
      head: HEAD,
      owner: 'o',
      branch: 'b',
      base: 'main',
      state: 'open',
      files: [{ filename: 'a.down.sql', status: 'added' }],
    })
  }
  const suggested = (files: readonly string[], text = 'x'): Promise<Posted> =>
    forgeOf().post({
      pull: 7,
      key: 'check',
      run: 1,
      commit: HEAD,
      render: () => ({ body: 'b', state: '' }),
      suggestions: files.map((file) => ({ file, line: 3, body: text })),
    })

  test('are on their line once, and go when they no longer hold', async () => {
    open()
    await suggested(['a.down.sql'])
    await suggested(['a.down.sql'])
    expect(github.reviews).toMatchObject([{ path: 'a.down.sql', line: 3, body: expect.stringMatching(/\nx$/) }])
    await suggested(['a.down.sql'], 'y')
    expect(github.reviews.map(({ body }) => body.split('\n').at(-1))).toEqual(['y'])
    await suggested([])
    expect(github.reviews).toEqual([])
  })

  test('of several lines are on all of them', async () => {
    open()
    const suggestion = { file: 'a.down.sql', from: 2, line: 4, body: 'x' }
    const posting = { pull: 7, key: 'check', run: 1, commit: HEAD, render: () => ({ body: 'b', state: '' }) }
    await forgeOf().post({ ...posting, suggestions: [suggestion] })
    await forgeOf().post({ ...posting, suggestions: [suggestion] })
    expect(github.reviews).toMatchObject([{ path: 'a.down.sql', from: 2, line: 4 }])
  })

  test('of a newer run stay when an older one is slower', async () => {
    open()
    await suggested(['a.down.sql'])
    github.trouble = ({ method, path }) => {
      const [comment] = github.comments
      if (method === 'GET' && path.includes('/issues/comments/') && comment !== undefined)
        comment.body = withMemory('check', { run: 9, state: '' }, 'newer')
      return undefined
    }
    expect(await suggested([])).toMatchObject({ end: 'left alone' })
    expect(ours()).toEqual(['newer'])
    expect(github.reviews).toHaveLength(1)
  })

  test('a file outside of the diff takes none, and the comment is there all the same', async () => {
    open()
    expect(await suggested(['other.sql'])).toMatchObject({ end: 'posted' })
    expect(github.reviews).toEqual([])
  })

  test("another account's comment on a line stays", async () => {
    open()
    github.reviews.push({ id: 1, issue: 7, login: 'ann', type: 'User', body: 'why?', path: 'a.down.sql', line: 3 })
    await suggested(['a.down.sql'])
    await suggested([])
    expect(github.reviews.map(({ body }) => body)).toEqual(['why?'])
  })
})

describe('open pull requests', () => {
  const pull = (number: number, filename: string, more: object = {}) => ({
    number,
    title: `pull ${number}`,
    login: 'ann',
    head: 'a'.repeat(40),
    owner: 'o',
    branch: `b${number}`,
    base: 'main',
    state: 'open' as const,
    files: [{ filename, status: 'added' }],
    ...more,
  })

  test('their files, without the own one and those for other branches', async () => {
    github.pulls.push(pull(7, 'own'), pull(8, 'migrations/core_db/00004_x.up.sql'), pull(9, 'x', { base: 'release' }))
    expect(await forgeOf().openPulls({ branch: 'main', except: 7 })).toEqual({
      pulls: [
        {
          number: 8,
          title: 'pull 8',
          url: 'https://github.com/o/r/pull/8',
          author: 'ann',
          files: [{ path: 'migrations/core_db/00004_x.up.sql', status: 'added' }],
        },
      ],
      notSeen: [],
    })
  })

  test('more than can be asked for: what was not looked at is said', async () => {
    for (let number = 1; number <= 60; number++) github.pulls.push(pull(number, 'x'))
    const { pulls, notSeen } = await forgeOf().openPulls({ branch: 'main', except: undefined })
    expect(pulls).toHaveLength(40)
    expect(notSeen).toEqual([expect.stringContaining('only the 40 that changed last')])
  })

  test('one with more files than a page has', async () => {
    const files = Array.from({ length: 250 }, (_, at) => ({ filename: `f${at}`, status: 'added' }))
    github.pulls.push(pull(8, 'x', { files }))
    const { pulls } = await forgeOf().openPulls({ branch: 'main', except: undefined })
    expect(pulls[0]?.files).toHaveLength(250)
  })

  test('one that cannot be read takes nothing from the others', async () => {
    github.pulls.push(pull(8, 'x'), pull(9, 'y'))
    github.trouble = ({ path }) => (path.includes('/pulls/8/') ? { status: 404, message: 'Not Found' } : undefined)
    const { pulls, notSeen } = await forgeOf().openPulls({ branch: 'main', except: undefined })
    expect(pulls.map(({ number }) => number)).toEqual([9])
    expect(notSeen).toEqual([expect.stringContaining('pull request 8 was not read')])
  })

  test('a token that may not see them', async () => {
    github.trouble = () => ({ status: 403, message: 'Resource not accessible by integration' })
    const { pulls, notSeen } = await forgeOf().openPulls({ branch: 'main', except: 1 })
    expect(pulls).toEqual([])
    expect(notSeen).toEqual([
      expect.stringMatching(/not read: the token has no permission for this .* pull-requests: read/),
    ])
  })

  test('the one whose newest commit it is', async () => {
    github.pulls.push(pull(8, 'x', { owner: 'stranger', branch: 'patch-1', head: 'b'.repeat(40) }))
    const about = { owner: 'stranger', branch: 'patch-1', commit: 'b'.repeat(40) }
    expect(await forgeOf().pullOf(about)).toEqual({ found: true, number: 8 })
    expect(await forgeOf().pullOf({ ...about, commit: 'c'.repeat(40) })).toMatchObject({ found: false })
    expect(await forgeOf().pull({ number: 8 })).toEqual({ found: true, head: 'b'.repeat(40) })
    expect(await forgeOf().pull({ number: 1 })).toMatchObject({ found: false })
  })
})

test('a repository that is not named as GitHub names them is wrong use', () => {
  const { signal } = new AbortController()
  expect(() => createForge({ token: TOKEN, repository: 'o/r/x', apiUrl: github.url, clock, signal })).toThrow(
    /is not a repository/,
  )
})
