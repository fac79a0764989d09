// So many jobs at a time.
import { expect, test } from '@jest/globals'
import { createLimit } from '../../src/model/limit.js'

test('never more than allowed, in order, also after a failure', async () => {
  const limit = createLimit(2)
  const started: number[] = []
  let running = 0
  let most = 0
  const job = async (number: number): Promise<number> => {
    started.push(number)
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
    if (number === 1) throw new Error('one')
    return number
  }
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((number) => limit(() => job(number))))
  expect(most).toBe(2)
  expect(started).toEqual([0, 1, 2, 3, 4])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
})
