// Reports of runs on live databases, as the renderers and the schema are tested with.
import type { AppliedReport, LiveReport, StatusReport, StepReport, TargetReport } from '../../src/report/run-report.js'
import type { StepAhead } from '../../src/release/preview.js'
import type { GateRule } from '../../src/release/gate.js'
import { digestOf, type ApprovalPlan } from '../../src/release/approval-digest.js'
import { failure } from './reports.js'

export const step = (version: string, outcome: StepReport['outcome'], more: Partial<StepReport> = {}): StepReport => ({
  id: `${version}_step`,
  version,
  direction: 'up',
  outcome,
  milliseconds: 12,
  failure: undefined,
  left: [],
  fix: undefined,
  ...more,
})

const applied = (version: string, more: Partial<AppliedReport> = {}): AppliedReport => ({
  id: `${version}_step`,
  version,
  at: '2026-11-23T15:00:00.000Z',
  by: 'ada as app',
  milliseconds: 7,
  ...more,
})

export const standing = (more: Partial<StatusReport> = {}): StatusReport => ({
  applied: [applied('00001')],
  pending: [],
  late: [],
  missing: [],
  edited: [],
  dirty: undefined,
  repeated: [],
  drift: undefined,
  ...more,
})

export const target = (name: string, more: Partial<TargetReport> = {}): TargetReport => ({
  name,
  folder: `migrations/${name}`,
  layout: 'pairs',
  place: `db-1:5432/${name}`,
  version: '17.2',
  environment: 'development',
  history: { kind: 'golang-migrate', table: 'public.schema_migrations', exists: true },
  standing: standing(),
  steps: [],
  notes: [],
  stopped: undefined,
  milliseconds: 40,
  ...more,
})

export const live = (more: Partial<LiveReport> = {}): LiveReport => ({
  schema: 1,
  tool: { name: 'pg-migration-gate', version: '1.2.3' },
  command: 'up',
  started: '2026-11-23T16:00:00.000Z',
  milliseconds: 1234,
  verdict: 'pass',
  exitCode: 0,
  counts: { databases: 1, done: 0, failed: 0, waiting: 0 },
  targets: [target('core_db')],
  ...more,
})

const NOT_STARTED = { kind: 'not started', what: 'not started, because of rates_db', fix: 'Run it again.' } as const

/** A deploy that broke half way, as design and surfaces have it. */
export const halfWay = (): LiveReport =>
  live({
    verdict: 'unfinished',
    exitCode: 4,
    counts: { databases: 4, done: 2, failed: 1, waiting: 2 },
    targets: [
      target('core_db', { steps: [step('00008', 'applied')], standing: standing({ applied: [applied('00008')] }) }),
      target('kyc_db'),
      target('rates_db', {
        steps: [
          step('00004', 'applied'),
          step('00005', 'failed', {
            failure: failure({}),
            fix: 'Fix migrations/rates_db/00005_step.up.sql, then run up again.',
          }),
          step('00006', 'not started'),
        ],
        standing: standing({
          applied: [applied('00003', { milliseconds: undefined, recorded: true }), applied('00004')],
          pending: ['00005_step', '00006_step'],
        }),
        notes: ['no journal is kept: this role may not create the schema migration_gate'],
      }),
      target('audit_db', { steps: [step('00005', 'not started')], stopped: NOT_STARTED }),
    ],
  })

/** A step without a transaction that left something, and one whose outcome is unknown. */
export const inDoubt = (): LiveReport =>
  live({
    verdict: 'unfinished',
    exitCode: 4,
    counts: { databases: 2, done: 0, failed: 2, waiting: 0 },
    targets: [
      target('core_db', {
        steps: [
          step('00002', 'failed', {
            failure: failure({}),
            left: ['the index public.i exists and is invalid: DROP INDEX CONCURRENTLY public.i;'],
            fix: 'Look at the database.',
          }),
        ],
        standing: standing({ dirty: '00002_step' }),
      }),
      target('kyc_db', {
        steps: [step('00003', 'unknown', { left: ['the connection broke'], fix: 'Run status.' })],
        standing: undefined,
      }),
    ],
  })

const IDENTITY = {
  system: '7391',
  host: 'db-1',
  port: '5432',
  database: 'core_db',
  oid: '16384',
  server: '17.2',
} as const
const HEX = 'ab'.repeat(32)

export const sheet = (): ApprovalPlan => ({
  format: 1,
  commit: '1a'.repeat(20),
  environment: 'production',
  expires: '2026-11-23T16:00:00Z',
  databases: [
    {
      name: 'core_db',
      identity: IDENTITY,
      history: HEX,
      live: HEX,
      steps: (['wrapped', 'message', 'none'] as const).map((transaction, i) => ({
        direction: 'up',
        version: `0000${i}`,
        id: `0000${i}_step`,
        up: HEX,
        down: HEX,
        transaction,
        after: HEX,
      })),
    },
  ],
})

const ahead = (id: string, more: Partial<StepAhead> = {}): StepAhead => ({
  id,
  rehearsed: true,
  does: [],
  losses: [],
  sizes: [],
  rewrites: [],
  back: 'proved',
  backWhy: undefined,
  irreversible: undefined,
  text: undefined,
  ...more,
})

/** A plan as an approver reads it: with sizes, losses, something in the way, and a way back that does not hold. */
export const planned = (): LiveReport =>
  live({
    command: 'plan',
    approval: { digest: digestOf(sheet()), sheet: sheet(), given: undefined, refused: [] },
    targets: [
      target('core_db', {
        environment: 'production',
        steps: [step('00008', 'planned'), step('00009', 'planned'), step('00010', 'planned')],
        ahead: {
          identity: IDENTITY,
          role: 'planner',
          rehearsed: true,
          drift: [],
          room: { needed: 1_400_000_000, free: 88_000_000_000 },
          notCompared: ['the live schema was compared without owners'],
          dump: [
            {
              kind: 'fails',
              what: 'index public.i calls public.f(text), which names g without a schema',
              repair: ['ALTER FUNCTION public.f(text) SET search_path = public, pg_temp;'],
            },
            { kind: 'later', what: 'index public.j calls public.f(text), which names g without a schema', repair: [] },
            { kind: 'unknown', what: 'public.h(text) is written in plperl, for index public.k', repair: [] },
          ],
          conditions: [
            { kind: 'warns', what: 'a transaction has been open for more than a minute: pid 12', fix: 'Wait.' },
            { kind: 'blocks', what: 'a backup or restore is running: pid 13', fix: 'Wait.' },
          ],
          steps: [
            ahead('00008_step', {
              does: ['note', 'fax', 'mail', 'age', 'name'].map((name) => ({
                change: 'left behind',
                class: 'real',
                kind: 'column',
                identity: `public.users.${name}`,
                parent: 'table public.users',
                before: undefined,
                after: 'text',
              })),
              sizes: [{ relation: 'public.users', rows: 120_332, bytes: 41_000_000 }],
              rewrites: ['public.users'],
            }),
            ahead('00009_step', {
              back: 'not',
              backWhy: 'it fails: table x does not exist',
              losses: [
                { kind: 'table', table: 'public.legacy', rows: 77_120, values: undefined },
                { kind: 'column', table: 'public.users', column: 'phone', rows: 120_332, values: 48_211 },
                {
                  kind: 'written',
                  table: 'public.users',
                  verb: 'DELETE',
                  rows: undefined,
                  values: undefined,
                  why: '00008_step changes its rows first',
                },
                {
                  kind: 'type',
                  table: 'public.payments',
                  column: 'amount',
                  before: 'numeric(18,2)',
                  after: 'integer',
                  rows: 30_000,
                  values: 29_990,
                },
                { kind: 'written', table: 'public.users', column: 'memo', verb: 'UPDATE', rows: 7, values: 3 },
                { kind: 'code', code: 'a DO block', rows: undefined, values: undefined, why: 'not looked into' },
              ],
              irreversible: 'it loses data that its down does not bring back',
            }),
            ahead('00010_step', { back: 'unknown' }),
          ],
        },
      }),
    ],
  })

const RULES: readonly GateRule[] = [
  ...(['approval', 'digest', 'moved', 'expired', 'fork', 'ref', 'window', 'check', 'finding'] as const),
  ...(['blocker', 'plan', 'irreversible', 'backup', 'confirmation'] as const),
]

export const refusedDeploy = (): LiveReport =>
  live({
    command: 'deploy',
    verdict: 'fail',
    exitCode: 1,
    approval: {
      digest: digestOf(sheet()),
      sheet: sheet(),
      given: 'deadbeef',
      refused: RULES.map((rule) => ({ rule, what: `why ${rule}`, fix: `mend ${rule}` })),
    },
    targets: [target('core_db', { steps: [step('00008', 'not started')] })],
  })

/** A rollback whose text is from the record, with a backup and what was seen. */
export const rolledBack = (): LiveReport =>
  live({
    command: 'rollback',
    approval: { digest: digestOf(sheet()), sheet: sheet(), given: 'core_db 00007', refused: [] },
    checklist: [
      { what: 'backup completed and verified', result: 'held', seen: '1 of 1 databases' },
      { what: 'team notified of the window', result: 'open', seen: 'for people' },
    ],
    ways: [
      { what: 'See its status', command: 'pg-migration-gate status' },
      {
        what: 'Take it back',
        command: 'pg-migration-gate rollback --databases core_db --to 00007',
        tried: {
          result: 'ran',
          why: undefined,
          losses: [{ kind: 'column', table: 'public.users', column: 'phone', rows: 3, values: 2 }],
        },
      },
      {
        what: 'Take it back',
        command: 'pg-migration-gate rollback --databases kyc_db --to 00002',
        tried: { result: 'failed', why: '00003_x: its down does nothing', losses: [] },
      },
      {
        what: 'Take it back',
        command: 'pg-migration-gate rollback --databases audit_db --to 0',
        tried: { result: 'unknown', why: 'there is no scratch server', losses: [] },
      },
    ],
    targets: [
      target('core_db', {
        steps: [step('00008', 'undone', { direction: 'down' })],
        backup: {
          kind: 'dump',
          path: 'backups/core_db.dump',
          bytes: 1_234_567,
          sha256: HEX,
          encrypted: true,
          client: '17.2',
          proof: 'read',
          notes: ['roles are not part of it'],
          milliseconds: 900,
        },
        seen: [
          { what: 'the schema is what was approved', result: 'held', seen: '12 objects compared' },
          { what: 'assert/a.sql gives no row', result: 'broken', seen: '3 rows' },
          { what: 'application logs', result: 'open', seen: 'not looked at' },
        ],
        ahead: {
          identity: IDENTITY,
          role: 'migrator',
          rehearsed: true,
          drift: undefined,
          room: { needed: 0, free: undefined },
          notCompared: [],
          conditions: [],
          steps: [
            ahead('00008_step', {
              back: 'unknown',
              text: { from: 'journal', why: 'the file differs', file: 'DROP TABLE a;', recorded: 'DROP TABLE b;' },
            }),
            ahead('00007_step', { text: { from: 'file', why: 'as applied', file: undefined, recorded: undefined } }),
          ],
        },
      }),
    ],
  })

export const restored = (): LiveReport =>
  live({
    command: 'restore',
    targets: [
      target('core_db', {
        seen: [{ what: 'live is now the restored database', result: 'held', seen: '3 ms' }],
        swapped: 'restored',
        backup: {
          kind: 'dump',
          path: 'b',
          bytes: 1,
          sha256: HEX,
          encrypted: false,
          client: '17',
          notes: [],
          milliseconds: 1,
          proof: 'restored',
        },
      }),
      target('kyc_db', { backup: { kind: 'external', id: 'snap-1' } }),
    ],
  })

/** The undo of the last restore. */
export const putBack = (): LiveReport =>
  live({
    command: 'restore',
    targets: [
      target('core_db', {
        seen: [{ what: 'live is again the database from before the last restore', result: 'held', seen: '3 ms' }],
        swapped: 'put back',
      }),
    ],
  })

export const statusOfAll = (): LiveReport =>
  live({
    command: 'status',
    verdict: 'fail',
    exitCode: 1,
    targets: [
      target('core_db', {
        history: { kind: 'goose', table: 'public.goose_db_version', exists: true },
        standing: standing({
          applied: ['00001', '00002', '00003', '00004', '00005', '00006'].map((version) => applied(version)),
          pending: ['00008_step'],
          late: ['00007_step'],
          missing: [
            { key: '9', at: undefined },
            { key: '10', at: '2026-11-23T15:00:00.000Z' },
          ],
          edited: ['00002_step'],
          repeated: ['3'],
          drift: [
            {
              change: 'left behind',
              class: 'real',
              kind: 'index',
              identity: 'public.i',
              parent: 'table public.t',
              before: undefined,
              after: 'CREATE INDEX i ON public.t USING btree (id)',
            },
          ],
        }),
      }),
      target('kyc_db', {
        standing: standing({ applied: [applied('1', { at: undefined, by: undefined, milliseconds: undefined })] }),
      }),
    ],
  })

const kinds = ['sql-migrate', 'dbmate', 'diesel', 'sqlx', 'node-pg-migrate', 'ours'] as const

export const liveSamples: Readonly<Record<string, LiveReport>> = {
  planned: planned(),
  'refused deploy': refusedDeploy(),
  'taken back': rolledBack(),
  restored: restored(),
  'put back': putBack(),
  'half way': halfWay(),
  'in doubt': inDoubt(),
  status: statusOfAll(),
  refused: live({
    command: 'down',
    verdict: 'fail',
    exitCode: 1,
    targets: [
      target('core_db', { stopped: { kind: 'refused', what: 'down does not run here', fix: 'Use rollback.' } }),
    ],
  }),
  unreached: live({
    command: 'redo',
    verdict: 'environment',
    exitCode: 3,
    targets: [
      target('core_db', {
        place: undefined,
        version: undefined,
        history: undefined,
        standing: undefined,
        stopped: { kind: 'environment', what: 'The server at db-1:5432 refuses connections.', fix: 'Start it.' },
      }),
    ],
  }),
  cancelled: live({
    verdict: 'cancelled',
    exitCode: 130,
    counts: { databases: 1, done: 1, failed: 0, waiting: 1 },
    targets: [target('core_db', { steps: [step('00001', 'applied'), step('00002', 'not started')] })],
  }),
  baseline: live({
    command: 'baseline',
    targets: kinds.map((kind) =>
      target(kind, {
        history: { kind, table: 't', exists: true },
        steps: [step('1', 'recorded'), step('2', 'planned'), step('3', 'undone', { direction: 'down' })],
      }),
    ),
  }),
}
