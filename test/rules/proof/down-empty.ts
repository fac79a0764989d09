// The rule `down-empty`.
import { describe, expect, test } from '@jest/globals'
import { of } from '../input.js'
import { difference, proofFindings } from '../recorded-proof.js'

describe('down-empty', () => {
  test.each([
    ['', 'the down is empty'],
    ['\n', 'the down is empty'],
    ['-- later\n', 'the down holds only comments'],
    ['SELECT 1;', 'the down holds only statements that change nothing'],
    ['BEGIN;\nCOMMIT;', 'the down is an empty transaction'],
  ])('%j', (down, message) => {
    expect(of('down-empty', { '00001_a.up.sql': 'CREATE TABLE a ();', '00001_a.down.sql': down })).toEqual([
      `error down-empty 00001_a.down.sql:1:1 ${message}`,
    ])
  })

  test('a dbmate section without SQL is empty', () => {
    expect(of('down-empty', { '001_a.sql': '-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\n' })).toHaveLength(1)
  })

  test('only down-empty reports an empty down that left something', () => {
    const found = proofFindings({
      proofs: { '00003_idle': { down: 'empty', again: 'skipped', differences: [difference({})] } },
    })
    expect(found.map(({ rule }) => rule)).toEqual(['down-empty'])
  })
})
