// Lines that repair a down are reported only when the proof showed that they do.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Migration } from '../../src/model/migration.js'
import type { Proof } from '../../src/report/check-report.js'
import { startLive, type LiveServer } from '../support/live.js'
import { migration } from '../support/migrations.js'
import { proveChain } from '../support/prove.js'

const migrationOf = (id: string, up: string, down: string | undefined): Migration => {
  const [version = '', name = ''] = id.split('_')
  return migration({ version, name, up, down })
}

let live: LiveServer
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

const BASE = migrationOf(
  '00001_base',
  'CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);',
  'DROP TABLE users;',
)
const NEXT = migrationOf('00003_next', 'CREATE TABLE later (id int);', 'DROP TABLE later;')

async function proofsOf(chain: readonly Migration[]): Promise<readonly (Proof | undefined)[]> {
  const { migrations } = await proveChain(live.server, chain)
  return migrations.map(({ proof }) => proof)
}

test.each<[string, string, string | undefined, Partial<NonNullable<Proof['repair']>> | undefined]>([
  [
    'what was left behind',
    'CREATE TABLE a (id int); CREATE INDEX i ON users (name);',
    'DROP TABLE a;',
    { kind: 'append', sql: 'DROP INDEX public.i;', loses: [] },
  ],
  [
    'a table that was left behind',
    'CREATE TABLE a (id int); CREATE INDEX i ON users (name);',
    'DROP INDEX i;',
    { kind: 'append', sql: 'DROP TABLE public.a;', loses: ['the table public.a with all its rows'] },
  ],
  [
    'what was lost',
    'ALTER TABLE users ALTER COLUMN name DROP NOT NULL; CREATE TABLE a (id int);',
    'DROP TABLE a;',
    {
      kind: 'append',
      sql: 'ALTER TABLE public.users ALTER COLUMN name SET NOT NULL;',
      notes: ['Rows with NULL in public.users.name make the line fail.'],
    },
  ],
  ['an empty down', 'CREATE TABLE a (id int);', '-- nothing', { kind: 'replace', sql: 'DROP TABLE public.a;' }],
  ['a missing down', 'CREATE TABLE a (id int);', undefined, { kind: 'replace', sql: 'DROP TABLE public.a;' }],
  ['a down that fails', 'CREATE TABLE a (id int);', 'DROP TABLE b;', { kind: 'replace', sql: 'DROP TABLE public.a;' }],
  [
    'a column that comes back as the last one',
    'ALTER TABLE users DROP COLUMN id CASCADE;',
    '-- nothing',
    { kind: 'replace', order: 'other' },
  ],
  ['nothing to repair', 'CREATE TABLE a (id int);', 'DROP TABLE a;', undefined],
  // The up cannot run twice, whatever the down does.
  [
    'an up that makes another schema each time',
    `CREATE TABLE a (id int); DO $$ BEGIN EXECUTE 'CREATE TABLE t' || (random() * 1e9)::int || ' (id int)'; END $$;`,
    'DROP TABLE a;',
    undefined,
  ],
])('%s', async (_, up, down, repair) => {
  const [, proof, next] = await proofsOf([BASE, migrationOf('00002_step', up, down), NEXT])
  if (repair === undefined) expect(proof?.repair).toBeUndefined()
  else expect(proof?.repair).toMatchObject(repair)
  // What was tried leaves nothing behind.
  expect(next).toMatchObject({ up: 'ok', down: 'same', again: 'same' })
})

test('one that is declared irreversible is left alone', async () => {
  const step = {
    ...migrationOf('00002_step', 'CREATE TABLE a (id int);', undefined),
    irreversible: { reason: 'x', place: undefined },
  }
  const [, proof] = await proofsOf([BASE, step])
  expect(proof).toMatchObject({ down: 'irreversible' })
  expect(proof?.repair).toBeUndefined()
})
