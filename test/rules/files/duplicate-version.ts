// The rule `duplicate-version`.
import { describe, expect, test } from '@jest/globals'
import { findings, of, pair } from '../input.js'

describe('duplicate-version', () => {
  test('two migrations of one version are one finding, at the second', () => {
    expect(of('duplicate-version', { ...pair('00001_a'), ...pair('00001_b') })).toEqual([
      expect.stringMatching(/^error duplicate-version 00001_b.up.sql:1:1 version 00001 is taken twice: /),
    ])
  })

  test('two versions are none', () => {
    expect(findings({ ...pair('00001_a'), ...pair('00002_a') })).toEqual([])
  })
})
