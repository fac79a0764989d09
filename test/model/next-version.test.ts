// The version after the newest one, in the form that the folder uses.
import { expect, test } from '@jest/globals'
import { nextVersion } from '../../src/model/next-version.js'

const NOW = Date.UTC(2026, 10, 26, 2, 5, 9)

test.each([
  ['00009', '00009', '00010', 'padded'],
  ['9', '9', '10', 'not padded'],
  ['0099', '0099', '0100', 'padded, over a digit'],
  ['999', '999', '1000', 'full'],
  ['00004', '00017', '00018', 'the highest one has another form'],
  ['20240102030405', '20240102030405', '20261126020509', 'to the second'],
  ['20240102030405', '20261126020509', '20261126020510', 'the second is taken'],
  ['20240102030405', '20991231235959', '21000101000000', 'a clock that ran ahead'],
  ['2020-02-08-145624', '2020-02-08-145624', '2026-11-26-020509', 'with dashes'],
  ['2020-02-08-145624-0000', '2020-02-08-145624-0000', '2026-11-26-020509-0000', 'with dashes and four digits'],
  ['20240102T030405', '20240102T030405', '20261126T020509', 'with a T'],
  ['1700000000', '1700000000', '1795658709', 'seconds'],
  ['1700000000000', '1700000000000', '1795658709000', 'milliseconds'],
  ['20240101', '20240101', '20261126', 'days'],
  ['20240101', '20261126', '20261127', 'a day that is taken'],
  ['2024010105', '2024010105', '2026112600', 'days with a counter'],
  ['202401020304', '202401020304', '202611260205', 'minutes'],
  ['20240102030405000001', '20240102030405000001', '20261126020509000000', 'pop: a stamp and a counter'],
  ['1.9', '1.9', '1.10', 'with a dot'],
  ['1', '1.1', '2', 'the highest one has a dot, this one none'],
  ['3', '3.10.2', '4', 'the highest one has two dots'],
  ['001', '001_5', '002', 'with an underscore for the dot'],
])('%s, highest %s: %s (%s)', (like, highest, next) => {
  expect(nextVersion({ like, highest, now: NOW })).toBe(next)
})
