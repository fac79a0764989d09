// Each history held against the real program on a real server: both work on one table, and neither notices the other.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { candidatesFrom, candidatesQuery, detectHistory } from '../../src/tools/detect-history.js'
import { readFiles } from './sources.js'
import { contentOf, definitionOf, testServer } from './history-database.js'
import { ids, pairOf, type Pair } from './pair.js'
import { folderOf, isInstalled, migrationsOf, run, STEPS, tools, type Step, type Tool } from './real-tools.js'

const server = testServer()
afterAll(() => server.close())

const all = STEPS.length
async function withPairs(tool: Tool, work: (...pairs: readonly [Pair, Pair]) => Promise<void>): Promise<void> {
  const databases = [await server.open(), await server.open()] as const
  try {
    await work(pairOf(tool, databases[0]), pairOf(tool, databases[1]))
  } finally {
    for (const database of databases) await database.close()
  }
}

/** Names with the number as it is, without zeros in front. */
const withNumber = (files: Readonly<Record<string, string>>, number: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name.replace(/^\d+/, String(number)), text]))

describe.each(tools)('$program', (tool) => {
  const name = (text: string): string => `${text} (needs: ${tool.program})`
  const it = isInstalled(tool.program) ? test : test.skip

  it(name('the table that we make is the one that it makes'), async () => {
    await withPairs(tool, async (theirs, ours) => {
      theirs.toolUp(all)
      await ours.create()
      await ours.weUp(0, all)
      expect(await definitionOf(ours.database, ours.table)).toEqual(await definitionOf(theirs.database, theirs.table))
      expect(await contentOf(ours.database, ours.table)).toEqual(await contentOf(theirs.database, theirs.table))
      expect(ours.toolUp(all)).toMatch(tool.idle)
    })
  })

  it(name('of its history we see what it applied, and it goes on behind what we applied'), async () => {
    for (let k = 1; k <= all; k++) {
      await withPairs(tool, async (theirs, ours) => {
        theirs.toolUp(k)
        expect(await theirs.applied()).toEqual(ids(theirs.migrations.slice(0, k)))
        expect(await theirs.pending()).toEqual(ids(theirs.migrations.slice(k)))
        await theirs.weUp(k, all)
        expect(theirs.toolUp(all)).toMatch(tool.idle)

        await ours.create()
        await ours.weUp(0, k)
        ours.toolUp(all)
        expect(await ours.pending()).toEqual([])
        expect(await contentOf(ours.database, ours.table)).toEqual(await contentOf(theirs.database, theirs.table))
      })
    }
  })

  it(name('it runs files in the order in which the layout reads them'), async () => {
    const names = [9, 10, 1, 2, 100].map((number, i) => ({ number, name: `n${i}` }))
    const files = Object.assign(
      {},
      ...names.map(({ number, name }) =>
        withNumber(tool.files({ number, name, up: `CREATE TABLE ${name} ();`, down: `DROP TABLE ${name};` }), number),
      ),
      tool.program === 'sql-migrate' ? { 'init.sql': '-- +migrate Up\nCREATE TABLE init ();\n' } : {},
    ) as Readonly<Record<string, string>>
    const database = await server.open()
    try {
      mkdirSync(database.folder, { recursive: true })
      for (const [file, text] of Object.entries(files)) writeFileSync(path.join(database.folder, file), text)
      expect(tool.up(database.folder, database)).toMatchObject({ code: 0 })
      const made = await database.rows("SELECT relname FROM pg_class WHERE relname ~ '^(n[0-9]|init)$' ORDER BY oid")
      const read = readFiles(tool.layout, files).migrations.map(({ name, id }) => (name === '' ? id : name))
      expect(made.map(([table]) => table)).toEqual(read)
    } finally {
      await database.close()
    }
  })

  it(name('it rolls back what we applied, and we what it applied'), async () => {
    await withPairs(tool, async (theirs, ours) => {
      theirs.toolUp(all)
      await ours.create()
      await ours.weUp(0, all)
      for (const [from, to] of [
        [6, 4],
        [4, 1],
        [1, 0],
      ] as const) {
        theirs.toolDown(from - to)
        await ours.weDown(from, to)
        expect(await ours.applied()).toEqual(ids(ours.migrations.slice(0, to)))
        expect(await theirs.applied()).toEqual(await ours.applied())
        expect(await contentOf(ours.database, ours.table)).toEqual(await contentOf(theirs.database, theirs.table))
        expect(await ours.made()).toEqual(await theirs.made())
      }
      await ours.weUp(0, 3)
      ours.toolDown(2)
      expect(await ours.applied()).toEqual(ids(ours.migrations.slice(0, 1)))
      expect(await ours.made()).toEqual([['t1']])
    })
  })

  it(name('what the note of a right rename says brings a database in line that applied the old name'), async () => {
    const step = (number: number, table: string): Step => ({
      number,
      name: `make_${table}`,
      up: `CREATE TABLE ${table} (id int);`,
      down: `DROP TABLE ${table};`,
    })
    const [a, b, c, moved] = [step(1, 'a'), step(2, 'b'), step(2, 'c'), step(3, 'c')]
    const [old] = migrationsOf(tool, [c])
    const [now] = migrationsOf(tool, [moved])
    if (old === undefined || now === undefined) throw new Error('no migration')
    const advice = tool.layout.records.renamed({ before: old, now, twin: b.name })
    const database = await server.open()
    try {
      expect(tool.up(folderOf(database, tool, [a, c]), database)).toMatchObject({ code: 0 })
      const folder = folderOf(database, tool, [a, b, moved])
      if (tool.program === 'migrate') {
        await database.session.send(b.up)
        const [, version = ''] = /migrate force (\d+)/.exec(advice) ?? []
        expect(run(folder, 'migrate', ['-path', '.', '-database', database.url, 'force', version])).toMatchObject({
          code: 0,
        })
      } else await database.session.send(/UPDATE [^;]+;/.exec(advice)?.[0] ?? '')
      const [, flag] = /goose (-\S+) up/.exec(advice) ?? []
      if (flag === undefined) expect(tool.up(folder, database)).toMatchObject({ code: 0 })
      else expect(run(folder, 'goose', [flag, 'postgres', database.url, 'up'])).toMatchObject({ code: 0 })
      expect(tool.up(folder, database).text).toMatch(tool.idle)
      const made = "SELECT relname FROM pg_class WHERE relname ~ '^[abc]$' ORDER BY relname"
      expect(await database.rows(made)).toEqual([['a'], ['b'], ['c']])
    } finally {
      await database.close()
    }
  })

  it(name('its history is found in the database'), async () => {
    await withPairs(tool, async ({ database, table, migrations, toolUp }) => {
      const detect = async (): Promise<ReturnType<typeof detectHistory>> =>
        detectHistory({
          found: candidatesFrom(await database.rows(candidatesQuery())),
          layout: tool.layout.name,
          config: { history: { kind: undefined, table: undefined } },
          migrations,
          stream: 'schema',
        })
      const there = { kind: 'history', history: tool.history, table, others: [] }
      expect(await detect()).toMatchObject({ ...there, exists: false })
      toolUp(2)
      expect(await detect()).toMatchObject({ ...there, exists: true })
    })
  })
})
