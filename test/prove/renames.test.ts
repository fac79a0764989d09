// A new name is not a new object: in what an up does, in a down that does not go back, and in derived downs.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { compareSnapshots } from '../../src/catalog/compare-snapshots.js'
import { sameness } from '../../src/catalog/difference.js'
import { deriveDown } from '../../src/catalog/derive/down.js'
import { effectsIn } from '../../src/catalog/up-effect.js'
import type { Script } from '../../src/model/migration.js'
import { WorkingCopy } from '../../src/prove/scratch-copies.js'
import { schemaEffects } from '../../src/render/words/effects.js'
import { plainScript } from '../../src/tools/script.js'
import { startLive, type LiveServer } from '../support/live.js'
import { migration } from '../support/migrations.js'
import { proveChain } from '../support/prove.js'

let live: LiveServer
let place: WorkingCopy
beforeAll(async () => {
  live = await startLive()
  const options = { clusterWide: false, session: 'reset', setup: [scriptOf(START)], snapshots: 'guided' } as const
  place = await WorkingCopy.open(await live.server.openEnvironment(options))
}, 60_000)
afterAll(() => live.close())

const START = `CREATE SCHEMA shop;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE address AS (street text, town text);
CREATE TABLE customers (id serial PRIMARY KEY, full_name text NOT NULL, mail text, note text, mood mood, CHECK (mail <> full_name));
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, note text);
CREATE TABLE days (day date NOT NULL, n int) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE copies (LIKE orders INCLUDING ALL);
CREATE VIEW names AS SELECT full_name FROM customers;`

/** PostgreSQL keeps the name of a column of a view when the column below it gets another one. */
const VIEW = `CREATE OR REPLACE VIEW public.names AS
SELECT customers.full_name
   FROM public.customers`

/** What one up does after the start, in the words of every report, the SQL that is derived for its down, and its result. */
async function effectsOf(up: string): Promise<{ does: readonly string[]; down: readonly string[]; word: string }> {
  const { tracker } = place
  const seen = await place.attempt([scriptOf(up)], async () => {
    const before = new Map(tracker.now)
    const moment = tracker.remember()
    expect(await place.run(scriptOf(up), 'up')).toMatchObject({ ok: true })
    const does = schemaEffects(effectsIn(tracker.changeSince(moment))).map(({ verb, name }) => `${verb} ${name}`)
    const { statements: down } = deriveDown(before, tracker.now, { fates: tracker.fatesSince(moment) })
    tracker.forget(moment)
    await place.run(scriptOf(down.map((statement) => `${statement};`).join('\n')), 'down')
    return { keep: false, result: { does, down, word: sameness(compareSnapshots(before, tracker.now)) } }
  })
  if (typeof seen === 'string') throw new Error(`${seen}: ${up}`)
  return seen.result
}

const scriptOf = (text: string): Script => plainScript({ file: 'step.sql', text, transaction: 'wrapped' })

describe('a rename', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    [
      'of a column',
      'ALTER TABLE customers RENAME COLUMN full_name TO name;',
      ['renames column full_name of table customers to name', 'changes view names'],
      ['ALTER TABLE public.customers RENAME COLUMN name TO full_name', VIEW],
    ],
    [
      'of a table that others refer to',
      'ALTER TABLE customers RENAME TO people;',
      ['renames table customers to people'],
      ['ALTER TABLE public.people RENAME TO customers'],
    ],
    [
      'to another schema',
      'ALTER TABLE orders SET SCHEMA shop;',
      ['renames table public.orders to shop.orders'],
      ['ALTER TABLE shop.orders SET SCHEMA public'],
    ],
    [
      'to another schema under another name',
      'ALTER TABLE orders SET SCHEMA shop; ALTER TABLE shop.orders RENAME TO bought;',
      ['renames table public.orders to shop.bought'],
      ['ALTER TABLE shop.bought SET SCHEMA public', 'ALTER TABLE public.bought RENAME TO orders'],
    ],
    [
      'of a schema, with all in it',
      'CREATE TABLE shop.a (id serial); ALTER SCHEMA shop RENAME TO store;',
      ['renames schema shop to store', 'adds table store.a'],
      ['ALTER SCHEMA store RENAME TO shop', 'DROP TABLE shop.a'],
    ],
    [
      'of a table and a column at once',
      'ALTER TABLE orders RENAME TO bought; ALTER TABLE bought RENAME COLUMN note TO remark;',
      ['renames table orders to bought', 'renames column note of table bought to remark'],
      ['ALTER TABLE public.bought RENAME TO orders', 'ALTER TABLE public.orders RENAME COLUMN remark TO note'],
    ],
    [
      'of a column with a new type and NOT NULL',
      `ALTER TABLE orders RENAME note TO remark; ALTER TABLE orders ALTER remark TYPE varchar(9), ALTER remark SET NOT NULL;`,
      ['renames column note of table orders to remark'],
      [
        'ALTER TABLE public.orders RENAME COLUMN remark TO note',
        'ALTER TABLE public.orders ALTER COLUMN note TYPE text USING note::text',
        'ALTER TABLE public.orders ALTER COLUMN note DROP NOT NULL',
      ],
    ],
    [
      'of two columns to each other',
      'ALTER TABLE customers RENAME mail TO x; ALTER TABLE customers RENAME note TO mail; ALTER TABLE customers RENAME x TO note;',
      ['renames column mail of table customers to note', 'renames column note of table customers to mail'],
      [
        'ALTER TABLE public.customers RENAME COLUMN mail TO mail_set_aside',
        'ALTER TABLE public.customers RENAME COLUMN note TO mail',
        'ALTER TABLE public.customers RENAME COLUMN mail_set_aside TO note',
      ],
    ],
    [
      'of two tables to each other',
      'ALTER TABLE orders RENAME TO x; ALTER TABLE copies RENAME TO orders; ALTER TABLE x RENAME TO copies;',
      ['renames table orders to copies', 'renames table copies to orders'],
      expect.anything() as unknown as readonly string[],
    ],
    [
      'of a column of partitions',
      'ALTER TABLE days RENAME COLUMN n TO amount;',
      ['renames column n of table days to amount', 'renames column n of table days_1 to amount'],
      ['ALTER TABLE public.days RENAME COLUMN amount TO n'],
    ],
    [
      'of an attribute, a type and a view',
      'ALTER TYPE address RENAME ATTRIBUTE town TO city; ALTER TYPE mood RENAME TO feeling; ALTER VIEW names RENAME TO labels;',
      [
        'renames column town of composite type address to city',
        'renames view names to labels',
        'renames enum mood to feeling',
      ],
      expect.anything() as unknown as readonly string[],
    ],
  ])('%s', async (_, up, does, down) => {
    const seen = await effectsOf(up)
    expect(seen.does.toSorted()).toEqual(does.toSorted())
    expect(seen.word).toBe('same')
    expect(seen.down).toEqual(down)
  })

  test('makes room for a new table of its name, which a down removes first', async () => {
    const seen = await effectsOf('ALTER TABLE orders RENAME TO orders_old; CREATE TABLE orders (id int, customer int);')
    expect(seen.does).toEqual(['renames table orders to orders_old', 'adds table orders'])
    expect(seen.word).toBe('same')
    expect(seen.down).toEqual([
      'ALTER TABLE public.orders RENAME TO orders_set_aside',
      'ALTER TABLE public.orders_old RENAME TO orders',
      'DROP TABLE public.orders_set_aside',
    ])
  })
})

describe('a new object under an old name', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a column',
      'ALTER TABLE orders DROP COLUMN note; ALTER TABLE orders ADD COLUMN note text;',
      ['drops column note of table orders', 'adds column note of table orders'],
    ],
    [
      'a column whose name another one gets',
      'ALTER TABLE customers DROP COLUMN note; ALTER TABLE customers RENAME COLUMN mail TO note;',
      ['drops column note of table customers', 'renames column mail of table customers to note'],
    ],
    [
      'a table',
      'DROP TABLE copies; CREATE TABLE copies (LIKE orders INCLUDING ALL);',
      ['drops table copies', 'adds table copies'],
    ],
    [
      'a table that is built anew and put in its place',
      'CREATE TABLE copies_2 AS SELECT * FROM copies; DROP TABLE copies; ALTER TABLE copies_2 RENAME TO copies;',
      ['drops table copies', 'adds table copies'],
    ],
    ['no view, because it holds no rows', 'DROP VIEW names; CREATE VIEW names AS SELECT full_name FROM customers;', []],
  ])('%s', async (_, up, does) => {
    expect((await effectsOf(up)).does).toEqual(does)
  })

  test('is not renamed in a down, whatever else the up renames', async () => {
    const seen = await effectsOf(
      `ALTER TABLE customers DROP COLUMN mood; ALTER TABLE customers ADD COLUMN state mood;
ALTER TABLE customers RENAME CONSTRAINT customers_pkey TO pk;`,
    )
    expect(seen.down).toContain('ALTER TABLE public.customers DROP COLUMN state')
    expect(seen.down).toContain('ALTER TABLE public.customers ADD COLUMN mood public.mood')
  })
})

test('a down that does not rename back is repaired by a rename, and its difference says so', async () => {
  const chain = [
    migration({ version: '00001', name: 'start', up: START, down: undefined }),
    migration({
      version: '00002',
      name: 'step',
      // No statement shows the rename.
      up: `DO $$ BEGIN EXECUTE 'ALTER TABLE customers RE' || 'NAME COLUMN full_name TO name'; END $$;
CREATE TABLE extra (id int);`,
      down: 'DROP TABLE extra;',
    }),
  ]
  const proved = await proveChain(live.server, chain, 'guided', 1)
  expect(proved.migrations.at(-1)?.proof).toMatchObject({
    down: 'differs',
    differences: [
      {
        change: 'changed',
        kind: 'column',
        identity: 'public.customers.name',
        was: 'public.customers.full_name',
        before: 'named full_name',
        after: 'named name',
      },
      { kind: 'view' },
    ],
    repair: {
      kind: 'append',
      loses: [],
      sql: `ALTER TABLE public.customers RENAME COLUMN name TO full_name;\n${VIEW};`,
    },
  })
})
