// The rule `down-fails`.
import { describe, expect, test } from '@jest/globals'
import { brief } from '../input.js'
import { failure, proofFindings, step } from '../recorded-proof.js'

describe('down-fails', () => {
  test('a down without a place is reported at its first statement', () => {
    const proof = { down: 'failed', again: 'skipped', failure: failure({ direction: 'down' }) } as const
    expect(brief(proofFindings(step(proof)))).toEqual([
      'error down-fails 00002_phone.down.sql:2:3 down fails: relation "users" does not exist (SQLSTATE 42P01)',
    ])
  })

  test('one that follows from a failed step is a note', () => {
    const found = proofFindings(
      step({ down: 'failed', again: 'skipped', failure: failure({ direction: 'down', follows: '00001_users' }) }),
    )
    expect(found.map(({ rule, level, follows }) => [rule, level, follows])).toEqual([
      ['down-fails', 'note', '00001_users'],
    ])
  })

  test('only unparsable reports a file that the tool refuses', () => {
    const refused = failure({ direction: 'down', sqlstate: '', message: 'no reason' })
    expect(proofFindings(step({ down: 'failed', again: 'skipped', failure: refused }))).toEqual([])
  })
})
