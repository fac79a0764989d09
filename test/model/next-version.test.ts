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
  ['99999', '99999', '100000', 'full, with five digits'],
  ['00000000000007', '00000000000007', '00000000000008', 'as wide as a stamp'],
  ['0000000007', '0000000007', '0000000008', 'as wide as seconds'],
  ['20241231', '20261231', '20270101', 'the last day of a year is taken'],
  ['20260131', '20260228', '20261126', 'the last day of a February is taken'],
  ['20231399', '20271399', '20280101', 'no month of the calendar'],
  ['20230231', '20270231', '20270301', 'no day of the calendar'],
  ['20230031', '20270031', '20270101', 'month zero'],
  ['20230131', '20270100', '20270101', 'day zero'],
  ['20240102030405', '20271399999999', '20280101000000', 'no moment of the calendar'],
  ['20240102030405', '20270228235961', '20270301000000', 'second 61'],
  ['20240102030405', '20270131246000', '20270201000000', 'hour 24'],
  ['20240102030405', '20271231239900', '20280101000000', 'minute 99'],
  ['20231399000000', '20231399000000', '20261126020509', 'the sample is no moment'],
  ['2020-02-30-145624', '2027-02-30-145624', '2027-03-01-000000', 'no day, with dashes'],
  ['202401020304', '202611260205', '202611260206', 'a minute that is taken'],
  ['202401020304', '202701312360', '202702010000', 'minute 60'],
  ['2024010105', '2026112600', '2026112601', 'a counter of the same day'],
  ['2024010105', '2026112699', '2026112700', 'a full counter'],
  ['2024010105', '2026113212', '2026120100', 'a counter of no day'],
  ['1700000000', '1795658709', '1795658710', 'a taken second since 1970'],
  ['1700000000000', '1795658709000', '1795658709001', 'a taken millisecond'],
  ['1700000000000000', '1700000000000000', '1795658709000000', 'microseconds'],
  ['1700000000000000000', '1700000000000000000', '1795658709000000000', 'nanoseconds'],
  ['1700000000000000000', '1795658709000000007', '1795658709000000008', 'a taken nanosecond'],
  ['20240102030405123', '20261126020509000', '20261126020510000', 'knex: a taken millisecond of a date'],
  ['20240102030405', '20240102030405001', '20261126020509000', 'the highest one has more places'],
])('%s, highest %s: %s (%s)', (like, highest, next) => {
  expect(nextVersion({ like, highest, now: NOW })).toBe(next)
})

// A small generator with a fixed start, so that a failure comes again.
const numbers = (seed: number): (() => number) => {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648)
}

test.each([8, 12, 14, 17, 20])('what follows %i digits that may be no moment is one, and is larger', (width) => {
  const random = numbers(width)
  const some = (): string => Array.from({ length: width - 3 }, () => String(random() % 10)).join('')
  for (let round = 0; round < 300; round++) {
    const highest = `20${4 + (round % 6)}${some()}`
    const next = nextVersion({ like: '2024010203040500000000'.slice(0, width), highest, now: NOW })
    const [year, month, day, time] = [next.slice(0, 4), next.slice(4, 6), next.slice(6, 8), next.slice(8, 14)]
    const iso = `${year}-${month}-${day}T${time.padEnd(6, '0').replace(/(..)(..)(..)/, '$1:$2:$3')}.000Z`
    expect(new Date(iso).toISOString()).toBe(iso)
    expect(BigInt(next)).toBeGreaterThan(BigInt(highest))
  }
})
