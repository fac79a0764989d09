// The rule `again-fails`.
import { describe, expect, test } from '@jest/globals'
import { failure, proofFindings, step } from '../recorded-proof.js'

describe('again-fails', () => {
  test('an up that fails the second time although the down restored the schema', () => {
    expect(proofFindings(step({ again: 'failed', failure: failure({}) })).map(({ rule }) => rule)).toEqual([
      'again-fails',
    ])
  })

  const rows = {
    sqlstate: '23505',
    message: 'duplicate key value violates unique constraint "users_pkey"',
    detail: 'Key (id, lower(name))=(1, a) already exists.',
    table: 'public.users',
    constraint: 'users_pkey',
  }

  test.each([
    [
      'a row that is still there',
      {},
      'The down leaves the row that the up put into users, and users_pkey refuses it a second time.',
      'Delete in the down what the up puts into users (DELETE FROM users WHERE ...). Or let the up pass over rows that are there (INSERT ... ON CONFLICT (id, lower(name)) DO NOTHING).',
    ],
    [
      'rows that are there twice',
      {
        message: 'could not create unique index "users_idx"',
        detail: 'Key (email)=(a) is duplicated.',
        table: 'app.users',
      },
      'The down leaves the rows that the up put into app.users, and the second up adds them again.',
      'Delete in the down what the up puts into app.users (DELETE FROM app.users WHERE ...).',
    ],
    [
      'rows that are gone',
      { sqlstate: '23503', message: 'insert or update on table "users" violates foreign key constraint "f"' },
      'The rows of users are not those that the first up found.',
      'Make the down restore the rows of users, or let the up put them right before it needs them.',
    ],
  ])('%s', (_, change, why, fix) => {
    const [found] = proofFindings(step({ again: 'failed', failure: failure({ ...rows, ...change }) }))
    expect(found?.why).toBe(`${why} After a rollback the same version cannot be deployed again.`)
    expect(found?.fix).toBe(fix)
  })
})
