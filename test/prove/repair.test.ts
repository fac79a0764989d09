// Lines that repair a down are reported only when the proof showed that they do.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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

describe('where tables have rows', () => {
  const SHOP = migrationOf(
    '00001_base',
    `CREATE TABLE kinds (id int PRIMARY KEY CHECK (id > 0));
CREATE TABLE products (id serial PRIMARY KEY, kind int NOT NULL REFERENCES kinds, name varchar(20) NOT NULL, sku text NOT NULL DEFAULT '',
  code text NOT NULL, mark int NOT NULL DEFAULT 0 UNIQUE, size int);`,
    'DROP TABLE products; DROP TABLE kinds;',
  )

  test.each<[string, string, string, Partial<NonNullable<Proof['repair']>>, 'runs' | 'fails']>([
    [
      'a column that the down makes without NOT NULL gets its default first',
      'ALTER TABLE products DROP COLUMN sku;',
      'ALTER TABLE products ADD COLUMN sku text;',
      {
        kind: 'append',
        sql: `ALTER TABLE public.products ALTER COLUMN sku SET DEFAULT ''::text;
UPDATE public.products SET sku = DEFAULT WHERE sku IS NULL;
ALTER TABLE public.products ALTER COLUMN sku SET NOT NULL;`,
        notes: ['The data of the column public.products.sku is not brought back: all rows get its default.'],
      },
      'runs',
    ],
    [
      'a column that no down makes',
      'ALTER TABLE products DROP COLUMN sku; CREATE TABLE extra (id int);',
      'DROP TABLE extra;',
      { sql: `ALTER TABLE public.products ADD COLUMN sku text DEFAULT ''::text NOT NULL;` },
      'runs',
    ],
    [
      'a column without a default cannot come back',
      'ALTER TABLE products DROP COLUMN code;',
      '-- nothing',
      {
        sql: 'ALTER TABLE public.products ADD COLUMN code text NOT NULL;',
        onRows: 'fails',
        notes: [
          expect.stringContaining('An added column comes last') as unknown as string,
          'The column public.products.code was NOT NULL without a default: it cannot be restored in a table with rows. Its data is not brought back.',
          'ALTER TABLE public.products ADD COLUMN code text NOT NULL fails on any row.',
        ],
      },
      'fails',
    ],
    [
      'the same where the down makes it without NOT NULL',
      'ALTER TABLE products DROP COLUMN code;',
      'ALTER TABLE products ADD COLUMN code text;',
      { sql: 'ALTER TABLE public.products ALTER COLUMN code SET NOT NULL;', onRows: 'fails' },
      'fails',
    ],
    [
      'a default that is not unique',
      'ALTER TABLE products DROP COLUMN mark;',
      '-- nothing',
      { onRows: 'fails' },
      'fails',
    ],
    [
      'NOT NULL of a column that kept its values',
      'ALTER TABLE products ALTER COLUMN name DROP NOT NULL;',
      '-- nothing',
      {
        sql: 'ALTER TABLE public.products ALTER COLUMN name SET NOT NULL;',
        onRows: 'fails on some',
        notes: ['Rows with NULL in public.products.name make the line fail.'],
      },
      'runs',
    ],
    [
      'a narrower type that the values fit',
      'ALTER TABLE products ALTER COLUMN name TYPE text;',
      '-- nothing',
      {
        sql: 'ALTER TABLE public.products ALTER COLUMN name TYPE character varying(20) USING name;',
        onRows: 'fails on some',
        notes: [
          expect.stringContaining('Values of public.products.name') as unknown as string,
          'ALTER TABLE public.products ALTER COLUMN name TYPE character ... fails on longer text.',
        ],
      },
      'runs',
    ],
    [
      'a key that new rows may break, and old ones do not',
      'ALTER TABLE products DROP CONSTRAINT products_mark_key;',
      '-- nothing',
      { onRows: 'fails on some', notes: ['Rows that violate products_mark_key make the line fail.'] },
      'runs',
    ],
    [
      'a check that new rows may break, and old ones do not',
      'ALTER TABLE kinds DROP CONSTRAINT kinds_id_check; ALTER TABLE products ALTER COLUMN name DROP NOT NULL;',
      '-- nothing',
      {
        onRows: 'fails on some',
        notes: [
          'Rows with NULL in public.products.name make the line fail.',
          'Rows that violate kinds_id_check make the line fail.',
        ],
      },
      'runs',
    ],
    [
      'values that the up changes, and the check of before does not take',
      'ALTER TABLE kinds DROP CONSTRAINT kinds_id_check; UPDATE kinds SET id = -id WHERE id NOT IN (SELECT kind FROM products);',
      '-- nothing',
      { onRows: 'fails', notes: ['Rows that violate kinds_id_check make the line fail.'] },
      'runs',
    ],
  ])('%s', async (_, up, down, repair, outcome) => {
    const [, proof] = await proofsOf([SHOP, migrationOf('00002_step', up, down)])
    expect(proof?.repair).toMatchObject(repair)
    expect(proof?.repair?.onRows).toBe(repair.onRows)
    // The same on a database with rows.
    const { query } = await live.database()
    await query(`${SHOP.up?.messages[0]?.text ?? ''}; INSERT INTO kinds VALUES (7);
INSERT INTO products (kind, name, code, mark) VALUES (7, 'a', 'b', 1), (7, 'c', 'd', 2)`)
    const whole = `${up}\n${proof?.repair?.kind === 'append' ? down : ''}\n${proof?.repair?.sql ?? ''}`
    const ran = await query(whole).then(
      () => 'runs',
      () => 'fails',
    )
    expect(ran).toBe(outcome)
  })

  test('what takes no made-up rows is proved on empty tables, and says why', async () => {
    const odd = migrationOf(
      '00001_base',
      `CREATE TABLE odd (id int PRIMARY KEY, name text NOT NULL DEFAULT '', CHECK (false));`,
      'DROP TABLE odd;',
    )
    const step = migrationOf('00002_step', 'ALTER TABLE odd DROP COLUMN name;', '-- nothing')
    const [, proof] = await proofsOf([odd, step])
    expect(proof?.repair).toMatchObject({
      onRows: 'not tried',
      notes: [
        'The data of the column public.odd.name is not brought back.',
        expect.stringContaining('With rows it could not be tried: public.odd takes no made-up rows ('),
      ],
    })
  })
})
