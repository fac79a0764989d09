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

  test.each([
    ['-- +goose Up', '-- +goose Down', ''],
    ['-- +goose Up', '--+goose down', '-- later\n'],
    ['-- +goose NO TRANSACTION\n-- +goose Up', '-- +goose Down', '\n\n'],
    ['-- +migrate Up', '-- +migrate Down', ''],
    ['-- +migrate Up', '-- +migrate Down notransaction', '-- later\n'],
    ['-- migrate:up', '-- migrate:down', ''],
    ['-- migrate:up', '-- migrate:down transaction:false', '-- later\n'],
  ])('in a file with both directions its place is the line that begins it: %s, %s', (up, down, rest) => {
    const above = `${up}\nCREATE TABLE a ();\n`
    const line = above.split('\n').length
    expect(of('down-empty', { '001_a.sql': `${above}${down}\n${rest}` })).toEqual([
      expect.stringMatching(`^error down-empty 001_a.sql:${line}:1 the down `),
    ])
  })

  test('only down-empty reports an empty down that left something', () => {
    const found = proofFindings({
      proofs: { '00003_idle': { down: 'empty', again: 'skipped', differences: [difference({})] } },
    })
    expect(found.map(({ rule }) => rule)).toEqual(['down-empty'])
  })
})
