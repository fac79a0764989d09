// Migrations that their tool sends without a transaction: guided and full snapshots give the same proof.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Migration } from '../../src/model/migration.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { goose } from '../../src/tools/goose/tool.js'
import { proveChain } from '../support/prove.js'
import { openServer } from '../support/server.js'
import { readFiles } from '../tools/sources.js'

let server: ScratchServer
beforeAll(async () => {
  server = await openServer()
}, 120_000)
afterAll(() => server.close())

const FIRST = `-- +goose Up
CREATE SCHEMA s; CREATE TABLE s."T x" (a int, b int);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
CREATE TYPE mood AS ENUM ('sad');
-- +goose Down
DROP MATERIALIZED VIEW m; DROP SCHEMA s CASCADE; DROP TYPE mood;
`
const chain = (up: string, down: string): readonly Migration[] =>
  readFiles(goose, {
    '1_first.sql': FIRST,
    '2_alone.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${up}\n-- +goose Down\n${down}\n`,
    '3_last.sql': '-- +goose Up\nCREATE TABLE last (id int);\n-- +goose Down\nDROP TABLE last;\n',
  }).migrations

const T = 's."T x"'

describe('without a transaction', () => {
  test.each([
    ['an index', `CREATE INDEX CONCURRENTLY i ON ${T} (a);`, 'DROP INDEX CONCURRENTLY s.i;', 'same'],
    ['an index that stays', `CREATE INDEX CONCURRENTLY i ON ${T} (a);`, 'SELECT 1;', 'empty'],
    [
      'another index',
      `CREATE INDEX CONCURRENTLY i ON ${T} (a);`,
      `DROP INDEX s.i; CREATE INDEX i ON ${T} (b);`,
      'differs',
    ],
    [
      'an index of a materialized view',
      'CREATE UNIQUE INDEX CONCURRENTLY i ON m (a);',
      'DROP INDEX CONCURRENTLY i;',
      'same',
    ],
    [
      'a comment that goes with its index',
      `CREATE INDEX CONCURRENTLY i ON ${T} (a);\nCOMMENT ON INDEX s.i IS 'fast';`,
      'DROP INDEX CONCURRENTLY IF EXISTS s.i;',
      'same',
    ],
    [
      'a block of its own beside an index',
      `BEGIN;\nALTER TABLE ${T} ADD COLUMN c int;\nCREATE TABLE n (id serial);\nCOMMIT;\nCREATE INDEX CONCURRENTLY i ON ${T} (c);`,
      `BEGIN;\nDROP TABLE n;\nALTER TABLE ${T} DROP COLUMN c;\nCOMMIT;`,
      'same',
    ],
    ['a value of an enum', `ALTER TYPE mood ADD VALUE 'ok';`, 'SELECT 1;', 'empty'],
    [
      'a wrong down in one transaction',
      `ALTER TABLE ${T} ADD COLUMN c int;`,
      `ALTER TABLE ${T} DROP COLUMN b;`,
      'differs',
    ],
    ['what only the whole catalogue shows', `VACUUM ${T};\nCREATE TABLE n (id int);`, 'DROP TABLE n;', 'same'],
  ])('%s', async (_, up, down, word) => {
    const [guided, full] = await Promise.all(
      (['guided', 'full'] as const).map((snapshots) => proveChain(server, chain(up, down), snapshots)),
    )
    expect(guided?.bug).toBeUndefined()
    const words = (result: typeof guided) =>
      result?.migrations.map(({ proof }) => [proof?.up, proof?.down, proof?.again, proof?.differences, proof?.failure])
    expect(words(guided)).toEqual(words(full))
    expect(guided?.migrations.map(({ proof }) => proof?.down)).toEqual(['same', word, 'same'])
  })

  test('a statement that fails leaves what was committed before it', async () => {
    const up = `CREATE TABLE n (id int);\nINSERT INTO ${T} VALUES (1), (1);\nCREATE UNIQUE INDEX CONCURRENTLY i ON ${T} (a);`
    const { migrations, bug } = await proveChain(server, chain(up, 'DROP TABLE n;'))
    expect(bug).toBeUndefined()
    expect(migrations[1]?.proof).toMatchObject({ up: 'failed', failure: { sqlstate: '23505', place: { line: 5 } } })
    expect(migrations[2]?.proof).toMatchObject({ up: 'ok', down: 'same', again: 'same' })
  })
})
