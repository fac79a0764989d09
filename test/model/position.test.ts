import { describe, expect, test } from '@jest/globals'
import { placeAt, placeOf } from '../../src/model/position.js'

const message = { text: 'SELECT 1,\n  😀é,\nx\n', lines: [3, 4, 7, 8], column: 5 }

describe('placeOf counts characters from 1, as the server does', () => {
  test.each([
    [1, 3, 5],
    [8, 3, 12],
    [10, 3, 14],
    [11, 4, 1],
    [13, 4, 3],
    [14, 4, 4],
    [15, 4, 5],
    [17, 7, 1],
  ])('character %i is line %i, column %i', (position, line, column) => {
    expect(placeOf(message, position)).toEqual({ line, column })
  })
  test('the end of the input is the end of the text', () => {
    expect(placeOf(message, 19)).toEqual({ line: 7, column: 2 })
    expect(placeOf(message, 99)).toEqual({ line: 7, column: 2 })
  })
})

test('placeAt counts UTF-16 units from 0', () => {
  expect(placeAt(message, 0)).toEqual({ line: 3, column: 5 })
  expect(placeAt(message, 14)).toEqual({ line: 4, column: 4 })
  expect(placeAt(message, 17)).toEqual({ line: 7, column: 1 })
  expect(placeAt({ text: '', lines: [9], column: 1 }, 0)).toEqual({ line: 9, column: 1 })
})
