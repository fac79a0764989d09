// Which migration people mean by what they type.
import { expect, test } from '@jest/globals'
import type { Migration } from '../../src/model/migration.js'
import { findMigration } from '../../src/state/plan.js'

const named = (version: string, id: string): Migration => ({
  id,
  version,
  name: id,
  kind: 'schema',
  up: undefined,
  down: undefined,
  code: undefined,
  irreversible: undefined,
})
const FILES = ['00004_a.sql', '00005_b.sql', '5-c.sql'].map((file) => named(file, file.replace('.sql', '')))

test.each([
  ['00004_a.sql', '00004_a'],
  ['00004_a', '00004_a'],
  ['4', '00004_a'],
  ['5', undefined],
  ['6', undefined],
  ['a', undefined],
])('where the version is the name of the file, %s means %s', (text, id) => {
  expect(findMigration(FILES, text)?.id).toBe(id)
})

const DATED = ['2020-01-31-000000_a', '2021-02-01-000000_b'].map((id) => named(id.slice(0, 17), id))

test.each([
  ['2020-01-31-000000', '2020-01-31-000000_a'],
  ['20200131000000', '2020-01-31-000000_a'],
  ['2020', undefined],
  ['2020-01-31', undefined],
])('a version of several numbers is not meant by its first ones: %s', (text, id) => {
  expect(findMigration(DATED, text)?.id).toBe(id)
})
