// The rule `down-restores-schema`.
import { describe, expect, test } from '@jest/globals'
import type { DatabaseReport } from '../../../src/report/check-report.js'
import { runRules } from '../../../src/rules/run.js'
import { brief, filesOf, inputOf } from '../input.js'
import { FILES, difference, failure, proofFindings, rowsLeft, seedFindings, step } from '../recorded-proof.js'

describe('down-restores-schema', () => {
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
    const [found, ...more] = proofFindings(
      step({ down: 'differs', again: 'failed', differences, failure: failure({}) }),
    )
    expect(more).toEqual([])
    expect(brief(found === undefined ? [] : [found])).toEqual([
      'error down-restores-schema 00002_phone.down.sql:2:3 down does not restore the schema: lost index public.idx_users_name of table public.users, changed column public.users.name (text NOT NULL -> text), left behind enum public.mood and 1 more',
    ])
    expect(found?.why).toContain('scan the whole table')
    expect(found?.why).toContain('The up then fails on it: relation "users" does not exist')
    expect(found?.fix.split('\n').slice(1)).toEqual([
      '-- restore index public.idx_users_name: CREATE INDEX idx_users_name ON public.users USING btree (name)',
      '-- change back column public.users.name: text NOT NULL',
      '-- remove enum public.mood',
      '-- remove column public.users.phone',
    ])
  })

  test.each([
    [
      { change: 'lost', kind: 'column', identity: 'public.users.a', before: 'text DEFAULT 1' },
      '-- restore column public.users.a: text DEFAULT 1',
    ],
    [
      { change: 'changed', kind: 'column', identity: 'public.users.a', before: 'integer', after: 'bigint' },
      '-- change back column public.users.a: integer',
    ],
    [
      { change: 'lost', kind: 'view', identity: 'public.v', parent: undefined, before: 'SELECT 1\n FROM t' },
      '-- restore view public.v: SELECT 1 FROM t',
    ],
    [{ change: 'left behind', kind: 'trigger', identity: 'public.users.g' }, '-- remove trigger public.users.g'],
  ] as const)('without proved lines it says what is to be done: %j', (change, line) => {
    const [found] = proofFindings(step({ down: 'differs', differences: [difference(change)] }))
    expect(found?.fix).toBe(`-- write at the end of the down:\n${line}`)
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
    const found = proofFindings(step({ down, differences: [difference({})], failure: failure({}), repair }))
    expect(found.map((one) => one.fix)).toEqual([fix])
  })

  describe('groups proved as one', () => {
    const unit: Partial<DatabaseReport> = { unit: 'range' }
    const member = { toldAt: '00003_idle' }

    test('are reported at the last migration, and an idle member is no finding', () => {
      const proofs = {
        '00002_phone': { ...member, down: 'differs' },
        '00003_idle': { down: 'differs', differences: [difference({})] },
      } as const
      const found = proofFindings({ proofs, report: unit })
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

  test('of a seed whose down takes away something else', () => {
    const [found] = seedFindings({ down: 'differs', differences: [rowsLeft] })
    expect(found?.message).toContain('down does not restore the rows: left behind rows')
  })
})
