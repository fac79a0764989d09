// Seeds on live databases: the samples of this repository, and seeds that go wrong.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { compare } from 'bcryptjs'
import { cpSync } from 'node:fs'
import path from 'node:path'
import type { SeedRequest } from '../../../src/requests/request.js'
import type { World } from '../../../src/commands/shared/context.js'
import type { LiveReport } from '../../../src/report/run-report.js'
import { systemClock } from '../../../src/adapters/host/clock.js'
import { createRepository } from '../../../src/adapters/host/git/repository.js'
import { createFiles } from '../../../src/adapters/host/files.js'
import { createModules } from '../../../src/adapters/host/modules.js'
import { silentProgress } from '../../../src/adapters/host/progress.js'
import { createTargets } from '../../../src/adapters/postgres/live/open.js'
import { makeFolder, type Folder } from '../../adapters/host/folder.js'
import { seed, up } from '../../support/everyday.js'
import { LIVE_OPTIONS } from '../../support/live.js'
import { openOutsideServer, type OutsideServer } from '../../support/outside.js'
import { startProxy } from '../../support/proxy.js'
import { NOTHING } from '../../support/nothing.js'

const ROOT = path.resolve(import.meta.dirname, '../../../')
const DATABASES = ['audit_db', 'core_db', 'kyc_db', 'rates_db']
const PASSWORD = 'correct horse battery'

const LIVE = { ...LIVE_OPTIONS, lockMs: 1000 }
const REQUEST: SeedRequest = { ...LIVE, command: 'seed', direction: 'up', dryRun: false }

describe('seeds on live databases', () => {
  let server: OutsideServer
  const folders: Folder[] = []

  beforeAll(async () => {
    server = await openOutsideServer()
  })
  afterAll(async () => {
    for (const folder of folders) folder.remove()
    await server.close()
  })

  type Options = {
    readonly variables?: Readonly<Record<string, string>>
    readonly signal?: AbortSignal
    /** Gets every statement that a module has run. */
    readonly ran?: (text: string) => void
  }

  function worldOf(root: string, dsns: Readonly<Record<string, string>>, options: Options = {}): World {
    const environment = options.variables ?? {}
    const node = { program: process.execPath, version: process.version, stripsTypes: false }
    return {
      ...NOTHING,
      files: createFiles(root),
      repository: createRepository({ root: root, environment: process.env }),
      forge: undefined,
      clock: systemClock,
      environment,
      startServer: () => Promise.reject(new Error('nothing is to be proved')),
      targets: createTargets({ environment: dsns }),
      modules: watched(createModules({ root, environment, node }), options.ran),
      progress: silentProgress,
      signal: options.signal ?? new AbortController().signal,
      cores: 2,
      tool: { name: 'x', version: '1.2.3' },
    }
  }

  const watched = (modules: World['modules'], ran: Options['ran']): World['modules'] => ({
    call: (call) =>
      modules.call({
        ...call,
        query: async (text, values) => {
          const rows = await call.query(text, values)
          ran?.(text)
          return rows
        },
      }),
  })

  const wordsOf = (report: LiveReport): readonly string[] =>
    report.targets.flatMap(({ name, steps }) => steps.map(({ id, outcome }) => `${name} ${id} ${outcome}`))

  describe('the samples', () => {
    let folder: Folder
    let dsns: Record<string, string>
    const run = (
      request: Partial<SeedRequest> = {},
      variables: Readonly<Record<string, string>> = {},
    ): Promise<LiveReport> => seed({ ...REQUEST, ...request }, worldOf(folder.path, dsns, { variables }))

    beforeAll(async () => {
      folder = makeFolder({ 'migration-gate.yml': 'seeds: { cost: 4 }\n' })
      folders.push(folder)
      cpSync(path.join(ROOT, 'migrations'), folder.at('migrations'), { recursive: true })
      for (const name of DATABASES) await server.create(name)
      dsns = Object.fromEntries(DATABASES.map((name) => [`${name.toUpperCase()}_DSN`, server.url(name)]))
    })

    const rowsOf = async (): Promise<unknown> =>
      Promise.all([
        server.rows('core_db', 'SELECT id, email, password_hash FROM users ORDER BY id'),
        server.rows('core_db', 'SELECT id, user_id, currency FROM wallets ORDER BY id'),
        server.rows('kyc_db', 'SELECT id, status FROM kyc_submissions ORDER BY id'),
        server.rows('rates_db', 'SELECT base, quote FROM currency_pairs ORDER BY 1, 2'),
        server.rows('rates_db', 'SELECT base_currency, quote_currency, rate FROM exchange_rates ORDER BY 1, 2'),
        server.rows('audit_db', 'SELECT code FROM audit_event_types ORDER BY 1'),
      ])

    test('wait for the schema', async () => {
      const report = await run()
      expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 })
      expect(report.targets.map(({ stopped }) => stopped?.what)).toContain(
        'core_db: seeds need a schema that is up to date, and 7 of its migrations are not applied',
      )
      const { verdict } = await up(
        { ...LIVE, command: 'up', to: undefined, late: 'refuse', existing: 'refuse', dryRun: false },
        worldOf(folder.path, dsns),
      )
      expect(verdict).toBe('pass')
    })

    test('in staging the administrator needs a password, and without one nothing of the seed stays', async () => {
      const report = await run({ databases: ['core_db'] }, { APP_ENV: 'staging' })
      expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 })
      expect(wordsOf(report)).toEqual(['core_db 00010_seed_admin failed', 'core_db 00011_seed_test_users not started'])
      expect(report.targets[0]?.steps[0]?.failure).toMatchObject({
        message: 'SEED_ADMIN_PASSWORD is not set, and there is no default for staging',
        place: { file: 'migrations/core_db/seeds/00010_seed_admin.mjs' },
      })
      expect(await server.rows('core_db', 'SELECT count(*) FROM users')).toEqual([['0']])
    })

    test('are run once, with a password that is only stored as a hash', async () => {
      const variables = { APP_ENV: 'staging', SEED_ADMIN_PASSWORD: PASSWORD }
      const report = await run({}, variables)
      expect(report).toMatchObject({ verdict: 'pass', exitCode: 0, counts: { done: 6 } })
      expect(JSON.stringify(report)).not.toContain(PASSWORD)
      const [[hashed]] = (await server.rows(
        'core_db',
        "SELECT password_hash FROM users WHERE email = 'admin@example.com'",
      )) as [[string]]
      expect(await compare(PASSWORD, hashed)).toBe(true)
      expect(JSON.stringify(report)).not.toContain(hashed)
      expect(
        await server.rows(
          'rates_db',
          "SELECT rate FROM exchange_rates WHERE quote_currency = 'EUR' AND base_currency = 'ETH'",
        ),
      ).toEqual([['1923.450000000000000000']])
    })

    test('have nothing to do the second time, and leave the same rows when they are forgotten', async () => {
      const before = await rowsOf()
      const second = await run()
      expect(second).toMatchObject({ verdict: 'pass', counts: { done: 0 } })
      for (const name of DATABASES) await server.rows(name, 'DROP TABLE schema_migrations_seeds')
      const third = await run()
      expect(third).toMatchObject({ verdict: 'pass', counts: { done: 6 } })
      expect(third.targets.find(({ name }) => name === 'core_db')?.notes).toContain(
        '00010_seed_admin: admin@example.com is there already',
      )
      expect(await rowsOf()).toEqual(before)
    })

    test('are no business of the migrations: nothing is pending there', async () => {
      const report = await up(
        { ...LIVE, command: 'up', to: undefined, late: 'refuse', existing: 'refuse', dryRun: true },
        worldOf(folder.path, dsns),
      )
      expect(report.targets.map(({ steps, standing }) => [steps, standing?.missing])).toEqual(
        DATABASES.map(() => [[], []]),
      )
    })

    test('production refuses, whatever it calls itself', async () => {
      for (const request of [
        { environment: 'production' },
        { environment: 'production', direction: 'down', databases: ['core_db'] },
      ] as const) {
        const report = await run(request)
        expect(report).toMatchObject({ verdict: 'fail', exitCode: 1, counts: { done: 0 } })
        expect(report.targets[0]?.stopped).toMatchObject({
          kind: 'refused',
          what: expect.stringContaining('production') as unknown,
        })
      }
      expect(await run({}, { APP_ENV: 'Prod' })).toMatchObject({
        verdict: 'fail',
        targets: [{ environment: 'production' }, {}, {}, {}],
      })
      await expect(run({}, { APP_ENV: 'qa' })).rejects.toMatchObject({ kind: 'use' })
    })

    test('are rolled back in one database at a time', async () => {
      await expect(run({ direction: 'down' })).rejects.toMatchObject({ kind: 'use' })
      await server.rows('core_db', "INSERT INTO users (email, password_hash) VALUES ('mine@example.com', '!')")
      const planned = await run({ direction: 'down', databases: ['core_db'], dryRun: true })
      expect(wordsOf(planned)).toEqual(['core_db 00011_seed_test_users planned', 'core_db 00010_seed_admin planned'])
      const report = await run({ direction: 'down', databases: ['core_db'] })
      expect(report.verdict).toBe('pass')
      expect(wordsOf(report)).toEqual(['core_db 00011_seed_test_users undone', 'core_db 00010_seed_admin undone'])
      expect(await server.rows('core_db', 'SELECT email FROM users')).toEqual([['mine@example.com']])
      const again = await run({ databases: ['core_db'] })
      expect(wordsOf(again)).toEqual(['core_db 00010_seed_admin applied', 'core_db 00011_seed_test_users applied'])
      expect(again.targets[0]?.notes.join()).toContain(
        'SEED_ADMIN_PASSWORD is not set: the administrator gets the development password from this file',
      )
    })
  })

  let count = 0
  /** A database with one table, and these seeds. */
  async function seeded(seeds: Readonly<Record<string, string>>, options: Options = {}) {
    const name = `seeded_${++count}`
    await server.create(name)
    const folder = makeFolder({
      [`migrations/${name}/00001_a.up.sql`]: 'CREATE TABLE a (id int PRIMARY KEY);\n',
      [`migrations/${name}/00001_a.down.sql`]: 'DROP TABLE a;\n',
      ...Object.fromEntries(Object.entries(seeds).map(([file, text]) => [`migrations/${name}/seeds/${file}`, text])),
    })
    folders.push(folder)
    const dsns = { [`${name.toUpperCase()}_DSN`]: server.url(name) }
    const world = worldOf(folder.path, dsns, options)
    await up(
      { ...LIVE, command: 'up', to: undefined, late: 'refuse', existing: 'refuse', dryRun: false },
      worldOf(folder.path, dsns),
    )
    return {
      name,
      world,
      run: (request: Partial<SeedRequest> = {}) => seed({ ...REQUEST, ...request }, world),
      ids: async () => (await server.rows(name, 'SELECT id FROM a ORDER BY 1')).flat(),
      noted: async () => (await server.rows(name, 'SELECT version FROM schema_migrations_seeds')).flat(),
    }
  }
  const adds = (id: number): string => `export const up = ({ query }) => query('INSERT INTO a VALUES ($1)', [${id}])
export const down = ({ query }) => query('DELETE FROM a WHERE id = $1', [${id}])\n`

  test('SQL and modules go one after the other, and a failure stops what comes after it', async () => {
    const { name, run, ids, noted } = await seeded({
      '00010_a.mjs': adds(1),
      '00011_b.up.sql': 'INSERT INTO a VALUES (2);\n',
      '00011_b.down.sql': 'DELETE FROM a WHERE id = 2;\n',
      '00012_c.mjs':
        "export const up = async ({ query }) => { await query('INSERT INTO a VALUES (3)'); await query('INSERT INTO a VALUES (1)') }",
      '00013_d.mjs': adds(4),
    })
    const report = await run()
    expect(wordsOf(report)).toEqual([
      `${name} 00010_a applied`,
      `${name} 00011_b applied`,
      `${name} 00012_c failed`,
      `${name} 00013_d not started`,
    ])
    expect(report).toMatchObject({ verdict: 'unfinished', exitCode: 4 })
    expect(report.targets[0]?.steps[2]?.failure).toMatchObject({ sqlstate: '23505', detail: undefined })
    expect(await ids()).toEqual(['1', '2'])
    expect(await noted()).toEqual(['11'])
    expect(await server.rows(name, 'SELECT database, version FROM migration_gate.journal ORDER BY n OFFSET 1')).toEqual(
      [
        [`${name}/seeds`, '00010'],
        [`${name}/seeds`, '00011'],
      ],
    )
  })

  test('reports a seed that ends its own connection and leaves nothing', async () => {
    const { run, ids, noted } = await seeded({
      '00010_a.mjs':
        "export const up = async ({ query }) => { await query('INSERT INTO a VALUES (1)'); await query('SELECT pg_terminate_backend(pg_backend_pid())') }",
    })
    const report = await run()
    expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
    expect(report.targets[0]?.stopped?.what).toMatch(/connection to .* broke/)
    expect(await ids()).toEqual([])
    expect(await noted()).toEqual([])
  })

  test('the answer to COMMIT gets lost: asks the server and reports what is true', async () => {
    const { name, world, run, ids, noted } = await seeded({ '00010_a.mjs': adds(1), '00011_b.mjs': adds(2) })
    const proxy = await startProxy(server.cluster)
    // A message that is nothing else: its length, the word and its end.
    proxy.arm({ text: '\u000bCOMMIT\u0000', when: 'after' })
    const dsn = `postgres://${server.environment['PGUSER'] ?? ''}@127.0.0.1:${proxy.port}/${name}?sslmode=disable`
    const targets = createTargets({ environment: { [`${name.toUpperCase()}_DSN`]: dsn } })
    const report = await seed(REQUEST, { ...world, targets })
    await proxy.close()
    expect(proxy.broken()).toBe(1)
    expect(wordsOf(report)).toEqual([`${name} 00010_a applied`, `${name} 00011_b applied`])
    expect(await ids()).toEqual(['1', '2'])
    expect(await noted()).toEqual(['11'])
    expect((await run()).counts.done).toBe(0)
  })

  test('cuts the output of a seed that logs without end', async () => {
    const { run } = await seeded({
      '00010_a.mjs': "export const up = ({ log }) => { for (let i = 0; i < 1000; i++) log('x'.repeat(1000)) }",
    })
    const [target] = (await run()).targets
    expect(target?.notes.length).toBe(50)
    expect(Math.max(...(target?.notes ?? []).map(({ length }) => length))).toBeLessThan(600)
  })

  test('settings of one seed do not reach the next', async () => {
    const { run } = await seeded({
      '00010_a.mjs': "export const up = ({ query }) => query('SET search_path = nowhere')",
      '00011_b.mjs': adds(1),
    })
    expect((await run()).verdict).toBe('pass')
  })

  test('what cannot be run, and a version that two have, stop everything before it begins', async () => {
    const go = await seeded({ '00010_a.mjs': adds(1), '00011_b.go': 'package main' })
    expect((await go.run()).targets[0]?.stopped).toMatchObject({
      kind: 'refused',
      what: expect.stringContaining('00011_b.go') as unknown,
    })
    expect(await go.ids()).toEqual([])
    const twice = await seeded({ '00010_a.mjs': adds(1), '10_b.mjs': adds(2) })
    await expect(twice.run()).rejects.toMatchObject({
      kind: 'use',
      message: expect.stringContaining('taken twice') as unknown,
    })
  })

  test('cancelling ends a seed that runs forever, and rolls it back', async () => {
    const controller = new AbortController()
    const { run, ids } = await seeded(
      {
        '00010_a.mjs': "export const up = async ({ query }) => { await query('INSERT INTO a VALUES (1)'); for (;;); }",
      },
      { signal: controller.signal, ran: () => controller.abort() },
    )
    expect(await run()).toMatchObject({ verdict: 'cancelled', exitCode: 130 })
    expect(await ids()).toEqual([])
  })
})
