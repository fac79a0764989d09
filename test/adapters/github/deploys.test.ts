// What a deploy asks and tells, over real HTTP, on a GitHub that keeps state, checks every request and can fail.
import { describe, expect, test } from '@jest/globals'
import { markerOf } from '../../../src/adapters/github/comment-body.js'
import { createForge } from '../../../src/adapters/github/forge.js'
import type { Forge } from '../../../src/ports/forge.js'
import { githubForTests, type Trouble } from './fake-github.js'
import { deploymentNews, SHA } from './deployment-news.js'

const github = await githubForTests()

const clock = { now: () => 1_000_000_000_000, elapsed: () => 0, pause: () => Promise.resolve() }
const forge = (): Forge =>
  createForge({
    token: 'ghs_0123456789',
    repository: 'o/r',
    apiUrl: github.url,
    clock,
    signal: new AbortController().signal,
  })

const refusing = (status: number, part: string) => {
  github.trouble = ({ path }) =>
    path.includes(part) ? { status, message: 'Resource not accessible by integration' } : undefined
}
/** The server does what it was asked, and the answer is lost on its way, once. */
const losing = (method: string, part: string) => {
  let lost = false
  github.trouble = (asked): Trouble | undefined => {
    if (lost || asked.method !== method || !asked.path.endsWith(part)) return undefined
    lost = true
    return 'cut'
  }
}

describe('a required check', () => {
  const run = (id: number, conclusion: string | null, status: 'completed' | 'in_progress' = 'completed') =>
    github.checks.push({ id, sha: SHA, name: 'prove', status, conclusion })
  const state = () => forge().checkOf({ commit: SHA, name: 'prove' })

  test('the newest run of the name counts, whatever else ran', async () => {
    run(1, 'failure')
    run(2, 'success')
    github.checks.push({ id: 3, sha: SHA, name: 'other', status: 'completed', conclusion: 'failure' })
    expect(await state()).toEqual({ state: 'success' })
    run(4, 'cancelled')
    expect(await state()).toEqual({ state: 'failure', why: 'cancelled' })
    run(5, null, 'in_progress')
    expect(await state()).toEqual({ state: 'pending' })
  })

  test.each(['neutral', 'skipped'])('%s is no success', async (conclusion) => {
    run(1, conclusion)
    expect(await state()).toEqual({ state: 'failure', why: conclusion })
  })

  test('a commit status of that name where there is no run, and neither', async () => {
    expect(await state()).toEqual({ state: 'missing' })
    github.statuses.push({ sha: SHA, context: 'prove', state: 'success' })
    expect(await state()).toEqual({ state: 'success' })
  })

  test('what may not be seen is unknown, with the permission that is missing', async () => {
    refusing(403, '/check-runs')
    expect(await state()).toMatchObject({ state: 'unknown', why: expect.stringContaining('checks: read') })
  })
})

describe('a deployment', () => {
  test('is created once, and its end state has at most 140 characters', async () => {
    const { deployment } = await forge().deployed(deploymentNews())
    expect(
      await forge().deployed(deploymentNews({ state: 'success', description: 'x'.repeat(200), deployment })),
    ).toEqual({
      deployment,
    })
    expect(github.deployments).toMatchObject([{ environment: 'production', ref: SHA }])
    expect(github.deployments[0]?.states).toEqual(['in_progress: going', `success: ${'x'.repeat(140)}`])
  })

  test('a lost answer makes no second one', async () => {
    losing('POST', '/deployments')
    expect(await forge().deployed(deploymentNews())).toMatchObject({ deployment: expect.any(Number) })
    expect(github.deployments).toHaveLength(1)
  })

  test.each([403, 404, 422])('%d is said, and ends nothing', async (status) => {
    refusing(status, '/deployments')
    expect(await forge().deployed(deploymentNews())).toMatchObject({
      why: expect.stringContaining('deployments: write'),
    })
  })
})

describe('the merged pull request', () => {
  test('of a commit, where there is one', async () => {
    expect(await forge().mergedPull({ commit: SHA })).toEqual({
      found: false,
      why: 'the commit belongs to no pull request',
    })
    github.merged.set(SHA, 12)
    expect(await forge().mergedPull({ commit: SHA })).toEqual({ found: true, number: 12 })
    refusing(500, '/pulls')
    expect(await forge().mergedPull({ commit: SHA })).toMatchObject({ found: false })
  })
})

describe('the issue', () => {
  const keep = (open: boolean, body = 'drift') => forge().issue({ key: 'drift', title: 'Drift', body, open })
  const states = () => github.issues.map(({ state, body }) => `${state} ${body.split('\n')[1] ?? ''}`)

  test('is opened once, updated and closed; the next drift opens a new one', async () => {
    expect(await keep(false)).toEqual({ url: undefined })
    const { url } = await keep(true)
    expect(url).toMatch(/\/issues\/\d+$/)
    expect(await keep(true)).toEqual({ url })
    expect(github.asked.filter(({ method }) => method === 'PATCH')).toEqual([])
    await keep(true, 'more drift')
    expect(states()).toEqual(['open more drift'])
    await keep(false)
    expect(states()).toEqual(['closed more drift'])
    await keep(true)
    expect(states()).toEqual(['closed more drift', 'open drift'])
  })

  test('of another account with our marker is left alone', async () => {
    const body = `${markerOf('drift')}\nforged`
    github.issues.push({ number: 1, title: 'x', body, state: 'open', login: 'somebody', type: 'User' })
    await keep(true)
    expect(states()).toEqual(['open forged', 'open drift'])
  })

  test('behind a hundred others, and after a lost answer: no second one', async () => {
    for (let number = 1; number <= 130; number++) {
      github.issues.push({ number, title: 'x', body: 'x', state: 'open', login: 'somebody', type: 'User' })
    }
    losing('POST', '/issues')
    await keep(true)
    await keep(true)
    expect(states().filter((one) => one === 'open drift')).toHaveLength(1)
  })

  test('without the right it is said', async () => {
    refusing(403, '/issues')
    expect(await keep(true)).toMatchObject({ url: undefined, why: expect.stringContaining('issues: write') })
  })
})
