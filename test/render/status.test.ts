import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/model/finding.js'
import type { ChainReport, Proof } from '../../src/report/check-report.js'
import { count, counted, duration, firstFew, utcTime } from '../../src/render/words/format.js'
import { groupProblems, headline, RULES_WITH_EVIDENCE } from '../../src/render/words/problems.js'
import { stateOf, statusOf } from '../../src/render/words/check.js'
import { verdictOf } from '../../src/render/words/verdict.js'
import { oneLine, shortened, withoutCommands } from '../../src/render/words/escape.js'
import { RULES } from '../../src/rules/index.js'
import { clean, database, failure, filesOnly, finding, migration, mixed, oneFails, proof, report } from './reports.js'

describe('numbers and times', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [1_234_567, '1,234,567'],
  ])('count %s', (value, expected) => expect(count(value)).toBe(expected))

  test.each([
    [-1, '0 ms'],
    [12.4, '12 ms'],
    [99.6, '0.1 s'],
    [912, '0.9 s'],
    [9_949, '9.9 s'],
    [41_200, '41 s'],
    [59_600, '1 min 0 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ])('duration %s', (value, expected) => expect(duration(value)).toBe(expected))

  test('words', () => {
    expect([counted(1, 'index', 'indexes'), counted(0, 'file'), firstFew(['a', 'b', 'c'], 2)]).toEqual([
      '1 index',
      '0 files',
      'a, b and 1 more',
    ])
    expect([utcTime('2026-11-23T17:30:12+01:00'), utcTime('soon')]).toEqual(['2026-11-23 16:30 UTC', 'soon'])
  })
})

describe('visible text', () => {
  test.each([
    ['a\r\nb', 'a\\r\\nb'],
    ['\u001b[31m\u0000\u009b', '\\e[31m\\0\\u009b'],
    ['\u202e\u2066\u{e0041}', '\\u202e\\u2066\\ue0041'],
    ['\ud800x', '\\ud800x'],
    ['tab\tand ünïcödé 日本 🙂', 'tab and ünïcödé 日本 🙂'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ])('%j', (text, expected) => expect(oneLine(text)).toBe(expected))

  test('commands of a runner are broken', () => {
    expect(withoutCommands('::error::x\n  ::x\na::text ##[group] ###[x')).toBe(
      ': :error::x\n  : :x\na::text ## [group] ### [x',
    )
  })

  test('nothing is cut within a character', () => {
    expect(shortened('🙂🙂', 3)).toBe('🙂…')
    expect(shortened('🙂🙂', 2)).toBe('…')
  })
})

describe('the state of a migration', () => {
  const state = (parts: Partial<Proof>): string => stateOf(migration('00001_x', { proof: proof(parts) }))
  test.each<[Partial<Proof>, string]>([
    [{}, 'proved'],
    [{ down: 'column-order', again: 'column-order' }, 'proved'],
    [{ up: 'failed', down: 'not run', again: 'skipped' }, 'cannot be applied'],
    [{ down: 'failed' }, 'cannot be rolled back'],
    [{ down: 'differs', again: 'failed' }, 'cannot be rolled back'],
    [{ down: 'missing' }, 'cannot be rolled back'],
    [{ down: 'empty' }, 'cannot be rolled back'],
    [{ again: 'failed' }, 'cannot be applied again'],
    [{ again: 'differs' }, 'cannot be applied again'],
    [{ again: 'skipped' }, 'not run'],
    [{ down: 'irreversible', again: 'skipped' }, 'irreversible on purpose'],
    [{ up: 'not run', down: 'not run', again: 'skipped' }, 'not run'],
    [{ up: 'failed', failure: failure({ environment: 'no postgis' }) }, 'stopped by the environment'],
    [{ up: 'failed', failure: failure({ follows: '00001_a' }) }, 'not judged'],
    [{ down: 'failed', failure: failure({ direction: 'down', follows: '00001_a' }) }, 'not judged'],
    [{ up: 'failed', failure: failure({ environment: '00001_a was not run', follows: '00001_a' }) }, 'not judged'],
  ])('%j', (parts, expected) => expect(state(parts)).toBe(expected))
})

describe('the result of a database', () => {
  const chain = (parts: Partial<ChainReport>): ChainReport => ({
    down: 'same',
    again: 'same',
    upToDate: 'nothing to do',
    downs: 1,
    stoppedAt: undefined,
    differences: [],
    againDifferences: [],
    failure: undefined,
    milliseconds: 1,
    ...parts,
  })
  test.each<[string, Partial<ChainReport>]>([
    ['the whole chain cannot be rolled back', { down: 'differs' }],
    ['the whole chain cannot be applied again', { again: 'failed' }],
    ['up runs migrations again on an up-to-date database', { upToDate: 'runs again' }],
    ['all proved', { down: 'irreversible', again: 'skipped' }],
    ['all proved', { down: 'failed', failure: failure({ environment: 'no postgis' }) }],
  ])('%s', (expected, parts) => {
    expect(statusOf(database('a', [migration('1_x')], { chain: chain(parts) }))).toBe(expected)
  })

  test('counts what is proved beside what is not', () => {
    const some = [migration('1_x'), migration('2_x', { proof: proof({ down: 'irreversible', again: 'skipped' }) })]
    expect(statusOf(database('a', some))).toBe('1 proved, 1 irreversible on purpose')
    expect(statusOf(database('a', [], { notProved: 'no' }))).toBe('not proved')
    expect(statusOf(database('a', []))).toBe('no migrations')
  })
})

describe('the verdict', () => {
  test.each([
    ['pass', clean(), 'all 12 migrations in 2 databases proved'],
    ['pass without a proof', filesOnly(), '3 migrations in 1 database read, not run'],
    ['fail', oneFails(), '1 of 21 migrations cannot be rolled back'],
    [
      'fail in files',
      report({ databases: clean().databases, findings: [finding({ database: 'core_db', migration: undefined })] }),
      '1 error',
    ],
    [
      'fail of both kinds',
      {
        ...oneFails(),
        findings: [finding(), finding({ database: 'core_db', migration: undefined, rule: 'file-name' })],
      },
      '1 of 21 migrations cannot be rolled back, 1 other error',
    ],
    [
      'fail where no migration has a down: the one finding is about all of them',
      report({
        databases: [
          database(
            'a',
            [1, 2].map((n) => migration(`0000${n}_x`, { proof: proof({ down: 'missing' }) })),
          ),
        ],
        findings: [finding({ database: 'a', migration: undefined, rule: 'unpaired' })],
      }),
      '2 of 2 migrations cannot be rolled back',
    ],
    [
      'fail for something else than what counts apart',
      {
        ...oneFails(),
        findings: [finding({ migration: '00005_link_pairs', rule: 'merged-edited' })],
        setAside: [{ ...finding(), debt: 'listed' as const }],
      },
      '1 error',
    ],
    [
      'fail on warnings',
      report({ databases: clean().databases, findings: [finding({ level: 'warning' })], verdict: 'fail', exitCode: 1 }),
      '1 warning (this run fails on warnings)',
    ],
    [
      'pass with warnings',
      report({ databases: clean().databases, findings: [finding({ level: 'warning' })] }),
      'all 12 migrations in 2 databases proved, 1 warning',
    ],
    [
      'environment',
      report({ databases: [database('a', [], { notProved: 'no CREATEDB' })], verdict: 'environment', exitCode: 3 }),
      'a: no CREATEDB',
    ],
  ])('%s', (_name, sample, expected) => expect(verdictOf(sample).sentence).toBe(expected))
})

describe('evidence', () => {
  test('only rules that exist are said to have any', () => {
    const ids = RULES.map((check) => check.id)
    expect(RULES_WITH_EVIDENCE.filter((rule) => !ids.includes(rule))).toEqual([])
  })

  test('is beside the finding about it, and its words are not repeated', () => {
    const [group] = groupProblems(oneFails())
    const [entry] = group?.entries ?? []
    expect(entry?.evidence.map(({ kind }) => kind)).toEqual(['differences'])
    expect(entry && headline(entry)).toBe('down does not restore the schema')
  })

  test('is never beside a finding about something else', () => {
    const sample = { ...oneFails(), findings: [finding({ rule: 'file-name' })] }
    expect(groupProblems(sample)[0]?.entries[0]?.evidence).toEqual([])
  })

  test('failures that follow from another one are a sentence of it; without it they are listed', () => {
    const up = (id: string, follows?: string): Finding =>
      finding({ rule: 'up-fails', migration: id, message: 'up fails: x', why: 'Why.', ...(follows && { follows }) })
    const findings = [up('00001_a'), up('00002_b', '00001_a'), up('00003_c', '00001_a'), up('00004_d', '00000_other')]
    const databases = [
      database(
        'rates_db',
        ['00001_a', '00002_b', '00003_c', '00004_d'].map((id) => migration(id)),
      ),
    ]
    const reasonsOf = (given: readonly Finding[]): readonly (readonly [string | undefined, string | undefined])[] =>
      groupProblems(report({ databases, findings: given })).map(({ migration: id, entries }) => [
        id,
        entries[0]?.finding.why,
      ])
    expect(reasonsOf(findings)).toEqual([
      ['00001_a', 'Why. 2 more fail because of it: 00002_b, 00003_c.'],
      ['00004_d', 'Why.'],
    ])
    expect(reasonsOf(findings.slice(1)).map(([id]) => id)).toEqual(['00002_b', '00003_c', '00004_d'])
    expect(reasonsOf([up('00001_a'), { ...up('00002_b', '00001_a'), database: 'other' }])).toHaveLength(2)
    for (const rule of ['environment', 'code-migration', 'unparsable']) {
      const root: Finding = { ...up('00001_a'), rule, level: 'warning' }
      const note: Finding = { ...up('00002_b', '00001_a'), rule: 'environment', level: 'note' }
      expect(reasonsOf([root, note])).toEqual([['00001_a', 'Why. 1 more fails because of it: 00002_b.']])
    }
    // A finding about the name of the file does not say why the up fails.
    expect(reasonsOf([{ ...up('00001_a'), rule: 'file-name' }, up('00002_b', '00001_a')])).toHaveLength(2)
  })

  test('groups are in the order of the report, the database after its migrations', () => {
    const order = groupProblems(mixed()).map(({ migration: id }) => id)
    expect(order).toEqual([
      '00002_up_fails',
      '00003_index_email',
      '00004_missing',
      '00005_empty',
      undefined,
      '00001_create_users',
    ])
  })
})
