// Keys of locks, as the tools make them.
import { expect, test } from '@jest/globals'
import { golangMigrate, lockKey } from '../../src/tools/pairs/golang-migrate-history.js'
import { histories } from '../../src/tools/histories.js'

test.each([
  [['database_name'], 1764327054n],
  [['schema_name_1', 'database_name'], 2453313553n],
  [['schema_name_2', 'database_name'], 235207038n],
  [['schema_name_1', 'schema_name_2', 'database_name'], 3743845847n],
  [['public', 'schema_migrations', 'app'], 1787120056n],
  [['public', 'schema_migrations', '/app'], 1726534663n],
  [['public', 'schema_migrations', 'postgres'], 143310882n],
  [['public', 'schema_migrations', '/postgres'], 3280485947n],
])('golang-migrate makes of %j the key %s', (names, key) => {
  expect(lockKey(names)).toBe(key)
})

test('golang-migrate has two keys, in ascending order', () => {
  const keys = (database: string): readonly unknown[] =>
    golangMigrate.locks({ schema: 'public', table: 'schema_migrations', database })
  expect(keys('app')).toEqual([
    { kind: 'advisory', key: '1726534663' },
    { kind: 'advisory', key: '1787120056' },
  ])
  expect(keys('postgres')).toEqual([
    { kind: 'advisory', key: '143310882' },
    { kind: 'advisory', key: '3280485947' },
  ])
})

test.each([
  ['goose', 'app', ['4097083626']],
  ['sqlx', 'app', ['3469795979745788610']],
  ['sqlx', 'postgres', ['368907709894077238']],
  ['node-pg-migrate', 'app', ['7241865325823964']],
  ['sql-migrate', 'app', []],
  ['dbmate', 'app', []],
  ['diesel', 'app', []],
  ['ours', 'app', []],
])('%s in the database %s takes %j', (kind, database, keys) => {
  const history = histories.find((one) => one.kind === kind)
  expect(history?.locks({ schema: 'public', table: history.table, database })).toEqual(
    keys.map((key) => ({ kind: 'advisory', key })),
  )
})
