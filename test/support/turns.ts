// The commands on a folder that a real tool works on as well.
import path from 'node:path'
import type { LiveReport } from '../../src/report/run-report.js'
import { dsnVariable } from '../../src/model/config.js'
import type { Database, TestServer } from '../tools/history-database.js'
import { folderOf, STEPS, type Tool } from '../tools/real-tools.js'
import { down, status, up } from './everyday.js'
import { downRequest, statusRequest, upRequest, worldIn } from './live.js'

/** Each takes the first `count` files of the chain. */
export type Turns = {
  readonly up: (count: number) => Promise<LiveReport>
  readonly down: (steps: number) => Promise<LiveReport>
  readonly status: () => Promise<LiveReport>
  readonly toolUp: (count: number) => { readonly code: number | null; readonly text: string }
  readonly toolDown: (steps: number) => { readonly code: number | null; readonly text: string }
  /** What a child process needs to do the same: where, and the variable with the DSN. */
  readonly cwd: string
  readonly variables: Readonly<Record<string, string>>
}

export function turnsOf(tool: Tool, database: Database): Turns {
  const cwd = path.dirname(database.folder)
  const name = path.basename(database.folder)
  const variables = { [dsnVariable(name)]: database.url }
  const world = worldIn(cwd, variables)
  const paths = [name]
  const filled = (count: number): string => folderOf(database, tool, STEPS.slice(0, count))
  return {
    up: (count) => (filled(count), up(upRequest({ paths, late: 'allow' }), world)),
    down: (steps) => (filled(STEPS.length), down(downRequest({ paths, steps }), world)),
    status: () => (filled(STEPS.length), status(statusRequest({ paths, check: true }), world)),
    toolUp: (count) => tool.up(filled(count), database),
    toolDown: (steps) => tool.down(filled(STEPS.length), database, steps),
    cwd,
    variables,
  }
}

/** The tables that all steps make. */
export const ALL_TABLES = STEPS.map((_, at) => `t${at + 1}`)

/** Those that are there. */
export const tablesMade = async (database: Database): Promise<readonly unknown[]> =>
  (await database.rows(`SELECT relname FROM pg_class WHERE relname ~ '^t[0-9]$' ORDER BY 1`)).flat()

export type Work = (turns: Turns, database: Database) => Promise<void>

/** On a new database, which is removed afterwards. */
export async function inTurns(server: TestServer, tool: Tool, work: Work): Promise<void> {
  const database = await server.open()
  try {
    await work(turnsOf(tool, database), database)
  } finally {
    await database.close()
  }
}
