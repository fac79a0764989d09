// The exam itself: what each case says is held against what the server does.
import { expect, test } from '@jest/globals'
import { inLanes } from '../../support/lanes.js'
import { serverForTests } from '../../support/live.js'
import type { Case } from './case.js'
import { families } from './cases.js'
import { measure, type Truth } from './truth.js'

const live = serverForTests()

test('cases have names of their own, and there are enough', () => {
  const cases = Object.values(families).flat()
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  expect(cases.length).toBeGreaterThan(200)
})

test.each(Object.entries(families))('%s: a case does on the server what it says', async (_, family) => {
  const here = family.filter(({ since = 0 }) => since <= live.cluster.report.major)
  const problems = await inLanes(4, here, async (each) => {
    const problem = problemOf(each, await measure(each, live).catch((error: unknown) => String(error)))
    return problem === undefined ? [] : [`${each.name}: ${problem}`]
  })
  expect(problems.flat()).toEqual([])
})

/** Why the truth is not as the case says, as far as it is measured. */
function problemOf({ expects, transaction }: Case, truth: Truth | string): string | undefined {
  if (typeof truth === 'string') return truth
  const { fails, rewritten, built, read, refused = [] } = truth
  const rule = expects === 'quiet' ? undefined : expects.rule
  const mayFail = rule === 'fails-on-rows' || rule === 'up-fails'
  if (mayFail !== (fails !== undefined)) return `fails: ${fails ?? 'no'}`
  const readUnderLock = read.filter((name) =>
    refused.some((says) => says === `select ${name}` || says === `insert ${name}`),
  )
  if (rule === undefined) {
    const work = [...rewritten.map((name) => `rewritten: ${name}`), ...readUnderLock.map((name) => `read: ${name}`)]
    return work.length > 0 ? work.join(', ') : undefined
  }
  if (rule === 'table-rewrite') return rewritten.length > 0 ? undefined : 'nothing is rewritten'
  if (rule === 'blocking-index-build') return built.length > 0 ? undefined : 'no index is built'
  if (rule === 'blocking-scan' && transaction !== false) return readUnderLock.length > 0 ? undefined : 'nothing is read'
  return undefined
}
