// A sample database deployed as production and rolled back to its first version: the schema is the same as before.
import { expect } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createTargets } from '../../src/adapters/postgres/live/open.js'
import { fingerprint, portable } from '../../src/catalog/portable.js'
import { BACKUP, type Production, type productionsForTests } from './production.js'

/** The one of `npm test`. */
export const REVERSIBLE_HERE: readonly string[] = ['migrations/core_db']

const databasesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [`${folder}/${entry.name}`] : [],
  )

/** All other sample databases whose migrations can be rolled back. */
export const REVERSIBLE_ELSEWHERE: readonly string[] = [
  ...['core_db', 'kyc_db', 'rates_db', 'audit_db'].map((name) => `migrations/${name}`),
  ...['goose', 'sql-migrate', 'dbmate', 'directories'].flatMap((layout) => databasesBelow(`examples/${layout}`)),
].filter((folder) => !REVERSIBLE_HERE.includes(folder))

/** Fails unless the fingerprint of the first version is there again. */
export async function expectWholeRollback(
  makeProduction: ReturnType<typeof productionsForTests>,
  folder: string,
): Promise<void> {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const names = all.filter((name) => name.endsWith('.sql') && !name.startsWith('seeds'))
  const files = Object.fromEntries(
    names.map((name) => [`core_db/${name}`, readFileSync(path.join(folder, name), 'utf8')]),
  )
  const at = await makeProduction(files)
  const versions = [...new Set(names.map((name) => /^\d+/.exec(name)?.[0] ?? ''))].toSorted()
  const external = { ...BACKUP, kind: 'external', id: 'snap' } as const
  await at.deploy({ to: versions[0], backup: external })
  const before = await fingerprintOf(at)
  await at.deploy({ backup: external })
  const report = await at.rollback({
    to: versions[0] ?? '',
    confirm: `core_db ${versions[0] ?? ''}`,
    irreversible: versions,
    backup: external,
  })
  expect(report).toMatchObject({ verdict: 'pass', counts: { done: versions.length - 1 } })
  expect(await fingerprintOf(at)).toBe(before)
}

/** Of the portable catalogue of the live database. */
async function fingerprintOf(at: Production): Promise<string> {
  const environment = { ...process.env, ...at.dsns }
  const options = { name: 'core_db', dsn: 'CORE_DB_DSN', session: 'reset', waitMs: 0, lockMs: 1000 } as const
  const target = await createTargets({ environment }).open({
    ...options,
    statementMs: undefined,
    signal: new AbortController().signal,
  })
  try {
    const history = { schema: 'public', name: 'schema_migrations' }
    return fingerprint(portable(await target.snapshot(), { history }))
  } finally {
    await target.close()
  }
}
