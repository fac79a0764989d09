import { describe, expect, test } from '@jest/globals'
import { clusterWideChange } from '../../src/sql/effects/cluster-wide.js'
import { noOpScript, noOpOf } from '../../src/sql/no-op.js'
import { refusesTransaction, transactionControl, wholeFileTransaction } from '../../src/sql/transactions.js'
import { splitStatements, type Statement } from '../../src/sql/statements.js'

function only(text: string): Statement {
  const [statement, ...more] = splitStatements(text)
  if (statement === undefined || more.length > 0) throw new Error(`not one statement: ${text}`)
  return statement
}

describe('transactionControl', () => {
  test.each([
    ['BEGIN', 'begin'],
    ['begin isolation level serializable', 'begin'],
    ['START TRANSACTION READ ONLY', 'begin'],
    ['COMMIT', 'commit'],
    ['commit and chain', 'commit'],
    ['END', 'commit'],
    ['PREPARE TRANSACTION $$x$$', 'commit'],
    ['ROLLBACK', 'rollback'],
    ['ROLLBACK WORK', 'rollback'],
    ['ABORT', 'rollback'],
    ['ROLLBACK TO a', undefined],
    ['ROLLBACK TRANSACTION TO SAVEPOINT a', undefined],
    ['SAVEPOINT a', undefined],
    ['RELEASE a', undefined],
    ["COMMIT PREPARED 'x'", undefined],
    ["ROLLBACK PREPARED 'x'", undefined],
    ['PREPARE p AS SELECT 1', undefined],
    ['START', undefined],
    ['"commit"', undefined],
    ['SELECT 1', undefined],
  ])('%s', (text, kind) => {
    expect(transactionControl(only(text))).toBe(kind)
  })
})

describe('outsideTransaction', () => {
  test.each([
    ['create unique index concurrently if not exists i on t (a)', 'CREATE INDEX CONCURRENTLY'],
    ['CREATE INDEX /* x */ CONCURRENTLY i ON t (a)', 'CREATE INDEX CONCURRENTLY'],
    ['CREATE INDEX i ON t (concurrently)', undefined],
    ["CREATE INDEX i ON t (a) WHERE b = 'CONCURRENTLY'", undefined],
    ['DROP INDEX CONCURRENTLY i', 'DROP INDEX CONCURRENTLY'],
    ['REINDEX TABLE CONCURRENTLY t', 'REINDEX CONCURRENTLY'],
    ['REINDEX (VERBOSE, CONCURRENTLY) INDEX i', 'REINDEX CONCURRENTLY'],
    ['REINDEX (CONCURRENTLY off) INDEX i', undefined],
    ['REINDEX TABLE t', undefined],
    ['REINDEX (VERBOSE) DATABASE d', 'REINDEX DATABASE'],
    ['REINDEX SCHEMA s', 'REINDEX SCHEMA'],
    ['REFRESH MATERIALIZED VIEW CONCURRENTLY v', undefined],
    ['VACUUM ANALYZE t', 'VACUUM'],
    ['ANALYZE t', undefined],
    ["ALTER SYSTEM SET a = '1'", 'ALTER SYSTEM'],
    ['CREATE DATABASE d', 'CREATE DATABASE'],
    ['DROP DATABASE d', 'DROP DATABASE'],
    ['ALTER DATABASE "a b" SET TABLESPACE t', 'ALTER DATABASE SET TABLESPACE'],
    ['ALTER DATABASE d SET timezone = 1', undefined],
    ["CREATE TABLESPACE t LOCATION '/x'", 'CREATE TABLESPACE'],
    ['ALTER TABLE ONLY a.b DETACH PARTITION c.d CONCURRENTLY', 'DETACH PARTITION CONCURRENTLY'],
    ['ALTER TABLE a DETACH PARTITION b', undefined],
    ['CLUSTER', 'CLUSTER of all tables'],
    ['CLUSTER (VERBOSE)', 'CLUSTER of all tables'],
    ['CLUSTER t USING i', undefined],
    ["CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", 'CREATE SUBSCRIPTION with a slot'],
    ["CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)", undefined],
    ['DISCARD ALL', 'DISCARD ALL'],
    ['DO $$ BEGIN UPDATE t SET a = 1; COMMIT; END $$', 'DO with COMMIT inside'],
    ["DO $$ BEGIN -- ; COMMIT;\n RAISE NOTICE ';COMMIT;'; END $$", undefined],
    ['CREATE TYPE t AS ENUM ()', undefined],
    ["ALTER TYPE t ADD VALUE 'x'", undefined],
  ])('%s', (text, name) => {
    expect(refusesTransaction(only(text))).toBe(name)
  })
})

describe('wholeFileTransaction', () => {
  test.each([
    ['BEGIN; SELECT 1; COMMIT;', true],
    ['-- x\nstart transaction; SELECT 1; SELECT 2; end', true],
    ['BEGIN; COMMIT;', true],
    ['BEGIN; SELECT 1;', false],
    ['BEGIN; SELECT 1; ROLLBACK;', false],
    ['SELECT 1; BEGIN; SELECT 1; COMMIT;', false],
    ['BEGIN; SELECT 1; COMMIT; SELECT 2', false],
    ['BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;', false],
    ['BEGIN; SELECT 1; COMMIT AND CHAIN;', false],
    ["BEGIN; SELECT 1; PREPARE TRANSACTION 'x';", false],
    ['COMMIT', false],
    ['', false],
  ])('%s', (text, whole) => {
    const statements = splitStatements(text)
    expect(wholeFileTransaction(statements)).toEqual(
      whole ? { begin: statements[0], commit: statements.at(-1) } : undefined,
    )
  })
})

describe('clusterWide', () => {
  test.each([
    ['CREATE ROLE a', 'CREATE ROLE'],
    ['alter  user a set x = 1', 'ALTER USER'],
    ['DROP GROUP a', 'DROP GROUP'],
    ['CREATE USER MAPPING FOR a SERVER s', undefined],
    ['GRANT a TO b', 'GRANT of a role'],
    ['REVOKE ADMIN OPTION FOR a FROM b', 'REVOKE of a role'],
    ['GRANT SELECT ON t TO a', undefined],
    ['GRANT CONNECT ON DATABASE d TO a', 'GRANT ON DATABASE'],
    ['ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a', undefined],
    ['DROP TABLESPACE t', 'DROP TABLESPACE'],
    ['ALTER SYSTEM RESET ALL', 'ALTER SYSTEM'],
    ['REASSIGN OWNED BY a TO b', 'REASSIGN OWNED'],
    ['DROP OWNED BY a', 'DROP OWNED'],
    ['COMMENT ON ROLE a IS NULL', 'COMMENT ON ROLE'],
    ['COMMENT ON TABLE role IS NULL', undefined],
    ['CREATE DATABASE d', 'CREATE DATABASE'],
    ["SELECT pg_create_logical_replication_slot('a', 'b')", 'pg_create_logical_replication_slot'],
    ['CREATE TABLE role (a int)', undefined],
    ['ALTER TABLE t OWNER TO a', undefined],
    ["INSERT INTO t VALUES ('CREATE ROLE a')", undefined],
    ['DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles) THEN CREATE ROLE a; END IF; END $$', 'CREATE ROLE in a body'],
    ["DO $$ BEGIN EXECUTE format('create user %I', 'a'); END $$", 'CREATE USER in a body'],
    ["DO $$ BEGIN EXECUTE 'GRANT a TO b'; END $$", 'GRANT of a role in a body'],
    ["DO $$ BEGIN EXECUTE 'GRANT SELECT ON t TO b'; END $$", undefined],
    ["DO $$ BEGIN -- CREATE ROLE a;\n RAISE NOTICE 'cannot create role %', 1; END $$", undefined],
    ["DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET a = 1'; END $$", undefined],
    [
      "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET a = 1'; CREATE ROLE b; END $$",
      'CREATE ROLE in a body',
    ],
    ["CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'CREATE ROLE a'", 'CREATE ROLE in a body'],
    ['CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $x$ BEGIN DROP ROLE a; END $x$', 'DROP ROLE in a body'],
    ['CREATE FUNCTION create_user() RETURNS void LANGUAGE sql AS $$ SELECT drop_role(1) $$', undefined],
  ])('%s', (text, name) => {
    expect(clusterWideChange(only(text))).toBe(name)
  })
})

describe('emptinessOf', () => {
  test.each([
    ['', 'empty'],
    [' \n', 'empty'],
    ['-- nothing to do', 'comments'],
    ['/* no */ ;', 'comments'],
    ['SELECT 1', 'select 1'],
    ['SELECT 1; SELECT NULL::text AS x;', 'select 1'],
    ["SELECT 'irreversible', now()", 'select 1'],
    ['BEGIN; SELECT 1; COMMIT', 'select 1'],
    ['BEGIN; COMMIT;', 'empty transaction'],
    ['BEGIN; -- x\nEND;', 'empty transaction'],
    ['DO $$ BEGIN END $$', 'select 1'],
    ['DO $$ BEGIN NULL; RAISE NOTICE $x$a$x$; END; $$ LANGUAGE plpgsql', 'select 1'],
    ["DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", undefined],
    ['SELECT * FROM t', undefined],
    ['SELECT 1 INTO t', undefined],
    ["SELECT setval('a', 1)", undefined],
    ["SELECT pg_catalog.set_config('a', 'b', false)", undefined],
    ['DROP TABLE t', undefined],
    ['SET search_path = a', undefined],
  ])('%j', (text, kind) => {
    expect(noOpOf(splitStatements(text), text)).toBe(kind)
  })

  test('a tool marker is nothing, a comment beside it is a comment', () => {
    expect(noOpScript([{ text: '-- migrate:down\n' }])).toBe('empty')
    expect(noOpScript([{ text: '-- migrate:down transaction:false\n-- later' }])).toBe('comments')
    expect(noOpScript([])).toBe('empty')
    expect(noOpScript([{ text: 'SELECT 1' }, { text: 'DROP TABLE t' }])).toBeUndefined()
  })
})
