// Some cases of the exam, one of each kind. test/long/impact has all of them.
import { expect, test } from '@jest/globals'
import { families } from '../long/impact/cases.js'
import { examine, missTable } from '../long/impact/judge.js'
import { serverForTests } from '../support/live.js'

const SOME = new Set([
  'index_in_place',
  'index_on_small_table',
  'set_not_null_behind_check',
  'integer_to_bigint',
  'lock_held_over_update',
  'lock_given_back',
  'update_in_loop',
  'explicit_ids',
])

const live = serverForTests()

test('hazards are found for the right reason, look-alikes are quiet, locks and clients are as measured', async () => {
  const some = Object.values(families)
    .flat()
    .filter(({ name }) => SOME.has(name))
  expect(some).toHaveLength(SOME.size)
  expect(missTable(await examine(live, some))).toBe('')
})
