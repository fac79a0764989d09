// The scripts, the Makefile and the entrypoint of the image as a user runs them, with the real program on the PATH.
import { afterAll, beforeAll, describe } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { compileProgram, type Program } from '../entry/program.js'
import { openOutsideServer, type OutsideServer } from './outside.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const DATABASES = ['audit_db', 'core_db', 'kyc_db', 'rates_db']

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

/** `describe` where the machine has psql and make. */
export const withPsql = has('psql') && has('make') ? describe : describe.skip

export const entrypoint = (...words: readonly string[]): readonly string[] => ['docker/entrypoint.sh', ...words]

export type Scripts = {
  /** Runs a command in the root of the repository; `said` is all that it writes. */
  readonly run: (
    words: readonly string[],
    more?: Readonly<Record<string, string>>,
  ) => { readonly status: number | null; readonly said: string }
  readonly rows: OutsideServer['rows']
  readonly url: OutsideServer['url']
  /** How many tables a database has. */
  readonly tables: (database: string) => Promise<number>
  /** How many rows a table has. */
  readonly count: (database: string, table: string) => Promise<string>
  /** The file of the program. */
  readonly cli: () => string
}

/** One server without our databases for the tests of a `describe`. `hello` on the PATH says hello. */
export function scriptsForTests(): Scripts {
  let server: OutsideServer
  let program: Program
  let folder: Folder
  let environment: Record<string, string>

  beforeAll(async () => {
    server = await openOutsideServer()
    program = compileProgram()
    // As in the image, the program is on the PATH.
    folder = makeFolder({ 'pg-migration-gate': `#!/bin/sh\nexec node "$MIGRATION_GATE_CLI" "$@"\n` })
    chmodSync(folder.at('pg-migration-gate'), 0o755)
    writeFileSync(folder.at('hello'), '#!/bin/sh\necho "hello $1 from $$"\n')
    chmodSync(folder.at('hello'), 0o755)
    environment = {
      ...server.environment,
      ...Object.fromEntries(DATABASES.map((name) => [`${name.toUpperCase()}_DSN`, server.url(name)])),
      MIGRATION_GATE_CLI: program.file('entry/cli'),
      POSTGRES_USER: server.environment['PGUSER'] ?? '',
      PATH: `${folder.path}:${process.env['PATH'] ?? ''}`,
      APP_ENV: '',
      NODE_OPTIONS: '',
    }
  })
  afterAll(async () => {
    folder.remove()
    await server.close()
  })

  const rows: Scripts['rows'] = (database, query) => server.rows(database, query)
  return {
    run: (words, more = {}) => {
      const [file = '', ...rest] = words
      const { status, stdout, stderr } = spawnSync(file, rest, {
        cwd: ROOT,
        encoding: 'utf8',
        env: { ...process.env, ...environment, ...more },
      })
      return { status, said: `${stdout}${stderr}` }
    },
    rows,
    url: (database) => server.url(database),
    tables: async (database) =>
      Number((await rows(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))[0]?.[0]),
    count: async (database, table) => (await rows(database, `SELECT count(*) FROM ${table}`))[0]?.[0] ?? '',
    cli: () => program.file('entry/cli'),
  }
}
