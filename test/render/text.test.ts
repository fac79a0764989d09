import { describe, expect, test } from '@jest/globals'
import stringWidth from 'fast-string-width'
import { renderText, type TextOptions } from '../../src/render/text/check.js'
import { expectGolden } from './golden.js'
import {
  clean,
  database,
  environment,
  failure,
  filesOnly,
  finding,
  hostile,
  HOSTILE,
  many,
  migration,
  mixed,
  oneFails,
  proof,
  report,
} from './reports.js'

const plain: TextOptions = { width: 100, colour: false, verbosity: 'normal' }
const lines = (text: string): readonly string[] => text.split('\n')
const verdictLine = (text: string): string => lines(text).at(-2) ?? ''

describe('the text of', () => {
  test('a clean run is one line for each database and the verdict', () => {
    expect(renderText(clean(), plain)).toBe(`
  core_db   7 migrations   pairs   all proved   0.2 s
  kyc_db    5 migrations   pairs   all proved   95 ms

PASS  all 12 migrations in 2 databases proved   PostgreSQL 17.10 (npm package), 0.9 s
`)
  })

  test('one migration that fails', () => expectGolden('one-fails.txt', renderText(oneFails(), plain)))
  test('every kind of trouble', () => expectGolden('mixed.txt', renderText(mixed(), plain)))
  test('every kind of trouble, verbose', () =>
    expectGolden('mixed-verbose.txt', renderText(mixed(), { ...plain, verbosity: 'verbose' })))
  test('every kind of trouble, quiet', () =>
    expectGolden('mixed-quiet.txt', renderText(mixed(), { ...plain, verbosity: 'quiet' })))

  test('a server that is not there', () => {
    expect(renderText(environment(), plain)).toBe(`
error  no PostgreSQL server to prove on
       fix: give --server URL, or install PostgreSQL

ENVIRONMENT  no PostgreSQL server to prove on   0.9 s
`)
  })

  test('files only says that nothing was run', () => {
    expect(renderText(filesOnly(), plain)).toContain('Not checked\n  no migration was run, only the files were read\n')
    expect(verdictLine(renderText(filesOnly(), plain))).toBe('PASS  3 migrations in 1 database read, not run   0.9 s')
  })
})

describe('the detail of the server', () => {
  const rendered = (count: number): string => {
    const objects = Array.from({ length: count }, (_, at) => `view v${at + 1} depends on table users`)
    const one = mixed()
    const databases = one.databases.map((each) => ({
      ...each,
      migrations: each.migrations.map((step) =>
        step.proof?.failure?.detail === undefined
          ? step
          : { ...step, proof: { ...step.proof, failure: failure({ detail: objects.join('\n') }) } },
      ),
    }))
    return renderText({ ...one, databases }, plain)
  }

  test('keeps its lines', () => {
    expect(rendered(2)).toContain(`
           detail: view v1 depends on table users
           view v2 depends on table users
`)
  })

  test('ends after a few of them, with how many are left', () => {
    expect(rendered(5)).toContain('view v5 depends on table users\n')
    expect(rendered(40)).toContain('view v5 depends on table users\n           and 35 more\n')
  })
})

describe('many problems', () => {
  test('shows the first 20 migrations in full, the others in one line each', () => {
    const text = renderText(many(200), plain)
    expect(text.match(/Compared with the state before the up/g)).toHaveLength(20)
    expect(lines(text).filter((line) => /^ {2}error {4}big_db 00\d+_change {2}down does not/.test(line))).toHaveLength(
      180,
    )
    expect(text).toContain('180 more problems, one line each; use --verbose or the JSON report for details')
    expect(lines(text).length).toBeLessThan(520)
    expect(verdictLine(text)).toContain('FAIL  200 of 200 migrations cannot be rolled back')
  })

  test('--verbose tells all of them in full', () => {
    const text = renderText(many(200), { ...plain, verbosity: 'verbose' })
    expect(text.match(/Compared with the state before the up/g)).toHaveLength(200)
  })

  test('errors are never pushed out by warnings, nor warnings by notes', () => {
    const ids = Array.from({ length: 60 }, (_, i) => `${(i + 1).toString().padStart(5, '0')}_x`)
    const level = (i: number): 'note' | 'warning' | 'error' => (i === 59 ? 'error' : i > 20 ? 'warning' : 'note')
    const sample = report({
      databases: [
        database(
          'a_db',
          ids.map((id) => migration(id)),
        ),
      ],
      findings: ids.map((id, i) =>
        finding({ database: 'a_db', migration: id, level: level(i), rule: 'file-size', message: 'm' }),
      ),
    })
    const text = renderText(sample, plain)
    expect(text.indexOf('a_db 00060_x\n')).toBeLessThan(text.indexOf('a_db 00022_x\n'))
    expect(text.match(/^ {2}note {5}/gm)).toHaveLength(20)
    expect(text).toContain('and 1 more note (--verbose shows all)')
  })

  test('a repair of thousands of lines is no text to read, and --verbose has all of it', () => {
    const fix = Array.from({ length: 2000 }, (_, i) => `DROP TABLE t${i};`).join('\n')
    const sample = { ...oneFails(), findings: [finding({ fix })] }
    const text = renderText(sample, plain)
    expect(text).toContain(
      'DROP TABLE t59;\n             … 1,940 more lines (--verbose shows all; --fix writes proved repairs)',
    )
    expect(text).not.toContain('DROP TABLE t60;')
    expect(renderText(sample, { ...plain, verbosity: 'verbose' })).toContain('DROP TABLE t1999;')
  })

  test('the same in many places of a migration is one problem', () => {
    const at = (line: number) =>
      finding({ rule: 'secret', message: 'a password', place: { file: 'a.sql', line, column: 1 } })
    const text = renderText(report({ databases: [], findings: [1, 2, 3, 4, 5, 6].map(at) }), plain)
    expect(text.match(/a password/g)).toHaveLength(1)
    expect(text).toContain('also a.sql:2:1, a.sql:3:1, a.sql:4:1 and 2 more')
  })

  test('a long list of differences and a long definition are shortened', () => {
    const body = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')
    const differences = Array.from({ length: 30 }, (_, i) => ({
      ...({ change: 'lost', class: 'real', kind: 'function', parent: undefined, after: undefined } as const),
      identity: `public.f${i}()`,
      before: body,
    }))
    const sample = report({
      databases: [database('a_db', [migration('00001_x', { proof: proof({ down: 'differs', differences }) })])],
      findings: [finding({ database: 'a_db', migration: '00001_x' })],
    })
    const text = renderText(sample, plain)
    expect(text.match(/lost {9}function f/g)).toHaveLength(20)
    expect(text).toContain('and 10 more (--verbose shows all)')
    expect(text).toContain('… 38 more lines (--verbose shows all)')
    expect(renderText(sample, { ...plain, verbosity: 'verbose' })).not.toContain('--verbose')
  })
})

describe('a script that failed', () => {
  const withFailure = (parts: Parameters<typeof failure>[0], message = 'down fails'): string =>
    renderText(
      report({
        databases: [
          database('a_db', [migration('00001_x', { proof: proof({ down: 'failed', failure: failure(parts) }) })]),
        ],
        findings: [finding({ rule: 'down-fails', database: 'a_db', migration: '00001_x', message })],
      }),
      plain,
    )
  const caret = (text: string): string | undefined => {
    const all = lines(text)
    const at = all.findIndex((line) => line.trim().endsWith('| ^') || /\|\s+\^$/.test(line))
    const column = stringWidth(all[at]?.slice(0, all[at].indexOf('^')) ?? '')
    let used = 0
    for (const character of all[at - 1] ?? '') {
      if (used >= column) return character
      used += stringWidth(character)
    }
    return undefined
  }

  test.each([
    ['in plain text', 'DROP INDEX idx;', 12, 'i'],
    ['after a tab', '\tDROP INDEX idx;', 2, 'D'],
    ['after wide characters', "SELECT '日本' FROM x;", 18, 'x'],
    ['after characters outside of the basic plane', "SELECT '🙂' FROM x;", 17, 'x'],
    ['far out in a long line', `${'SELECT 1, '.repeat(60)}boom FROM x`, 601, 'b'],
  ])('the caret is under the place %s', (_name, line, column, expected) => {
    const place = { file: 'a.sql', line: 7, column }
    expect(caret(withFailure({ line, place }))).toBe(expected)
  })

  test('shows the message of the server once', () => {
    const text = withFailure(
      {},
      'down fails: index "idx_user_email" does not exist (SQLSTATE 42704) in: DROP INDEX idx;',
    )
    expect(text.match(/does not exist/g)).toHaveLength(1)
  })

  test('without a place there is no caret', () => {
    expect(withFailure({ place: undefined, line: undefined })).not.toContain('^')
  })

  test('a password in the line is not shown', () => {
    expect(withFailure({ line: "CREATE ROLE a PASSWORD 'hunter2hunter2';" })).not.toContain('hunter2')
  })
})

describe('the look', () => {
  test('colour only adds escape sequences', () => {
    const coloured = renderText(mixed(), { ...plain, colour: true })
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderText(mixed(), plain))
    expect(coloured).toContain('\u001b[31m')
  })

  test.each([60, 80, 120, 200])('prose and tables stay within %s columns', (width) => {
    const text = renderText(mixed(), { ...plain, width })
    const long = lines(text).filter((line) => stringWidth(line) > width)
    // A path, a definition and the verdict stay whole, so that they can be clicked, pasted and searched.
    expect(long.filter((line) => !/\.sql|CREATE INDEX|^(FAIL|PASS|ENVIRONMENT) /.test(line))).toEqual([])
  })

  test.each([
    ['pass', clean(), 'PASS'],
    ['fail', oneFails(), 'FAIL'],
    ['environment', environment(), 'ENVIRONMENT'],
  ])('the last line starts with the verdict: %s', (_name, sample, word) => {
    for (const verbosity of ['quiet', 'normal', 'verbose'] as const) {
      expect(verdictLine(renderText(sample, { ...plain, verbosity }))).toMatch(new RegExp(`^${word} {2}`))
    }
  })
})

describe('hostile text', () => {
  test.each(Object.entries(HOSTILE))(
    '%s neither hides, nor steers the terminal, nor commands a runner',
    (_name, text) => {
      for (const verbosity of ['quiet', 'normal', 'verbose'] as const) {
        const shown = renderText(hostile(text), { ...plain, verbosity })
        expect(shown).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b]/,
        )
        expect(shown).not.toContain('##[')
        expect(shown).not.toMatch(/^\s*::/m)
        expect(verdictLine(shown)).toMatch(/^FAIL {2}/)
      }
    },
  )
})
