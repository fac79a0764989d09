// What SQL makes, removes, renames and changes, as far as its text shows.
import { expect, test } from '@jest/globals'
import { effectsOf, type DbObject, type Effect } from '../../src/sql/effects/object-effects.js'
import { relationsIn } from '../../src/sql/relations-in.js'
import { sqlInCode } from '../../src/sql/sql-in-code.js'

const named = ({ kind, name, of }: DbObject): string => `${kind} ${of === undefined ? '' : `${of} `}${name}`

const words = (effect: Effect): string => {
  if ('object' in effect) return `${effect.does} ${named(effect.object)}${'to' in effect ? ` to ${effect.to}` : ''}`
  return `${effect.does} ${effect.relation}${'column' in effect ? ` ${effect.column}` : ''}`
}

test.each<[string, readonly string[]]>([
  [
    'CREATE TABLE IF NOT EXISTS public."T" (a int, CONSTRAINT c CHECK (a > 0), PRIMARY KEY (a))',
    ['makes relation T', 'makes column T a', 'makes constraint T c'],
  ],
  ['CREATE UNLOGGED TABLE app.t PARTITION OF app.p FOR VALUES IN (1)', ['makes relation app.t', 'partitions app.p']],
  ['CREATE OR REPLACE VIEW v AS SELECT 1', ['makes relation v']],
  ['CREATE UNIQUE INDEX CONCURRENTLY i ON app.t (a)', ['makes relation app.i', 'keys app.t']],
  ['CREATE INDEX ON t (a)', []],
  [
    "CREATE TYPE k AS ENUM ('a'); ALTER TYPE k ADD VALUE IF NOT EXISTS 'it''s' AFTER 'a'; ALTER TYPE k RENAME VALUE 'a' TO 'b'",
    ['makes type k', "makes value k it's", 'renames value k a to b'],
  ],
  [
    'CREATE CONSTRAINT TRIGGER g AFTER INSERT OR UPDATE OF a, b ON t FOR EACH ROW EXECUTE FUNCTION f()',
    ['makes trigger t g'],
  ],
  [
    'CREATE POLICY p ON app.t; CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING',
    ['makes policy app.t p', 'makes rule t r'],
  ],
  [
    'CREATE SCHEMA IF NOT EXISTS AUTHORIZATION joe; CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA app',
    ['makes schema joe', 'makes extension uuid-ossp'],
  ],
  ['CREATE USER MAPPING FOR joe SERVER s; CREATE USER joe', ['makes role joe']],
  ['CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS $$ DROP TABLE never $$', ['makes routine app.f']],
  [
    'DROP TABLE IF EXISTS a, app.b CASCADE; DROP FUNCTION f(int, text), g(); DROP TRIGGER g ON t; DROP INDEX CONCURRENTLY i',
    [
      'removes relation a',
      'removes relation app.b',
      'removes routine f',
      'removes routine g',
      'removes trigger t g',
      'removes relation i',
    ],
  ],
  [
    'ALTER TABLE IF EXISTS ONLY t ADD a numeric(1, 2), ADD COLUMN IF NOT EXISTS b int, DROP COLUMN IF EXISTS c CASCADE, DROP d',
    ['makes column t a', 'makes column t b', 'removes column t c', 'removes column t d'],
  ],
  [
    'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0), ADD CONSTRAINT u UNIQUE (a), ADD PRIMARY KEY (b), ADD FOREIGN KEY (a) REFERENCES s, DROP CONSTRAINT IF EXISTS x',
    [
      'makes constraint t c',
      'makes constraint t u',
      'keys t',
      'constraint t',
      'keys t',
      'constraint t',
      'keys t',
      'removes constraint t x',
    ],
  ],
  [
    'ALTER TABLE t ALTER COLUMN a TYPE bigint USING a::bigint, ALTER b DROP NOT NULL, ALTER CONSTRAINT c DEFERRABLE',
    ['column t a', 'column t b'],
  ],
  [
    'ALTER TABLE app.t RENAME a TO b; ALTER TABLE app.t RENAME CONSTRAINT c TO d; ALTER TABLE app.t RENAME TO u; ALTER TABLE app.u SET SCHEMA public',
    [
      'renames column app.t a to b',
      'renames constraint app.t c to d',
      'renames relation app.t to app.u',
      'renames relation app.u to u',
    ],
  ],
  [
    'ALTER INDEX i RENAME TO j; ALTER POLICY p ON t RENAME TO q; ALTER TYPE c ADD ATTRIBUTE x int; ALTER FUNCTION f(int) RENAME TO g',
    ['renames relation i to j', 'renames policy t p to q', 'makes column c x', 'renames routine f to g'],
  ],
  ['ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1); ALTER TABLE t OWNER TO joe', ['partitions p']],
  [
    'INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 1; UPDATE ONLY u SET a = 1; DELETE FROM v; TRUNCATE w, x',
    ['adds t', 'alters u', 'alters v', 'alters w', 'alters x'],
  ],
  ['WITH d AS (DELETE FROM t RETURNING a) INSERT INTO u SELECT * FROM d', ['alters t', 'adds u']],
  ['SELECT a INTO TEMP TABLE n FROM t', ['makes relation n']],
  [
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM t) THEN CREATE TABLE a (x int); ELSE DROP TABLE b; END IF; EXECUTE 'CREATE VIEW v AS SELECT 1'; END $$",
    ['makes relation a', 'makes column a x', 'removes relation b', 'makes relation v'],
  ],
  ["-- CREATE TABLE a ()\nSELECT 'DROP TABLE b'; COMMENT ON TABLE c IS 'x'; GRANT SELECT ON d TO joe", []],
  ['CREATE TABLE', []],
  ['ALTER TABLE t ADD', []],
])('%s', (text, effects) => {
  expect(effectsOf([text]).effects.map(words)).toEqual(effects)
})

test('statements that a script puts together are seen, and those that it only reads or writes are not', () => {
  const block = (body: string): boolean => effectsOf([`DO $$ BEGIN ${body}; END $$`]).dynamic
  expect(block("EXECUTE format('CREATE TABLE %I ()', 'a')")).toBe(true)
  expect(block('EXECUTE statement')).toBe(true)
  expect(block("EXECUTE 'ALTER TABLE ' || name || ' ADD a int'")).toBe(true)
  expect(block("EXECUTE 'SELECT ' || x")).toBe(false)
  expect(block("EXECUTE 'CREATE TABLE a ()'")).toBe(false)
})

test('the body of a routine counts where it is called', () => {
  const { calls, bodies, effects } = effectsOf([
    'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE a; END $$; SELECT app.g(f(1), 2)',
  ])
  expect(effects.map(words)).toEqual(['makes routine f'])
  expect(calls).toEqual(['app.g', 'f'])
  expect(bodies.get('f')?.effects.map(words)).toEqual(['removes relation a'])
})

test.each<[string, readonly string[]]>([
  ['SELECT 1 FROM a x, b AS y, app.c JOIN d ON d.i = x.i', ['a', 'b', 'app.c', 'd', 'd.i']],
  ['ALTER TABLE IF EXISTS ONLY t ADD FOREIGN KEY (a) REFERENCES u', ['t', 'u']],
  ['CREATE INDEX i ON t (on_a)', ['t']],
  ['CREATE INDEX ON t (a)', ['t']],
  ['DO $$ BEGIN PERFORM 1 FROM t; END $$', ['t']],
])('the relations of: %s', (text, names) => {
  expect(relationsIn(text)).toEqual(names)
})

test('SQL in the strings of code', () => {
  const code =
    'const a = `CREATE TABLE a ()`; // don\'t\nb = "DROP TABLE b"; c = """ALTER TABLE c ADD d int"""; d = "drop it" + "hello"'
  expect(sqlInCode(code)).toEqual(['CREATE TABLE a ()', 'DROP TABLE b', 'ALTER TABLE c ADD d int', 'drop it'])
})
