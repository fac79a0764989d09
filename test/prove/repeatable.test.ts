// Migrations without a version, behind a chain: they stay in place, run twice, and are no break of the way down.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Migration } from '../../src/model/migration.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import type { ProveResult } from '../../src/prove/database.js'
import { runRules } from '../../src/rules/run.js'
import { inputOfMigrations } from '../rules/input.js'
import { migration, repeatable } from '../support/migrations.js'
import { proveChain } from '../support/prove.js'
import { openServer } from '../support/server.js'

const chain = (...downs: readonly string[]): readonly Migration[] => [
  migration({
    version: '00001',
    name: 'users',
    up: 'CREATE TABLE users (id int)',
    down: downs[0] ?? 'DROP TABLE users',
  }),
  migration({
    version: '00002',
    name: 'phone',
    up: 'ALTER TABLE users ADD phone text',
    down: downs[1] ?? 'ALTER TABLE users DROP phone',
  }),
]
const VIEW = repeatable('phones', 'CREATE OR REPLACE VIEW phones AS SELECT phone FROM users')

const words = (result: ProveResult): readonly string[] =>
  result.migrations.map(({ id, proof }) => `${id} ${proof?.up ?? ''} ${proof?.down ?? ''} ${proof?.again ?? ''}`)

/** What the rules make of it. */
const findings = (result: ProveResult, migrations: readonly Migration[]): readonly string[] =>
  runRules({ input: inputOfMigrations(migrations, result), levels: {} }).map(
    ({ rule, migration: id, message }) => `${rule} ${id ?? '-'} ${message}`,
  )

describe('repeatable migrations', () => {
  let server: ScratchServer
  beforeAll(async () => {
    server = await openServer()
  })
  afterAll(async () => {
    await server.close()
  })

  test.each(['guided', 'full'] as const)('are no break of the chain (%s)', async (snapshots) => {
    const migrations = [...chain(), VIEW, repeatable('more', 'CREATE OR REPLACE VIEW more AS SELECT * FROM phones')]
    const result = await proveChain(server, migrations, snapshots)
    expect(words(result)).toEqual([
      '00001_users ok same same',
      '00002_phone ok same same',
      'R__phones ok not run same',
      'R__more ok not run same',
    ])
    expect(result.chain).toMatchObject({ down: 'same', again: 'same', downs: 2, stoppedAt: undefined })
    expect(findings(result, migrations)).toEqual([])
  })

  test.each(['guided', 'full'] as const)('are proved behind a chain that does not hold (%s)', async (snapshots) => {
    const migrations = [...chain('DROP TABLE users', 'SELECT 1'), VIEW]
    const result = await proveChain(server, migrations, snapshots)
    expect(words(result)).toEqual([
      '00001_users ok same same',
      '00002_phone ok empty skipped',
      'R__phones ok not run same',
    ])
  })

  test('what runs only once, and what makes something else the second time', async () => {
    const once = repeatable('once', 'CREATE VIEW once AS SELECT 1 AS one')
    const other = repeatable(
      'other',
      "DO $$ BEGIN EXECUTE format('CREATE TABLE t_%s ()', (SELECT count(*) FROM pg_class WHERE relname ~ '^t_')); END $$",
    )
    const migrations = [...chain(), once, other, VIEW]
    const result = await proveChain(server, migrations)
    expect(words(result)).toEqual([
      '00001_users ok same same',
      '00002_phone ok same same',
      'R__once ok not run failed',
      'R__other ok not run differs',
      'R__phones ok not run same',
    ])
    expect(findings(result, migrations)).toEqual([
      expect.stringMatching(/^again-fails R__once up fails the second time: relation "once" already exists/),
      expect.stringMatching(/^again-differs R__other the second up makes another schema: left behind table public.t_1/),
    ])
  })

  test('reports one that fails, and runs the next one', async () => {
    const wrong = repeatable('wrong', 'CREATE TABLE half (); SELECT * FROM nowhere')
    const result = await proveChain(server, [...chain(), wrong, VIEW])
    expect(words(result).slice(2)).toEqual(['R__wrong failed not run skipped', 'R__phones ok not run same'])
  })

  test('a scope that begins at one of them only runs the chain', async () => {
    const result = await proveChain(server, [...chain(), VIEW], 'guided', 2)
    expect(result.migrations.map(({ id, scope }) => `${id} ${scope ?? ''}`)).toEqual([
      '00001_users applied',
      '00002_phone applied',
      'R__phones proved',
    ])
    expect(words(result).at(-1)).toBe('R__phones ok not run same')
  })
})
