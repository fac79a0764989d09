// The rule `mixed-line-ends`.
import { describe, expect, test } from '@jest/globals'
import { of, pair, type Content } from '../input.js'

describe('mixed-line-ends', () => {
  const up = (bytes: Content): Readonly<Record<string, Content>> => ({ ...pair('00001_a'), '00001_a.up.sql': bytes })

  test('mixed line ends, at the first of the rarer kind', () => {
    expect(of('mixed-line-ends', up('SELECT 1;\r\nSELECT 2;\r\nSELECT 3;\n'))).toEqual([
      'note mixed-line-ends 00001_a.up.sql:3:10 mixed line ends: 2 CRLF, 1 LF',
    ])
    expect(of('mixed-line-ends', up('SELECT 1;\r\nSELECT 2;\r\n'))).toEqual([])
  })
})
