// How we ask GitHub: under which name, below which path, and for how many pages.
import { describe, expect, test } from '@jest/globals'
import type { Posted } from '../../../src/report/posting.js'
import { markerOf } from '../../../src/adapters/github/comment-body.js'
import { createForge } from '../../../src/adapters/github/forge.js'
import type { Forge } from '../../../src/ports/forge.js'
import { githubForTests, type FakeGithub } from './fake-github.js'

const github = await githubForTests()
const enterprise = await githubForTests({ prefix: '/api/v3' })

const clock = { now: () => 1_000_000_000_000, elapsed: () => 0, pause: () => Promise.resolve() }
const tool = { name: 'pg-migration-gate', version: '9.8.7' }
const forgeAt = ({ url: apiUrl }: FakeGithub): Forge =>
  createForge({
    token: 'ghs_0123456789',
    repository: 'o/r',
    apiUrl,
    clock,
    tool,
    signal: new AbortController().signal,
  })
const post = (at: FakeGithub, body: string, run = 1): Promise<Posted> =>
  forgeAt(at).post({
    pull: 7,
    key: 'check',
    run,
    commit: '',
    suggestions: [],
    render: () => ({ body, state: '' }),
  })
const crowd = (at: FakeGithub, count: number): void => {
  for (let id = 1; id <= count; id++) at.comments.push({ id, issue: 7, login: 'ann', type: 'User', body: 'a word' })
}
const ours = (at: FakeGithub) => at.comments.filter(({ body }) => body.startsWith(markerOf('check')))
const asked = (at: FakeGithub, wanted: string) => at.asked.filter(({ method }) => method === wanted)

test('every request says which tool asks, and in which version', async () => {
  await post(github, 'x')
  expect(github.asked.length).toBeGreaterThan(1)
  expect(github.asked.every(({ agent }) => agent.startsWith('pg-migration-gate/9.8.7 '))).toBe(true)
})

describe('GitHub Enterprise Server, whose API is below /api/v3', () => {
  test('is asked there, also for the pages after the first', async () => {
    crowd(enterprise, 250)
    await post(enterprise, 'one', 1)
    await post(enterprise, 'two', 2)
    expect(ours(enterprise)).toMatchObject([{ body: expect.stringMatching(/\ntwo$/) }])
  })

  test('gets deployments and issues', async () => {
    const forge = forgeAt(enterprise)
    const result = await forge.deployed({
      environment: 'staging',
      ref: 'main',
      production: false,
      state: 'success',
      description: 'done',
      url: undefined,
      deployment: undefined,
    })
    expect(result).toEqual({ deployment: expect.any(Number) })
    const { url } = await forge.issue({ key: 'drift', title: 'Drift', body: 'x', open: true })
    expect(url).toMatch(/\/issues\/\d+$/)
    expect(github.asked).toEqual([])
  })
})

describe('a comment whose text is the same', () => {
  test('is not written again', async () => {
    await post(github, 'x')
    expect(await post(github, 'x')).toMatchObject({ end: 'posted' })
    expect(asked(github, 'PATCH')).toEqual([])
    await post(github, 'y')
    expect(asked(github, 'PATCH')).toHaveLength(1)
  })

  test('nor where GitHub gave its lines another end', async () => {
    await post(github, 'a\nb')
    for (const one of ours(github)) one.body = one.body.replaceAll('\n', '\r\n')
    await post(github, 'a\nb')
    expect(asked(github, 'PATCH')).toEqual([])
  })

  test('of a newer run is, so that an older one knows', async () => {
    await post(github, 'x', 1)
    await post(github, 'x', 2)
    expect(asked(github, 'PATCH')).toHaveLength(1)
    expect(await post(github, 'late', 1)).toMatchObject({ end: 'left alone' })
  })
})

describe('a list without an end', () => {
  // Twice for each comment: before it is written and after.
  const listed = () => asked(github, 'GET').filter(({ path }) => path.endsWith('/issues/7/comments'))

  test('is left where it brings what it brought before', async () => {
    crowd(github, 5)
    github.endless = true
    expect(await post(github, 'x')).toMatchObject({ end: 'posted' })
    expect(ours(github)).toHaveLength(1)
    expect(listed()).toHaveLength(4)
  })

  test('is left after a hundred pages', async () => {
    crowd(github, 10_150)
    expect(await post(github, 'x')).toMatchObject({ end: 'posted' })
    expect(listed()).toHaveLength(200)
  })

  test('of empty pages', async () => {
    github.endless = true
    expect(await forgeAt(github).mergedPull({ commit: 'a'.repeat(40) })).toMatchObject({ found: false })
    expect(github.asked).toHaveLength(100)
  })
})
