import { describe, expect, test } from '@jest/globals'
import { hasEffect, isOfKind, nameOfKind, STATEMENT_KINDS, type Effect } from '../../src/sql/statement-kinds.js'
import { splitStatements } from '../../src/sql/statements.js'

/** Text of a statement -> what refuses a transaction, what is cluster-wide, whether it is provable, and its effects. */
const TABLE: readonly (readonly [
  text: string,
  refuses: string | undefined,
  clusterWide: string | undefined,
  provable: boolean,
  effects: readonly Effect[],
])[] = [
  ['CREATE TABLE t (id int)', undefined, undefined, true, []],
  ['create unlogged table t (id int)', undefined, undefined, true, []],
  ['CREATE TABLE t AS SELECT 1', undefined, undefined, true, ['unknown changes']],
  ['CREATE TEMP TABLE t (id int)', undefined, undefined, false, []],
  ['CREATE INDEX i ON t (a)', undefined, undefined, true, []],
  ['CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)', 'CREATE INDEX CONCURRENTLY', undefined, true, []],
  ['DROP INDEX CONCURRENTLY i', 'DROP INDEX CONCURRENTLY', undefined, true, []],
  ['CREATE OR REPLACE FUNCTION f() RETURNS int', undefined, undefined, true, []],
  ['CREATE MATERIALIZED VIEW v AS SELECT 1', undefined, undefined, false, []],
  ['DROP MATERIALIZED VIEW v', undefined, undefined, true, []],
  ['CREATE EXTENSION citext', undefined, undefined, false, []],
  ['ALTER TABLE t ADD COLUMN a int', undefined, undefined, true, []],
  ['ALTER TABLE t DETACH PARTITION p CONCURRENTLY', 'DETACH PARTITION CONCURRENTLY', undefined, true, []],
  ['ALTER DOMAIN d DROP NOT NULL', undefined, undefined, false, []],
  ["COMMENT ON TABLE t IS 'a'", undefined, undefined, true, []],
  ["COMMENT ON ROLE r IS 'a'", undefined, 'COMMENT ON ROLE', false, []],
  ['BEGIN', undefined, undefined, true, []],
  ['ROLLBACK', undefined, undefined, false, []],
  ["COMMIT PREPARED 'a'", 'COMMIT PREPARED', undefined, true, []],
  ['INSERT INTO t VALUES (1)', undefined, undefined, false, ['session', 'rows', 'numbers']],
  ['UPDATE t SET a = 1', undefined, undefined, false, ['session', 'rows']],
  ['DELETE FROM t', undefined, undefined, false, ['session', 'rows']],
  ['TRUNCATE t', undefined, undefined, false, ['rows']],
  ['SELECT f()', undefined, undefined, false, ['unknown changes', 'session', 'rows', 'numbers']],
  ['MERGE INTO t USING s ON true', undefined, undefined, false, ['unknown changes', 'session', 'rows', 'numbers']],
  ['SET ROLE r', undefined, undefined, false, ['session']],
  ['VACUUM t', 'VACUUM', undefined, false, ['unknown changes', 'session']],
  ['REINDEX (VERBOSE) SYSTEM d', 'REINDEX SYSTEM', undefined, false, []],
  ['CLUSTER', 'CLUSTER of all tables', undefined, false, []],
  ['CREATE DATABASE d', 'CREATE DATABASE', 'CREATE DATABASE', false, []],
  ['drop  tablespace s', 'DROP TABLESPACE', 'DROP TABLESPACE', false, []],
  ['ALTER DATABASE d SET TABLESPACE s', 'ALTER DATABASE SET TABLESPACE', 'ALTER DATABASE', false, []],
  ['ALTER TABLESPACE s RENAME TO r', undefined, 'ALTER TABLESPACE', false, []],
  ["ALTER SYSTEM SET a = 'b'", 'ALTER SYSTEM', 'ALTER SYSTEM', false, []],
  [
    'ALTER SUBSCRIPTION s REFRESH PUBLICATION',
    'ALTER SUBSCRIPTION REFRESH PUBLICATION',
    'ALTER SUBSCRIPTION',
    false,
    [],
  ],
  ['CREATE ROLE r', undefined, 'CREATE ROLE', false, []],
  ['CREATE USER MAPPING FOR r SERVER s', undefined, undefined, false, []],
  ['DROP OWNED BY r', undefined, 'DROP OWNED', false, ['unknown changes']],
  ['REASSIGN OWNED BY r TO s', undefined, 'REASSIGN OWNED', false, ['unknown changes', 'session']],
  ['GRANT SELECT ON t TO r', undefined, undefined, false, ['unknown changes', 'session']],
  ['GRANT CONNECT ON DATABASE d TO r', undefined, 'GRANT ON DATABASE', false, ['unknown changes', 'session']],
  ['REVOKE a FROM r', undefined, 'REVOKE of a role', false, ['unknown changes', 'session']],
  ['constructor', undefined, undefined, false, ['unknown changes', 'session']],
]

const EFFECTS: readonly Effect[] = ['unknown changes', 'session', 'rows', 'numbers']

describe('the table of statements', () => {
  test.each(TABLE)('%s', (text, refuses, clusterWide, provable, effects) => {
    const [statement] = splitStatements(text)
    if (statement === undefined) throw new Error('no statement')
    expect(nameOfKind(text, 'refusesTransaction')).toBe(refuses)
    expect(nameOfKind(text, 'clusterWide')).toBe(clusterWide)
    expect(isOfKind(text, 'provable')).toBe(provable)
    const unknown = isOfKind(text, 'unknownChanges') ? ['unknown changes'] : []
    expect([...new Set([...unknown, ...EFFECTS.filter((effect) => hasEffect(statement, effect))])]).toEqual(effects)
  })

  test('each row says something, and what is cluster-wide is found in a body, too', () => {
    const silent = STATEMENT_KINDS.filter(
      (kind) =>
        kind.refusesTransaction === undefined &&
        kind.clusterWide === undefined &&
        kind.provable === undefined &&
        kind.unknownChanges === undefined,
    )
    expect(silent).toEqual([])
    const bodiless = STATEMENT_KINDS.filter(({ clusterWide, inBody }) => clusterWide === true && inBody === undefined)
    expect(bodiless.map(({ pattern }) => pattern.source.slice(0, 12))).toEqual(['^(?:COMMENT|'])
  })
})
