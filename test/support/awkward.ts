// Chains of steps that real projects have, and what their proof says of each.
import { expect } from '@jest/globals'
import type { Migration } from '../../src/model/migration.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import type { ProveResult } from '../../src/prove/database.js'
import { migration } from './migrations.js'
import { proveChain } from './prove.js'

type Pair = readonly [up: string, down: string]

export const chainOf = (...pairs: readonly Pair[]): readonly Migration[] =>
  pairs.map(([up, down], at) => migration({ version: `0000${at + 1}`, name: 'step', up, down, transaction: 'message' }))

/** `ok same same` for each step: its up, its down, and its up again. */
export const words = (result: ProveResult): readonly string[] =>
  result.migrations.map(({ proof }) => `${proof?.up ?? ''} ${proof?.down ?? ''} ${proof?.again ?? ''}`)

/** Fails unless a path that one step sets is there for the later ones, though a down is wrong and a script ends its connection. */
export async function expectSharedSession(server: ScratchServer, snapshots: 'guided' | 'full'): Promise<void> {
  const chain = chainOf(
    ['CREATE SCHEMA app; SET search_path = app', 'DROP SCHEMA app'],
    ['CREATE TABLE app.a (id int)', 'SELECT 1'],
    ['ALTER TABLE a ADD COLUMN x int', 'ALTER TABLE a DROP COLUMN x'],
    ['CREATE TABLE b (id int)', 'SELECT pg_terminate_backend(pg_backend_pid())'],
    ['ALTER TABLE b ADD COLUMN x int', 'ALTER TABLE b DROP COLUMN x'],
  )
  const result = await proveChain(server, chain, snapshots, undefined, { session: 'shared' })
  expect(words(result)).toEqual([
    'ok same same',
    'ok empty skipped',
    'ok same same',
    'ok failed skipped',
    'ok same same',
  ])
}

/** Statements that make a constant of "now". */
export const MAKE_NOW = [
  { what: 'a view', made: `CREATE VIEW v AS SELECT * FROM a WHERE at < 'now'::timestamp` },
  { what: 'a view, with a zone', made: `CREATE VIEW v AS SELECT * FROM a WHERE at < timestamptz 'now'` },
  {
    what: 'a column',
    made: `ALTER TABLE a ADD COLUMN made timestamp DEFAULT 'now'; CREATE VIEW v AS SELECT at FROM a`,
  },
] as const

/** The words of a step that drops what was made, and whose down makes it again. */
export async function remakeNow(server: ScratchServer, made: string): Promise<string | undefined> {
  const again = made.replace(/ADD COLUMN made timestamp/, 'ALTER made SET')
  const result = await proveChain(
    server,
    chainOf(
      [`CREATE TABLE a (id int, at timestamp); ${made}`, 'DROP VIEW v; DROP TABLE a'],
      [made.includes('COLUMN') ? 'DROP VIEW v; ALTER TABLE a ALTER made DROP DEFAULT' : 'DROP VIEW v', again],
    ),
  )
  return words(result)[1]
}

/** Views that differ from the first of MAKE_NOW by more than the time. */
export const NOT_NOW = [
  { what: 'another text beside it', again: `CREATE VIEW v AS SELECT * FROM a WHERE at <= 'now'::timestamp` },
  {
    what: 'a typed timestamp',
    again: `CREATE VIEW v AS SELECT * FROM a WHERE at < '2020-01-01 00:00:00.5'::timestamp`,
  },
] as const

/** The words of a step that drops the first of MAKE_NOW, and whose down makes another view. */
export async function replaceNow(server: ScratchServer, again: string): Promise<string | undefined> {
  const result = await proveChain(
    server,
    chainOf(
      [`CREATE TABLE a (id int, at timestamp); ${MAKE_NOW[0].made}`, 'DROP VIEW v; DROP TABLE a'],
      ['DROP VIEW v', again],
    ),
  )
  return words(result)[1]
}
