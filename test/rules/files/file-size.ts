// The rule `file-size`.
import { describe, expect, test } from '@jest/globals'
import { of, pair, type Content } from '../input.js'

describe('file-size', () => {
  const up = (bytes: Content): Readonly<Record<string, Content>> => ({ ...pair('00001_a'), '00001_a.up.sql': bytes })

  test('size', () => {
    expect(of('file-size', up(`CREATE TABLE a ();${' '.repeat(2000)}`), { maxFileBytes: 2000 })).toEqual([
      'note file-size 00001_a.up.sql:1:1 2,018 bytes; the limit is 2,000',
    ])
  })
})
