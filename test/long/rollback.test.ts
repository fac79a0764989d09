// Every sample database that can be rolled back, but for the one of test/commands/release/rollback.test.ts.
import { expect, test } from '@jest/globals'
import { serverForTests } from '../support/live.js'
import { productionsForTests } from '../support/production.js'
import { expectWholeRollback, REVERSIBLE_ELSEWHERE, REVERSIBLE_HERE } from '../support/whole-rollback.js'

const makeProduction = productionsForTests(serverForTests())

test('there are twelve in all', () => {
  expect(REVERSIBLE_ELSEWHERE.length + REVERSIBLE_HERE.length).toBe(12)
})

test.each(REVERSIBLE_ELSEWHERE)('%s: the fingerprint of before is there again', async (folder) => {
  await expectWholeRollback(makeProduction, folder)
})
