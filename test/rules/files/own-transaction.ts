// The rule `own-transaction`.
import { describe, expect, test } from '@jest/globals'
import { brief, findings, of, pair } from '../input.js'

describe('own-transaction', () => {
  test('BEGIN and COMMIT around a wrapped script', () => {
    const file = '-- +goose Up\nBEGIN;\nCREATE TABLE a ();\nCOMMIT;\n-- +goose Down\nDROP TABLE a;\n'
    const [found] = findings({ '00001_a.sql': file })
    expect(brief(found === undefined ? [] : [found])).toEqual([
      'warning own-transaction 00001_a.sql:2:1 up: BEGIN in a script that goose already runs in a transaction',
    ])
    expect(found?.fix).toBe('Delete BEGIN; in line 2 and COMMIT; in line 4.')
  })

  test('is fine where the tool opens no transaction', () => {
    expect(
      of('own-transaction', { ...pair('00001_a'), '00001_a.up.sql': 'BEGIN; CREATE TABLE a (); COMMIT;' }),
    ).toEqual([])
  })

  test('a BEGIN without an end', () => {
    expect(of('own-transaction', { ...pair('00001_a'), '00001_a.up.sql': 'BEGIN;\nCREATE TABLE a ();' })).toEqual([
      'warning own-transaction 00001_a.up.sql:1:1 up: BEGIN without a COMMIT',
    ])
  })
})
