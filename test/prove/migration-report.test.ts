// What a report says of a migration that a change touches.
import { expect, test } from '@jest/globals'
import { reportOf } from '../../src/prove/migration-report.js'
import { migration } from '../support/migrations.js'

const shown = (up: string): string =>
  reportOf(migration({ version: '00001', name: 'a', up, down: undefined }), undefined, { touched: true }).sql?.up ?? ''

test('cuts an overlong script, and says so', () => {
  expect(shown(`SELECT '${'x'.repeat(100)}';`)).toBe(`SELECT '${'x'.repeat(100)}';`)
  for (const text of [`SELECT '${'x'.repeat(100_000)}';`, 'SELECT 1;\n'.repeat(20_000).trimEnd()]) {
    expect(shown(text).length).toBeLessThan(66_000)
    expect(shown(text)).toMatch(new RegExp(`\\n-- \\(cut here: these are 65536 of ${text.length} characters\\)$`))
  }
})

test('one that it does not touch has no text', () => {
  const own = migration({ version: '00001', name: 'a', up: 'SELECT 1;', down: undefined })
  expect(reportOf(own, undefined, { touched: false })).not.toHaveProperty('sql')
})
