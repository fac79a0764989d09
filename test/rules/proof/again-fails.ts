// The rule `again-fails`.
import { describe, expect, test } from '@jest/globals'
import { failure, proofFindings, step } from '../recorded-proof.js'

describe('again-fails', () => {
  test('an up that fails the second time although the down restored the schema', () => {
    expect(proofFindings(step({ again: 'failed', failure: failure({}) })).map(({ rule }) => rule)).toEqual([
      'again-fails',
    ])
  })
})
