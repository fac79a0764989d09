// The key `transaction` of a database: how its scripts are sent, whatever the tool does.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Migration } from '../../src/model/migration.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { dbmate } from '../../src/tools/dbmate/tool.js'
import { directories } from '../../src/tools/directories/tool.js'
import { goose } from '../../src/tools/goose/tool.js'
import { pairs } from '../../src/tools/pairs/tool.js'
import { sqlMigrate } from '../../src/tools/sql-migrate/tool.js'
import type { Tool } from '../../src/tools/tool.js'
import { openServer } from '../support/server.js'
import { proveChain } from '../support/prove.js'
import { readFiles } from './sources.js'

let server: ScratchServer
beforeAll(async () => {
  server = await openServer()
}, 120_000)
afterAll(() => server.close())

const configured = (transaction: 'message' | 'none') => ({
  config: { transaction, irreversible: {}, naming: undefined, history: { kind: undefined, table: undefined } } as const,
})
const FUNCTION = 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$;\n'
const DROP = 'DROP FUNCTION f();\n'

const one = (tool: Tool, files: Readonly<Record<string, string>>, transaction: 'message' | 'none'): Migration => {
  const { migrations, problems } = readFiles(tool, files, configured(transaction))
  const [migration, ...more] = migrations
  if (migration === undefined || more.length > 0) throw new Error('one migration')
  expect(problems).toEqual([])
  return migration
}

test.each([
  ['sql-migrate', sqlMigrate, { '1-f.sql': `-- +migrate Up\n${FUNCTION}\n-- +migrate Down\n${DROP}` }],
  ['goose', goose, { '1_f.sql': `-- +goose Up\n${FUNCTION}\n-- +goose Down\n${DROP}` }],
] as const)('message: %s cuts nothing, so a function needs no marker', async (_, tool, files) => {
  const migration = one(tool, files, 'message')
  expect(migration.up).toMatchObject({ transaction: 'message', messages: { length: 1 } })
  expect(migration.up?.messages[0]?.lines.slice(0, 2)).toEqual([2, 3])
  const { migrations } = await proveChain(server, [migration])
  expect(migrations[0]?.proof).toMatchObject({ up: 'ok', down: 'same', again: 'same' })
})

test('message beside a marker against transactions: cut as the server cuts', async () => {
  const text = `-- +migrate Up notransaction\nCREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON t (id);\n${FUNCTION}`
  const migration = one(sqlMigrate, { '1-f.sql': `${text}-- +migrate Down\nDROP TABLE t;\n${DROP}` }, 'message')
  expect(migration.up).toMatchObject({ transaction: 'none', messages: { length: 3 } })
  const { migrations } = await proveChain(server, [migration])
  expect(migrations[0]?.proof).toMatchObject({ up: 'ok', down: 'same', again: 'same' })
})

const UP = 'CREATE TABLE t (id int);\n-- alone\nCREATE INDEX CONCURRENTLY i ON t (id);\n'
const DOWN = 'DROP INDEX CONCURRENTLY i;\nDROP TABLE t;\n'

test.each([
  ['pairs', pairs, { '1_a.up.sql': UP, '1_a.down.sql': DOWN }],
  ['directories', directories, { '1_a/up.sql': UP, '1_a/down.sql': DOWN }],
  ['dbmate', dbmate, { '1_a.sql': `-- migrate:up\n${UP}-- migrate:down\n${DOWN}` }],
] as const)('none: %s sends statement by statement', async (_, tool, files) => {
  const migration = one(tool, files, 'none')
  expect(migration.up).toMatchObject({ transaction: 'none', messages: { length: 2 } })
  const { migrations } = await proveChain(server, [migration])
  expect(migrations[0]?.proof).toMatchObject({ up: 'ok', down: 'same', again: 'same' })
})

test('none: a failure is at its line and column of the file', async () => {
  const migration = one(pairs, { '1_a.up.sql': 'SELECT 1; SELECT\n  nothing;\n', '1_a.down.sql': '' }, 'none')
  const { migrations } = await proveChain(server, [migration])
  expect(migrations[0]?.proof?.failure?.place).toMatchObject({ line: 2, column: 3 })
})
