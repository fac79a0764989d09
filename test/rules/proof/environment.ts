// The rule `environment`.
import { describe, expect, test } from '@jest/globals'
import { brief } from '../input.js'
import { failure, proofFindings, step } from '../recorded-proof.js'

describe('environment', () => {
  test('a fault of the environment is a warning, and not a bad migration', () => {
    const environment = 'extension vector is not installed on this server'
    const proof = { up: 'failed', down: 'not run', failure: failure({ environment }) } as const
    expect(brief(proofFindings(step(proof)))).toEqual([
      `warning environment 00002_phone.up.sql:2:1 ${environment}: relation "users" does not exist (SQLSTATE 42P01)`,
    ])
  })
})
