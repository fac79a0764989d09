// Files, the tool's table and the journal held against each other, and what is planned on it. Values only.
import { describe, expect, test } from '@jest/globals'
import type { JournalRow } from '../../src/state/journal.js'
import type { Migration } from '../../src/model/migration.js'
import { planDown, planRedo, planUp, type Plan, type PlanInput } from '../../src/state/plan.js'
import { recordPlan } from '../../src/state/baseline-plan.js'
import { migrationStatus, type MigrationStatus } from '../../src/state/status.js'
import { golangMigrate } from '../../src/tools/pairs/golang-migrate-history.js'
import { goose } from '../../src/tools/goose/history.js'
import { migration } from '../support/migrations.js'

const make = (version: string, more: Partial<Parameters<typeof migration>[0]> = {}): Migration =>
  migration({ version, name: 'm', up: `SELECT ${version}`, down: 'SELECT 0', ...more })
const a = make('00001')
const b = make('00002')
const c = make('00003')
const ALL = [a, b, c]

const row = (version: string, more: Partial<JournalRow> = {}): JournalRow => ({
  version,
  id: `${version}_m`,
  direction: 'up',
  outcome: 'applied',
  at: '2026-11-23T15:00:00.000Z',
  by: 'ada',
  milliseconds: 5,
  up: undefined,
  down: undefined,
  before: undefined,
  run: undefined,
  plan: undefined,
  ...more,
})

const pointer = (version: string, dirty = 'f') => [[version, dirty]]
const gooseRows = (...versions: readonly string[]) => ['0', ...versions].map((version) => [version, null, 't'])

const stand = (
  rows: readonly (readonly (string | null)[])[],
  journal: readonly JournalRow[] = [],
  migrations = ALL,
): MigrationStatus => migrationStatus({ migrations, history: golangMigrate, rows, journal })

const ids = (migrations: readonly { readonly id: string }[]): string =>
  migrations.map(({ id }) => id.slice(0, 5)).join(' ')
const steps = ({ steps }: Plan): string =>
  steps.map(({ direction, migration }) => `${direction} ${migration.version}`).join(', ')
const planning = (status: MigrationStatus, migrations = ALL): PlanInput => ({
  about: '--databases a',
  check: '`pg-migration-gate check db`',
  database: 'app',
  migrations,
  status,
  history: golangMigrate,
})

describe('status', () => {
  test('one row tells all below it; the journal tells when, by whom and how long', () => {
    const { applied, pending, late } = stand(pointer('2'), [row('00002', { before: '00001' })])
    expect(applied.map(({ migration, by, milliseconds }) => [migration.version, by, milliseconds])).toEqual([
      ['00001', undefined, undefined],
      ['00002', 'ada', 5],
    ])
    expect([ids(pending), ids(late)]).toEqual(['00003', ''])
  })

  test('a file between two versions that we went over is late, one that the tool applied is not', () => {
    expect(ids(stand(pointer('3'), [row('00001'), row('00003', { before: '00001' })]).late)).toBe('00002')
    expect(ids(stand(pointer('3'), [row('00001'), row('00003', { before: '00002' })]).late)).toBe('')
    expect(
      ids(
        stand(pointer('3'), [row('00001'), row('00002', { outcome: 'recorded' }), row('00003', { before: '00001' })])
          .late,
      ),
    ).toBe('')
  })

  test('an edited script is one whose checksum is not that of the newest time', () => {
    const journal = [
      row('00001', { up: 'old' }),
      row('00001', { up: a.up?.checksum, down: 'old' }),
      row('00002', { up: 'x', down: 'y' }),
    ]
    expect(stand(pointer('3'), journal).edited.map(({ migration, side }) => [migration.version, side])).toEqual([
      ['00001', 'down'],
      ['00002', 'both'],
    ])
  })

  test('begun and not ended: by the table, by the journal, and no longer once the tool has ended it', () => {
    expect(stand(pointer('2', 't')).dirty).toMatchObject({ key: '2', migration: { version: '00002' }, said: 'history' })
    const begun = [row('00001'), row('00002', { outcome: 'started' })]
    expect(stand(pointer('1'), begun).dirty).toMatchObject({
      migration: { version: '00002' },
      direction: 'up',
      said: 'journal',
    })
    expect(stand(pointer('2'), begun).dirty).toBeUndefined()
    const back = [row('00002', { direction: 'down', outcome: 'partial' })]
    expect(stand(pointer('2'), back).dirty).toMatchObject({ direction: 'down' })
    expect(stand(pointer('1'), back).dirty).toBeUndefined()
    for (const outcome of ['failed', 'applied', 'cleared'] as const) {
      expect(stand(pointer('1'), [...begun, row('00002', { outcome })]).dirty).toBeUndefined()
    }
  })

  test('a step that failed and left nothing counts for nothing', () => {
    const journal = [
      row('00002'),
      row('00002', { direction: 'down', outcome: 'started' }),
      row('00002', { direction: 'down', outcome: 'failed' }),
    ]
    expect(stand(pointer('2'), journal).applied.at(-1)).toMatchObject({ by: 'ada' })
  })
})

describe('plans', () => {
  test('up: all, to a version, nothing', () => {
    expect(steps(planUp({ ...planning(stand([])), to: undefined, late: 'refuse' }))).toBe(
      'up 00001, up 00002, up 00003',
    )
    expect(steps(planUp({ ...planning(stand(pointer('1'))), to: '2', late: 'refuse' }))).toBe('up 00002')
    expect(planUp({ ...planning(stand(pointer('3'))), to: '1', late: 'refuse' })).toEqual({
      steps: [],
      refused: [],
      notes: [],
    })
    expect(planUp({ ...planning(stand([])), to: '9', late: 'refuse' }).refused).toMatchObject([{ kind: 'use' }])
  })

  test('what is left at each step is what the tool needs to write its row', () => {
    const down = planDown({ ...planning(stand(pointer('3'))), to: '1', steps: 1 })
    expect(down.steps.map(({ left }) => ids(left))).toEqual(['00001 00002', '00001'])
    const up = planUp({ ...planning(stand(pointer('1'))), to: undefined, late: 'refuse' })
    expect(up.steps.map(({ left }) => ids(left))).toEqual(['00001', '00001 00002'])
    expect(planRedo(planning(stand(pointer('2')))).steps.map(({ left }) => ids(left))).toEqual(['00001', '00001'])
  })

  test('a file that cannot be run refuses the whole plan', () => {
    const broken = { ...b, up: undefined, code: 'migrations/app/00002_m.go' }
    const plan = planUp({ ...planning(stand([], [], [a, broken, c]), [a, broken, c]), to: undefined, late: 'refuse' })
    expect(plan.steps).toEqual([])
    expect(plan.refused).toMatchObject([
      { what: '00002_m cannot be applied: it is a program (migrations/app/00002_m.go); run it with its own tool' },
    ])
  })

  test('down stays before what is irreversible on purpose', () => {
    const last = make('00003', { irreversible: 'data is gone' })
    expect(
      planDown({ ...planning(stand(pointer('3'), [], [a, b, last]), [a, b, last]), to: undefined, steps: 1 }).refused,
    ).toMatchObject([{ what: '00003_m cannot be rolled back: it is irreversible on purpose: data is gone' }])
  })

  test('late ones go first where the tool has a place for them', () => {
    const status = migrationStatus({ migrations: ALL, history: goose, rows: gooseRows('2'), journal: [] })
    const on = { ...planning(status), history: goose, to: undefined }
    expect(planUp({ ...on, late: 'refuse' }).refused).toHaveLength(1)
    expect(steps(planUp({ ...on, late: 'allow' }))).toBe('up 00001, up 00003')
  })
})

test('a command to paste names the database as it was named', () => {
  const status = stand(pointer('2', 't'))
  const about = 'db/app --databases app'
  const { refused } = planUp({ ...planning(status), about, to: undefined, late: 'refuse' })
  expect(refused[0]?.fix).toContain('pg-migration-gate baseline db/app --databases app --to 00002 --clear-dirty')
})

describe('a mark of golang-migrate, which names the version that it was going to', () => {
  const refusal = (status: MigrationStatus) => planUp({ ...planning(status), to: undefined, late: 'refuse' }).refused[0]
  const command = (version: string): string => `baseline --databases a --to ${version} --clear-dirty`

  test('without a journal it may be the up of that version or the down of the one above: names both', () => {
    const status = stand(pointer('2', 't'))
    expect(status.dirty).toMatchObject({ migration: b, above: c, direction: undefined })
    const { what, fix } = refusal(status) ?? {}
    expect(what).toContain('the up of 00002_m, or the down of 00003_m, began and did not end')
    for (const version of ['00001', '00002', '00003']) expect(fix).toContain(command(version))
    expect(recordPlan({ ...planning(status), to: '3', clearDirty: true })).toMatchObject({ record: [c] })
  })

  test('the newest file has none above it; below the first one it was a down', () => {
    expect(stand(pointer('3', 't')).dirty?.above).toBeUndefined()
    const first = stand(pointer('-1', 't'))
    expect(first).toMatchObject({ dirty: { migration: a, direction: 'down' }, applied: [] })
    expect(refusal(first)).toMatchObject({
      what: expect.stringContaining('the down of 00001_m began and did not end'),
      fix: expect.stringMatching(/If all of it is rolled back: .*--to 0 .*If none of it is: .*--to 00001 /),
    })
    expect(recordPlan({ ...planning(first), to: '0', clearDirty: true })).toMatchObject({ cleared: a, record: [] })
    expect(recordPlan({ ...planning(first), to: '1', clearDirty: true })).toMatchObject({ record: [a] })
  })

  test('where the journal knows the direction, names only that', () => {
    const status = stand(pointer('2', 't'), [row('00003'), row('00003', { direction: 'down', outcome: 'started' })])
    expect(status.dirty).toMatchObject({ migration: c, direction: 'down' })
    expect(refusal(status)?.what).toContain('the down of 00003_m began')
  })
})

describe('record plans', () => {
  const plan = (status: MigrationStatus, to: string, clearDirty = false) =>
    recordPlan({ ...planning(status), to, clearDirty })

  test('a pointer is written once, the journal gets every version', () => {
    expect(plan(stand([]), '2')).toMatchObject({ record: [b], journal: [a, b], cleared: undefined, refused: undefined })
    expect(plan(stand(pointer('2')), '2')).toMatchObject({ record: [], journal: [] })
  })

  test('rolls nothing back, and clears a dirty mark only when asked', () => {
    expect(plan(stand(pointer('3')), '1').refused).toMatchObject({ kind: 'plan' })
    const dirty = stand(pointer('2', 't'))
    expect(plan(dirty, '2').refused).toMatchObject({ what: expect.stringContaining('began and did not end') })
    expect(plan(dirty, '2', true)).toMatchObject({ record: [b], journal: [b], notThere: [], refused: undefined })
    expect(plan(dirty, '1', true)).toMatchObject({ record: [a], journal: [], notThere: [b] })
    expect(plan(stand(pointer('1', 't')), '0', true)).toMatchObject({
      through: [],
      record: [],
      cleared: a,
      notThere: [a],
    })
  })
})
