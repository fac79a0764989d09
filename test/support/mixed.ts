// A tool and our own commands in turns on one database, and what both leave, held against the tool alone.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect } from '@jest/globals'
import { refusesTransaction } from '../../src/sql/transactions.js'
import { splitStatements } from '../../src/sql/statements.js'
import { contentOf, definitionOf, type Database, type TestServer } from '../tools/history-database.js'
import { folderOf, type Step, type Tool } from '../tools/real-tools.js'
import { makeChain } from './chains.js'
import { down, status, up } from './everyday.js'
import { downRequest, statusRequest, upRequest, worldIn } from './live.js'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Statements with semicolons inside are marked, as the users of a tool that splits at them do. */
const marked = (text: string, marker: string): string =>
  splitStatements(text)
    .map((statement) =>
      statement.text.includes(';')
        ? `-- +${marker} StatementBegin\n${statement.text};\n-- +${marker} StatementEnd`
        : `${statement.text};`,
    )
    .join('\n')

const stepFor = ({ program }: Tool, step: Step): Step => {
  const marker = { goose: 'goose', 'sql-migrate': 'migrate' }[program]
  return marker === undefined ? step : { ...step, up: marked(step.up, marker), down: marked(step.down, marker) }
}

/** One of the four sample databases, written for the tool. */
export function sampleFor(tool: Tool, database: string): readonly Step[] {
  const folder = path.join(ROOT, 'migrations', database)
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.up.sql'))
    .map((name) => {
      const [, number = '', title = ''] = /^(\d+)_(.*)\.up\.sql$/.exec(name) ?? []
      const text = { up: read(name), down: read(name.replace('.up.', '.down.')) }
      const plain = splitStatements(text.up).some((statement) => refusesTransaction(statement) !== undefined)
      return stepFor(tool, { number: Number(number), name: title, ...text, plain })
    })
}

/** A random chain of everything that the tool can run in a transaction of its own. */
export const chainFor = (tool: Tool, seed: number, length: number): readonly Step[] =>
  makeChain({ seed, length, mix: 'bench' }).map(({ version, name, up, down = '' }) =>
    stepFor(tool, { number: Number(version), name, up, down }),
  )

/** What is in a database: the objects of the schema, the history's table and its rows but for times. */
async function contents(tool: Tool, database: Database): Promise<unknown> {
  const table = { schema: 'public', name: tool.history.table }
  const objects = await database.rows(
    `SELECT c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 3`,
  )
  return { objects, table: await definitionOf(database, table), rows: await contentOf(database, table) }
}

type Place = {
  readonly database: Database
  /** The tool has the first `count` files; we have all of them and get the version to stop at. */
  readonly tool: (count: number) => string
  readonly toolDown: (steps: number) => void
  readonly weUp: (to: number) => Promise<void>
  readonly weDown: (to: number) => Promise<void>
  readonly pending: () => Promise<readonly string[]>
  readonly contents: () => Promise<unknown>
}

/** `journal`: whether our own record is beside the tool's table. */
function placeOf(tool: Tool, steps: readonly Step[], database: Database, journal: 'on' | 'off'): Place {
  const ours = `${database.folder}_ours`
  rmSync(ours, { recursive: true, force: true })
  mkdirSync(path.join(ours, 'migrations'), { recursive: true })
  cpSync(folderOf(database, tool, steps), path.join(ours, 'migrations/app'), { recursive: true })
  const world = worldIn(ours, { APP_DSN: database.url })
  const passes = ({ verdict, targets }: Awaited<ReturnType<typeof up>>): void => {
    expect({ verdict, stopped: targets[0]?.stopped, failed: targets[0]?.steps.filter((one) => one.failure) }).toEqual({
      verdict: 'pass',
      stopped: undefined,
      failed: [],
    })
  }
  const version = (count: number): string => String(steps[count - 1]?.number ?? 0)
  return {
    database,
    tool: (count) => {
      const said = tool.up(folderOf(database, tool, steps.slice(0, count)), database)
      expect(said).toMatchObject({ code: 0 })
      return said.text.trim()
    },
    toolDown: (count) => {
      expect(tool.down(folderOf(database, tool, steps), database, count)).toMatchObject({ code: 0 })
    },
    weUp: async (to) => passes(await up(upRequest({ to: version(to) }), world)),
    weDown: async (to) => passes(await down(downRequest({ to: version(to) }), world)),
    pending: async () => {
      const { targets } = await status(statusRequest(), world)
      return targets[0]?.standing?.pending ?? ['not read']
    },
    contents: async () => {
      if (journal === 'on') await database.session.send('DROP SCHEMA IF EXISTS migration_gate CASCADE')
      return contents(tool, database)
    },
  }
}

/**
 * For one k: the tool applies 1..k and we the rest; we apply 1..k and the tool the rest; then each rolls back to k what
 * the other applied. After every stretch the database is the one that the tool alone would have made.
 */
export async function mixAt(server: TestServer, tool: Tool, steps: readonly Step[], k: number): Promise<void> {
  const all = steps.length
  const open = async (): Promise<Place> => placeOf(tool, steps, await server.open(), 'on')
  const alone = await open()
  const theirs = await open()
  const ours = await open()
  try {
    alone.tool(all)
    const full = await alone.contents()

    if (k > 0) theirs.tool(k)
    await theirs.weUp(all)
    expect(theirs.tool(all)).toMatch(tool.idle)
    expect(await theirs.pending()).toEqual([])
    expect(await theirs.contents()).toEqual(full)

    if (k > 0) await ours.weUp(k)
    ours.tool(all)
    expect(await ours.pending()).toEqual([])
    expect(await ours.contents()).toEqual(full)

    if (k === all) return
    alone.toolDown(all - k)
    const back = await alone.contents()
    await theirs.weDown(k)
    expect(await theirs.contents()).toEqual(back)
    ours.toolDown(all - k)
    expect(await ours.contents()).toEqual(back)
  } finally {
    for (const { database } of [alone, theirs, ours]) await database.close()
  }
}
