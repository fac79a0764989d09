// The rule `goose-lost-statement`.
import { describe, expect, test } from '@jest/globals'
import { of } from '../input.js'

describe('goose-lost-statement', () => {
  const goose = (up: string): Readonly<Record<string, string>> => ({
    '00001_a.sql': `-- +goose Up\n${up}\n-- +goose Down\nDROP TABLE b;\n`,
  })
  const EMPTY = '-- +goose StatementBegin\n-- +goose StatementEnd\n'

  test('the statement behind an empty block', () => {
    expect(of('goose-lost-statement', goose(`${EMPTY}CREATE TABLE a ();\nCREATE TABLE b ();`))).toEqual([
      expect.stringMatching(/^warning goose-lost-statement 00001_a.sql:4:1 /),
    ])
  })

  test('a block that holds a statement loses none', () => {
    const block = '-- +goose StatementBegin\nCREATE TABLE a ();\n-- +goose StatementEnd\n'
    expect(of('goose-lost-statement', goose(`${block}CREATE TABLE b ();`))).toEqual([])
  })
})
