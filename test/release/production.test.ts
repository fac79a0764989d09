// What is pure about production: plans, digests, windows, losses, rollbacks, checklists, texts without data.
import { describe, expect, test } from '@jest/globals'
import { checklistOf } from '../../src/report/checklist.js'
import { expectedOf, compareWithExpected } from '../../src/catalog/expected.js'
import { decideGate, type GateInput } from '../../src/release/gate.js'
import { isLoss } from '../../src/catalog/data-loss.js'
import { driftOf } from '../../src/catalog/drift.js'
import { normalizedExpression, fingerprint, portable, rolesIn } from '../../src/catalog/portable.js'
import { readPlanFile } from '../../src/report/read.js'
import { digestOf, driftSinceApproval, type ApprovalPlan } from '../../src/release/approval-digest.js'
import { irreversibleWhy, stepsOfRun } from '../../src/state/reversibility.js'
import { isOpen, parseWindow, type Window } from '../../src/model/deploy-windows.js'
import { differenceWithoutData, failureWithoutData, withoutLiterals } from '../../src/report/redact-data.js'
import { renderJson } from '../../src/render/json.js'
import { halfWay, live, planned, sheet, rolledBack } from '../render/live-reports.js'
import { failure } from '../render/reports.js'
import { migration } from '../support/migrations.js'

describe('an approval plan', () => {
  test('has a digest that depends on every part of it, and not on the order in which it was built', () => {
    const first = sheet()
    const reversed = Object.fromEntries(Object.entries(first).toReversed()) as unknown as ApprovalPlan
    expect(digestOf(reversed)).toBe(digestOf(first))
    const [database] = first.databases
    const others: readonly ApprovalPlan[] = [
      { ...first, commit: undefined },
      { ...first, environment: 'staging' },
      { ...first, expires: '2026-11-23T16:00:01Z' },
      { ...first, databases: [] },
      ...(database === undefined
        ? []
        : [
            { ...database, live: 'x' },
            { ...database, history: 'x' },
            { ...database, identity: { ...database.identity, system: '1' } },
            { ...database, identity: { ...database.identity, oid: '1' } },
            { ...database, steps: database.steps.toReversed() },
            { ...database, steps: database.steps.map((step) => ({ ...step, after: 'unknown' })) },
          ].map((one) => ({ ...first, databases: [one] }))),
    ]
    expect(new Set([first, ...others].map(digestOf)).size).toBe(others.length + 1)
  })

  test('is read back from the report of a plan, and from nothing else', () => {
    const text = renderJson(planned())
    expect(readPlanFile(text, 'plan.json')).toEqual(sheet())
    const refused = (changed: string) =>
      expect(() => readPlanFile(changed, 'plan.json')).toThrow('plan.json holds no plan')
    refused('{')
    refused('[]')
    refused(renderJson(halfWay()))
    refused(text.replaceAll('"production"', '"staging"'))
    refused(text.replace('"format": 1', '"format": 2'))
  })

  test('says what moved, and of a run that goes on only what its own steps do not explain', () => {
    const first = sheet()
    expect(driftSinceApproval(first, first, new Map())).toEqual([])
    const [database] = first.databases
    if (database === undefined) throw new Error('no database')
    const later: ApprovalPlan = {
      ...first,
      databases: [
        { ...database, history: 'other', live: database.steps[0]?.after ?? '', steps: database.steps.slice(1) },
      ],
    }
    expect(driftSinceApproval(first, later, new Map()).map(({ what }) => what)).toEqual([
      "the tool's history changed since the approval",
      'approved, but no longer planned: up 00000_step',
    ])
    const many = { ...database, steps: Array.from({ length: 8 }, (_, i) => ({ ...database.steps[0], id: `n${i}` })) }
    expect(
      driftSinceApproval(first, { ...first, databases: [many as typeof database] }, new Map()).map(({ what }) => what),
    ).toEqual([
      'approved, but no longer planned: up 00000_step, up 00001_step, up 00002_step',
      'planned now, but not approved: up n0, up n1, up n2, up n3, up n4, and 3 more',
    ])
    const turned = { ...database, steps: database.steps.toReversed() }
    expect(driftSinceApproval(first, { ...first, databases: [turned] }, new Map()).map(({ what }) => what)).toEqual([
      'the steps are in a different order',
    ])
    expect(driftSinceApproval(first, later, new Map([['core_db', 1]]))).toEqual([])
    expect(driftSinceApproval(first, { ...first, databases: [] }, new Map([['core_db', 3]]))).toEqual([])
    expect(driftSinceApproval(first, { ...first, databases: [] }, new Map())).toHaveLength(1)
  })
})

describe('the gate', () => {
  const deciding = (more: Partial<GateInput> = {}): GateInput => ({
    command: 'deploy',
    plan: sheet(),
    approval: undefined,
    done: new Map(),
    now: Date.parse('2026-11-23T15:00:00Z'),
    windows: [],
    refs: 'protected',
    check: undefined,
    refusals: [],
    origin: { event: undefined, fork: false, refProtected: undefined, ref: undefined },
    ...more,
  })
  const approval = { approved: digestOf(sheet()).slice(0, 8), plan: sheet() }

  test('gives every reason at once, and none when all is well', () => {
    expect(decideGate(deciding({ approval }))).toEqual([])
    const rules = decideGate(
      deciding({
        windows: [parseWindow('Sat,Sun 00:00-24:00 UTC') as Window],
        origin: { event: 'push', fork: false, refProtected: false, ref: 'refs/heads/x' },
        check: { name: 'prove', state: 'pending' },
        refusals: [{ rule: 'blocker', what: 'x', fix: 'y' }],
        now: Date.parse('2026-11-23T17:00:00Z'),
        approval,
      }),
    ).map(({ rule }) => rule)
    expect(rules).toEqual(['blocker', 'ref', 'window', 'check', 'expired'])
  })

  test.each(['', 'abc', '1234567', 'z'.repeat(8), 'a'.repeat(65), 'A'.repeat(8)])('%j is no digest', (approved) => {
    expect(decideGate(deciding({ approval: { approved, plan: undefined } })).map(({ rule }) => rule)).toEqual([
      'digest',
    ])
  })
})

describe('windows', () => {
  test.each([
    ['Mon-Thu 09:00-16:00 Europe/Berlin', '2026-11-23T08:00:00Z', true],
    ['Mon-Thu 09:00-16:00 Europe/Berlin', '2026-11-23T15:00:00Z', false],
    ['Mon-Thu 09:00-16:00 Europe/Berlin', '2026-07-06T07:00:00Z', true],
    ['Fri-Mon 00:00-24:00 UTC', '2026-11-22T23:59:00Z', true],
    ['Fri-Mon 00:00-24:00 UTC', '2026-11-24T00:00:00Z', false],
    ['daily 22:00-23:30 America/New_York', '2026-11-23T03:15:00Z', true],
    ['Sat,Sun 10:00-11:00 UTC', '2026-11-21T10:59:00Z', true],
  ])('%s at %s: %s', (text, at, open) => {
    expect(isOpen([parseWindow(text) as Window], Date.parse(at))).toBe(open)
  })
  test.each([
    '',
    'Mon 9-16 UTC',
    'Mon 16:00-09:00 UTC',
    'Foo 09:00-10:00 UTC',
    'Mon 09:00-25:00 UTC',
    'Mon 09:00-10:00 Mars/Base',
  ])('%j is none', (text) => expect(parseWindow(text)).toMatchObject({ wrong: expect.any(String) }))
})

describe('losses', () => {
  test('an empty table is no loss; what was not counted is', () => {
    const table = { kind: 'table', table: 'a', values: undefined } as const
    expect([0, 1, undefined].map((rows) => isLoss({ ...table, rows }))).toEqual([false, true, true])
  })
})

describe('a rollback', () => {
  const of = (up: string, down = 'SELECT f();') => irreversibleWhy(migration({ version: '1', name: 'm', up, down }))
  test.each([
    'DROP TABLE a',
    'ALTER TABLE a DROP COLUMN b',
    'ALTER TABLE a DROP b',
    'DELETE FROM a',
    'TRUNCATE a',
    'DROP SCHEMA s CASCADE',
  ])('%s takes what no down brings back', (up) => expect(of(`${up};`)).toContain('its up can remove data'))
  test.each([
    'DROP INDEX a',
    'ALTER TABLE a DROP CONSTRAINT b',
    'ALTER TABLE a ALTER b DROP NOT NULL',
    'ALTER TABLE a ALTER b DROP DEFAULT',
    'DROP VIEW a',
    `SELECT 'DROP TABLE a'`,
    'CREATE TABLE a (id int)',
  ])('%s does not', (up) => expect(of(`${up};`)).toBeUndefined())
  test('a down that does nothing', () =>
    expect(of('CREATE TABLE a (id int);', '-- nothing')).toBe('its down does nothing'))

  test('the steps of a run are its newest ones, or it is said why not', () => {
    const [a, b, c] = ['00001', '00002', '00003'].map((version) =>
      migration({ version, name: 'm', up: 'SELECT 1', down: undefined }),
    )
    if (a === undefined || b === undefined || c === undefined) throw new Error('three')
    const row = (version: string, run: string, plan = '') => ({
      ...({ version, id: version, direction: 'up', outcome: 'applied', at: '', by: '', milliseconds: 1 } as const),
      up: undefined,
      down: undefined,
      before: undefined,
      run: `https://github.com/o/r/actions/runs/${run}`,
      plan,
    })
    const journal = [row('00001', '1'), row('00002', '2', 'abcdef0123'), row('00003', '2', 'abcdef0123')]
    expect(stepsOfRun(journal, '2', [c, b, a])).toBe(2)
    expect(stepsOfRun(journal, 'https://github.com/o/r/actions/runs/2', [c, b, a])).toBe(2)
    expect(stepsOfRun(journal, 'abcdef01', [c, b, a])).toBe(2)
    expect(stepsOfRun(journal, '1', [c, b, a])).toEqual({
      refused: 'other migrations were applied after those of run 1',
    })
    expect(stepsOfRun(journal, '22', [c, b, a])).toMatchObject({
      refused: expect.stringContaining('has nothing from run 22'),
    })
  })
})

describe('snapshots between servers', () => {
  const unit = (kind: string, identity: string, definition: object) => JSON.stringify([[kind, identity, definition]])
  test('owners, rights, the history, versions of extensions and what the config ignores make no difference', () => {
    const here = new Map([
      ['database', '[]'],
      ['relation public.a', unit('table', 'public.a', { owner: 'x', acl: ['y'], persistence: 'p' })],
      ['relation public.schema_migrations', unit('table', 'public.schema_migrations', {})],
      ['relation public.events_p1', unit('table', 'public.events_p1', {})],
      ['extension hstore', unit('extension', 'hstore', { version: '1.8', schema: 'public' })],
    ])
    const there = new Map([
      ['relation public.a', unit('table', 'public.a', { owner: 'z', persistence: 'p', tablespace: 'fast' })],
      ['extension hstore', unit('extension', 'hstore', { version: '1.9', schema: 'public' })],
    ])
    const options = { history: { schema: 'public', name: 'schema_migrations' }, ignore: ['relation public.events_p*'] }
    expect(fingerprint(portable(here, options))).toBe(fingerprint(portable(there, options)))
    expect(fingerprint(portable(here, { history: undefined }))).not.toBe(fingerprint(portable(there, options)))
  })

  test('grants to roles that the migrations create are part of the schema, whatever role granted them', () => {
    const roles = rolesIn([
      new Map(['role reader', 'role "The ""Writer"""', 'relation public.a'].map((one) => [one, '[]'])),
    ])
    expect([...roles]).toEqual(['reader', 'The "Writer"'])
    const granted = (acl: string) =>
      portable(new Map([['relation public.a', unit('table', 'public.a', { acl })]]), { history: undefined, roles }).get(
        'relation public.a',
      )
    const there = granted('postgres=arwdDxt/postgres, reader=r/postgres, "The ""Writer"""=a/postgres')
    expect(there).toContain('reader=r')
    expect(granted('"The ""Writer"""=a/migrator, migrator=arwdDxt/migrator, reader=r/migrator')).toBe(there)
    // By hand, for a role of this server.
    expect(granted('"The ""Writer"""=a/m, app=r/m, m=arwdDxt/m, reader=r/m')).toBe(there)
    expect(granted('postgres=arwdDxt/postgres, reader=rw/postgres, "The ""Writer"""=a/postgres')).not.toBe(there)
    expect(granted('nobody')).toBe(granted('reader=arwdDxt/reader'))
  })

  test.each(['database', 'role reader', 'large objects', 'default privileges postgres public r'])(
    '%s belongs to the server',
    (name) => {
      expect(portable(new Map([[name, '[]']]), { history: undefined }).size).toBe(0)
    },
  )

  test('with drift, expects what the steps changed there, and makes no claim about what was different before', () => {
    const map = (entries: Readonly<Record<string, string>>) => new Map(Object.entries(entries))
    const { snapshot, unsure } = expectedOf({
      live: map({ a: '1', own: 'x', odd: 'live' }),
      start: map({ a: '1', odd: 'file' }),
      end: map({ a: '2', odd: 'changed', neu: 'n' }),
    })
    expect([...snapshot]).toEqual([
      ['a', '2'],
      ['own', 'x'],
      ['odd', 'live'],
      ['neu', 'n'],
    ])
    expect([...unsure]).toEqual(['odd'])
  })
})

describe('between two majors', () => {
  const of = (table: string, rows: readonly unknown[]) => [`relation ${table}`, JSON.stringify(rows)] as const
  const column = (name: string, type: string, more = {}) => ['column', `t.${name}`, { type, ...more }]
  const there = [['table', 't', { options: 'x' }], column('id', 'integer', { notnull: true, default: `'a'::text` })]
  const here = [
    ['table', 't', {}],
    column('id', 'integer', { notnull: true, default: `('a')::text` }),
    ['constraint', 't.t_id_not_null', { def: 'NOT NULL id' }],
  ]
  test('what is written otherwise is no difference; another type, and what is missing, is', () => {
    const live = new Map([of('t', here)])
    const drift = (made: readonly unknown[], majors: readonly [number, number] = [18, 15]) =>
      driftOf({ made: new Map([of('t', made)]), live, majors })
    expect(drift(there).differences).toEqual([])
    expect(drift(there).notes[1]).toMatch(/^PostgreSQL 18 and 15 .* --postgres 18 /)
    expect(drift(there, [15, 15]).differences).not.toEqual([])
    expect(drift(there, [15, 15]).notes).toHaveLength(1)
    expect(drift([there[0], column('id', 'bigint', { notnull: true })]).differences).toHaveLength(1)
    expect(drift([...there, ['index', 't_i', { def: 'x' }]]).differences).toMatchObject([{ change: 'lost' }])
  })
  test('what the steps do not touch has to be as it was, of the rest what both write alike', () => {
    const other = of('o', [['table', 'o', { options: 'y' }]])
    const added = (rows: readonly unknown[]) => [...rows, column('x', 'text')]
    const expectation = {
      live: new Map([of('t', here), other]),
      start: new Map([of('t', there)]),
      end: new Map([of('t', added(there))]),
      majors: [18, 15] as const,
    }
    const seen = (now: Iterable<readonly [string, string]>) => compareWithExpected(new Map(now), expectation)
    expect(seen([of('t', added(here)), other])).toEqual({ differences: [], unsure: new Set(), acrossMajors: true })
    expect(seen([of('t', here), other]).differences).toMatchObject([{ identity: 't.x', change: 'lost' }])
    const touched = of('o', [['table', 'o', { options: 'z' }]])
    expect(seen([of('t', added(here)), touched]).differences).toMatchObject([{ identity: 'o', change: 'changed' }])
    const byHand = of('o', [
      ['table', 'o', { options: 'y' }],
      ['column', 'o.by_hand', { type: 'text' }],
    ])
    expect(seen([of('t', added(here)), byHand]).differences).toMatchObject([{ identity: 'o.by_hand' }])
    expect(seen([of('t', added(here)), byHand]).differences).toHaveLength(1)
  })
})

describe('expressions as PostgreSQL writes them back', () => {
  test.each([
    [
      `((s)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))`,
      `((s)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text]))`,
    ],
    [`a = ANY ((ARRAY[1, '-1'::integer])::bigint[])`, `a = ANY (ARRAY[(1)::bigint, ('-1'::integer)::bigint])`],
    [
      `x = (ARRAY['it''s, ]'::character varying, f(1, 2)])::text[] AND y = ANY ((ARRAY['b'::"Odd"])::public."T"[])`,
      `x = ARRAY[('it''s, ]'::character varying)::text, (f(1, 2))::text] AND y = ANY (ARRAY[('b'::"Odd")::public."T"])`,
    ],
    [
      `(ARRAY['a'::character varying])::character varying(10)[]`,
      `ARRAY[('a'::character varying)::character varying(10)]`,
    ],
  ])('%s', (typed, settledText) => {
    expect(normalizedExpression(typed)).toBe(settledText)
    expect(normalizedExpression(settledText)).toBe(settledText)
  })
  test.each(['(ARRAY[1, 2])', 'ARRAY[1]', '(ARRAY[1', `(ARRAY['open`, '(ARRAY[a[1]])::text', ''])(
    '%j stays',
    (text) => {
      expect(normalizedExpression(text)).toBe(text)
    },
  )
})

describe('texts without data', () => {
  test('literals, bodies and comments are gone, names stay', () => {
    expect(withoutLiterals(`SELECT 'a secret', "Name", E'x\\'y', $t$ body $t$ -- why\nFROM t`)).toBe(
      `SELECT '…', "Name", E'…', $$…$$ \nFROM t`,
    )
    const column = { change: 'changed', class: 'real', kind: 'column', identity: 'a.b', parent: 'table a' } as const
    expect(differenceWithoutData({ ...column, before: `text DEFAULT 'x'`, after: undefined })).toMatchObject({
      before: `text DEFAULT '…'`,
    })
  })
  test.each([
    ['22P02', 'invalid input syntax for type integer: "4111 1111"', 'invalid input syntax for type integer'],
    ['P0001', 'card 4111 is bad', 'the script raised an exception, whose text is not shown'],
    [
      '23505',
      'duplicate key value violates unique constraint "users_pkey"',
      'duplicate key value violates unique constraint "users_pkey"',
    ],
  ])('%s: %s', (sqlstate, message, shown) => {
    const reported = failureWithoutData(
      failure({ sqlstate, message, detail: 'Key (id)=(4111)', hint: 'x', line: `INSERT '4111'` }),
    )
    expect(reported).toMatchObject({ message: shown, detail: undefined, hint: undefined, line: undefined })
    expect(JSON.stringify(reported)).not.toContain('4111')
  })
})

test.each([
  ['2BP01', 'view imp depends on column sub of table s\nview b depends on view imp', true],
  ['0A000', 'rule _RETURN on view imp depends on column "sub"', true],
  ['0A000', 'value 4111 is not supported', false],
  ['23503', 'Key (id)=(4111) is still referenced from table "k".', false],
])('the detail of %s is shown if it holds names only: %s', (sqlstate, detail, shown) => {
  expect(failureWithoutData(failure({ sqlstate, detail })).detail).toBe(shown ? detail : undefined)
})

describe('the checklist', () => {
  const nothing = { reason: undefined, retention: undefined, check: undefined }
  test('of a rollback says what was done with what was seen, and leaves the rest to people', () => {
    const lines = checklistOf(rolledBack(), { ...nothing, reason: 'wrong column' })
    const words = (result: string) => lines.filter((one) => one.result === result).map(({ what }) => what)
    expect(words('held')).toEqual([
      'backup completed and verified',
      'dry run of the down migrations',
      'data loss reported',
      'reason recorded',
      'outcome recorded',
    ])
    // One of its observations does not compareWithExpected.
    expect(words('open')).toContain('schema verified')
    expect(words('open')).toContain('team notified of the window')
  })
  test('does not mark as done what was not observed', () => {
    const report = rolledBack()
    const unseen = (name: 'held' | 'open') =>
      report.targets.map((target) => ({
        ...target,
        seen: [{ what: 'the schema is what was approved', result: name, seen: '' }],
        ...(target.ahead && { ahead: { ...target.ahead, rehearsed: name === 'held' } }),
      }))
    const held = (name: 'held' | 'open') =>
      checklistOf({ ...report, targets: unseen(name) }, nothing).flatMap(({ what, result }) =>
        result === 'held' ? [what] : [],
      )
    const seen = ['dry run of the down migrations', 'data loss reported', 'schema verified']
    expect(held('held')).toEqual(expect.arrayContaining(seen))
    for (const what of seen) expect(held('open')).not.toContain(what)
    const deploy = { ...report, command: 'deploy' as const, targets: unseen('open') }
    expect(checklistOf(deploy, nothing)).toContainEqual(
      expect.objectContaining({ what: 'performance impact assessed', result: 'open' }),
    )
  })
  test('is none where nothing was done', () => {
    expect(checklistOf(planned(), nothing)).toEqual([])
    expect(checklistOf(live(), nothing)).toEqual([])
  })
})
