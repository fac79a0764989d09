// The rule `never-runs`.
import { describe, expect, test } from '@jest/globals'
import { of, pair } from '../input.js'

describe('never-runs', () => {
  const dbmate = '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n'

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ['pairs', { ...pair('00001_a'), 'add_column.sql': 'SELECT 1;' }],
    ['dbmate', { '00001_a.sql': dbmate, 'add_column.sql': 'SELECT 1;' }],
  ])('%s: a file without a version', (_, files) => {
    expect(of('never-runs', files)).toEqual([expect.stringMatching(/^warning never-runs add_column.sql:1:1 /)])
  })

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ['a dump of the schema', { ...pair('00001_a'), 'schema.sql': 'SELECT 1;', 'structure.sql': 'SELECT 1;' }],
    [
      'what an editor or a file system left',
      { ...pair('00001_a'), '._00001_a.up.sql': '', '.#x.sql': '', 'x.sql~': '' },
    ],
    ['other kinds of files', { ...pair('00001_a'), 'README.md': '', 'migrate.go': '', '.gitkeep': '' }],
    ['what goose refuses is an error of file-name', { '00001_a.sql': '-- +goose Up\nSELECT 1;\n', 'x.sql': '' }],
  ])('not %s', (_, files) => {
    expect(of('never-runs', files)).toEqual([])
  })

  test('a folder of names without a title', () => {
    const files = {
      '1.up.sql': 'SELECT 1;',
      '1.down.sql': 'SELECT 1;',
      '2.up.sql': 'SELECT 2;',
      '2.down.sql': 'SELECT 2;',
    }
    expect(of('never-runs', files)).toEqual([
      'warning never-runs 1.up.sql:1:1 1.up.sql has no title, like most files here: golang-migrate, sqlx and others pass over such names',
    ])
  })
})
