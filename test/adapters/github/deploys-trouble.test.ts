// What a deploy asks and tells of a GitHub that refuses, fails, loses answers and holds what others wrote.
import { afterEach, describe, expect, test } from '@jest/globals'
import type { DeploymentNews } from '../../../src/release/deployment.js'
import { githubForTests, type Trouble } from './fake-github.js'
import { BROKEN, createForges, refusal } from './troubles.js'
import { deploymentNews, SHA } from './deployment-news.js'

const github = await githubForTests()
afterEach(() => {
  waits.length = 0
})

const { waits, forge, once, always, requests } = createForges(github)

describe('a required check', () => {
  const state = () => forge().checkOf({ commit: SHA, name: 'prove' })
  const run = (id: number, conclusion: string) =>
    github.checks.push({ id, sha: SHA, name: 'prove', status: 'completed', conclusion })

  test('the newest of two pages counts', async () => {
    run(999, 'timed_out')
    for (let id = 1; id <= 120; id++) run(id, 'success')
    run(500, 'success')
    expect(await state()).toEqual({ state: 'failure', why: 'timed_out' })
  })

  test('a commit status on the second page, and those that did not end well', async () => {
    for (let at = 1; at <= 120; at++) github.statuses.push({ sha: SHA, context: `other ${at}`, state: 'success' })
    github.statuses.push({ sha: SHA, context: 'prove', state: 'pending' })
    expect(await state()).toEqual({ state: 'pending' })
    for (const [word, end] of [
      ['failure', { state: 'failure' }],
      ['error', { state: 'failure', why: 'error' }],
    ] as const) {
      github.statuses.splice(120, 1, { sha: SHA, context: 'prove', state: word })
      expect(await state()).toEqual(end)
    }
  })

  test('a status counts for nothing beside a run of the name', async () => {
    run(1, 'failure')
    github.statuses.push({ sha: SHA, context: 'prove', state: 'success' })
    expect(await state()).toEqual({ state: 'failure' })
  })

  test('500, then an answer', async () => {
    run(1, 'success')
    once('GET', '/check-runs', BROKEN)
    expect(await state()).toEqual({ state: 'success' })
    expect(waits).toEqual([1000])
  })

  test.each<[Trouble, string, RegExp]>([
    [
      refusal(403),
      '/check-runs',
      /has no permission for this \(403: Refused\); the job needs the permission checks: read$/,
    ],
    [refusal(404), '/check-runs', /may not see it \(404\); the job needs the permission checks: read$/],
    [refusal(403), '/status', /the job needs the permission statuses: read$/],
    [{ status: 422, message: 'No commit found' }, '/check-runs', /^GitHub answered 422: No commit found$/],
    [BROKEN, '/check-runs', /^GitHub answered 500: Server Error$/],
    ['drop', '/check-runs', /^GitHub could not be reached in time$/],
    [{ status: 403, message: 'API rate limit exceeded' }, '/check-runs', /fewer requests \(403\)$/],
  ])('%j at %s is unknown, and why is said', async (trouble, part, why) => {
    always('GET', part, trouble)
    expect(await state()).toEqual({ state: 'unknown', why: expect.stringMatching(why) })
  })
})

describe('a deployment', () => {
  const news = (more: Partial<DeploymentNews> = {}) =>
    deploymentNews({ url: 'https://github.com/o/r/actions/runs/1', ...more })
  const earlier = (id = 1) =>
    github.deployments.push({
      id,
      environment: 'production',
      ref: SHA,
      task: 'deploy:migrations',
      payload: { mark: 'other' },
      rest: {},
      states: ['failure: an earlier run'],
    })

  test('merges nothing, waits for nothing, and says what production is', async () => {
    await forge().deployed(news())
    await forge().deployed(news({ environment: 'staging', production: false }))
    expect(github.deployments.map(({ rest }) => rest)).toEqual(
      [true, false].map((production) => ({
        auto_merge: false,
        required_contexts: [],
        production_environment: production,
      })),
    )
    expect(github.deployments[0]?.states).toEqual(['in_progress: going https://github.com/o/r/actions/runs/1'])
  })

  test.each<Trouble>(['cut', 'drop', BROKEN])(
    '%j on creation: one, and not that of an earlier run',
    async (trouble) => {
      earlier()
      once('POST', '/deployments', trouble)
      const { deployment } = await forge().deployed(news())
      expect(deployment).toBeGreaterThan(1)
      expect(github.deployments.map(({ states }) => states.length)).toEqual([1, 1])
      expect(requests('GET', '/deployments')).toHaveLength(1)
    },
  )

  test('the one that was made is found on the second page, its payload given as text', async () => {
    github.trouble = ({ method, path }, nth) => {
      if (!path.endsWith('/deployments') || nth > 1) return undefined
      if (method === 'POST') return 'cut'
      const [made] = github.deployments
      if (made !== undefined) github.deployments.splice(0, 1, { ...made, payload: JSON.stringify(made.payload) })
      for (let id = 1; id <= 120; id++) earlier(id)
      return undefined
    }
    expect(await forge().deployed(news())).toEqual({ deployment: github.deployments[0]?.id })
    expect(requests('POST', '/deployments')).toHaveLength(1)
    expect(requests('GET', '/deployments')).toHaveLength(2)
  })

  test('no answer ever: given up after three, and said', async () => {
    always('POST', '/deployments', BROKEN)
    expect(await forge().deployed(news())).toEqual({
      deployment: undefined,
      why: 'GitHub answered 500: Server Error',
    })
    expect(requests('POST', '/deployments')).toHaveLength(3)
  })

  test('sends a state again after 500', async () => {
    once('POST', '/statuses', BROKEN, BROKEN)
    expect(await forge().deployed(news())).toEqual({ deployment: expect.any(Number) })
    expect(waits).toEqual([1000, 4000])
  })

  test('returns a created deployment although its state cannot be set', async () => {
    always('POST', '/statuses', refusal(422))
    const result = await forge().deployed(news())
    expect(result).toEqual({ deployment: github.deployments[0]?.id, why: 'GitHub answered 422: Refused' })
  })

  test.each([
    [403, 'the token has no permission for this (403: Refused); the job needs the permission deployments: write'],
    [404, 'GitHub did not find it, or the token may not see it (404); the job needs the permission deployments: write'],
    [409, 'GitHub answered 409: Refused'],
    [422, 'GitHub answered 422: Refused'],
  ])('%d is said, and never rejects', async (status, why) => {
    always('POST', '/deployments', refusal(status))
    expect(await forge().deployed(news())).toEqual({ deployment: undefined, why })
    expect(requests('POST', '/deployments')).toHaveLength(1)
  })

  test('a description ends with a whole character', async () => {
    await forge().deployed(news({ description: `${'x'.repeat(139)}😀`, url: undefined }))
    expect(github.deployments[0]?.states).toEqual([`in_progress: ${'x'.repeat(139)}`])
  })

  test('sets the end state although the run is cancelled', async () => {
    const cancelled = new AbortController()
    const there = forge({ signal: cancelled.signal })
    const { deployment } = await there.deployed(news())
    cancelled.abort()
    await there.deployed(news({ state: 'error', description: 'cancelled', url: undefined, deployment }))
    expect(github.deployments[0]?.states.at(-1)).toBe('error: cancelled')
  })
})

describe('the merged pull request', () => {
  const bring = (number: number, mergedAt: string | null, mergeCommit = 'f'.repeat(40)) =>
    github.brought.push({ sha: SHA, number, mergedAt, mergeCommit })
  const found = () => forge().mergedPull({ commit: SHA })

  test('the one whose merge made the commit, whatever was merged later', async () => {
    bring(5, '2026-11-20T08:00:00Z', SHA)
    bring(9, '2026-11-22T08:00:00Z')
    expect(await found()).toEqual({ found: true, number: 5 })
  })

  test('the one that was merged last, never one that is open', async () => {
    bring(12, null)
    bring(4, '2026-11-22T08:00:00Z')
    bring(9, '2026-11-20T08:00:00Z')
    expect(await found()).toEqual({ found: true, number: 4 })
    github.brought.length = 1
    expect(await found()).toMatchObject({ found: false, why: 'the commit belongs to no pull request' })
  })

  test('on the second page, after 500', async () => {
    for (let number = 101; number <= 220; number++) bring(number, null)
    bring(3, '2026-11-22T08:00:00Z')
    once('GET', '/pulls', BROKEN)
    expect(await found()).toEqual({ found: true, number: 3 })
  })

  test.each([
    [403, /the job needs the permission pull-requests: read$/],
    [404, /the job needs the permission pull-requests: read$/],
    [422, /^GitHub answered 422: Refused$/],
  ])('%d is said', async (status, why) => {
    always('GET', '/pulls', refusal(status))
    expect(await found()).toEqual({ found: false, why: expect.stringMatching(why) })
  })
})
