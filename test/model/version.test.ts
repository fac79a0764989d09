import { describe, expect, test } from '@jest/globals'
import { compareBytes, compareNumbers, findByVersion, sameVersion, versionKey } from '../../src/model/version.js'

describe('compareNumbers', () => {
  test.each([
    ['2', '10', -1],
    ['0010', '10', 0],
    ['20240102030405', '20240102030404', 1],
    ['20150100000001000001', '20150100000001000000', 1],
    ['9007199254740993', '9007199254740992', 1],
    ['1.2', '1.10', -1],
    ['1', '1.0', 0],
    ['2020-01-31', '2020-02-01', -1],
  ])('%s and %s: %i', (a, b, expected) => {
    expect(compareNumbers(a, b)).toBe(expected)
    expect(compareNumbers(b, a)).toBe(expected === 0 ? 0 : -expected)
  })
})

test('compareBytes orders as UTF-8 does, not as UTF-16', () => {
  // U+FF5E is one UTF-16 unit above the surrogates of U+1F600, but below it in UTF-8.
  expect(compareBytes('\uFF5E', '\u{1F600}')).toBeLessThan(0)
  expect(['7', '20240101', '10', '007'].sort(compareBytes)).toEqual(['007', '10', '20240101', '7'])
})

test('versions are the same whatever zeros and dashes they are written with', () => {
  expect(sameVersion('00004', '4')).toBe(true)
  expect(sameVersion('2020-01-31-000000', '20200131000000')).toBe(true)
  expect(sameVersion('4', '40')).toBe(false)
  expect(versionKey('0004')).toBe(versionKey('4'))
})

describe('findByVersion', () => {
  const migration = { id: 'V0004.Name', version: '0004' }
  test.each(['0004', 'V0004.Name', '4', 'V0004'])('finds %s', (key) => {
    expect(findByVersion({ '5': 'no', [key]: 'yes' }, migration)).toBe('yes')
  })
  test('takes the exact key before the number', () => {
    expect(
      findByVersion(
        new Map([
          ['4', 'number'],
          ['0004', 'exact'],
        ]),
        migration,
      ),
    ).toBe('exact')
  })
  test('finds nothing for another version', () => {
    expect(findByVersion({ '5': 'no', constructor: 'no' }, migration)).toBeUndefined()
  })
})
