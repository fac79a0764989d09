// Odd states of a history, made by the real program or shown to it: we see in them what it sees.
import { afterAll, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { sqlName } from '../../src/state/history.js'
import type { DatabaseConfig } from '../../src/model/config.js'
import { candidatesFrom, candidatesQuery, detectHistory, type Detected } from '../../src/tools/detect-history.js'
import { parseTableName } from '../../src/tools/table-name.js'
import { eventually } from '../adapters/postgres/server/support.js'
import { testServer, type Database } from './history-database.js'
import { ids, pairOf, type Pair } from './pair.js'
import { folderOf, isInstalled, run, STEPS, tools, type Said, type Tool } from './real-tools.js'

const server = testServer()
afterAll(() => server.close())

const toolNamed = (program: string): Tool => {
  const tool = tools.find((one) => one.program === program)
  if (tool === undefined) throw new Error(program)
  return tool
}

type Place = Pair & { readonly tool: Tool; readonly folder: (...numbers: readonly number[]) => string }

/** A test on one database, skipped by name where the program is not installed. `folder` holds the files of these steps. */
function on(program: string, name: string, work: (place: Place) => Promise<void>): void {
  const it = isInstalled(program) ? test : test.skip
  it(`${name} (needs: ${program})`, async () => {
    const tool = toolNamed(program)
    const database = await server.open()
    try {
      const folder: Place['folder'] = (...numbers) =>
        folderOf(
          database,
          tool,
          STEPS.filter((_, at) => numbers.includes(at + 1)),
        )
      await work({ ...pairOf(tool, database), tool, folder })
    } finally {
      await database.close()
    }
  })
}

describe('golang-migrate', () => {
  const migrate = (folder: string, { url }: Database, ...args: readonly string[]): Said =>
    run(folder, 'migrate', ['-path', '.', '-database', url, ...args])
  const { history } = toolNamed('migrate')

  on('migrate', 'a failed up and a failed down are dirty', async ({ database, table, migrations, folder }) => {
    const read = async (): Promise<ReturnType<typeof history.applied>> =>
      history.applied(migrations, await database.rows(history.read(sqlName(table))))
    const broken = folder(1)
    writeFileSync(path.join(broken, '00006_make_t2.up.sql'), 'SELECT nothing;')
    expect(migrate(broken, database, 'up').code).toBe(1)
    expect(await read()).toMatchObject({ dirty: '6' })

    const [first] = migrations
    if (first === undefined) throw new Error('no files')
    await database.session.send(history.begin?.(sqlName(table), first, 'down', []) ?? '')
    const ours = await database.rows(history.read(sqlName(table)))
    expect(migrate(broken, database, 'force', '3').code).toBe(0)
    writeFileSync(path.join(broken, '00003_make_t1.down.sql'), 'SELECT nothing;')
    expect(migrate(broken, database, 'down', '1').code).toBe(1)
    expect(await database.rows(history.read(sqlName(table)))).toEqual(ours)
    expect(await read()).toMatchObject({ dirty: '-1', migrations: [], missing: [] })
  })

  on('migrate', 'what we mark as begun it refuses to go on with', async ({ database, table, migrations, folder }) => {
    const [, second] = migrations
    if (second === undefined) throw new Error('no files')
    expect(migrate(folder(1), database, 'up').code).toBe(0)
    await database.session.send(history.begin?.(sqlName(table), second, 'up', migrations.slice(0, 1)) ?? '')
    const said = migrate(folder(1, 2), database, 'up')
    expect(said.code).toBe(1)
    expect(said.text).toMatch(/Dirty database version 6/)
  })

  on('migrate', 'a file below the row is applied by neither', async ({ database, applied, pending, folder }) => {
    expect(migrate(folder(1, 3), database, 'up').code).toBe(0)
    expect(migrate(folder(1, 2, 3), database, 'up').text).toMatch(/no change/)
    expect(await applied()).toHaveLength(3)
    expect(await pending()).toHaveLength(3)
    expect(history.late).toBe('impossible')
  })

  on('migrate', 'a row without a file stops it, and is reported', async ({ database, table, migrations, folder }) => {
    expect(migrate(folder(1, 2), database, 'up').code).toBe(0)
    expect(migrate(folder(1, 3), database, 'up')).toMatchObject({ code: 1 })
    const without = migrations.filter((_, at) => at !== 1)
    expect(history.applied(without, await database.rows(history.read(sqlName(table)))).missing).toEqual([
      { key: '6', at: undefined },
    ])
  })

  on('migrate', 'it waits for a key that we hold', async ({ database, table, folder }) => {
    const held = history.locks({ schema: table.schema, table: table.name, database: database.name })
    expect(held).toHaveLength(2)
    for (const lock of held) {
      if (lock.kind === 'advisory') await database.session.send(`SELECT pg_advisory_lock(${lock.key})`)
    }
    const args = ['-path', '.', '-database', database.url, 'up']
    const tool = spawn('migrate', args, { cwd: folder(1), stdio: 'ignore' })
    const ended = once(tool, 'exit')
    const waits = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`
    expect(await eventually(async () => (await database.rows(waits)).length === 1)).toBe(true)
    await database.session.send('SELECT pg_advisory_unlock_all()')
    expect(await ended).toEqual([0, null])
  })
})

describe('goose', () => {
  const goose = (folder: string, { url }: Database, ...args: readonly string[]): Said =>
    run(folder, 'goose', ['postgres', url, ...args])
  const { history } = toolNamed('goose')

  on('goose', 'a late file is pending to us and an error to it', async ({ database, pending, migrations, folder }) => {
    goose(folder(1, 3), database, 'up')
    const said = goose(folder(1, 2, 3), database, 'up')
    expect(said.code).toBe(1)
    expect(said.text).toMatch(/found 1 missing migrations/)
    expect(await pending()).toEqual(ids([1, 3, 4, 5].flatMap((at) => migrations[at] ?? [])))
  })

  on('goose', 'it rolls back the newest row first', async ({ database, table, migrations, applied, folder }) => {
    goose(folder(1, 3), database, 'up')
    expect(goose(folder(1, 2, 3), database, '-allow-missing', 'up').code).toBe(0)
    const { backwards } = history.applied(migrations, await database.rows(history.read(sqlName(table))))
    expect(ids(backwards ?? [])).toEqual(ids([1, 2, 0].flatMap((at) => migrations[at] ?? [])))
    expect(goose(folder(1, 2, 3), database, 'down').code).toBe(0)
    expect(await applied()).toEqual(ids([0, 2].flatMap((at) => migrations[at] ?? [])))
  })

  on('goose', 'a row of an old down', async ({ database, table, migrations, toolUp, folder }) => {
    toolUp(2)
    await database.session.send(`INSERT INTO ${sqlName(table)} (version_id, is_applied) VALUES (6, false)`)
    expect(goose(folder(1, 2), database, 'status').text).toMatch(/Pending\s+-- 00006_make_t2/)
    expect(goose(folder(1, 2), database, 'up').text).toMatch(/no migrations to run/)
    const rows = await database.rows(history.read(sqlName(table)))
    expect(ids(history.applied(migrations, rows).migrations.map(({ migration }) => migration))).toHaveLength(1)
    expect(history.applied(migrations, rows)).toMatchObject({ rolledBack: ['6'], repeated: [] })
    expect(history.pending(migrations.slice(0, 2), rows)).toEqual([])
  })
})

describe('tools that catch up by themselves', () => {
  for (const program of ['sql-migrate', 'dbmate']) {
    on(program, `${program} applies a late file; so do we`, async ({ tool, database, pending, migrations, folder }) => {
      expect(tool.up(folder(1, 3), database).code).toBe(0)
      expect((await pending())[0]).toBe(migrations[1]?.id)
      expect(tool.up(folder(1, 2, 3), database).code).toBe(0)
      expect(await pending()).toEqual(ids(migrations.slice(3)))
    })

    on(
      program,
      `${program}: a row without a file is reported`,
      async ({ tool, database, table, migrations, folder }) => {
        expect(tool.up(folder(1, 2), database).code).toBe(0)
        const without = migrations.filter((_, at) => at !== 1)
        const { missing } = tool.history.applied(without, await database.rows(tool.history.read(sqlName(table))))
        expect(missing.map(({ key }) => key)).toEqual(migrations.slice(1, 2).map(tool.history.keyOf))
        expect(tool.up(folder(1), database).code).toBe(program === 'dbmate' ? 0 : 1)
      },
    )
  }
})

describe('a name in the config leads to the table that the tool makes of it', () => {
  const cases: readonly {
    readonly program: string
    readonly table: string
    readonly up: (folder: string, database: Database) => Said
  }[] = [
    {
      program: 'goose',
      table: 'Ops.MyTab',
      up: (folder, { url }) => run(folder, 'goose', ['-table', 'Ops.MyTab', 'postgres', url, 'up']),
    },
    {
      program: 'migrate',
      table: 'MyTab',
      up: (folder, { url }) =>
        run(folder, 'migrate', ['-path', '.', '-database', `${url}&x-migrations-table=MyTab`, 'up']),
    },
    {
      program: 'migrate',
      table: '"ops"."My.Tab"',
      up: (folder, { url }) =>
        run(folder, 'migrate', [
          '-path',
          '.',
          '-database',
          `${url}&x-migrations-table=${encodeURIComponent('"ops"."My.Tab"')}&x-migrations-table-quoted=1`,
          'up',
        ]),
    },
    {
      program: 'sql-migrate',
      table: 'ops.MyTab',
      up: (folder, { url }) => {
        const settings = `dialect: postgres\n  datasource: ${url}\n  dir: .\n  schema: ops\n  table: MyTab`
        writeFileSync(path.join(folder, 'dbconfig.yml'), `development:\n  ${settings}\n`)
        return run(folder, 'sql-migrate', ['up'])
      },
    },
    {
      program: 'dbmate',
      table: 'ops.MyTab',
      up: (folder, { url }) =>
        run(folder, 'dbmate', ['-u', url, '-d', '.', '--no-dump-schema', '--migrations-table', 'ops.MyTab', 'migrate']),
    },
  ]
  for (const { program, table, up } of cases) {
    on(program, `${program}: ${table}`, async ({ tool, database, migrations, folder }) => {
      await database.session.send('CREATE SCHEMA ops')
      const detect = async (history: DatabaseConfig['history']): Promise<Detected> =>
        detectHistory({
          found: candidatesFrom(await database.rows(candidatesQuery([parseTableName(table, tool.history).name]))),
          layout: tool.layout.name,
          config: { history },
          migrations,
          stream: 'schema',
        })
      const configured = { kind: undefined, table }
      const before = await detect(configured)
      expect(before).toMatchObject({ kind: 'history', exists: false })
      expect(up(folder(1, 2), database)).toMatchObject({ code: 0 })
      const after = await detect(configured)
      expect(after).toEqual({ ...before, exists: true })
      if (after.kind !== 'history') throw new Error(after.what)
      const rows = await database.rows(after.history.read(sqlName(after.table)))
      expect(after.history.applied(migrations, rows).migrations).toHaveLength(2)
    })
  }
})
