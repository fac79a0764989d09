// The rule `up-to-date`.
import { describe, expect, test } from '@jest/globals'
import { chainFindings } from '../recorded-proof.js'

describe('up-to-date', () => {
  test('an up that is not up to date', () => {
    expect(chainFindings({ upToDate: 'runs again' }).map(({ rule }) => rule)).toEqual(['up-to-date'])
  })
})
