// The files around the program: shell scripts, the image, the compose file, the Makefile.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { openOutsideServer, type OutsideServer } from '../support/outside.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const SCRIPTS = ['docker', 'scripts'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.sh'))
    .map((name) => `${folder}/${name}`),
)

const found = (program: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(':')
    .map((folder) => path.join(folder, program))
    .find((file) => existsSync(file))
const needs = (program: string) => (found(program) === undefined ? test.skip : test)
const run = (program: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  spawnSync(program, words, { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...environment } })

test('there are the scripts that the documentation names, and they can be run', () => {
  expect(SCRIPTS).toEqual([
    'docker/entrypoint.sh',
    'docker/init-databases.sh',
    'scripts/migrate-all.sh',
    'scripts/migrate-down.sh',
    'scripts/migrate-up.sh',
    'scripts/seed-dev.sh',
  ])
  for (const script of SCRIPTS) accessSync(path.join(ROOT, script), constants.X_OK)
})

needs('shellcheck')('shellcheck finds nothing (needs shellcheck)', () => {
  const { status, stdout } = run('shellcheck', [...SCRIPTS, '.ci/run'])
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})

needs('hadolint')('hadolint finds nothing (needs hadolint)', () => {
  const { status, stdout } = run('hadolint', ['docker/Dockerfile'])
  expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: '' })
})

describe('the image', () => {
  const dockerfile = readFileSync(path.join(ROOT, 'docker/Dockerfile'), 'utf8')

  test('copies what is there and what .dockerignore lets through', () => {
    const letThrough = readFileSync(path.join(ROOT, '.dockerignore'), 'utf8').split('\n')
    const sources = [...dockerfile.matchAll(/^COPY (\S+) /gm)].map((match) => (match[1] ?? '').replace(/\/$/, ''))
    expect(sources).toEqual(['dist', 'docker/entrypoint.sh', 'migrations'])
    for (const source of sources) {
      expect(existsSync(path.join(ROOT, source))).toBe(true)
      expect(letThrough).toContain(`!${source}`)
    }
  })

  test('does not run as root', () => {
    expect(dockerfile).toMatch(/^USER [1-9]\d*$/m)
  })
})

describe('the compose file', () => {
  type Service = { readonly environment: Readonly<Record<string, string>>; readonly ports?: readonly string[] }
  const compose = parse(readFileSync(path.join(ROOT, 'compose.yaml'), 'utf8')) as {
    readonly services: Readonly<Record<string, Service>>
  }

  needs('dclint')('is valid by the JSON Schema of the compose specification (needs dclint, which brings it)', () => {
    const program = realpathSync(found('dclint') ?? '')
    const folder = program.slice(0, program.lastIndexOf('/dclint/') + '/dclint/'.length)
    const schema = JSON.parse(readFileSync(path.join(folder, 'schemas/compose.schema.json'), 'utf8')) as Readonly<
      Record<string, unknown>
    >
    const ajv = new Ajv({ strict: false, validateFormats: false })
    const validate = ajv.compile(Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema')))
    expect(validate(compose) ? [] : validate.errors).toEqual([])
    expect(validate({ ...compose, services: { postgres: { imago: 'postgres' } } })).toBe(false)
  })

  test('gives every database its DSN, and is reached from this machine alone', () => {
    const names = readdirSync(path.join(ROOT, 'migrations')).map((name) => `${name.toUpperCase()}_DSN`)
    const { environment } = compose.services['migrate'] ?? { environment: {} }
    expect(
      Object.keys(environment)
        .filter((name) => name.endsWith('_DSN'))
        .sort(),
    ).toEqual(names.sort())
    for (const port of compose.services['postgres']?.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
  })
})

describe('init-databases.sh', () => {
  let server: OutsideServer
  const databases = async (): Promise<readonly (string | null)[]> =>
    (await server.rows('postgres', 'SELECT datname FROM pg_database ORDER BY 1')).flat()

  beforeAll(async () => {
    server = await openOutsideServer()
  })
  afterAll(() => server.close())

  needs('psql')('makes the four databases, and those that are there stay (needs psql)', async () => {
    const environment = { ...server.environment, POSTGRES_USER: server.environment['PGUSER'] ?? '' }
    expect(run('docker/init-databases.sh', [], environment)).toMatchObject({ status: 0, stderr: '' })
    await server.rows('core_db', 'CREATE TABLE mine (id int)')
    expect(run('docker/init-databases.sh', [], environment)).toMatchObject({ status: 0, stderr: '' })
    expect(await databases()).toEqual(expect.arrayContaining(['audit_db', 'core_db', 'kyc_db', 'rates_db']))
    expect(await server.rows('core_db', "SELECT to_regclass('mine')")).toEqual([['mine']])
  })

  needs('psql')('takes other names as they are (needs psql)', async () => {
    const environment = { ...server.environment, DATABASES: 'plain it"s\'odd' }
    expect(run('docker/init-databases.sh', [], environment).status).toBe(0)
    expect(await databases()).toEqual(expect.arrayContaining(['plain', 'it"s\'odd']))
  })

  needs('psql')('fails when the server is not there (needs psql)', () => {
    const { status } = run('docker/init-databases.sh', [], { ...server.environment, PGHOST: '/nonexistent' })
    expect(status).not.toBe(0)
  })
})

describe('the Makefile', () => {
  const TARGETS = [
    'help',
    'migrate-up',
    'migrate-down',
    'migrate-status',
    'migrate-create',
    'seed-dev',
    'test-migrations',
    'docker-up',
    'docker-down',
    'docker-logs',
  ]

  needs('make').each(TARGETS)('%s is a target (needs make)', (target) => {
    expect(run('make', ['--dry-run', target, 'DB=core_db', 'NAME=x']).status).toBe(0)
  })

  needs('make')('what is typed as a name is never a command (needs make)', () => {
    const words = ['migrate-up', 'DB=$(printf a)"; echo hello; "', 'MIGRATION_GATE_CLI=/nonexistent.js']
    expect(run('make', words).stdout).not.toMatch(/^hello/m)
  })

  needs('make')('rolling back asks for one database, creating for a name (needs make)', () => {
    expect(run('make', ['migrate-down'])).toMatchObject({ status: 2, stdout: expect.stringContaining('all databases') })
    expect(run('make', ['migrate-create', 'DB=core_db']).stdout).toContain('NAME=migration_name')
  })
})

test('the scripts ask for what they need', () => {
  expect(run('scripts/migrate-up.sh', [])).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') })
  for (const words of [[], ['all'], ['a', '1', '2']]) {
    expect(run('scripts/migrate-down.sh', words)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('cannot roll back all databases at once'),
    })
  }
})
