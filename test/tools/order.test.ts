// In which order each tool runs its files. The same orders are compared with the real tools in real-tools.test.ts.
import { describe, expect, test } from '@jest/globals'
import type { LayoutName } from '../../src/model/migration.js'
import { comesAfter } from '../../src/model/version.js'
import { withRecorded } from '../../src/commands/release/recorded-downs.js'
import { toolNamed } from '../../src/tools/tools.js'
import { readFiles } from './sources.js'

/** Ids of a folder as its layout reads it. */
const ids = (layout: LayoutName, files: readonly string[]): readonly string[] =>
  readFiles(toolNamed(layout), Object.fromEntries(files.map((name) => [name, 'SELECT 1;']))).migrations.map(
    ({ id }) => id,
  )

const FOLDERS: readonly (readonly [LayoutName, readonly string[], readonly string[]])[] = [
  ['pairs', ['10_b.up.sql', '9_a.up.sql', '0009_c.up.sql'], ['0009_c', '9_a', '10_b']],
  ['goose', ['10_b.sql', '9_a.sql', '+11_c.sql'], ['9_a', '10_b', '+11_c']],
  ['dbmate', ['9_a.sql', '10_b.sql', '1_a.sql'], ['10_b', '1_a', '9_a']],
  ['directories', ['9_a/up.sql', '10_b/up.sql', '2020-01-02_c/up.sql'], ['10_b', '2020-01-02_c', '9_a']],
  ['sql-migrate', ['init.sql', '10-b.sql', '9-a.sql', '010-a.sql'], ['9-a', '010-a', '10-b', 'init']],
]

test.each(FOLDERS)('%s', (layout, files, expected) => {
  expect(ids(layout, files)).toEqual(expected)
})

test.each(FOLDERS)('%s: what only the record knows takes the same place', (layout, files, expected) => {
  const { migrations } = readFiles(toolNamed(layout), Object.fromEntries(files.map((name) => [name, 'SELECT 1;'])))
  for (const gone of migrations) {
    const left = migrations.filter((migration) => migration !== gone)
    const row = { version: gone.version, id: gone.id, down: undefined }
    expect(withRecorded(left, [row], toolNamed(layout).order.compare).migrations.map(({ id }) => id)).toEqual(expected)
  }
})

describe('whether a number comes after what there is', () => {
  test.each<readonly [LayoutName, string, string, string, boolean]>([
    ['pairs', '10', '9_a', '9', true],
    ['goose', '10', '9_a', '9', true],
    ['dbmate', '10', '9_a', '9', false],
    ['dbmate', '010', '009_a', '009', true],
    ['directories', '10', '9_a', '9', false],
    ['directories', '2026-01-02-030405', '2026-01-01-030405_a', '2026-01-01-030405', true],
    ['sql-migrate', '10', '9-a', '9-a.sql', true],
    ['sql-migrate', '10', 'init', 'init.sql', false],
  ])('%s: %s after %s', (layout, number, id, version, expected) => {
    expect(comesAfter(toolNamed(layout).order.compare, number, { id, version })).toBe(expected)
  })
})
