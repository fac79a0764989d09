// The rule `irreversible`.
import { describe, expect, test } from '@jest/globals'
import { brief, findings } from '../input.js'

describe('irreversible', () => {
  test('what is irreversible on purpose is a note instead', () => {
    const found = findings({ '00001_a.up.sql': '-- migration-gate: irreversible because rows are gone\nDROP TABLE a;' })
    expect(brief(found)).toEqual(['note irreversible 00001_a.up.sql:1:1 irreversible: rows are gone'])
  })
})
