// The rule `outside-transaction`.
import { describe, expect, test } from '@jest/globals'
import { findings, of } from '../input.js'

describe('outside-transaction', () => {
  const goose = (up: string, head = ''): Readonly<Record<string, string>> => ({
    '00001_a.sql': `${head}-- +goose Up\n${up}\n-- +goose Down\nDROP INDEX i;\n`,
  })

  test('names the marker of the tool', () => {
    const [found] = findings(goose('CREATE INDEX CONCURRENTLY i ON t (a);'))
    expect(found?.fix).toBe('-- +goose NO TRANSACTION')
    expect(findings(goose('CREATE INDEX CONCURRENTLY i ON t (a);', '-- +goose NO TRANSACTION\n'))).toEqual([])
  })

  test('must be alone in its message', () => {
    const up = 'CREATE INDEX CONCURRENTLY i ON t (a);\n'
    expect(of('outside-transaction', { '00001_a.up.sql': up, '00001_a.down.sql': 'DROP INDEX i;' })).toEqual([])
    expect(
      of('outside-transaction', { '00001_a.up.sql': `SET a = 1;\n  ${up}`, '00001_a.down.sql': 'DROP INDEX i;' }),
    ).toEqual([
      'warning outside-transaction 00001_a.up.sql:2:3 CREATE INDEX CONCURRENTLY shares a message with other statements, and the message is one transaction',
    ])
  })

  test('after a COMMIT there is no transaction any more, until the next BEGIN', () => {
    const index = 'CREATE INDEX CONCURRENTLY i ON t (a);'
    const up = (text: string): readonly string[] =>
      of('outside-transaction', { '1_a.sql': `-- +migrate Up\n${text}\n-- +migrate Down\nDROP INDEX i;\n` })
    expect(up(`COMMIT;\n${index}\nBEGIN;`)).toEqual([])
    expect(up(`ROLLBACK;\nBEGIN;\n${index}`)).toHaveLength(1)
  })
})
