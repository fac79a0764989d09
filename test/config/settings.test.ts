// The config file: what it may say, and how mistakes are reported.
import { afterEach, describe, expect, test } from '@jest/globals'
import { ConfigError } from '../../src/config/problem.js'
import { readSettings, type Settings } from '../../src/config/settings.js'
import { impactOf } from '../../src/model/config.js'
import { UserError } from '../../src/model/errors.js'
import { createFiles } from '../../src/adapters/host/files.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'

const RULES = ['down-empty', 'file-name', 'unpaired']
const folders: Folder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

const read = (files: Readonly<Record<string, string>>, file?: string): Promise<Settings> => {
  const folder = makeFolder({ 'migrations/core_db/.keep': '', 'db/setup.sql': '', ...files })
  folders.push(folder)
  return readSettings({ files: createFiles(folder.path), file, rules: RULES })
}

const failure = async (files: Readonly<Record<string, string>>, file?: string): Promise<unknown> =>
  read(files, file).then(
    () => undefined,
    (error: unknown) => error,
  )

/** `line:column key message` of every problem. */
const problems = async (text: string): Promise<readonly string[]> => {
  const error = await failure({ 'migration-gate.yml': text })
  if (!(error instanceof ConfigError)) throw new Error(`no ConfigError: ${String(error)}`)
  return error.problems.map(({ place, key, message }) => `${place.line}:${place.column} ${key} ${message}`)
}

describe('a valid file', () => {
  test('nothing is needed', async () => {
    const settings = await read({})
    expect(settings).toEqual({
      file: undefined,
      databases: [],
      checks: {},
      waivers: [],
      scope: 'changed',
      impact: { level: 'error', fixtures: undefined, fill: 'full', timezone: undefined, ignore: [] },
      maxFileBytes: 1_000_000,
      seedCost: 10,
      ignore: [],
      unit: 'each',
      deploy: {
        order: [],
        windows: [],
        refs: 'protected',
        check: undefined,
        ignore: [],
        retention: undefined,
        onFailure: 'stop',
      },
    })
  })

  test.each(['', '# nothing\n', 'databases:\n', 'databases:\n  core_db:\n'])('%j says nothing wrong', async (text) => {
    expect((await read({ 'migration-gate.yml': text })).file).toBe('migration-gate.yml')
  })

  test('every key arrives', async () => {
    const settings = await read({
      'migration-gate.yml': `databases:
  core_db:
    layout: goose
    naming: '^\\d+'
    history: { kind: goose, table: public.versions }
    transaction: none
    session: shared
    journal: off
    production: up
    setup: [./db//setup.sql]
    stand-ins: { 0036: db/setup.sql, 1_0: db/setup.sql }
    extensions: [postgis]
    irreversible: { 00000000000000000012: because }
    unit: range
    impact: { fill: off, ignore: ['audit_*'] }
  billing:
    folder: db
    dsn: OTHER
ignore: [migrations/old]
proof: { unit: chain, scope: all }
impact: { level: warning, fixtures: db, timezone: Europe/Berlin, fill: structure }
checks: { down-empty: off, unpaired: note }
max-file-size: 1.5 KiB
`,
    })
    expect(settings.databases[0]).toEqual({
      name: 'core_db',
      journal: 'off',
      production: 'up',
      folder: 'migrations/core_db',
      layout: 'goose',
      naming: '^\\d+',
      history: { kind: 'goose', table: 'public.versions' },
      dsn: 'CORE_DB_DSN',
      transaction: 'none',
      session: 'shared',
      setup: ['db/setup.sql'],
      standIns: { '0036': 'db/setup.sql', '1_0': 'db/setup.sql' },
      extensions: ['postgis'],
      irreversible: { '00000000000000000012': 'because' },
      unit: 'range',
      impact: { fill: 'off', ignore: ['audit_*'] },
    })
    expect(settings.databases.map((database) => impactOf(settings, database))).toEqual([
      { level: 'warning', fixtures: 'db', timezone: 'Europe/Berlin', fill: 'off', ignore: ['audit_*'] },
      { level: 'warning', fixtures: 'db', timezone: 'Europe/Berlin', fill: 'structure', ignore: [] },
    ])
    expect(settings.databases[1]).toMatchObject({ folder: 'db', dsn: 'OTHER', unit: 'chain', session: 'reset' })
    expect(settings).toMatchObject({ checks: { 'down-empty': 'off', unpaired: 'note' }, maxFileBytes: 1536 })
  })

  test('anchors, a byte order mark and Windows line ends are fine', async () => {
    const text = '\uFEFFdatabases:\r\n  core_db: &base\r\n    session: shared\r\n  other: *base\r\n'
    const settings = await read({ 'migration-gate.yml': text, 'migrations/other/.keep': '' })
    expect(settings.databases.map(({ session }) => session)).toEqual(['shared', 'shared'])
  })

  test('a file of another name, also outside of the repository', async () => {
    const other = makeFolder({ 'gate.yml': 'max-file-size: 5' })
    folders.push(other)
    expect((await read({}, other.at('gate.yml'))).maxFileBytes).toBe(5)
  })

  test('a key that every object has by birth is no key', async () => {
    expect(await problems('constructor: 1\ndatabases: { core_db: { toString: 1 } }')).toEqual([
      '1:1 constructor unknown key',
      '2:25 databases.core_db.toString unknown key',
    ])
  })
})

describe('problems', () => {
  test('all of them in one message, in the order of the file, with place and key', async () => {
    const error = await failure({
      'migration-gate.yml': `databases:
  core_db:
    layuot: goose
  kyc_db:
    folder: db
    naming: '('
checks:
  down-empty: eror
  down-emty: off
`,
    })
    expect(error).toMatchObject({
      kind: 'use',
      message: `migration-gate.yml has 4 problems
  3:5   databases.core_db.layuot  unknown key; did you mean layout?
  6:13  databases.kyc_db.naming   not a regular expression: unterminated group
  8:15  checks.down-empty         "eror" is not a level; use error, warning, note, off
  9:3   checks.down-emty          unknown rule; did you mean down-empty?`,
    })
  })

  test.each([
    ['databases: [core_db]', '1:12 databases must be keys with values, not a list'],
    [
      'databases: { core_db: { layout: pair } }',
      '1:33 databases.core_db.layout "pair" is not a layout; use goose, sql-migrate, dbmate, directories, pairs',
    ],
    [
      'databases: { core_db: { setup: db/setup.sql } }',
      '1:32 databases.core_db.setup must be a list of paths, not text',
    ],
    ['databases: { core_db: { setup: [db/no.sql] } }', '1:33 databases.core_db.setup.0 there is no file db/no.sql'],
    ['databases: { core_db: { stand-ins: { 1: db } } }', '1:41 databases.core_db.stand-ins.1 db is not a file'],
    ['impact: { fixtures: nope }', '1:21 impact.fixtures there is no folder nope'],
    [
      'impact: { timezone: Berlin }',
      '1:21 impact.timezone "Berlin" is not a time zone; write a name such as Europe/Berlin',
    ],
    ['impact: { fill: some }', '1:17 impact.fill "some" is not a word; use full, structure, off'],
    [
      'databases: { core_db: { impact: { fixtures: db/setup.sql } } }',
      '1:45 databases.core_db.impact.fixtures db/setup.sql is not a folder',
    ],
    ['databases: { nope: {} }', '1:20 databases.nope there is no folder migrations/nope'],
    [
      'databases: { x: { folder: ../y } }',
      '1:27 databases.x.folder "../y" is outside of the repository; write a path from its root',
    ],
    [
      'databases: { x: { folder: /etc } }',
      '1:27 databases.x.folder "/etc" is outside of the repository; write a path from its root',
    ],
    ['databases: { x: { folder: } }', '1:27 databases.x.folder must be path, not empty'],
    [
      'databases: { core_db: { session: true } }',
      '1:34 databases.core_db.session must be `reset`, `shared`, not the boolean true',
    ],
    ['databases: { core_db: *none }', '1:14 databases.core_db *none is not defined before this line'],
    [
      'max-file-size: 1 mb',
      '1:16 max-file-size "1 mb" is not a size; write a number and one of B, kB, MB, GB, KiB, MiB, GiB',
    ],
    [
      'max-file-size: 0',
      '1:16 max-file-size "0" is not a size; write a number and one of B, kB, MB, GB, KiB, MiB, GiB',
    ],
    ['proof: { unit: file }', '1:16 proof.unit "file" is not a unit; use each, range, chain'],
    ['? [a]\n: 1', '1:1  a key must be a plain word'],
    ['ignore: []\nignore: []', '2:1  not YAML: Map keys must be unique'],
    ['[1]', '1:1  must be keys with values, not a list'],
  ])('%s', async (text, problem) => {
    expect(await problems(text)).toEqual([problem])
  })

  test.each(['postgres://u:hunter22@h/d', 'host=h password=hunter22', 'hunter22@h'])(
    'a connection string in dsn is refused and not repeated (%#)',
    async (dsn) => {
      const [problem] = await problems(`databases: { core_db: { dsn: '${dsn}' } }`)
      expect(problem).toMatch(/^1:30 databases.core_db.dsn looks like a connection string/)
      expect(problem).not.toContain('hunter22')
    },
  )

  test('after a syntax error nothing is guessed', async () => {
    const found = await problems('databases:\n  core_db: [\nchecks: { nope: off }\n')
    expect(found.every((problem) => problem.includes('not YAML'))).toBe(true)
  })
})

describe('no file to read', () => {
  test.each([
    [
      { 'migration-gate.yaml': '' },
      undefined,
      'migration-gate.yaml is not read: the config file must be named migration-gate.yml',
    ],
    [{}, 'other.yml', 'the config file other.yml cannot be read: it is not there'],
    [{ 'migration-gate.yml/x': '' }, undefined, 'the config file migration-gate.yml cannot be read: it is a folder'],
  ])('%j %s', async (files, file, message) => {
    const error = await failure(files, file)
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({ kind: 'use', message })
  })
})
