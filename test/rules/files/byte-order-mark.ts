// The rule `byte-order-mark`.
import { describe, expect, test } from '@jest/globals'
import { findings } from '../input.js'

describe('byte-order-mark', () => {
  test('a byte order mark that makes a goose file unparsable is one finding with its cause', () => {
    const found = findings({ '00001_a.sql': '\uFEFF-- +goose Up\nSELECT 2;\n-- +goose Down\nSELECT 3 FROM t;\n' })
    expect(found.map(({ rule }) => rule)).toEqual(['unparsable'])
    expect(found[0]?.why).toContain('The cause: the file starts with a byte order mark')
  })
})
