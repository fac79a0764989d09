// The rule `column-order`.
import { describe, expect, test } from '@jest/globals'
import { brief } from '../input.js'
import { difference, proofFindings, step } from '../recorded-proof.js'

describe('column-order', () => {
  test('column order is a note', () => {
    const differences = [
      difference({ class: 'column-order', change: 'changed', kind: 'column', identity: 'public.users.a' }),
    ]
    expect(brief(proofFindings(step({ down: 'column-order', differences })))).toEqual([
      'note column-order 00002_phone.down.sql:2:3 columns of table public.users are in another order after the down',
    ])
  })
})
