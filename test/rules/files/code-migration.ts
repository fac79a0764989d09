// The rule `code-migration`.
import { describe, expect, test } from '@jest/globals'
import { runRules } from '../../../src/rules/run.js'
import { brief, filesOf, inputOf, type Options } from '../input.js'

describe('code-migration', () => {
  const files = {
    '00001_a.sql': '-- +goose Up\nCREATE TABLE a ();\n-- +goose Down\nDROP TABLE a;\n',
    '00002_b.go': 'package migrations\nfunc init() { goose.AddMigrationContext(up, down) }\n',
  }
  const run = (options: Options): readonly string[] =>
    brief(runRules({ input: inputOf(filesOf(files), options), levels: {} }))

  test('are reported, with or without a proof, until there is a stand-in', () => {
    const warning =
      'warning code-migration 00002_b.go:1:1 this step cannot run here: it is written in a programming language'
    expect(run({})).toEqual([warning])
    expect(run({ proofs: { '00001_a': {}, '00002_b': { up: 'not run', down: 'not run', again: 'skipped' } } })).toEqual(
      [warning],
    )
    expect(run({ proofs: { '00001_a': {}, '00002_b': {} } })).toEqual([])
  })
})
