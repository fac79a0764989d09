// A production of one database that was deployed with a backup, for tests that restore that backup.
import { expect } from '@jest/globals'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { LiveServer } from './live.js'
import { BACKUP, pairOf, reasons, type Production, type productionsForTests } from './production.js'

type MakeProduction = ReturnType<typeof productionsForTests>

export const CHAIN = {
  ...pairOf('core_db', '00001', 'CREATE TABLE users (id int PRIMARY KEY, name text);', 'DROP TABLE users;'),
  ...pairOf('core_db', '00002', 'ALTER TABLE users ADD COLUMN phone text;', 'ALTER TABLE users DROP COLUMN phone;'),
}

/** Makes it: deployed up to the second one with a backup before it; `archive` is that, from the root of the repository. */
export const backedUpBy =
  (makeProduction: MakeProduction, live: LiveServer) =>
  async (
    backup: Partial<typeof BACKUP> = {},
    prepare: (at: Production) => Promise<void> = () => Promise.resolve(),
    on: Pick<LiveServer, 'database'> = live,
  ): Promise<Production & { readonly archive: string }> => {
    const at = await makeProduction(CHAIN, { ...live, database: on.database })
    await prepare(at)
    await at.upTo('00001')
    await at.databases['core_db']?.query(`INSERT INTO users SELECT i, 'somebody' FROM generate_series(1, 10) i`)
    const report = await at.deploy({ backup: { ...BACKUP, proof: 'restored', ...backup } })
    expect(report).toMatchObject({ verdict: 'pass' })
    const kept = report.targets[0]?.backup
    return { ...at, archive: path.relative(at.folder.path, kept?.kind === 'dump' ? kept.path : '') }
  }

export const named = (at: Production): string => at.databases['core_db']?.name ?? ''

export const userCount = async (at: Production) =>
  (await at.databases['core_db']?.query('SELECT count(*)::int AS n FROM users'))?.[0]?.['n']

/** The names of the copies of a restore that are left on the server. */
export async function restoredCopies(live: LiveServer, at: Production): Promise<readonly string[]> {
  const keeper = await live.database()
  const rows = await keeper.query(`SELECT datname FROM pg_database WHERE datname ~ '^${named(at)}_restore_' ORDER BY 1`)
  return rows.map(({ datname }) => String(datname))
}

/** Fails unless a deploy sees that its archive is no longer what pg_dump wrote, and changes nothing. */
export async function expectSpoiltFound(makeProduction: MakeProduction, how: 'cut off' | 'flipped'): Promise<void> {
  const at = await makeProduction(CHAIN)
  await at.upTo('00001')
  await at.databases['core_db']?.query(`INSERT INTO users SELECT i, md5(i::text) FROM generate_series(1, 5000) i`)
  const afterDump = (archive: string): Promise<void> => {
    const bytes = readFileSync(archive)
    const middle = Math.floor(bytes.length / 2)
    if (how === 'flipped') bytes[middle] = (bytes[middle] ?? 0) ^ 0x10
    writeFileSync(archive, how === 'flipped' ? bytes : bytes.subarray(0, middle))
    return Promise.resolve()
  }
  const report = await at.deploy({}, { backups: { afterDump } })
  expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
  expect(report.targets[0]?.stopped?.what).toMatch(/^the archive core_db_\w+\.dump is not what pg_dump wrote: /)
  expect(readdirSync(at.folder.at('backups'))).toEqual(['.gitignore'])
  expect(reasons(report)).toBe('')
}
