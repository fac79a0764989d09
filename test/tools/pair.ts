// A tool and we on one table: what each does, and what is seen of it.
import { expect } from '@jest/globals'
import { sqlName, type Rows, type TableName } from '../../src/state/history.js'
import type { Migration } from '../../src/model/migration.js'
import { runWith, type Database } from './history-database.js'
import { folderOf, migrationsOf, STEPS, type Tool } from './real-tools.js'

export type Pair = {
  readonly database: Database
  readonly table: TableName
  readonly migrations: readonly Migration[]
  /** The tool, given the first so many files; what it says. */
  readonly toolUp: (count: number) => string
  readonly toolDown: (steps: number) => void
  readonly create: () => Promise<void>
  /** We apply the migrations from one index to another, as one transaction each. */
  readonly weUp: (from: number, to: number) => Promise<void>
  readonly weDown: (from: number, to: number) => Promise<void>
  /** What we see: nothing odd, and these migrations applied and pending. */
  readonly applied: () => Promise<readonly string[]>
  readonly pending: () => Promise<readonly string[]>
  /** The tables that the steps have made. */
  readonly made: () => Promise<Rows>
}

export const ids = (migrations: readonly Migration[]): readonly string[] => migrations.map(({ id }) => id)

export function pairOf(tool: Tool, database: Database): Pair {
  const { history } = tool
  const table: TableName = { schema: 'public', name: history.table }
  const name = sqlName(table)
  const migrations = migrationsOf(tool, STEPS)
  const rows = (): Promise<Rows> => database.rows(history.read(name))
  return {
    database,
    table,
    migrations,
    toolUp: (count) => {
      const said = tool.up(folderOf(database, tool, STEPS.slice(0, count)), database)
      expect(said).toMatchObject({ code: 0 })
      return said.text
    },
    toolDown: (steps) => {
      expect(tool.down(folderOf(database, tool, STEPS), database, steps)).toMatchObject({ code: 0 })
    },
    create: async () => {
      await database.session.send(history.create(name))
    },
    weUp: async (from, to) => {
      for (const migration of migrations.slice(from, to)) {
        if (migration.up === undefined) throw new Error('no up')
        await runWith(database.session, migration.up, history.record(name, migration))
      }
    },
    weDown: async (from, to) => {
      for (let at = from - 1; at >= to; at--) {
        const migration = migrations[at]
        if (migration?.down === undefined) throw new Error('no down')
        await runWith(database.session, migration.down, history.remove(name, migration, migrations.slice(0, at)))
      }
    },
    applied: async () => {
      const applied = history.applied(migrations, await rows())
      expect(applied).toMatchObject({ missing: [], dirty: undefined, repeated: [], edited: [] })
      return applied.migrations.map(({ migration }) => migration.id)
    },
    pending: async () => ids(history.pending(migrations, await rows())),
    made: () => database.rows(`SELECT relname FROM pg_class WHERE relname ~ '^t[0-9]$' ORDER BY 1`),
  }
}
