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

/** Fails unless the first migration is still the only one that is applied, and no backup was taken. */
export async function expectNothingDone(at: Production): Promise<void> {
  const [target] = (await status(statusRequest(), at.world())).targets
  expect(target?.standing?.applied.map(({ version }) => version)).toEqual(['00001'])
  expect(existsSync(at.folder.at('backups'))).toBe(false)
}
