// Seeds that are modules, proved on a real server with real processes.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Migration } from '../../src/model/migration.js'
import type { Proof } from '../../src/report/check-report.js'
import { historyOf } from '../../src/tools/histories.js'
import { createModules } from '../../src/adapters/host/modules.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { prove } from '../../src/prove/database.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { databaseConfig, migration } from '../support/migrations.js'
import { openServer } from '../support/server.js'

const CHAIN = [
  migration({
    version: '1',
    name: 'a',
    up: `CREATE TABLE a (id int PRIMARY KEY, amount numeric(36, 18), at timestamptz);
CREATE TABLE b (id int REFERENCES a DEFERRABLE INITIALLY DEFERRED);`,
    down: 'DROP TABLE b; DROP TABLE a;',
  }),
]
const DOWN = "export const down = ({ query }) => query('DELETE FROM a WHERE id = 1')\n"
const INSERT = "query('INSERT INTO a VALUES ($1, $2) ON CONFLICT DO NOTHING', [1, '0.1'])"

describe('seeds that are modules', () => {
  let server: ScratchServer
  const folders: Folder[] = []

  beforeAll(async () => {
    server = await openServer()
  })

  afterAll(async () => {
    for (const folder of folders) folder.remove()
    await server.close()
  })

  async function proofsOf(texts: readonly string[], seeds: readonly Migration[] = []): Promise<readonly Proof[]> {
    const names = texts.map((_, i) => `${10 + i}_s.mjs`)
    const folder = makeFolder(Object.fromEntries(names.map((name, i) => [name, texts[i] ?? ''])))
    folders.push(folder)
    const node = { program: process.execPath, version: process.version, stripsTypes: false }
    const modules = createModules({ root: folder.path, environment: {}, node })
    const signal = new AbortController().signal
    const own = names.map((file): Migration => {
      const id = file.replace('.mjs', '')
      const none = { up: undefined, down: undefined, irreversible: undefined }
      return { id, version: id, name: 's', kind: 'seed', code: file, module: { file, checksum: '' }, ...none }
    })
    const { migrations } = await prove({
      config: databaseConfig,
      migrations: CHAIN,
      seeds: [...own, ...seeds],
      setup: [],
      substitutes: new Map(),
      history: historyOf({ config: databaseConfig, layout: 'pairs', migrations: CHAIN }),
      server,
      callModule: (call) =>
        modules.call({ ...call, environment: 'development', cost: 4, log: () => undefined, signal }),
      snapshots: 'guided',
      signal,
      scope: undefined,
      watch: 'none',
      touched: () => false,
      missing: 'derive',
      ways: 'none',
      progress: () => undefined,
    })
    return migrations.filter(({ kind }) => kind === 'seed').flatMap(({ proof }) => proof ?? [])
  }

  const proofOf = async (text: string): Promise<Proof | undefined> => (await proofsOf([text]))[0]
  const refused = async (up: string): Promise<string> => {
    const proof = await proofOf(`export const up = async ({ query }) => { ${up} }\n${DOWN}`)
    expect(proof?.up).toBe('failed')
    return `${proof?.failure?.sqlstate ?? ''} ${proof?.failure?.message ?? ''}`
  }

  test('proves one that adds its rows once and deletes them in its down', async () => {
    expect(await proofOf(`export const up = ({ query }) => ${INSERT}\n${DOWN}`)).toMatchObject({
      up: 'ok',
      again: 'same',
      down: 'same',
    })
  })

  test('reports one that adds more each time, or deletes too much', async () => {
    const more = "export const up = ({ query }) => query('INSERT INTO a SELECT 100 + count(*) FROM a')\n"
    const all = "export const down = ({ query }) => query('DELETE FROM a WHERE id = 1')\n"
    const [first, second] = await proofsOf([`export const up = ({ query }) => ${INSERT}\n${DOWN}`, more + all])
    expect(first).toMatchObject({ again: 'same', down: 'same' })
    expect(second).toMatchObject({ up: 'ok', again: 'differs', down: 'differs' })
    expect(second?.againDifferences).toMatchObject([{ kind: 'rows', before: '2 rows', after: '3 rows' }])
  })

  test('no down is missing, no up fails, and the second run may fail', async () => {
    const up = `export const up = ({ query }) => ${INSERT}\n`
    expect(await proofOf(up)).toMatchObject({ up: 'ok', again: 'same', down: 'missing' })
    expect(await proofOf(DOWN)).toMatchObject({ up: 'failed', failure: { message: expect.stringMatching(/no up/) } })
    const once = `export const up = ({ query }) => query('INSERT INTO a VALUES (1)')\n${DOWN}`
    expect(await proofOf(once)).toMatchObject({
      up: 'ok',
      again: 'failed',
      down: 'same',
      failure: { sqlstate: '23505' },
    })
  })

  test('values come as PostgreSQL writes them', async () => {
    const text = `export async function up({ query }) {
      await query('INSERT INTO a VALUES (1, $1, $2) ON CONFLICT DO NOTHING', ['0.1', new Date(0)])
      const [row] = await query("SELECT amount, 9007199254740993 AS n, NULL AS nothing, true AS yes FROM a")
      const { amount, n, nothing, yes } = row
      const said = JSON.stringify([amount, n, nothing, yes])
      if (said !== '["0.100000000000000000","9007199254740993",null,"t"]') throw new Error(said)
    }\n${DOWN}`
    expect(await proofOf(text)).toMatchObject({ up: 'ok', down: 'same' })
  })

  test('everything of one direction is one transaction', async () => {
    expect(await refused(`await ${INSERT}; await query('COMMIT')`)).toMatch(/^ COMMIT: all statements run in one/)
    expect(await refused("await query('SELECT 1; SELECT 2')")).toMatch(/^42601 /)
    expect(await refused("await query('SELECT 1/0').catch(() => 0)")).toMatch(
      /^22012 a statement was refused and the code continued/,
    )
    expect(await refused("await query('INSERT INTO b VALUES (7)')")).toMatch(/^23503 .*violates foreign key/)
    const kept = `export const up = async ({ query }) => {
      await query('SAVEPOINT s')
      await query('SELECT 1/0').catch(() => query('ROLLBACK TO s'))
      await ${INSERT}
    }\n${DOWN}`
    expect(await proofOf(kept)).toMatchObject({ up: 'ok', down: 'same' })
  })

  test('what reaches past the database is refused', async () => {
    expect(await refused("await query('CREATE ROLE someone')")).toMatch(/^ CREATE ROLE changes more than the database/)
  })

  test('settings and temporary tables of one seed do not reach the next', async () => {
    const leaves = `export const up = async ({ query }) => {
      await query('SET search_path = nowhere'); await query('CREATE TEMP TABLE t (id int)') }
      export const down = () => {}`
    const next = `export const up = async ({ query }) => {
      const [row] = await query("SELECT to_regclass('t') AS t, to_regclass('a') AS a")
      if (row.t !== null || row.a !== 'a') throw new Error(JSON.stringify(row)) }
      export const down = () => {}`
    const sql: Migration = {
      ...migration({
        version: '20',
        name: 'q',
        up: 'INSERT INTO a VALUES (2) ON CONFLICT DO NOTHING;',
        down: 'DELETE FROM a;',
      }),
      kind: 'seed',
    }
    const proofs = await proofsOf([leaves, next], [sql])
    expect(proofs.map(({ up, again, down }) => [up, again, down])).toEqual([
      ['ok', 'same', 'same'],
      ['ok', 'same', 'same'],
      ['ok', 'same', 'same'],
    ])
  })
})
