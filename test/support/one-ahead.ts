// A production whose files are one migration ahead of it, for tests that deploy that one.
import { expect } from '@jest/globals'
import { existsSync } from 'node:fs'
import type { Program } from '../entry/program.js'
import { status } from './everyday.js'
import { statusRequest, type LiveServer } from './live.js'
import { pairOf, type Production, type productionsForTests } from './production.js'

export const ONE = {
  ...pairOf('core_db', '00001', 'CREATE TABLE users (id int PRIMARY KEY);', 'DROP TABLE users;'),
  ...pairOf('core_db', '00002', 'ALTER TABLE users ADD COLUMN phone text;', 'ALTER TABLE users DROP COLUMN phone;'),
}

/** The first migration is applied. */
export async function oneAhead(
  makeProduction: ReturnType<typeof productionsForTests>,
  files: Readonly<Record<string, string>> = ONE,
  server?: LiveServer,
): Promise<Production> {
  const at = await makeProduction(files, server)
  await at.upTo('00001')
  return at
}

/** Deploys the same folder, with another address behind the variable. */
export const deployThrough = (program: Program, at: Production, dsn: string): ReturnType<Program['run']> =>
  program.run({
    entry: 'cli',
    cwd: at.folder.path,
    environment: { CORE_DB_DSN: dsn },
    words: ['deploy', '--environment', 'production', '--digest', 'deadbeef'],
  })

/** Words of a production whose steps cannot be tried: there is no such PostgreSQL, so nothing is found on any machine. */
export const NO_SERVER = ['--environment', 'production', '--postgres', '99']

/** Runs a command in its folder, with its addresses. */
export const runIn = (program: Program, at: Production, words: readonly string[]): ReturnType<Program['run']> =>
  program.run({ entry: 'cli', cwd: at.folder.path, environment: at.dsns, words })

/** How many columns the table of the first migration has. */
export const columnsOfUsers = async (at: Production): Promise<number | undefined> =>
  (
    await at.databases['core_db']?.query(
      `SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped`,
    )
  )?.length

/** Fails unless the command calls it wrong use that the server to try the steps on is no URL. */
export async function expectNamedWrongly(program: Program, at: Production, command: string): Promise<void> {
  const far = command === 'rollback' ? ['--databases', 'core_db', '--steps', '1'] : []
  const words = [command, '--environment', 'production', '--server', 'here:5432', ...far]
  const { code, err } = await runIn(program, at, words)
  expect([code, err]).toEqual([2, expect.stringContaining('postgres://')])
}

/** Fails unless the first migration is still the only one that is applied, and no backup was taken. */
export async function expectNothingDone(at: Production): Promise<void> {
  const [target] = (await status(statusRequest(), at.world())).targets
  expect(target?.standing?.applied.map(({ version }) => version)).toEqual(['00001'])
  expect(existsSync(at.folder.at('backups'))).toBe(false)
}
