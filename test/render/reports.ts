// Sample reports for the tests of the renderers.
import { isRestored, type Difference } from '../../src/catalog/difference.js'
import type { Finding, Level } from '../../src/model/finding.js'
import type { DatabaseReport, MigrationReport, Proof, Report, ScriptFailure } from '../../src/report/check-report.js'

export const proof = (parts: Partial<Proof> = {}): Proof => ({
  up: 'ok',
  down: 'same',
  again: 'same',
  differences: [],
  againDifferences: [],
  failure: undefined,
  reason: undefined,
  toldAt: undefined,
  milliseconds: 12.4,
  ...parts,
})

export const migration = (id: string, parts: Partial<MigrationReport> = {}): MigrationReport => ({
  id,
  version: id.slice(0, id.indexOf('_')),
  name: id.slice(id.indexOf('_') + 1),
  kind: 'schema',
  files: [`migrations/${id}.up.sql`, `migrations/${id}.down.sql`],
  irreversible: undefined,
  proof: proof(),
  ...parts,
})

export const database = (
  name: string,
  migrations: readonly MigrationReport[],
  parts: Partial<DatabaseReport> = {},
): DatabaseReport => ({
  name,
  folder: `migrations/${name}`,
  layout: 'pairs',
  layoutReason: 'two files for each version, ending in .up.sql and .down.sql',
  unit: 'each',
  migrations,
  chain: {
    down: 'same',
    again: 'same',
    upToDate: 'nothing to do',
    downs: migrations.length,
    stoppedAt: undefined,
    differences: [],
    againDifferences: [],
    failure: undefined,
    milliseconds: 80,
  },
  ignored: [],
  notProved: undefined,
  milliseconds: 180,
  ...parts,
})

/** Counts, verdict and exit code follow from the parts unless they are given. */
export function report(parts: Partial<Report> & Pick<Report, 'databases'>): Report {
  const findings = parts.findings ?? []
  const migrations = parts.databases.flatMap((one) => one.migrations)
  const level = (word: Level): number => findings.filter((finding) => finding.level === word).length
  const holds = (word: string | undefined): boolean => word !== undefined && isRestored(word)
  const failed = level('error') > 0
  return {
    schema: 1,
    tool: { name: 'pg-migration-gate', version: '0.1.0' },
    command: 'check',
    started: '2026-11-23T16:00:12.345Z',
    milliseconds: 912,
    verdict: failed ? 'fail' : 'pass',
    exitCode: failed ? 1 : 0,
    server: { version: '17.10', major: 17, source: 'package' },
    counts: {
      databases: parts.databases.length,
      migrations: migrations.length,
      proved: migrations.filter((m) => m.proof?.up === 'ok' && holds(m.proof.down) && holds(m.proof.again)).length,
      errors: level('error'),
      warnings: level('warning'),
      notes: level('note'),
      waived: 0,
      debt: 0,
      before: 0,
    },
    problems: [],
    findings,
    setAside: [],
    ...parts,
  }
}

const named = (count: number): readonly MigrationReport[] =>
  ['create_users', 'add_phone', 'index_email', 'create_wallets', 'add_status', 'add_trigger', 'create_view']
    .slice(0, count)
    .map((name, index) => migration(`${(index + 1).toString().padStart(5, '0')}_${name}`))

export const clean = (): Report =>
  report({ databases: [database('core_db', named(7)), database('kyc_db', named(5), { milliseconds: 95 })] })

export const rateDifferences: readonly Difference[] = [
  {
    change: 'changed',
    class: 'real',
    kind: 'column',
    identity: 'public.exchange_rates.rate',
    parent: 'table public.exchange_rates',
    before: 'numeric(20,8) NOT NULL',
    after: 'numeric(20,8)',
  },
  {
    change: 'lost',
    class: 'real',
    kind: 'index',
    identity: 'public.idx_exchange_rates_latest',
    parent: 'table public.exchange_rates',
    before:
      'CREATE INDEX idx_exchange_rates_latest ON public.exchange_rates USING btree (base_currency, quote_currency, quoted_at DESC)',
    after: undefined,
  },
]

export const finding = (parts: Partial<Finding> = {}): Finding => ({
  rule: 'down-restores-schema',
  level: 'error',
  database: 'rates_db',
  migration: '00004_add_source_to_rates',
  place: { file: 'migrations/rates_db/00004_add_source_to_rates.down.sql', line: 1, column: 1 },
  message:
    'down does not restore the schema: changed column public.exchange_rates.rate (numeric(20,8) NOT NULL -> numeric(20,8)), lost index public.idx_exchange_rates_latest of table public.exchange_rates',
  why: 'After a rollback queries that used the index scan the whole table, and NULL rates are accepted.',
  fix: '-- at the end of the down (proved):\nALTER TABLE exchange_rates ALTER COLUMN rate SET NOT NULL;\nCREATE INDEX idx_exchange_rates_latest ON exchange_rates (base_currency, quote_currency, quoted_at DESC);',
  ...parts,
})

/** The sample of the terminal: one of 21 migrations cannot be rolled back. */
export const oneFails = (): Report =>
  report({
    databases: [
      database('core_db', named(7)),
      database('kyc_db', named(5)),
      database('rates_db', [
        ...named(3),
        migration('00004_add_source_to_rates', { proof: proof({ down: 'differs', differences: rateDifferences }) }),
        migration('00005_link_pairs'),
      ]),
      database('audit_db', named(4), { milliseconds: 120 }),
    ],
    findings: [finding()],
  })

export const failure = (parts: Partial<ScriptFailure> = {}): ScriptFailure => ({
  direction: 'down',
  sqlstate: '42704',
  message: 'index "idx_user_email" does not exist',
  detail: undefined,
  hint: undefined,
  place: { file: 'migrations/core_db/00003_index_email.down.sql', line: 4, column: 12 },
  line: 'DROP INDEX idx_user_email;',
  environment: undefined,
  ...parts,
})

/** Every other word of the report at least once. */
export const mixed = (): Report =>
  report({
    server: { version: '15.18', major: 15, source: 'given' },
    databases: [
      database(
        'core_db',
        [
          migration('00001_create_users', {
            proof: proof({ again: 'column-order', down: 'column-order', differences: [moved] }),
          }),
          migration('00002_up_fails', {
            proof: proof({ up: 'failed', down: 'not run', again: 'skipped', failure: failure({ direction: 'up' }) }),
          }),
          migration('00003_index_email', {
            proof: proof({
              down: 'failed',
              again: 'skipped',
              failure: failure({ hint: 'Look for a similar name.', detail: 'Only a sample.' }),
            }),
          }),
          migration('00004_missing', { proof: proof({ down: 'missing', again: 'skipped' }) }),
          migration('00005_empty', { proof: proof({ down: 'empty', again: 'skipped', differences: [view] }) }),
          migration('00006_drop_legacy', {
            irreversible: 'the rows are archived',
            proof: proof({ down: 'irreversible', again: 'skipped' }),
          }),
          migration('00007_code', {
            proof: proof({ up: 'not run', down: 'not run', again: 'skipped', reason: 'a code migration (.go)' }),
          }),
          migration('00008_extension', {
            proof: proof({
              up: 'failed',
              down: 'not run',
              again: 'skipped',
              failure: failure({
                direction: 'up',
                environment: 'extension postgis is not installed on this server',
                place: undefined,
                line: undefined,
              }),
            }),
          }),
          migration('00009_again_fails', {
            proof: proof({ again: 'failed', failure: failure({ direction: 'up', sqlstate: '42P07' }) }),
          }),
          migration('00010_again_differs', {
            proof: proof({ again: 'differs', againDifferences: [view] }),
            kind: 'seed',
          }),
        ],
        {
          layout: 'goose',
          ignored: [
            { path: 'migrations/core_db/README.md', reason: 'no SQL file' },
            { path: 'migrations/eu_db', reason: 'a link that leads out', linked: true },
          ],
          chain: {
            down: 'missing',
            again: 'skipped',
            upToDate: 'runs again',
            downs: 6,
            stoppedAt: '00004_missing',
            differences: [view],
            againDifferences: [view],
            failure: failure(),
            milliseconds: 3,
          },
        },
      ),
      database('kyc_db', [migration('00001_a', { proof: undefined })], {
        layout: 'dbmate',
        chain: undefined,
        unit: 'range',
        notProved: 'the setup file failed: role "app" does not exist',
      }),
      database('rates_db', [], { layout: 'sql-migrate', unit: 'chain' }),
      database('audit_db', named(1), { layout: 'directories' }),
    ],
    problems: [{ what: 'no CREATEDB', fix: 'ALTER ROLE ci CREATEDB' }],
    findings: [
      finding({
        rule: 'up-fails',
        database: 'core_db',
        migration: '00002_up_fails',
        message: 'up fails: index "idx_user_email" does not exist (SQLSTATE 42704) in: DROP INDEX idx_user_email;',
        place: undefined,
        fix: 'Mend the name.',
      }),
      finding({
        rule: 'down-fails',
        database: 'core_db',
        migration: '00003_index_email',
        message: 'down fails: index "idx_user_email" does not exist (SQLSTATE 42704) in: DROP INDEX idx_user_email;',
        place: failure().place,
        fix: 'Mend the name.',
      }),
      finding({
        rule: 'down-missing',
        database: 'core_db',
        migration: '00004_missing',
        message: 'there is no down',
        place: undefined,
        fix: 'Write 00004_missing.down.sql.',
      }),
      finding({
        rule: 'down-empty',
        database: 'core_db',
        migration: '00005_empty',
        message: 'the down is empty',
        place: undefined,
        fix: 'Write it.',
      }),
      finding({
        rule: 'column-order',
        level: 'note',
        database: 'core_db',
        migration: '00001_create_users',
        message: 'columns of table public.users stand in another order after the down',
        place: undefined,
        fix: '',
      }),
      finding({
        rule: 'mixed-line-ends',
        level: 'warning',
        database: 'core_db',
        migration: '00001_create_users',
        message: 'mixed line ends',
        fix: 'Use one kind.',
      }),
      finding({
        rule: 'chain-down',
        database: 'core_db',
        migration: undefined,
        message: 'the whole chain cannot be taken down',
        place: undefined,
        fix: 'Mend the downs above.',
      }),
    ],
  })

const moved: Difference = {
  change: 'changed',
  class: 'column-order',
  kind: 'column',
  identity: 'public.users.email',
  parent: 'table public.users',
  before: 'position 2',
  after: 'position 4',
}

const view: Difference = {
  change: 'left behind',
  class: 'real',
  kind: 'view',
  identity: 'public.latest',
  parent: undefined,
  before: undefined,
  after: ' SELECT a,\n    b\n   FROM public.t;',
}

/** So many migrations fail, each in the same way. */
export function many(failing: number): Report {
  const id = (index: number): string => `${(index + 1).toString().padStart(5, '0')}_change`
  return report({
    databases: [
      database(
        'big_db',
        Array.from({ length: failing }, (_, i) =>
          migration(id(i), { proof: proof({ down: 'differs', differences: rateDifferences }) }),
        ),
      ),
    ],
    findings: Array.from({ length: failing }, (_, i) => finding({ database: 'big_db', migration: id(i) })),
  })
}

export const environment = (): Report =>
  report({
    verdict: 'environment',
    exitCode: 3,
    server: undefined,
    databases: [],
    problems: [{ what: 'no PostgreSQL server to prove on', fix: 'give --server URL, or install PostgreSQL' }],
  })

export const filesOnly = (): Report =>
  report({
    server: undefined,
    databases: [
      database(
        'core_db',
        named(3).map((one) => ({ ...one, proof: undefined })),
        { chain: undefined },
      ),
    ],
  })

/** What strangers may write into names, SQL and errors. */
export const HOSTILE: Readonly<Record<string, string>> = {
  mention: 'see @octocat and @org/team, &#64;octocat',
  reference: 'fixes #1, org/repo#2 and GH-3',
  fence: 'a ``` b\n```\n# heading\n````\n~~~',
  pipe: 'a | b \\| c\n| d |',
  html: '<details><summary>x</summary><img src=x onerror=alert(1)></details><!-- hidden',
  comment: 'end --> <!-- and more',
  link: '[click](https://evil.example) ![img](https://evil.example/x.png) www.evil.example https://evil.example',
  bidi: 'admin\u202e\u2066 txt.exe\u2069 \u200b\u2028next',
  command: '::error::fake\n  ::stop-commands::x\n::set-output name=a::b',
  oldCommand: 'text ##[error]fake ###[add-mask]x',
  carriageReturn: 'a\r::error::b\rc',
  ansi: '\u001b[2J\u001b[31mred\u001b[0m \u009b31m',
  nul: 'a\u0000b\u0007\u007f',
  emphasis: '*bold* _it_ ~~gone~~ `code` $x$ :white_check_mark: 1. a\n- b\n> q\n===\n---',
}

/** The same text in every place of a report that strangers can fill. */
export function hostile(text: string): Report {
  const place = { file: `migrations/${text}.sql`, line: 3, column: 2 }
  const differences: readonly Difference[] = [
    {
      change: 'changed',
      class: 'real',
      kind: 'function',
      identity: `public.${text}()`,
      parent: undefined,
      before: `${text}\na`,
      after: `${text}\nb`,
    },
    {
      change: 'lost',
      class: 'real',
      kind: 'column',
      identity: `public.t.${text}`,
      parent: `table public.${text}`,
      before: text,
      after: undefined,
    },
  ]
  const failed = failure({ message: text, detail: text, hint: text, place, line: text.split('\n')[0] ?? '' })
  return report({
    databases: [
      database(
        text,
        [
          migration(text, { proof: proof({ down: 'failed', again: 'skipped', differences, failure: failed }) }),
          migration(`${text}2`, { irreversible: text, proof: proof({ up: 'not run', reason: text }) }),
        ],
        { notProved: text, layoutReason: text, ignored: [{ path: text, reason: text }] },
      ),
    ],
    findings: (['error', 'warning', 'note'] as const).map((level) =>
      finding({ level, database: text, migration: text, message: text, why: text, fix: `${text}\n${text}`, place }),
    ),
    problems: [{ what: text, fix: text }],
  })
}
