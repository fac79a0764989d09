// What is said about a step that began and did not end: commands that work as pasted.
import { expect, test } from '@jest/globals'
import { lostRefusal, repairWords } from '../../src/state/refusals.js'
import type { Migration } from '../../src/model/migration.js'

const FIRST: Migration = {
  id: '00001_a',
  version: '00001',
  name: 'a',
  kind: 'schema',
  up: undefined,
  down: undefined,
  code: undefined,
  irreversible: undefined,
}

test.each([
  ['elsewhere', false, 'then run up again'],
  ['in production, where up refuses,', true, 'then make a new plan and deploy that'],
])('%s the way on is the word that works there', (_, production, words) => {
  const about = '--databases a'
  const dirty = { key: '00001', migration: FIRST, direction: 'up' } as const
  expect(repairWords({ about, production, migrations: [FIRST], applied: [], dirty })).toBe(
    `If all of it is applied: \`pg-migration-gate baseline ${about} --to 00001 --clear-dirty\`. If none of it is applied: \`pg-migration-gate baseline ${about} --to 0 --clear-dirty\`, ${words}.`,
  )
  expect(lostRefusal({ database: 'a', about, production, lost: [] }).fix).toContain(`--to 0\`, ${words}.`)
})
