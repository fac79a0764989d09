// The pages about production, tried: the SQL of the two roles, and each scenario of a rollback through the real program.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { compileProgram, type Ended, type Program } from '../entry/program.js'
import { startLive, type LiveServer } from '../support/live.js'
import { FOUR, makeProduction, pairOf, type Production } from '../support/production.js'

let live: LiveServer
let program: Program
let at: Production
const said: Ended[] = []
const PASSWORD = 'Wq7-never-shown'

beforeAll(async () => {
  program = compileProgram()
  live = await startLive()
  at = await makeProduction(live, {
    ...FOUR,
    ...pairOf('core_db', '00003', 'CREATE TABLE logs (id int);', 'DROP TABLE logs;'),
  })
}, 120_000)
afterAll(async () => {
  for (const { out, err } of said) expect(`${out}${err}`).not.toContain(PASSWORD)
  at.folder.remove()
  await live.close()
})

const run = async (words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> => {
  const withPasswords = Object.fromEntries(
    Object.entries(at.dsns).map(([name, dsn]) => [name, `${dsn} password=${PASSWORD}`]),
  )
  const ended = await program.run({
    entry: 'cli',
    words,
    cwd: at.folder.path,
    environment: { ...withPasswords, ...more },
  })
  said.push(ended)
  return ended
}
const version = async (name: string) =>
  (await at.databases[name]?.query('SELECT version FROM schema_migrations'))?.[0]?.['version']
const digest = (): string =>
  (JSON.parse(readFileSync(at.folder.at('plan.json'), 'utf8')) as { readonly approval: { readonly digest: string } })
    .approval.digest

const deployUnder = (approved: string): readonly string[] => [
  ...['deploy', '--environment', 'production', '--plan', 'plan.json', '--digest'],
  approved,
]

describe('the scenarios, one after another on four databases', () => {
  test('1: in development, rolls back the last one', async () => {
    expect((await run(['up'])).code).toBe(0)
    expect((await run(['down', '--databases', 'core_db'])).code).toBe(0)
    expect(await version('core_db')).toBe('2')
    expect((await run(['down'])).err).toContain('cannot roll back all databases at once')
    for (const name of ['kyc_db', 'rates_db', 'audit_db', 'core_db']) await run(['down', '--databases', name])
  })

  test('an approved deploy, to have something to roll back', async () => {
    const plan = await run(['plan', '--environment', 'production', '--output', 'json=plan.json'])
    expect([plan.code, plan.out]).toEqual([0, expect.stringContaining('5 steps would run in 4 databases')])
    const deploy = await run(deployUnder(digest().slice(0, 8)))
    expect([deploy.code, deploy.out]).toEqual([
      0,
      expect.stringContaining('[x] backup completed and verified: 4 of 4 databases'),
    ])
    expect(await Promise.all(['core_db', 'kyc_db', 'rates_db', 'audit_db'].map(version))).toEqual(['3', '2', '2', '2'])
  })

  test('2: in production after a backup, and with the words', async () => {
    const production = ['rollback', '--environment', 'production', '--databases', 'rates_db', '--steps', '1']
    await at.databases['rates_db']?.query(`INSERT INTO a VALUES (1, 'x'), (2, NULL)`)
    const stated = await run(production)
    expect([stated.code, stated.out]).toEqual([1, expect.stringContaining('data loss: 1 value of a.note in 2 rows')])
    expect(await version('rates_db')).toBe('2')
    const done = await run([...production, '--confirm', 'rates_db 00001', '--reason', 'wrong column'])
    expect([done.code, done.out]).toEqual([0, expect.stringContaining('[x] reason recorded: wrong column')])
    expect(done.out).toMatch(/backup: \S+rates_db_\w+\.dump,[^]*read back completely/)
    expect(await version('rates_db')).toBe('1')
  })

  test('3: several, down to a version', async () => {
    const { code, out } = await run([
      'rollback',
      '--environment',
      'production',
      '--databases',
      'core_db',
      '--to',
      '00001',
      '--confirm',
      'core_db 00001',
    ])
    expect([code, out]).toEqual([0, expect.stringContaining('2 steps done in 1 database')])
    expect(await version('core_db')).toBe('1')
  })

  test('4: an emergency: the backup in the place of the live database, and back', async () => {
    const archive =
      readdirSync(at.folder.at('migration-gate-backups')).findLast((name) => /^core_db_.*\.dump$/.test(name)) ?? ''
    const words = ['restore', '--environment', 'production', '--databases', 'core_db']
    const from = ['--from', `migration-gate-backups/${archive}`]
    expect((await run([...words, ...from])).code).toBe(1)
    const { code, out } = await run([...words, ...from, '--confirm', 'core_db restore'])
    expect([code, out]).toEqual([0, expect.stringContaining('core_db restored from the backup')])
    expect(await version('core_db')).toBe('3')
    expect((await run([...words, '--undo', '--confirm', 'core_db undo'])).code).toBe(0)
    expect(await version('core_db')).toBe('1')
  })
})

test('the two roles of docs/security.md: one plans and may not write, the other deploys under that plan', async () => {
  const own = await makeProduction(live, {
    ...pairOf('core_db', '00001', 'CREATE TABLE users (id int PRIMARY KEY);', 'DROP TABLE users;'),
    ...pairOf('core_db', '00002', 'ALTER TABLE users ADD COLUMN phone text;', 'ALTER TABLE users DROP COLUMN phone;'),
  })
  try {
    const database = own.databases['core_db']
    const [, sql = ''] = /```sql\n([^]*?)```/.exec(readFileSync('docs/security.md', 'utf8')) ?? []
    await database?.query('CREATE ROLE owner_of_the_tables')
    await database?.query(sql.replaceAll('core_db', database.name).replaceAll("'...'", `'${PASSWORD}'`))
    const as = (role: string) => ({ CORE_DB_DSN: `${database?.dsn ?? ''} user=${role} password=${PASSWORD}` })
    await database?.query('GRANT ALL ON SCHEMA public TO owner_of_the_tables')
    const start = (role: string, words: readonly string[]) =>
      program.run({ entry: 'cli', words, cwd: own.folder.path, environment: as(role) })
    expect((await start('migrator', ['up', '--to', '00001'])).code).toBe(0)
    const plan = await start('planner', ['plan', '--environment', 'production', '--output', 'json=plan.json'])
    expect([plan.code, plan.out]).toEqual([0, expect.stringContaining('1 step would run in 1 database')])
    expect((await start('planner', ['up'])).code).not.toBe(0)
    const { approval } = JSON.parse(readFileSync(own.folder.at('plan.json'), 'utf8')) as {
      readonly approval: { readonly digest: string }
    }
    const deploy = await start('migrator', deployUnder(approval.digest))
    expect([deploy.code, deploy.out]).toEqual([0, expect.stringContaining('1 step done in 1 database')])
    expect(`${plan.out}${deploy.out}`).not.toContain(PASSWORD)
  } finally {
    own.folder.remove()
  }
})
