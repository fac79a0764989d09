// The rule `chain-again`.
import { describe, expect, test } from '@jest/globals'
import { chainFindings, difference, failure } from '../recorded-proof.js'

describe('chain-again', () => {
  test('ups that fail after all downs', () => {
    const found = chainFindings({ again: 'failed', stoppedAt: '00001_users', failure: failure({}) })
    expect(found.map(({ rule, migration }) => `${rule} ${migration ?? ''}`)).toEqual(['chain-again 00001_users'])
    expect(chainFindings({ again: 'differs', againDifferences: [difference({})] }).map(({ rule }) => rule)).toEqual([
      'chain-again',
    ])
  })
})
