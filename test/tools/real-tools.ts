// The real programs, run on a folder with the first files of a chain.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { History } from '../../src/state/history.js'
import type { Migration } from '../../src/model/migration.js'
import { dbmate as dbmateHistory } from '../../src/tools/dbmate/history.js'
import { golangMigrate } from '../../src/tools/pairs/golang-migrate-history.js'
import { goose as gooseHistory } from '../../src/tools/goose/history.js'
import { sqlMigrate as sqlMigrateHistory } from '../../src/tools/sql-migrate/history.js'
import { dbmate } from '../../src/tools/dbmate/tool.js'
import { goose } from '../../src/tools/goose/tool.js'
import type { Tool as Reader } from '../../src/tools/tool.js'
import { pairs } from '../../src/tools/pairs/tool.js'
import { sqlMigrate } from '../../src/tools/sql-migrate/tool.js'
import { readFiles } from './sources.js'
import type { Database } from './history-database.js'

export type Said = { readonly code: number | null; readonly text: string }

/** `up` applies all that is in the folder; `down` takes `steps` back; `idle` is what it says when there is nothing to do. */
export type Tool = {
  readonly program: string
  readonly layout: Reader
  readonly history: History
  readonly files: (step: Step) => Readonly<Record<string, string>>
  readonly up: (folder: string, database: Database) => Said
  readonly down: (folder: string, database: Database, steps: number) => Said
  readonly idle: RegExp
}

/** `plain`: it refuses to run in a transaction, and the file says so where the tool wants that. */
export type Step = {
  readonly number: number
  readonly name: string
  readonly up: string
  readonly down: string
  readonly plain?: boolean
}

/** One table for each step, so that the schema says which have run. */
export const STEPS: readonly Step[] = Array.from({ length: 6 }, (_, i) => ({
  number: (i + 1) * 3,
  name: `make_t${i + 1}`,
  up: `CREATE TABLE t${i + 1} (id integer PRIMARY KEY, note text DEFAULT 'it''s');`,
  down: `DROP TABLE t${i + 1};`,
}))

const mark = ({ plain }: Step, word: string): string => (plain === true ? word : '')
const padded = ({ number }: Step): string => String(number).padStart(5, '0')

export const run = (folder: string, command: string, args: readonly string[]): Said => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', timeout: 30_000 })
  return { code: error === undefined ? status : null, text: `${stdout}${stderr}${error?.message ?? ''}` }
}

const times = (count: number, once: () => Said): Said => {
  const all = Array.from({ length: count }, once)
  return all.find(({ code }) => code !== 0) ?? all.at(-1) ?? { code: 0, text: '' }
}

/** sql-migrate reads all its settings from a file. */
export const sqlMigrateRun = (folder: string, database: Database, args: readonly string[]): Said => {
  const config = `development:\n  dialect: postgres\n  datasource: ${database.url}\n  dir: .\n`
  writeFileSync(path.join(folder, 'dbconfig.yml'), config)
  return run(folder, 'sql-migrate', args)
}

export const tools: readonly Tool[] = [
  {
    program: 'goose',
    layout: goose,
    history: gooseHistory,
    files: (step) => ({
      [`${padded(step)}_${step.name}.sql`]: `${mark(step, '-- +goose NO TRANSACTION\n')}-- +goose Up\n${step.up}\n-- +goose Down\n${step.down}\n`,
    }),
    up: (folder, { url }) => run(folder, 'goose', ['postgres', url, 'up']),
    down: (folder, { url }, steps) => times(steps, () => run(folder, 'goose', ['postgres', url, 'down'])),
    idle: /no migrations to run/,
  },
  {
    program: 'migrate',
    layout: pairs,
    history: golangMigrate,
    files: (step) => ({
      [`${padded(step)}_${step.name}.up.sql`]: step.up,
      [`${padded(step)}_${step.name}.down.sql`]: step.down,
    }),
    up: (folder, { url }) => run(folder, 'migrate', ['-path', '.', '-database', url, 'up']),
    down: (folder, { url }, steps) => run(folder, 'migrate', ['-path', '.', '-database', url, 'down', String(steps)]),
    idle: /no change/,
  },
  {
    program: 'sql-migrate',
    layout: sqlMigrate,
    history: sqlMigrateHistory,
    files: (step) => ({
      [`${padded(step)}-${step.name}.sql`]: `-- +migrate Up${mark(step, ' notransaction')}\n${step.up}\n-- +migrate Down${mark(step, ' notransaction')}\n${step.down}\n`,
    }),
    up: (folder, database) => sqlMigrateRun(folder, database, ['up']),
    down: (folder, database, steps) => sqlMigrateRun(folder, database, ['down', `-limit=${steps}`]),
    idle: /Applied 0 migrations/,
  },
  {
    program: 'dbmate',
    layout: dbmate,
    history: dbmateHistory,
    files: (step) => ({
      [`${padded(step)}_${step.name}.sql`]: `-- migrate:up${mark(step, ' transaction:false')}\n${step.up}\n-- migrate:down${mark(step, ' transaction:false')}\n${step.down}\n`,
    }),
    up: (folder, { url }) => run(folder, 'dbmate', ['-u', url, '-d', '.', '--no-dump-schema', 'migrate']),
    down: (folder, { url }, steps) =>
      times(steps, () => run(folder, 'dbmate', ['-u', url, '-d', '.', '--no-dump-schema', 'rollback'])),
    idle: /^$/,
  },
]

export const isInstalled = (program: string): boolean =>
  (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => spawnSync('test', ['-x', path.join(folder, program)]).status === 0)

/** The folder of a database, with the files of these steps and no others. */
export function folderOf({ folder }: Database, tool: Tool, steps: readonly Step[]): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const step of steps) {
    for (const [name, text] of Object.entries(tool.files(step))) writeFileSync(path.join(folder, name), text)
  }
  return folder
}

/** The same files as we read them. */
export const migrationsOf = (tool: Tool, steps: readonly Step[]): readonly Migration[] =>
  readFiles(tool.layout, Object.assign({}, ...steps.map((step) => tool.files(step))) as Record<string, string>)
    .migrations
