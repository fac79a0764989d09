// The one issue of a key, on a GitHub that refuses, fails, loses answers and holds what others wrote.
import { describe, expect, test } from '@jest/globals'
import { markerOf } from '../../../src/adapters/github/comment-body.js'
import { githubForTests, type FakeGithub, type Trouble } from './fake-github.js'
import { BROKEN, createForges, refusal } from './troubles.js'

const github = await githubForTests()

const { forge, once, always, requests } = createForges(github)

describe('the issue', () => {
  const keep = (open: boolean, more: { readonly title?: string; readonly body?: string } = {}, by = forge()) =>
    by.issue({ key: 'drift', title: 'Drift', body: 'drift', open, ...more })
  const issue = (number: number, more: Partial<FakeGithub['issues'][number]> = {}) =>
    github.issues.push({
      number,
      title: 'Drift',
      body: `${markerOf('drift')}\ndrift`,
      state: 'open',
      login: 'github-actions[bot]',
      type: 'Bot',
      ...more,
    })
  const open = () => github.issues.filter(({ state }) => state === 'open').map(({ number }) => number)

  test('is closed with one comment that says why', async () => {
    const { url } = await keep(true)
    expect(await keep(false, { body: 'all is well' })).toEqual({ url })
    expect(await keep(false)).toEqual({ url: undefined })
    expect(open()).toEqual([])
    expect(github.comments.map(({ body }) => body.split('\n').slice(1))).toEqual([['all is well']])
  })

  test.each<Trouble>(['cut', 'drop', BROKEN])('%j on the comment that closes it: one', async (trouble) => {
    issue(1)
    // Reopened by a user after we closed it.
    const body = `${markerOf('drift closed')}\nearlier`
    github.comments.push({ id: 1, issue: 1, login: 'github-actions[bot]', type: 'Bot', body })
    once('POST', '/comments', trouble)
    expect(await keep(false, { body: 'all is well' })).toMatchObject({ url: expect.stringMatching(/\/1$/) })
    expect(github.comments.map(({ body: text }) => text.split('\n')[1])).toEqual(['earlier', 'all is well'])
  })

  test('is closed although it may not be said why', async () => {
    issue(1)
    always('POST', '/comments', refusal(403))
    expect(await keep(false)).toEqual({
      url: expect.any(String),
      why: expect.stringMatching(/^it was closed without a comment: .*403/),
    })
    expect(open()).toEqual([])
  })

  test('is not edited where GitHub holds the text already, and is where the title is another one', async () => {
    issue(1, { body: `${markerOf('drift')}\r\ndrift\r\n` })
    await keep(true)
    expect(requests('PATCH', '/1')).toEqual([])
    await keep(true, { title: 'Drift in two' })
    expect(github.issues).toMatchObject([{ number: 1, title: 'Drift in two' }])
  })

  test.each<Trouble>(['cut', 'drop', BROKEN])('%j on creation: one', async (trouble) => {
    once('POST', '/issues', trouble)
    expect(await keep(true)).toMatchObject({ url: expect.any(String) })
    expect(open()).toHaveLength(1)
  })

  test('two runs at the same moment, fifty times: one', async () => {
    for (let round = 0; round < 50; round++) {
      github.issues.length = 0
      await Promise.all([keep(true), keep(true)])
      expect(open()).toHaveLength(1)
    }
  })

  test('of several that were left the oldest stays', async () => {
    for (const number of [3, 1, 2]) issue(number)
    expect(await keep(true)).toMatchObject({ url: expect.stringMatching(/\/1$/) })
    expect(open()).toEqual([1])
    for (const number of [5, 4]) issue(number)
    await keep(false)
    expect(open()).toEqual([])
  })

  test('no pull request, no other key and no stranger is taken for it', async () => {
    issue(1, { pull: true })
    issue(2, { body: `${markerOf('other')}\nx` })
    issue(3, { login: 'ann', type: 'User' })
    issue(4, { body: `first words\n${markerOf('drift')}` })
    await keep(false)
    expect(open()).toEqual([1, 2, 3, 4])
    await keep(true)
    expect(open()).toHaveLength(5)
    expect(requests('PATCH', '')).toEqual([])
  })

  test("a person's token asks for the person's own, and leaves those of a bot", async () => {
    github.identity = { login: 'me', type: 'User' }
    issue(1)
    const me = forge({ token: 'github_pat_x' })
    const { url } = await keep(true, {}, me)
    expect(await keep(true, { body: 'more' }, me)).toEqual({ url })
    expect(github.issues.map(({ login, body }) => [login, body.split('\n')[1]])).toEqual([
      ['github-actions[bot]', 'drift'],
      ['me', 'more'],
    ])
  })

  test('what is too long for GitHub is cut', async () => {
    await keep(true, { title: 't'.repeat(300), body: 'x'.repeat(70_000) })
    expect(github.issues.map(({ title, body }) => [title.length, body.length])).toEqual([[256, 65_536]])
  })

  test('500 when it is looked for, then an answer', async () => {
    once('GET', '/issues', BROKEN)
    expect(await keep(true)).toMatchObject({ url: expect.any(String) })
    expect(open()).toHaveLength(1)
  })

  test.each([
    [403, /the job needs the permission issues: write$/],
    [404, /the job needs the permission issues: write$/],
    [410, /^GitHub answered 410: Refused$/],
    [422, /^GitHub answered 422: Refused$/],
  ])('%d is said, and never rejects', async (status, why) => {
    always('POST', '/issues', refusal(status))
    expect(await keep(true)).toEqual({ url: undefined, why: expect.stringMatching(why) })
    expect(open()).toEqual([])
  })
})
