// The rule `sql-migrate-passed-over`.
import { describe, expect, test } from '@jest/globals'
import { of } from '../input.js'

describe('sql-migrate-passed-over', () => {
  const file = (down: string): Readonly<Record<string, string>> => ({
    '1-a.sql': `-- +migrate Up\nCREATE TABLE a ();\n${down}\nDROP TABLE a;\n`,
  })

  test.each(['--+ migrate Down', '-- +migrate down'])('%s is no command', (line) => {
    expect(of('sql-migrate-passed-over', file(line))).toEqual([
      expect.stringMatching(/^warning sql-migrate-passed-over 1-a.sql:3:1 /),
    ])
  })

  test('-- +migrate Down is one', () => {
    expect(of('sql-migrate-passed-over', file('-- +migrate Down'))).toEqual([])
  })
})
