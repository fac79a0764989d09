// The rule `not-utf8`.
import { describe, expect, test } from '@jest/globals'
import { of, pair, type Content } from '../input.js'

describe('not-utf8', () => {
  const up = (bytes: Content): Readonly<Record<string, Content>> => ({ ...pair('00001_a'), '00001_a.up.sql': bytes })

  test('Latin-1, with the place of the first byte', () => {
    const bytes = Buffer.from("SELECT 2;\nSELECT 'Zürich \uFFFD';\n", 'utf8')
    const broken = Buffer.concat([bytes, Buffer.from("SELECT 'Z"), Buffer.from([0xfc]), Buffer.from("rich';\n")])
    expect(of('not-utf8', up(bytes))).toEqual([])
    expect(of('not-utf8', up(broken))).toEqual(['warning not-utf8 00001_a.up.sql:3:10 byte 0xFC is not UTF-8'])
  })

  test('UTF-16 and NUL', () => {
    expect(of('not-utf8', up(Buffer.from('\uFEFFSELECT 2;', 'utf16le')))).toEqual([
      'warning not-utf8 00001_a.up.sql:1:1 the file is UTF-16, not UTF-8',
    ])
    expect(of('not-utf8', up('SELECT 2;\0'))).toEqual([
      'warning not-utf8 00001_a.up.sql:1:10 the file holds a NUL byte',
    ])
  })
})
