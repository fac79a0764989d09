import { describe, expect, test } from '@jest/globals'
import type { Difference } from '../../src/catalog/difference.js'
import type { Finding } from '../../src/model/finding.js'
import type { ChainReport, DatabaseReport, Proof, ScriptFailure } from '../../src/report/check-report.js'
import { runRules } from '../../src/rules/run.js'
import { filesOf, inputOf, type Options } from './sample.js'

const FILES = {
  '00001_users.up.sql': 'CREATE TABLE users (id int);\n',
  '00001_users.down.sql': 'DROP TABLE users;\n',
  '00002_phone.up.sql': '\nALTER TABLE users ADD COLUMN phone text;\n',
  '00002_phone.down.sql': '-- back\n  ALTER TABLE users DROP COLUMN phone;\n',
  '00003_idle.up.sql': 'UPDATE users SET id = 1;\n',
  '00003_idle.down.sql': 'SELECT 1;\n',
}

const findings = (options: Options): readonly Finding[] => {
  const ok = { '00001_users': {}, '00002_phone': {}, '00003_idle': {} }
  const input = inputOf(filesOf(FILES), { ...options, proofs: { ...ok, ...options.proofs } })
  return runRules({ input, levels: { 'nothing-to-undo': 'off' } })
}

const brief = (found: readonly Finding[]): readonly string[] =>
  found.map(({ rule, level, place, message }) => {
    const file = place?.file.split('/').at(-1) ?? '-'
    return `${level} ${rule} ${file}:${place?.line ?? 0}:${place?.column ?? 0} ${message}`
  })

const failure = (change: Partial<ScriptFailure>): ScriptFailure => ({
  direction: 'up',
  sqlstate: '42P01',
  message: 'relation "users" does not exist',
  detail: undefined,
  hint: undefined,
  place: undefined,
  line: undefined,
  environment: undefined,
  ...change,
})

const difference = (change: Partial<Difference>): Difference => ({
  change: 'lost',
  class: 'real',
  kind: 'index',
  identity: 'public.idx_users_name',
  parent: 'table public.users',
  before: 'CREATE INDEX idx_users_name ON public.users USING btree (name)',
  after: undefined,
  ...change,
})

const step = (proof: Partial<Proof>): Options => ({ proofs: { '00002_phone': proof } })

test('a proof that holds says nothing', () => {
  expect(findings({})).toEqual([])
})

describe('failures', () => {
  test('an up, at the place that the server named', () => {
    const place = { file: 'migrations/core_db/00002_phone.up.sql', line: 2, column: 13 }
    const line = 'ALTER TABLE users ADD COLUMN phone text;'
    const [found] = findings(step({ up: 'failed', down: 'not run', failure: failure({ place, line, hint: 'Look.' }) }))
    expect(brief(found === undefined ? [] : [found])).toEqual([
      `error up-fails 00002_phone.up.sql:2:13 up fails: relation "users" does not exist (SQLSTATE 42P01) in: ${line}`,
    ])
    expect(found?.fix).toContain("The server's hint: Look.")
  })

  test.each([
    ['SET search_path TO app;', true],
    ["SELECT pg_catalog.set_config('search_path', '', false);", true],
    ['SET LOCAL search_path TO app;', false],
    ["SELECT set_config('search_path', 'app', true);", false],
    ['-- SET search_path TO app;', false],
  ])('an up whose name may be found by what an earlier one sets: %s', (sets, told) => {
    const files = { ...FILES, '00001_users.up.sql': `CREATE TABLE users (id int);\n${sets}\n` }
    const place = { file: 'migrations/core_db/00002_phone.up.sql', line: 2, column: 13 }
    const proofs = { '00002_phone': { up: 'failed', down: 'not run', failure: failure({ place }) } } as const
    const found = runRules({ input: inputOf(filesOf(files), { proofs }), levels: {} })
    const fix = found.find(({ rule }) => rule === 'up-fails')?.fix ?? ''
    expect(fix.includes('Or 00001_users sets the search_path that this needs')).toBe(told)
    expect(fix.includes('session: shared')).toBe(told)
  })

  test('a down without a place stands at its first statement', () => {
    const proof = { down: 'failed', again: 'skipped', failure: failure({ direction: 'down' }) } as const
    expect(brief(findings(step(proof)))).toEqual([
      'error down-fails 00002_phone.down.sql:2:3 down fails: relation "users" does not exist (SQLSTATE 42P01)',
    ])
  })

  test('what may follow from an earlier step says so', () => {
    const proof = {
      up: 'failed',
      failure: failure({}),
      reason: 'may follow from 00001_users, whose up failed',
    } as const
    expect(findings(step(proof))[0]?.why).toContain('It may follow from 00001_users')
  })

  test('what cannot follow from it does not say so', () => {
    const proof = {
      up: 'failed',
      failure: failure({ sqlstate: '42601' }),
      reason: 'may follow from 00001_users',
    } as const
    expect(findings(step(proof))[0]?.why).not.toContain('follow')
  })

  test('a file that the tool refuses is told by unparsable alone', () => {
    const refused = failure({ direction: 'down', sqlstate: '', message: 'no reason' })
    expect(findings(step({ down: 'failed', again: 'skipped', failure: refused }))).toEqual([])
  })

  test('a NUL byte is one finding, at the byte', () => {
    const files = { ...FILES, '00002_phone.up.sql': "SELECT 2;\nSELECT '\0';\n" }
    const proof = { up: 'failed', down: 'not run', failure: failure({ sqlstate: '08P01', message: 'bad' }) } as const
    const input = inputOf(filesOf(files), { proofs: { '00002_phone': proof } })
    const found = runRules({ input, levels: {} }).filter(({ migration }) => migration === '00002_phone')
    expect(brief(found)).toEqual(['error up-fails 00002_phone.up.sql:2:9 up fails: bad (SQLSTATE 08P01)'])
    expect(found[0]?.why).toContain('The cause: the file holds a NUL byte.')
  })

  test('no secret of the failing line is shown', () => {
    const line = "CREATE ROLE a PASSWORD 'correct-horse';"
    const [found] = findings(step({ up: 'failed', failure: failure({ line }) }))
    expect(JSON.stringify(found)).not.toContain('horse')
    expect(found?.message).toContain("PASSWORD '***'")
  })

  test('a fault of the environment is a warning, and not a bad migration', () => {
    const environment = 'extension vector is not installed on this server'
    const proof = { up: 'failed', down: 'not run', failure: failure({ environment }) } as const
    expect(brief(findings(step(proof)))).toEqual([
      `warning environment 00002_phone.up.sql:2:1 ${environment}: relation "users" does not exist (SQLSTATE 42P01)`,
    ])
  })

  test('a cause that a file rule names is one finding with its advice', () => {
    const files = { ...FILES, '00002_phone.up.sql': '\\connect other\nSELECT 2;\n' }
    const place = { file: 'migrations/core_db/00002_phone.up.sql', line: 1, column: 1 }
    const proof = { up: 'failed', down: 'not run', failure: failure({ place, sqlstate: '42601' }) } as const
    const input = inputOf(filesOf(files), { proofs: { '00002_phone': proof } })
    const found = runRules({ input, levels: {} }).filter(({ migration }) => migration === '00002_phone')
    expect(found.map(({ rule }) => rule)).toEqual(['up-fails'])
    expect(found[0]?.why).toContain('The cause: \\connect is a psql command.')
    expect(found[0]?.fix).toBe('Delete the line; only psql reads \\connect.')
  })

  test.each([
    ['CREATE TABLE :schema.t (id int);', true],
    ['CREATE TABLE :"schema".t (id int);', true],
    ["SELECT 1;\nALTER ROLE a PASSWORD :'pw';", true],
    ['SELECT 1 : 2;', false],
    ["SELECT '10:30'::time, a[1:n], ':x' : 2;", false],
    ['-- :x\nSELECT 1 : 2;', false],
  ])('an up in which psql variables stand is a template: %s', (up, told) => {
    const files = { ...FILES, '00002_phone.up.sql': `${up}\n`, '00003_idle.up.sql': `${up}\n` }
    const failed = { sqlstate: '42601', message: 'syntax error at or near ":"' }
    const of = (id: string): Partial<Proof> => ({
      up: 'failed',
      down: 'not run',
      failure: failure({ ...failed, place: { file: `migrations/core_db/${id}.up.sql`, line: 9, column: 1 } }),
    })
    const proofs = { '00002_phone': of('00002_phone'), '00003_idle': of('00003_idle') }
    const found = runRules({ input: inputOf(filesOf(files), { proofs }), levels: {} })
    const ups = found.filter(({ rule }) => rule === 'up-fails')
    expect(ups).toHaveLength(told ? 1 : 2)
    expect(ups[0]?.message.startsWith('2 ups are templates')).toBe(told)
    expect(ups[0]?.fix.includes('variables of psql')).toBe(told)
  })

  test.each([[{ layout: 'goose', mark: '-- +goose' }], [{ layout: 'sql-migrate', mark: '-- +migrate' }]])(
    'a body that the tool cuts at a semicolon is put into a block: %j',
    ({ mark }) => {
      const body = 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN\n  RETURN 1;\nEND $$;'
      const fixOf = (up: string, line: number, message: string): string | undefined => {
        const text = `${mark} Up\n${up}\n${mark} Down\nDROP FUNCTION f();\n`
        const place = { file: 'migrations/core_db/00001_a.sql', line, column: 1 }
        const proof = {
          up: 'failed',
          down: 'not run',
          failure: failure({ sqlstate: '42601', message, place }),
        } as const
        const input = inputOf(filesOf({ '00001_a.sql': text }), { proofs: { '00001_a': proof } })
        return runRules({ input, levels: {} }).find(({ rule }) => rule === 'up-fails')?.fix
      }
      const open = 'unterminated dollar-quoted string at or near "$$ BEGIN"'
      expect(fixOf(body, 2, open)).toContain(`between ${mark} StatementBegin and ${mark} StatementEnd`)
      expect(fixOf(body, 2, 'syntax error at or near "x"')).toBe('Mend the syntax at this place.')
      const block = `${mark} StatementBegin\n${body}\n${mark} StatementEnd`
      expect(fixOf(block, 3, open)).toBe('Mend the syntax at this place.')
      expect(fixOf(`${block}\n${body}`, 7, open)).toContain('StatementBegin')
    },
  )

  test.each([
    ['-- +goose Up\nVACUUM t;', 2, '-- +goose NO TRANSACTION'],
    ['-- +goose Up\n-- +goose StatementBegin\nVACUUM t;\n-- +goose StatementEnd', 3, '-- +goose NO TRANSACTION'],
    [
      '-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\nVACUUM t;\n-- +goose StatementEnd',
      4,
      '-- +goose NO TRANSACTION\nWrite the statement outside of other blocks on lines of its own, or between its own -- +goose StatementBegin and -- +goose StatementEnd.',
    ],
    [
      '-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\nVACUUM t;\n-- +goose StatementEnd',
      5,
      'Write the statement outside of other blocks on lines of its own, or between its own -- +goose StatementBegin and -- +goose StatementEnd.',
    ],
  ])('25001 is mended where it stands: %j', (up, line, fix) => {
    const place = { file: 'migrations/core_db/00001_a.sql', line, column: 1 }
    const proof = { up: 'failed', down: 'not run', failure: failure({ sqlstate: '25001', place }) } as const
    const input = inputOf(filesOf({ '00001_a.sql': `${up}\n-- +goose Down\nDROP TABLE t;\n` }), {
      proofs: { '00001_a': proof },
    })
    // With the rule about the files, and where it is off.
    for (const levels of [{}, { 'outside-transaction': 'off' }] as const)
      expect(runRules({ input, levels }).find(({ rule }) => rule === 'up-fails')?.fix).toBe(fix)
  })

  test.each<[string, string, string, boolean]>([
    ['a table', 'CREATE TABLE app.users (id int);', 'relation "app.users" does not exist', true],
    [
      'a table by another spelling',
      'create table if not exists public."Users" (id int);',
      'relation "Users" does not exist',
      true,
    ],
    ['a schema', '-- all of it\nCREATE SCHEMA App;', 'schema "app" does not exist', true],
    ['a type', "CREATE TYPE mood AS ENUM ('a');", 'type "mood" does not exist', true],
    ['another schema', 'CREATE TABLE app.users (id int);', 'relation "users" does not exist', false],
    ['a longer name', 'CREATE TABLE users_old (id int);', 'relation "users" does not exist', false],
    ['another kind', 'CREATE SCHEMA users;', 'relation "users" does not exist', false],
    [
      'what only a comment makes',
      '/* CREATE TABLE users (id int); */ SELECT 2;',
      'relation "users" does not exist',
      false,
    ],
    ['what another one made', 'CREATE TABLE other (id int);', 'relation "other" does not exist', false],
    ['something else', 'CREATE TABLE users (id int);', 'division by zero', false],
  ])('an up that misses %s of a failed one follows from it', (_, up, message, told) => {
    const files = filesOf({
      '00001_a.up.sql': 'CREATE TABLE other (id int);',
      '00001_a.down.sql': 'DROP TABLE other;',
      '00002_b.up.sql': up,
      '00002_b.down.sql': 'SELECT 1;',
      '00003_c.up.sql': 'CREATE TABLE third (id int);',
      '00003_c.down.sql': 'SELECT 1;',
      '00004_d.up.sql': 'SELECT 4;',
      '00004_d.down.sql': 'SELECT 1;',
    })
    const of = (said: string): Partial<Proof> => ({
      up: 'failed',
      down: 'not run',
      reason: 'may follow from 00002_b, whose up failed',
      failure: failure({ message: said, sqlstate: '42P01' }),
    })
    const proofs = {
      '00002_b': { ...of('cannot'), reason: undefined },
      '00003_c': of(message),
      '00004_d': of('relation "third" does not exist'),
    }
    const ups = runRules({ input: inputOf(files, { proofs }), levels: {} }).filter(({ rule }) => rule === 'up-fails')
    const root = told ? '00002_b' : undefined
    // What follows from one that follows has the same root.
    expect(ups.map(({ follows }) => follows)).toEqual([undefined, root, root ?? '00003_c'])
    expect(ups[1]?.why.includes('It follows from 00002_b, whose up failed.')).toBe(told)
  })

  test('25001 names the marker of the tool', () => {
    const files = { '00001_a.sql': '-- +goose Up\nVACUUM t;\n-- +goose Down\nDROP TABLE t;\n' }
    const proof = { up: 'failed', down: 'not run', failure: failure({ sqlstate: '25001' }) } as const
    const found = runRules({ input: inputOf(filesOf(files), { proofs: { '00001_a': proof } }), levels: {} })
    expect(found.find(({ rule }) => rule === 'up-fails')?.fix).toBe('-- +goose NO TRANSACTION')
  })
})

describe('a down that restores something else', () => {
  test('names the first differences, what is felt, and how to mend it', () => {
    const differences = [
      difference({}),
      difference({
        change: 'changed',
        kind: 'column',
        identity: 'public.users.name',
        before: 'text NOT NULL',
        after: 'text',
      }),
      difference({
        change: 'left behind',
        kind: 'enum',
        identity: 'public.mood',
        parent: undefined,
        after: "ENUM ('a')",
      }),
      difference({ change: 'left behind', kind: 'column', identity: 'public.users.phone', after: 'text' }),
    ]
    const [found, ...more] = findings(step({ down: 'differs', again: 'failed', differences, failure: failure({}) }))
    expect(more).toEqual([])
    expect(brief(found === undefined ? [] : [found])).toEqual([
      'error down-restores-schema 00002_phone.down.sql:2:3 down does not restore the schema: lost index public.idx_users_name of table public.users, changed column public.users.name (text NOT NULL -> text), left behind enum public.mood and 1 more',
    ])
    expect(found?.why).toContain('scan the whole table')
    expect(found?.why).toContain('The up then fails on it: relation "users" does not exist')
    expect(found?.fix.split('\n').slice(1)).toEqual([
      '-- bring back index public.idx_users_name: CREATE INDEX idx_users_name ON public.users USING btree (name)',
      '-- change back column public.users.name: text NOT NULL',
      '-- take away enum public.mood',
      '-- take away column public.users.phone',
    ])
  })

  test.each([
    [
      { change: 'lost', kind: 'column', identity: 'public.users.a', before: 'text DEFAULT 1' },
      '-- bring back column public.users.a: text DEFAULT 1',
    ],
    [
      { change: 'changed', kind: 'column', identity: 'public.users.a', before: 'integer', after: 'bigint' },
      '-- change back column public.users.a: integer',
    ],
    [
      { change: 'lost', kind: 'view', identity: 'public.v', parent: undefined, before: 'SELECT 1\n FROM t' },
      '-- bring back view public.v: SELECT 1 FROM t',
    ],
    [{ change: 'left behind', kind: 'trigger', identity: 'public.users.g' }, '-- take away trigger public.users.g'],
  ] as const)('without proved lines it says what is to be done: %j', (change, line) => {
    const [found] = findings(step({ down: 'differs', differences: [difference(change)] }))
    expect(found?.fix).toBe(`-- to be written at the end of the down:\n${line}`)
  })

  test.each([
    [
      'differs',
      'append',
      '-- at the end of the down (proved):\n-- It drops x.\n-- Rows of y y may keep it.\nDROP TABLE x;',
    ],
    ['failed', 'replace', '-- as the down (proved):\n-- It drops x.\n-- Rows of y y may keep it.\nDROP TABLE x;'],
  ] as const)('proved lines are the fix of a down that %s', (down, kind, fix) => {
    const repair = { kind, sql: 'DROP TABLE x;', loses: ['x'], notes: ['Rows of y\ny may keep it.'] }
    const found = findings(step({ down, differences: [difference({})], failure: failure({}), repair }))
    expect(found.map((one) => one.fix)).toEqual([fix])
  })

  test('an empty down that left something is told by down-empty alone', () => {
    const found = findings({
      proofs: { '00003_idle': { down: 'empty', again: 'skipped', differences: [difference({})] } },
    })
    expect(found.map(({ rule }) => rule)).toEqual(['down-empty'])
  })

  test('column order is a note', () => {
    const differences = [
      difference({ class: 'column-order', change: 'changed', kind: 'column', identity: 'public.users.a' }),
    ]
    expect(brief(findings(step({ down: 'column-order', differences })))).toEqual([
      'note column-order 00002_phone.down.sql:2:3 columns of table public.users stand in another order after the down',
    ])
  })
})

describe('the second up', () => {
  test('that fails although the down restored the schema', () => {
    expect(findings(step({ again: 'failed', failure: failure({}) })).map(({ rule }) => rule)).toEqual(['again-fails'])
  })

  test('that makes another schema', () => {
    expect(brief(findings(step({ again: 'differs', againDifferences: [difference({})] })))).toEqual([
      'warning again-differs 00002_phone.up.sql:2:1 the second up makes another schema: lost index public.idx_users_name of table public.users',
    ])
  })
})

describe('groups proved as one', () => {
  const unit: Partial<DatabaseReport> = { unit: 'range' }
  const member = { toldAt: '00003_idle' }

  test('are told at the last migration, and an idle member is no finding', () => {
    const proofs = {
      '00002_phone': { ...member, down: 'differs' },
      '00003_idle': { down: 'differs', differences: [difference({})] },
    } as const
    const found = findings({ proofs, report: unit })
    expect(brief(found)).toEqual([
      'error down-restores-schema 00003_idle.down.sql:1:1 the downs of 2 migrations, proved as one, do not restore the schema: lost index public.idx_users_name of table public.users',
    ])
  })

  test('that hold say nothing', () => {
    const input = inputOf(filesOf(FILES), {
      proofs: { '00001_users': {}, '00002_phone': member, '00003_idle': {} },
      report: unit,
    })
    expect(runRules({ input, levels: {} })).toEqual([])
  })
})

describe('an idle down', () => {
  const idle = (proofs: Options['proofs']): readonly string[] =>
    runRules({ input: inputOf(filesOf(FILES), { proofs: proofs ?? {} }), levels: {} }).map(
      ({ rule, level }) => `${level} ${rule}`,
    )

  test('is an error without a proof, a note when the up was seen to leave nothing', () => {
    expect(idle({})).toEqual(['error down-empty'])
    expect(idle({ '00003_idle': {} })).toEqual(['note nothing-to-undo'])
    expect(idle({ '00003_idle': { down: 'empty', again: 'skipped' } })).toEqual(['error down-empty'])
    expect(idle({ '00003_idle': { up: 'failed', down: 'not run', failure: failure({}) } })).toEqual([
      'error down-empty',
      'error up-fails',
    ])
  })
})

describe('the chain', () => {
  const chain = (change: Partial<ChainReport>, proofs: Options['proofs'] = {}): readonly Finding[] =>
    findings({
      proofs,
      report: {
        chain: {
          down: 'same',
          again: 'same',
          upToDate: 'nothing to do',
          downs: 3,
          stoppedAt: undefined,
          differences: [],
          againDifferences: [],
          failure: undefined,
          milliseconds: 1,
          ...change,
        },
      },
    })
  const stopped = {
    down: 'failed',
    downs: 1,
    stoppedAt: '00002_phone',
    failure: failure({ direction: 'down' }),
  } as const

  test('a down that fails only in the chain', () => {
    expect(brief(chain(stopped))).toEqual([
      'error chain-down 00002_phone.down.sql:2:3 down fails after the downs of all later migrations (1 went well): relation "users" does not exist (SQLSTATE 42P01)',
    ])
  })

  test('a down that failed by itself is told once', () => {
    const found = chain(stopped, {
      '00002_phone': { down: 'failed', again: 'skipped', failure: failure({ direction: 'down' }) },
    })
    expect(found.map(({ rule }) => rule)).toEqual(['down-fails'])
  })

  test('an end that is not empty, and no step that explains it', () => {
    const differences = [difference({ change: 'left behind', kind: 'table', identity: 'public.t', parent: undefined })]
    expect(chain({ down: 'differs', differences }).map(({ rule }) => rule)).toEqual(['chain-down'])
    const found = chain({ down: 'differs', differences }, { '00002_phone': { down: 'differs', differences } })
    expect(found.map(({ rule }) => rule)).toEqual(['down-restores-schema'])
  })

  test('ups that fail after all downs', () => {
    const found = chain({ again: 'failed', stoppedAt: '00001_users', failure: failure({}) })
    expect(found.map(({ rule, migration }) => `${rule} ${migration ?? ''}`)).toEqual(['chain-again 00001_users'])
    expect(chain({ again: 'differs', againDifferences: [difference({})] }).map(({ rule }) => rule)).toEqual([
      'chain-again',
    ])
  })

  test('an up that is not up to date', () => {
    expect(chain({ upToDate: 'runs again' }).map(({ rule }) => rule)).toEqual(['up-to-date'])
  })
})

describe('seeds', () => {
  const rows = difference({
    change: 'left behind',
    kind: 'rows',
    identity: 'public.users',
    before: '1 row',
    after: '2 rows',
  })
  const seeds = (proof: Partial<Proof>): readonly Finding[] => {
    const files = filesOf({
      '00010_admin.up.sql': 'INSERT INTO users VALUES (1);',
      '00010_admin.down.sql': 'DELETE FROM users;',
    })
    return runRules({ input: inputOf(files, { kind: 'seed', proofs: { '00010_admin': proof } }), levels: {} })
  }

  test('that leave other rows the second time, or fail', () => {
    expect(brief(seeds({ again: 'differs', againDifferences: [rows] }))).toEqual([
      'error seed-idempotent 00010_admin.up.sql:1:1 the seed leaves other rows the second time: left behind rows public.users (1 row -> 2 rows)',
    ])
    const found = seeds({ again: 'failed', failure: failure({ sqlstate: '23505', message: 'duplicate key' }) })
    expect(brief(found)).toEqual([
      'error seed-idempotent 00010_admin.up.sql:1:1 the seed fails the second time: duplicate key (SQLSTATE 23505)',
    ])
    expect(found[0]?.fix).toBe('ON CONFLICT DO NOTHING')
  })

  test('whose down takes away something else', () => {
    const [found] = seeds({ down: 'differs', differences: [rows] })
    expect(found?.message).toContain('down does not restore the rows: left behind rows')
  })
})

describe('code migrations', () => {
  const files = {
    '00001_a.sql': '-- +goose Up\nCREATE TABLE a ();\n-- +goose Down\nDROP TABLE a;\n',
    '00002_b.go': 'package migrations\nfunc init() { goose.AddMigrationContext(up, down) }\n',
  }
  const run = (options: Options): readonly string[] =>
    brief(runRules({ input: inputOf(filesOf(files), options), levels: {} }))

  test('are told, with or without a proof, until there is a stand-in', () => {
    const told =
      'warning code-migration 00002_b.go:1:1 this step cannot be run here: it is written in a programming language'
    expect(run({})).toEqual([told])
    expect(run({ proofs: { '00001_a': {}, '00002_b': { up: 'not run', down: 'not run', again: 'skipped' } } })).toEqual(
      [told],
    )
    expect(run({ proofs: { '00001_a': {}, '00002_b': {} } })).toEqual([])
  })
})
