// Sample reports of changes: what a pull request touches, what was set aside, what repairs a down.
import type { Difference } from '../../src/catalog/difference.js'
import type { ChangeReport, MigrationReport, Repair, Report } from '../../src/report/check-report.js'
import { database, finding, migration, proof, rateDifferences, report } from './reports.js'

const COMMIT = '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b'

export const change = (parts: Partial<ChangeReport> = {}): ChangeReport => ({
  event: 'pull request',
  base: COMMIT,
  tip: COMMIT,
  branch: 'main',
  head: 'ffeeddccbbaa99887766554433221100ffeeddcc',
  pull: 42,
  notSeen: [],
  ...parts,
})

export const adds = (kind: string, identity: string, after: string, parent?: string): Difference => ({
  change: 'left behind',
  class: 'real',
  before: undefined,
  after,
  kind,
  identity,
  parent,
})

const stood = (ids: readonly string[]): readonly MigrationReport[] =>
  ids.map((id) => migration(id, { proof: undefined, scope: 'applied' }))

const phone = migration('00008_add_phone', {
  scope: 'proved',
  touched: 'added',
  does: [adds('column', 'public.users.phone_number', 'text', 'table public.users')],
  sql: { up: 'ALTER TABLE users ADD COLUMN phone_number text;', down: 'ALTER TABLE users DROP COLUMN phone_number;' },
})

const source = migration('00004_add_source_to_rates', {
  scope: 'proved',
  touched: 'added',
  proof: proof({
    down: 'differs',
    differences: rateDifferences,
    repair: { kind: 'append', sql: 'ALTER TABLE exchange_rates ALTER COLUMN rate SET NOT NULL;', loses: [] },
  }),
  does: [adds('column', 'public.exchange_rates.source', 'text', 'table public.exchange_rates')],
  sql: { up: 'ALTER TABLE exchange_rates ADD COLUMN source text;', down: 'SELECT 1;' },
})

/** A clean change of one database of two. */
export const cleanChange = (): Report =>
  report({
    change: change(),
    databases: [
      database('core_db', [...stood(['00001_create_users', '00002_add_name']), phone]),
      database('kyc_db', [migration('00001_a', { proof: undefined })], { untouched: true, chain: undefined }),
    ],
  })

/** One new down that does not hold, an edit, a deletion, and findings that do not count. */
export const badChange = (): Report =>
  report({
    change: change({ notSeen: ['other open pull requests: the token may not read them'] }),
    databases: [
      database('core_db', [...stood(['00001_create_users']), { ...phone, touched: 'edited' }], {
        deleted: ['00002_b'],
      }),
      database('rates_db', [...stood(['00001_a', '00002_b', '00003_c']), source]),
      database('audit_db', [migration('00001_a', { proof: undefined })], { untouched: true, chain: undefined }),
    ],
    findings: [
      finding(),
      finding({
        rule: 'merged-edited',
        database: 'core_db',
        migration: '00008_add_phone',
        place: { file: 'migrations/core_db/00008_add_phone.up.sql', line: 1, column: 1 },
        message: '00008_add_phone is merged (in main), and its up is another one now',
        fix: 'Take the edit back: git checkout main -- migrations/core_db/00008_add_phone.up.sql',
      }),
    ],
    setAside: [
      finding({
        rule: 'down-empty',
        database: 'core_db',
        migration: '00001_create_users',
        waived: { until: '2027-01-31', reason: 'the table is gone by then', place: undefined },
      }),
      finding({ rule: 'unpaired', database: 'core_db', migration: '00002_b', debt: 'listed' }),
      finding({ rule: 'unpaired', database: 'rates_db', migration: '00001_a', debt: 'stood before' }),
    ],
  })

/** The events and words that the others have not. */
export const otherChanges = (): readonly Report[] => {
  const lossy: Repair = {
    kind: 'replace',
    sql: 'DROP TABLE a;',
    loses: ['the table public.a with all its rows'],
    notes: ['The comment on the table public.a cannot be restored.'],
  }
  return [
    report({ change: change({ event: 'merge queue', pull: undefined }), databases: [] }),
    report({ change: change({ event: 'release', branch: 'v1.0.0', pull: undefined }), databases: [] }),
    report({
      change: change({ event: 'asked', pull: undefined }),
      databases: [
        database('core_db', [
          { ...phone, touched: 'renamed', proof: proof({ down: 'failed', again: 'skipped', repair: lossy }) },
        ]),
      ],
    }),
  ]
}
