// The rule `again-differs`.
import { describe, expect, test } from '@jest/globals'
import { brief } from '../input.js'
import { difference, proofFindings, step } from '../recorded-proof.js'

describe('again-differs', () => {
  test('a second up that makes another schema', () => {
    expect(brief(proofFindings(step({ again: 'differs', againDifferences: [difference({})] })))).toEqual([
      'warning again-differs 00002_phone.up.sql:2:1 the second up makes another schema: lost index public.idx_users_name of table public.users',
    ])
  })
})
