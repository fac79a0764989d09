// The rule `unreadable`.
import { describe, expect, test } from '@jest/globals'
import { runRules } from '../../../src/rules/run.js'
import { brief, inputOf, sourceFile } from '../input.js'

describe('unreadable', () => {
  test('an unreadable half is not missing', () => {
    const files = [
      sourceFile('00001_a.up.sql', 'CREATE TABLE a ();'),
      sourceFile('00001_a.down.sql', '', 'permission denied'),
    ]
    expect(brief(runRules({ input: inputOf(files), levels: {} }))).toEqual([
      'error unreadable 00001_a.down.sql:1:1 cannot be read: permission denied',
    ])
  })
})
