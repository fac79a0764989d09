// The rule `up-fails`.
import { describe, expect, test } from '@jest/globals'
import type { Proof } from '../../../src/report/check-report.js'
import { runRules } from '../../../src/rules/run.js'
import { brief, filesOf, inputOf } from '../input.js'
import { FILES, failure, proofFindings, step } from '../recorded-proof.js'

describe('up-fails', () => {
  test('an up, at the place that the server named', () => {
    const place = { file: 'migrations/core_db/00002_phone.up.sql', line: 2, column: 13 }
    const line = 'ALTER TABLE users ADD COLUMN phone text;'
    const [found] = proofFindings(
      step({ up: 'failed', down: 'not run', failure: failure({ place, line, hint: 'Look.' }) }),
    )
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
  ])('an up whose name may be found by what an earlier one sets: %s', (sets, suggested) => {
    const files = { ...FILES, '00001_users.up.sql': `CREATE TABLE users (id int);\n${sets}\n` }
    const place = { file: 'migrations/core_db/00002_phone.up.sql', line: 2, column: 13 }
    const proofs = { '00002_phone': { up: 'failed', down: 'not run', failure: failure({ place }) } } as const
    const found = runRules({ input: inputOf(filesOf(files), { proofs }), levels: {} })
    const fix = found.find(({ rule }) => rule === 'up-fails')?.fix ?? ''
    expect(fix.includes('Or 00001_users sets the search_path that this needs')).toBe(suggested)
    expect(fix.includes('session: shared')).toBe(suggested)
  })

  test('one that follows from a failed step is a note that names the step', () => {
    const [found] = proofFindings(
      step({
        up: 'failed',
        down: 'not run',
        failure: failure({ follows: '00001_users' }),
        reason: 'follows from 00001_users, whose up failed',
      }),
    )
    expect(found).toMatchObject({
      rule: 'up-fails',
      level: 'note',
      follows: '00001_users',
      message: 'not judged, because its up fails: relation "users" does not exist (SQLSTATE 42P01)',
      why: 'It follows from 00001_users, whose up failed.',
      fix: 'Repair 00001_users first, and run the check again.',
    })
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
    const [found] = proofFindings(step({ up: 'failed', failure: failure({ line }) }))
    expect(JSON.stringify(found)).not.toContain('horse')
    expect(found?.message).toContain("PASSWORD '***'")
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
  ])('an up with psql variables is a template: %s', (up, isTemplate) => {
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
    expect(ups).toHaveLength(isTemplate ? 1 : 2)
    expect(ups[0]?.message.startsWith('2 ups are templates')).toBe(isTemplate)
    expect(ups[0]?.fix.includes('variables of psql')).toBe(isTemplate)
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
      expect(fixOf(body, 2, 'syntax error at or near "x"')).toBe('Correct the syntax at this place.')
      const block = `${mark} StatementBegin\n${body}\n${mark} StatementEnd`
      expect(fixOf(block, 3, open)).toBe('Correct the syntax at this place.')
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
  ])('25001 is fixed where it is: %j', (up, line, fix) => {
    const place = { file: 'migrations/core_db/00001_a.sql', line, column: 1 }
    const proof = { up: 'failed', down: 'not run', failure: failure({ sqlstate: '25001', place }) } as const
    const input = inputOf(filesOf({ '00001_a.sql': `${up}\n-- +goose Down\nDROP TABLE t;\n` }), {
      proofs: { '00001_a': proof },
    })
    // With the rule about the files, and where it is off.
    for (const levels of [{}, { 'outside-transaction': 'off' }] as const)
      expect(runRules({ input, levels }).find(({ rule }) => rule === 'up-fails')?.fix).toBe(fix)
  })

  test.each([
    [
      "DO $$\nBEGIN\n  RAISE NOTICE '${A}';\nEND $$;",
      'ENVSUB makes one $ of $$: switch it off around the $$, or write $$$$.',
    ],
    [
      "DO $do$\nBEGIN\n  RAISE NOTICE '${A}';\nEND\n$do$\n;",
      'ENVSUB reads $do as a variable: switch it off around the $do$, or write $$do$$.',
    ],
    ["SELECT '${A}' '$$5' +;", 'ENVSUB makes one $ of $$: switch it off around the $$, or write $$$$.'],
    ["SELECT '${A}' +;", 'Correct the syntax at this place.'],
    ["DO $$$$ BEGIN RAISE NOTICE '${A}'; END; $$$$ +;", 'Correct the syntax at this place.'],
    ["-- +goose ENVSUB OFF\nDO $$ BEGIN RAISE NOTICE 'a'; END; $$ +;", 'Correct the syntax at this place.'],
  ])('the dollar quotes that ENVSUB of goose changes: %j', (text, fix) => {
    const file = `-- +goose Up\n-- +goose ENVSUB ON\n-- +goose StatementBegin\n${text}\n-- +goose StatementEnd\n-- +goose Down\nDROP TABLE t;\n`
    const line = text.startsWith('--') ? 5 : 4
    const place = { file: 'migrations/core_db/00001_a.sql', line, column: 1 }
    const proof = {
      up: 'failed',
      down: 'not run',
      failure: failure({ sqlstate: '42601', message: 'syntax error at or near "$"', place }),
    } as const
    const found = runRules({
      input: inputOf(filesOf({ '00001_a.sql': file }), { proofs: { '00001_a': proof } }),
      levels: {},
    })
    expect(found.map(({ rule }) => rule)).toContain('up-fails')
    expect(found.find(({ rule }) => rule === 'up-fails')?.fix).toBe(fix)
    expect(found.filter(({ rule }) => rule === 'own-transaction')).toEqual([])
  })

  test('25001 names the marker of the tool', () => {
    const files = { '00001_a.sql': '-- +goose Up\nVACUUM t;\n-- +goose Down\nDROP TABLE t;\n' }
    const proof = { up: 'failed', down: 'not run', failure: failure({ sqlstate: '25001' }) } as const
    const found = runRules({ input: inputOf(filesOf(files), { proofs: { '00001_a': proof } }), levels: {} })
    expect(found.find(({ rule }) => rule === 'up-fails')?.fix).toBe('-- +goose NO TRANSACTION')
  })
})
