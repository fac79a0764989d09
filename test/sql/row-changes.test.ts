// What a statement does to rows, read from its text: clauses, lists, and code in strings.
import { describe, expect, test } from '@jest/globals'
import { clausesOf, listOf, outlined, withNames } from '../../src/sql/clauses.js'
import { plainBlock, readCode } from '../../src/sql/effects/code-text.js'
import { retypesOf, typesMadeIn } from '../../src/sql/effects/retypes.js'
import { rowChangesOf } from '../../src/sql/effects/row-changes.js'
import { splitStatements, type Statement } from '../../src/sql/statements.js'

const statement = (sql: string): Statement => splitStatements(sql)[0] ?? { text: '', start: 0, end: 0, words: [] }
const changes = (sql: string) => splitStatements(sql).flatMap(rowChangesOf)

describe('clauses', () => {
  test('are those outside of parentheses, strings, comments and quoted names', () => {
    const sql = `DELETE FROM "WHERE" USING (SELECT 1 WHERE true) x -- WHERE not
WHERE a = 'WHERE it is' AND b IS DISTINCT FROM (SELECT c FROM d) RETURNING *`
    expect(clausesOf(outlined(sql), ['USING', 'FROM', 'WHERE', 'RETURNING']).map(({ keyword }) => keyword)).toEqual([
      '',
      'FROM',
      'USING',
      'WHERE',
      'RETURNING',
    ])
  })

  test('lists are cut at their own commas', () => {
    expect(listOf(`a = f(1, 2), b = ARRAY[3, 4], c = 'x, y', "d,e" = $$f, g$$`)).toEqual([
      'a = f(1, 2)',
      'b = ARRAY[3, 4]',
      `c = 'x, y'`,
      '"d,e" = $$f, g$$',
    ])
  })

  test('names change outside of strings, and functions keep theirs', () => {
    const names = new Map([
      ['a', 'b'],
      ['b', '"A b"'],
    ])
    expect(withNames(`a = 'a' AND t.B > a(a) AND "a" < ab`, names)).toBe(`b = 'a' AND t."A b" > a(b) AND b < ab`)
  })
})

describe('changes of rows', () => {
  test.each<[string, readonly unknown[]]>([
    ['DELETE FROM a', [{ kind: 'delete', target: { table: 'a', only: false, name: 'a' }, where: undefined }]],
    [
      'DELETE FROM ONLY s.a AS x USING b WHERE x.id = b.id RETURNING x.id',
      [{ kind: 'delete', target: { table: 's.a', only: true, name: 'x' }, others: 'b', where: 'x.id = b.id' }],
    ],
    ['DELETE FROM a WHERE CURRENT OF c', [{ kind: 'delete', why: 'it goes by a cursor' }]],
    [
      `UPDATE "T" SET a = 1, b = coalesce(b, 'x, y'), (c, d) = (2, f(3, 4)) WHERE e`,
      [
        {
          kind: 'update',
          target: { table: '"T"' },
          where: 'e',
          sets: [
            { column: 'a', value: '1' },
            { column: 'b', value: `coalesce(b, 'x, y')` },
            { column: 'c', value: '2' },
            { column: 'd', value: 'f(3, 4)' },
          ],
        },
      ],
    ],
    [
      'UPDATE t SET (a, b) = (SELECT 1, 2)',
      [{ kind: 'update', sets: [{ column: 'a', value: expect.stringContaining('SELECT gate_1') }, { column: 'b' }] }],
    ],
    ['UPDATE t SET a[1] = 3', [{ kind: 'update', sets: undefined }]],
    [
      'TRUNCATE TABLE a, ONLY "b,c" *, s.d RESTART IDENTITY CASCADE',
      [{ kind: 'truncate', cascade: true, tables: [{ table: 'a' }, { table: '"b,c"', only: true }, { table: 's.d' }] }],
    ],
    [
      'WITH gone AS (DELETE FROM a WHERE x RETURNING *) INSERT INTO b SELECT * FROM gone',
      [
        { kind: 'delete', target: { table: 'a' }, where: 'x', why: undefined },
        { kind: 'insert', table: 'b' },
      ],
    ],
    [
      'WITH old AS (DELETE FROM a RETURNING id) DELETE FROM b USING old WHERE b.id = old.id',
      [
        { kind: 'delete', why: undefined },
        { kind: 'delete', why: expect.stringContaining('WITH') },
      ],
    ],
    [
      'WITH old(id) AS MATERIALIZED (SELECT 1) DELETE FROM b USING old WHERE b.id = old.id',
      [{ kind: 'delete', ctes: 'WITH old(id) AS MATERIALIZED (SELECT 1) ', why: undefined }],
    ],
    [
      'INSERT INTO s.a AS t (id, n) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET n = excluded.n WHERE t.n < 3',
      [
        {
          kind: 'upsert',
          table: 's.a',
          name: 't',
          columns: ['id', 'n'],
          source: 'VALUES (1, 2)',
          keys: ['id'],
          sets: [{ column: 'n', value: 'excluded.n' }],
          where: 't.n < 3',
        },
      ],
    ],
    ['INSERT INTO a SELECT 1 ON CONFLICT ON CONSTRAINT x DO UPDATE SET n = 1', [{ kind: 'upsert', keys: undefined }]],
    ['INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING', [{ kind: 'insert', table: 'a' }]],
    ['MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE', [{ kind: 'merge', table: 'a' }]],
    ['MERGE INTO a USING b ON a.id = b.id WHEN NOT MATCHED THEN INSERT VALUES (1)', [{ kind: 'insert', table: 'a' }]],
    ['SELECT * FROM a FOR UPDATE', []],
    ['CREATE TABLE a (b int REFERENCES c ON DELETE CASCADE)', []],
    ['COPY a TO STDOUT', []],
  ])('%s', (sql, expected) => expect(changes(sql)).toMatchObject(expected))
})

describe('code', () => {
  test.each<[string, Partial<ReturnType<typeof readCode>>]>([
    [
      'DO $$ BEGIN DELETE FROM a; UPDATE ONLY s.b SET c = 1; END $$',
      {
        writes: [
          { table: 'a', columns: undefined },
          { table: 's.b', columns: ['c'] },
        ],
        built: false,
      },
    ],
    [`DO $$ BEGIN EXECUTE 'TRUNCATE TABLE a'; END $$`, { writes: [{ table: 'a', columns: undefined }], built: false }],
    [`DO $$ BEGIN EXECUTE format('UPDATE %I SET b = 1', t); END $$`, { writes: [], built: true }],
    [`DO $$ BEGIN EXECUTE 'DELETE FROM ' || t; END $$`, { writes: [], built: true }],
    ['DO $$ DECLARE r record; BEGIN FOR r IN SELECT q FROM jobs LOOP EXECUTE r.q; END LOOP; END $$', { built: true }],
    [`DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD x int', t); END $$`, { changes: false, built: false }],
    [`DO $$ BEGIN CREATE TYPE a AS ENUM ('x'); EXCEPTION WHEN duplicate_object THEN NULL; END $$`, { changes: false }],
    [`DO $$ BEGIN RAISE NOTICE 'DELETE FROM a'; INSERT INTO b VALUES ('UPDATE c SET d'); END $$`, { changes: false }],
    [
      'DO $$ BEGIN INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 1; END $$',
      { writes: [{ table: 'a', columns: undefined }] },
    ],
    [
      `DO $$ BEGIN LOOP UPDATE a SET b = 'x', (c, "D") = (1, 2) WHERE b IS NULL; EXIT WHEN NOT FOUND; END LOOP; END $$`,
      { writes: [{ table: 'a', columns: ['b', 'c', '"D"'] }] },
    ],
    [`DO $$ BEGIN EXECUTE 'UPDATE a SET b = 1' || more; END $$`, { writes: [{ table: 'a', columns: undefined }] }],
    ['DO $$ BEGIN UPDATE a SET b[1] = 2; END $$', { writes: [{ table: 'a', columns: undefined }] }],
    ['DO $$ BEGIN PERFORM f(1) FROM g FOR UPDATE; END $$', { changes: false, calls: ['f'] }],
    [
      'CREATE TRIGGER t BEFORE UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION f()',
      { changes: false, built: false },
    ],
  ])('%s', (sql, expected) => expect(readCode(sql)).toMatchObject(expected))

  test('a block of plain statements is these statements', () => {
    const inside = (sql: string) => plainBlock(statement(sql))?.map(({ text }) => text)
    expect(inside(`DO $$ DECLARE n int := 3; BEGIN DELETE FROM a; EXECUTE 'UPDATE b SET c = ''x'''; END $$`)).toEqual([
      'DELETE FROM a',
      `UPDATE b SET c = 'x'`,
    ])
    expect(inside('DO $x$ BEGIN IF true THEN DELETE FROM a; END IF; END $x$')).toBeUndefined()
    expect(inside('DO $$ BEGIN DELETE FROM a; EXCEPTION WHEN OTHERS THEN NULL; END $$')).toBeUndefined()
    expect(inside(`DO LANGUAGE plpython3u $$ plpy.execute('DELETE FROM a') $$`)).toBeUndefined()
  })
})

test('new types of columns, with their expressions', () => {
  const sql = `ALTER TABLE IF EXISTS ONLY "s"."T" ALTER COLUMN a SET DATA TYPE numeric(10, 2) USING round(a, 2), DROP COLUMN x,
ALTER b TYPE varchar(5) COLLATE "C" USING left(b, 5), ALTER COLUMN c TYPE int, ALTER d SET DEFAULT 'TYPE int'`
  expect(retypesOf(statement(sql))).toEqual([
    { table: '"s"."T"', column: 'a', using: 'round(a, 2)' },
    { table: '"s"."T"', column: 'b', using: 'left(b, 5)' },
    { table: '"s"."T"', column: 'c', using: undefined },
  ])
  expect(typesMadeIn(`CREATE TYPE s.mood AS ENUM ('a'); DO $$ BEGIN CREATE DOMAIN "D d" AS int; END $$`)).toEqual(
    new Set(['mood', 'D d']),
  )
})
