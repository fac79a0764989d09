// The rule `chain-down`.
import { describe, expect, test } from '@jest/globals'
import { brief } from '../input.js'
import { chainFindings, difference, failure } from '../recorded-proof.js'

describe('chain-down', () => {
  const stopped = {
    down: 'failed',
    downs: 1,
    stoppedAt: '00002_phone',
    failure: failure({ direction: 'down' }),
  } as const

  test('a down that fails only in the chain', () => {
    expect(brief(chainFindings(stopped))).toEqual([
      'error chain-down 00002_phone.down.sql:2:3 down fails after the downs of all later migrations (1 succeeded): relation "users" does not exist (SQLSTATE 42P01)',
    ])
  })

  test('reports a down that failed by itself once', () => {
    const found = chainFindings(stopped, {
      '00002_phone': { down: 'failed', again: 'skipped', failure: failure({ direction: 'down' }) },
    })
    expect(found.map(({ rule }) => rule)).toEqual(['down-fails'])
  })

  test('a later step that leaves the obstacle explains it', () => {
    const detail = 'privileges for tablespace pg_default'
    const obstacle = failure({ direction: 'down', sqlstate: '2BP01', message: 'role "app" cannot be dropped', detail })
    const chain = { ...stopped, stoppedAt: '00001_users', failure: obstacle } as const
    const differ = (identity: string) => ({
      '00002_phone': {
        down: 'differs',
        differences: [difference({ change: 'changed', kind: 'tablespace', identity })],
      } as const,
    })
    const rules = (found: ReturnType<typeof chainFindings>): readonly string[] => found.map(({ rule }) => rule)
    expect(rules(chainFindings(chain, differ('pg_default')))).toEqual(['down-restores-schema'])
    expect(rules(chainFindings(chain, differ('fast'))).toSorted()).toEqual(['chain-down', 'down-restores-schema'])
  })

  test('an end that is not empty, and no step that explains it', () => {
    const differences = [difference({ change: 'left behind', kind: 'table', identity: 'public.t', parent: undefined })]
    expect(chainFindings({ down: 'differs', differences }).map(({ rule }) => rule)).toEqual(['chain-down'])
    const found = chainFindings({ down: 'differs', differences }, { '00002_phone': { down: 'differs', differences } })
    expect(found.map(({ rule }) => rule)).toEqual(['down-restores-schema'])
  })
})
