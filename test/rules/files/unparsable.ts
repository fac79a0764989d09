// The rule `unparsable`.
import { describe, expect, test } from '@jest/globals'
import { findings, of } from '../input.js'

describe('unparsable', () => {
  test('a goose statement without a semicolon', () => {
    const files = { '00001_a.sql': '-- +goose Up\nCREATE TABLE a ()\n-- +goose Down\nDROP TABLE a;\n' }
    expect(of('unparsable', files)).toEqual([expect.stringMatching(/^error unparsable 00001_a.sql:2:1 /)])
  })

  test('with the semicolon it is fine', () => {
    const files = { '00001_a.sql': '-- +goose Up\nCREATE TABLE a ();\n-- +goose Down\nDROP TABLE a;\n' }
    expect(findings(files)).toEqual([])
  })
})
