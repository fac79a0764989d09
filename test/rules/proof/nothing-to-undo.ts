// The rule `nothing-to-undo`.
import { describe, expect, test } from '@jest/globals'
import { runRules } from '../../../src/rules/run.js'
import { filesOf, inputOf, type Options } from '../input.js'
import { FILES, failure } from '../recorded-proof.js'

describe('nothing-to-undo', () => {
  const idle = (proofs: Options['proofs']): readonly string[] =>
    runRules({ input: inputOf(filesOf(FILES), { proofs: proofs ?? {} }), levels: {} }).map(
      ({ rule, level }) => `${level} ${rule}`,
    )

  test('an idle down is an error without a proof, a note when the up was seen to leave nothing', () => {
    expect(idle({})).toEqual(['error down-empty'])
    expect(idle({ '00003_idle': {} })).toEqual(['note nothing-to-undo'])
    expect(idle({ '00003_idle': { down: 'empty', again: 'skipped' } })).toEqual(['error down-empty'])
    expect(idle({ '00003_idle': { up: 'failed', down: 'not run', failure: failure({}) } })).toEqual([
      'error down-empty',
      'error up-fails',
    ])
  })
})
