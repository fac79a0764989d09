// Chains that real projects have and that no generator would make.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { chainOf, expectSharedSession, MAKE_NOW, NOT_NOW, remakeNow, replaceNow, words } from '../support/awkward.js'
import { proveChain } from '../support/prove.js'
import { openServer } from '../support/server.js'

const never = (): never => {
  throw new Error('the chain has two steps')
}

describe('awkward chains', () => {
  let server: ScratchServer
  beforeAll(async () => {
    server = await openServer()
  })
  afterAll(async () => {
    await server.close()
  })

  test('a deferred constraint is checked at the end of each script, also where the second up is tried in one transaction', async () => {
    const result = await proveChain(
      server,
      chainOf(
        [
          'CREATE TABLE parents (id int PRIMARY KEY); CREATE TABLE children (of int REFERENCES parents DEFERRABLE INITIALLY DEFERRED)',
          'DROP TABLE children, parents',
        ],
        [
          'INSERT INTO children VALUES (1); INSERT INTO parents VALUES (1)',
          'DELETE FROM children; DELETE FROM parents; SELECT 1',
        ],
      ),
    )
    expect(words(result)).toEqual(['ok same same', 'ok same same'])
  })

  test('a repair that is tried on rows moves no sequence for the ups behind it', async () => {
    const result = await proveChain(
      server,
      chainOf(
        [
          'CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL); CREATE TABLE r (t int REFERENCES t)',
          'DROP TABLE r, t',
        ],
        ['ALTER TABLE t DROP COLUMN a', 'ALTER TABLE r ALTER t SET DEFAULT NULL'],
        ['INSERT INTO t DEFAULT VALUES; INSERT INTO r VALUES (1)', 'SELECT 1'],
      ),
    )
    expect(result.migrations[1]?.proof?.repair).toMatchObject({ onRows: 'fails' })
    expect(result.migrations[2]?.proof?.up).toBe('ok')
  })

  test('a down that the parser refuses stops the chain at that step, and the others are counted', async () => {
    const result = await proveChain(
      server,
      chainOf(
        ['CREATE TABLE a (id int)', 'DROP TABLE a'],
        ['CREATE TABLE b (id int)', 'DROP TABEL b'],
        ['CREATE TABLE c (id int)', 'DROP TABLE c'],
        ['CREATE TABLE d (id int)', 'DROP TABLE d'],
      ),
    )
    expect(words(result)).toEqual(['ok same same', 'ok failed skipped', 'ok same same', 'ok same same'])
    expect(result.chain).toMatchObject({ down: 'failed', downs: 2, stoppedAt: '00002_step' })
  })

  test.each([
    ['in one sweep', 'DROP TABLE b', undefined],
    ['step by step, as a down is wrong', 'SELECT 1', undefined],
    ['from the second migration on', 'SELECT 1', 1],
  ] as const)('rules see what each up made, and the catalogue after it: %s', async (_, wrongDown, scope) => {
    const chain = chainOf(
      ['CREATE TABLE a (id int PRIMARY KEY)', 'DROP TABLE a'],
      ['CREATE TABLE b (id int)', wrongDown],
      ['ALTER TABLE a ADD COLUMN x int', 'ALTER TABLE a DROP COLUMN x'],
      ['CREATE TABEL c (id int)', 'DROP TABLE c'],
      ['DROP TABLE a', 'CREATE TABLE a (id int PRIMARY KEY, x int)'],
    )
    const migrations = wrongDown === 'SELECT 1' ? chain : chain.filter((_, at) => at !== 3)
    const { effects } = await proveChain(server, migrations, 'guided', scope)
    const made = [...effects].map(([id, { made }]) => [id, made.map(({ kind, identity }) => `${kind} ${identity}`)])
    const removed = [...effects].map(([id, { removed }]) => [id, removed.length])
    const first = ['00001_step', expect.arrayContaining(['table public.a', 'constraint public.a.a_pkey'])]
    const all = [
      first,
      ['00002_step', ['table public.b', 'column public.b.id']],
      ['00003_step', ['column public.a.x']],
      ['00005_step', []],
    ]
    expect(made).toEqual(scope === undefined ? all : all.slice(1))
    expect(removed.at(-1)).toEqual(['00005_step', 5])
    const kinds = (id: string): readonly string[] =>
      effects
        .get(id)
        ?.objectsAfter('relation public.a')
        .map(({ kind }) => kind) ?? []
    expect(kinds('00002_step').toSorted()).toEqual(['column', 'constraint', 'index', 'table'])
    expect(kinds('00003_step')).toHaveLength(5)
    expect(kinds('00005_step')).toEqual([])
  })

  test('what a shared session holds is there behind a down that is wrong, and behind a script that ends its connection', async () => {
    await expectSharedSession(server, 'guided')
  })

  test('a function whose name ends like one of ours fails as any other', async () => {
    const result = await proveChain(
      server,
      chainOf(
        [
          "CREATE FUNCTION aggregate_daily() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1 / 0; END'",
          'DROP FUNCTION aggregate_daily()',
        ],
        ['SELECT aggregate_daily()', 'SELECT 1'],
      ),
    )
    expect(words(result)).toEqual(['ok same same', 'failed not run skipped'])
    expect(result.migrations[1]?.proof?.failure).toMatchObject({ message: 'division by zero', sqlstate: '22012' })
  })

  test.each([
    ["CREATE TABLE b (x text DEFAULT 'open)", /^unterminated quoted string$/],
    ['CREATE TABLE b (x int);\n/* never closed', /^unterminated \/\* comment$/],
    ['CREATE TABLE b (x int, y', /^syntax error/],
  ])('reports what a script leaves open without our own text: %s', async (up, message) => {
    const result = await proveChain(server, chainOf([up, 'DROP TABLE b']))
    expect(result.migrations[0]?.proof?.failure?.message).toMatch(message)
    expect(JSON.stringify(result.migrations[0]?.proof?.failure)).not.toMatch(/gate_|CONSTRAINTS/)
  })

  test('settings of a session do not outlive a step that failed behind them', async () => {
    const path = 'SET search_path = app, public;'
    const result = await proveChain(
      server,
      chainOf(
        ['CREATE SCHEMA app', 'DROP SCHEMA app CASCADE'],
        [`${path} CREATE TABLE t (id int)`, 'DROP TABLE app.t'],
        [`${path} CREATE TABLE u (id int, x int)`, `${path} DROP TABLE u`],
        ['ALTER TABLE t ADD COLUMN c int', 'ALTER TABLE t ADD COLUMN c int'],
        ['ALTER TABLE u ADD COLUMN task int', 'ALTER TABLE u DROP COLUMN task'],
        [`${path} ALTER TABLE u DROP COLUMN x`, `${path} ALTER TABLE u ADD COLUMN x int`],
      ),
    )
    expect(result.migrations.map(({ proof }) => proof?.up)).toEqual(['ok', 'ok', 'ok', 'failed', 'failed', 'ok'])
  })

  test('an extension that the config wants and the server has not leaves all unproved', async () => {
    const proof = proveChain(server, chainOf(['CREATE TABLE a (id int)', 'DROP TABLE a']), 'guided', undefined, {
      extensions: ['no_such_extension'],
    })
    await expect(proof).rejects.toMatchObject({
      kind: 'environment',
      message: expect.stringContaining('no extension no_such_extension'),
    })
  })

  test('rows of a table whose column is called as an alias would be', async () => {
    const bench = await server.openEnvironment({ clusterWide: false, session: 'reset', setup: [], snapshots: 'guided' })
    const scratch = await bench.open()
    const [made, changed] = chainOf(
      ['CREATE TABLE a (id int, t text); INSERT INTO a VALUES (1)', ''],
      ['UPDATE a SET id = 2', ''],
    )
    await scratch.run(made?.up ?? never(), 'up')
    const before = await scratch.rows()
    await scratch.run(changed?.up ?? never(), 'up')
    expect(await scratch.rows()).not.toEqual(before)
    await bench.close()
  })

  test('an up that fails first of all, and half of it stays', async () => {
    const result = await proveChain(
      server,
      chainOf(
        ['BEGIN; CREATE TABLE a (id int); COMMIT; SELECT 1 / 0;', 'DROP TABLE a'],
        ['CREATE TABLE a (id int)', 'DROP TABLE a'],
      ),
    )
    expect(words(result)).toEqual(['failed not run skipped', 'ok same same'])
  })

  test('a column takes the name of one that the same step drops: what refers to it is seen', async () => {
    const result = await proveChain(
      server,
      chainOf(
        [
          'CREATE TABLE a (id int, x int UNIQUE, y int UNIQUE); CREATE TABLE b (a int REFERENCES a (y))',
          'DROP TABLE b; DROP TABLE a',
        ],
        [
          'ALTER TABLE a DROP COLUMN x; ALTER TABLE a RENAME COLUMN y TO x',
          'ALTER TABLE a RENAME COLUMN x TO y; ALTER TABLE a ADD COLUMN x int UNIQUE',
        ],
      ),
    )
    expect(result.bug).toBeUndefined()
    expect(result.migrations[1]?.proof?.down).toBe('column-order')
  })

  test('a step that makes "now" a constant is another one each time, and the next ones are judged by themselves', async () => {
    const result = await proveChain(
      server,
      chainOf(
        [
          `CREATE TABLE a (id int, at timestamp); CREATE VIEW v AS SELECT * FROM a WHERE at < 'now'::timestamp`,
          'DROP VIEW v; DROP TABLE a',
        ],
        ['ALTER TABLE a ADD COLUMN n int', 'ALTER TABLE a DROP COLUMN n'],
        ['CREATE INDEX a_id ON a (id)', 'DROP INDEX a_id'],
      ),
    )
    expect(words(result)).toEqual(['ok same differs', 'ok same same', 'ok same same'])
  })

  // Other constants of it: test/long/awkward.test.ts.
  test('a down that makes a constant of "now" as it was made before has restored it', async () => {
    const [view] = MAKE_NOW
    expect(await remakeNow(server, view.made)).toBe('ok same same')
  })

  test('a constant of "now" hides nothing else', async () => {
    const [, typed] = NOT_NOW
    expect(await replaceNow(server, typed.again)).toMatch(/^ok differs/)
  })

  test("does not ask a chain that guards the tool's table to run again: nothing could be recorded", async () => {
    const guard = `CREATE SCHEMA IF NOT EXISTS migration_gate;
      CREATE TABLE IF NOT EXISTS migration_gate.applied (id text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
      CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not by hand'; END $$;
      CREATE TRIGGER forbid BEFORE INSERT ON migration_gate.applied FOR EACH ROW EXECUTE FUNCTION forbid();`
    const off = 'DROP TRIGGER forbid ON migration_gate.applied; DROP FUNCTION forbid();'
    const result = await proveChain(server, chainOf([guard, off]))
    expect(words(result)).toEqual(['ok same same'])
    expect(result.chain?.upToDate).toBe('not run')
  })

  test('a script that ends its own connection fails at its line, and the run goes on', async () => {
    const result = await proveChain(
      server,
      chainOf(
        ['CREATE TABLE a (id int)', 'DROP TABLE a'],
        ['SELECT 1;\nSELECT pg_terminate_backend(pg_backend_pid());', ''],
        ['CREATE TABLE b (id int)', 'DROP TABLE b'],
      ),
    )
    expect(words(result)).toEqual(['ok same same', 'failed not run skipped', 'ok same same'])
    expect(result.migrations[1]?.proof?.failure).toMatchObject({ sqlstate: '57P01', place: { line: 2 } })
  })

  test.each([
    ['a quote that is left open', `SELECT 'abc`, /unterminated quoted string/],
    ['COMMIT with a slip', 'BEGIN;\nCREATE TABLE a (id int);\nCOMMIT:', /syntax error at or near ":"/],
  ])('reports %s in the words of the server, without ours', async (_name, up, message) => {
    const result = await proveChain(server, chainOf([up, '']))
    const failure = result.migrations[0]?.proof?.failure
    expect(failure?.message).toMatch(message)
    expect(JSON.stringify(failure)).not.toContain('gate_')
  })

  test('a transaction that a script begins and does not end fails it, as it fails the tool, and the run goes on', async () => {
    const result = await proveChain(
      server,
      chainOf(
        ['BEGIN;\nCREATE TABLE a (id int);', 'DROP TABLE a'],
        ['CREATE TABLE b (id int)', 'BEGIN;\nDROP TABLE b;'],
        ['CREATE TABLE c (id int)', 'DROP TABLE c'],
      ),
    )
    expect(words(result)).toEqual(['failed not run skipped', 'ok failed skipped', 'ok same same'])
    for (const at of [0, 1]) {
      expect(result.migrations[at]?.proof?.failure?.message).toMatch(/^the script leaves its own transaction open/)
    }
    expect(result.migrations[1]?.proof?.repair?.kind).toBe('replace')
  })

  test('a time limit that a script sets does not reach our own look', async () => {
    const result = await proveChain(
      server,
      chainOf(['SET statement_timeout = 1; CREATE TABLE a (id int)', 'DROP TABLE a']),
    )
    expect(words(result)).toEqual(['ok same same'])
  })
})
