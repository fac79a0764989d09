// The history of node-pg-migrate held against the real program, which takes a plain .sql file for an up.
import { afterAll, expect, test } from '@jest/globals'
import { nodePgMigrate } from '../../../src/tools/pairs/node-pg-migrate-history.js'
import { pairs } from '../../../src/tools/pairs/tool.js'
import { definitionOf, testServer, type Database } from '../history-database.js'
import { ids, pairOf } from '../pair.js'
import { folderOf, isInstalled, run, STEPS, type Step, type Tool } from '../real-tools.js'

const server = testServer()
afterAll(() => server.close())

const program = 'node-pg-migrate'
const it = isInstalled(program) ? test : test.skip

const command = (folder: string, { url }: Database, ...words: readonly string[]): ReturnType<typeof run> =>
  run(folder, 'env', [`DATABASE_URL=${url}`, program, ...words, '--migrations-dir', '.'])

const tool: Tool = {
  program,
  layout: pairs,
  history: nodePgMigrate,
  files: (step: Step) => ({ [`${String(step.number).padStart(5, '0')}_${step.name}.sql`]: step.up }),
  up: (folder, database) => command(folder, database, 'up'),
  down: (folder, database, steps) => command(folder, database, 'down', String(steps)),
  idle: /No migrations to run/,
}

const content = (database: Database): Promise<unknown> => database.rows('SELECT id, name FROM pgmigrations ORDER BY id')

it(`both work on one table (needs: ${program})`, async () => {
  const databases = [await server.open(), await server.open()] as const
  try {
    const theirs = pairOf(tool, databases[0])
    const ours = pairOf(tool, databases[1])
    theirs.toolUp(6)
    expect(await theirs.applied()).toEqual(ids(theirs.migrations))
    await ours.create()
    await ours.weUp(0, 4)
    ours.toolUp(6)
    expect(await ours.pending()).toEqual([])
    expect(ours.toolUp(6)).toMatch(tool.idle)
    expect(await definitionOf(ours.database, ours.table)).toEqual(await definitionOf(theirs.database, theirs.table))
    expect(await content(ours.database)).toEqual(await content(theirs.database))
    const last = ours.migrations.at(-1)
    if (last === undefined) throw new Error('no files')
    await ours.database.session.send(nodePgMigrate.remove('pgmigrations', last, ours.migrations.slice(0, -1)))
    expect(await ours.pending()).toEqual([last.id])
  } finally {
    for (const database of databases) await database.close()
  }
})

it(`it stops at a key that we hold (needs: ${program})`, async () => {
  const database = await server.open()
  try {
    const up = (): ReturnType<typeof run> => tool.up(folderOf(database, tool, STEPS), database)
    const [lock] = nodePgMigrate.locks({ schema: 'public', table: 'pgmigrations', database: database.name })
    if (lock?.kind !== 'advisory') throw new Error('no key')
    await database.session.send(`SELECT pg_advisory_lock(${lock.key})`)
    const said = up()
    expect(said.code).toBe(1)
    expect(said.text).toMatch(/Another migration is already running/)
    await database.session.send(`SELECT pg_advisory_unlock(${lock.key})`)
    expect(up()).toMatchObject({ code: 0 })
  } finally {
    await database.close()
  }
})
