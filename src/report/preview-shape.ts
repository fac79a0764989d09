// The shape of an approval, a preview and a backup in a run report. Fields are in the order of writing.
import type { Loss } from '../catalog/data-loss.js'
import type { Identity, ApprovalPlan, ApprovalDatabase, ApprovalStep } from '../release/approval-digest.js'
import type { BackupReport, DumpObstacle } from '../release/backup.js'
import type { ApprovalReport, GateRule, Refused } from '../release/gate.js'
import type { Observation, Tried, Way } from './run-report.js'
import type { Preview, Condition, DownText, RelationSize, Room, StepAhead } from '../release/preview.js'
import {
  choice,
  either,
  field,
  list,
  maybe,
  number,
  object,
  titled,
  truth,
  withCare,
  type Shape,
} from '../schema/shape.js'
import { differences, direction, milliseconds, moment, name, own, problem, prose } from './common-shapes.js'

const bytes = number(0)
const rows = number(0)

const identity = titled<Identity>('identity', 'The identity of a live database.', {
  server: field(name, 'The version of the server.'),
  database: field(name, 'The name of the database.'),
  system: maybe(name, "The server's own identifier, where the role may read it."),
  host: field(name, 'The host.'),
  port: field(name, 'The port.'),
  oid: field(
    name,
    "The database's own number on its server. Another database that gets the same name has another number.",
  ),
})

const approvalStep = object<ApprovalStep>({
  id: field(name, 'The id of the migration.'),
  version: field(name, 'Its version.'),
  after: field(own, 'The fingerprint of the expected schema, or `unknown`.'),
  up: maybe(own, 'The SHA-256 of the up.'),
  down: maybe(own, 'The SHA-256 of the down.'),
  direction: field(direction, 'Which of its scripts runs.'),
  transaction: field(
    choice('transaction mode', ['wrapped', 'message', 'none']),
    'How it is sent: in one transaction, as one message, or statement by statement.',
  ),
})

const approvalDatabase = object<ApprovalDatabase>({
  name: field(name, 'The name of the database in the configuration.'),
  identity: field(identity, 'The live database.'),
  history: field(own, "The fingerprint of the rows of the tool's table."),
  steps: field(list(approvalStep), 'What runs, in this order.'),
  live: field(own, 'The fingerprint of the live schema before the first step.'),
})

/** What the digest of a plan covers. */
export const sheet = titled<ApprovalPlan>('sheet', 'The approval plan: exactly what the digest covers.', {
  databases: field(list(approvalDatabase), 'The databases that change.'),
  environment: field(name, 'The environment.'),
  format: field(choice('format', [1]), 'The version of this part of the report.'),
  commit: maybe(name, 'The commit that the files are from.'),
  expires: field(moment, 'When the approval ends, as ISO 8601 in UTC.'),
})

const rule: Shape<GateRule> = choice('rule', [
  'approval',
  'digest',
  'moved',
  'expired',
  'fork',
  'ref',
  'window',
  'check',
  'finding',
  'blocker',
  'plan',
  'irreversible',
  'backup',
  'confirmation',
])

export const approval = titled<ApprovalReport>(
  'approval',
  'What was to be approved, and why the run was refused, if it was.',
  {
    digest: withCare('bound', field(own, 'The SHA-256 of the approval plan.')),
    sheet: withCare('bound', field(sheet, 'What the digest covers.')),
    given: maybe(prose, 'The digest or the confirmation that the user gave.'),
    refused: field(
      list(object<Refused>({ rule: field(rule, 'The rule that refuses. Its name never changes.'), ...problem })),
      'Every reason to refuse the run.',
    ),
  },
)

const why = maybe(prose, 'Why it was not counted.')

const loss = either<Loss, 'kind'>('loss', 'Data that a step removes and no other step can restore.', 'kind', {
  table: object<Extract<Loss, { readonly kind: 'table' }>>({
    kind: field(choice('kind', ['table']), 'A whole table.'),
    table: field(name, 'The table.'),
    rows: maybe(rows, 'Its rows, where they were counted.'),
    values: maybe(rows, 'Absent: only columns have it.'),
    why,
  }),
  column: object<Extract<Loss, { readonly kind: 'column' }>>({
    kind: field(choice('kind', ['column']), 'A column.'),
    column: field(name, 'The column.'),
    table: field(name, 'The table.'),
    rows: maybe(rows, 'The rows of the table, where they were counted.'),
    values: maybe(rows, 'The values of the column that are not null, where they were counted.'),
    why,
  }),
  type: object<Extract<Loss, { readonly kind: 'type' }>>({
    kind: field(choice('kind', ['type']), 'A new type of a column, which changes values.'),
    column: field(name, 'The column.'),
    table: field(name, 'The table.'),
    before: field(name, 'The type before.'),
    after: field(name, 'The type after.'),
    rows: maybe(rows, 'The rows of the table, where they were counted.'),
    values: maybe(
      rows,
      'The values that the way back (the down of the migration, or else a cast to the type before) does not give again, where they were counted.',
    ),
    why,
  }),
  written: object<Extract<Loss, { readonly kind: 'written' }>>({
    kind: field(choice('kind', ['written']), 'Rows that a statement deletes or changes.'),
    table: field(name, 'The table.'),
    column: maybe(name, 'The column, where single values are overwritten.'),
    rows: maybe(rows, 'The rows that are deleted, or found for a change, where they were counted.'),
    values: maybe(rows, 'The values of the column, not null, that are overwritten by others, where they were counted.'),
    verb: field(
      own,
      'What does it: DELETE, UPDATE, TRUNCATE, MERGE, INSERT (its ON CONFLICT DO UPDATE), an action of a foreign key as ON DELETE CASCADE, or `code` (a block, a function or a trigger).',
    ),
    why,
  }),
  code: object<Extract<Loss, { readonly kind: 'code' }>>({
    kind: field(choice('kind', ['code']), 'Code that may change rows, and that was not looked into.'),
    code: field(name, 'The code: a DO block, or a function by its name.'),
    rows: maybe(rows, 'Absent: it was not counted.'),
    values: maybe(rows, 'Absent: it was not counted.'),
    why,
  }),
})

const losses = list(loss)

const stepAhead = titled<StepAhead>('stepAhead', 'What was known of a step before it ran.', {
  id: field(name, 'The id of the migration.'),
  does: field(differences, 'What it does to the schema.'),
  text: maybe(
    object<DownText>({
      file: maybe(prose, 'The down of this checkout without comments and literals, where the two differ.'),
      why: field(prose, 'Why this one is used.'),
      from: field(choice('source', ['file', 'journal']), 'Where the text of the down is from.'),
      recorded: maybe(
        prose,
        'The down that was recorded when the up ran, without comments and literals, where the two differ.',
      ),
    }),
    'Of a rollback: which text of the down is used.',
  ),
  rehearsed: field(truth, 'Whether the step ran on a scratch server. If not, its effects and data loss are unknown.'),
  losses: field(losses, 'The data that it removes.'),
  sizes: field(
    list(
      object<RelationSize>({
        rows: field(rows, 'Rows, as the statistics of the server have it.'),
        relation: field(name, 'The table, materialized view or index.'),
        bytes: field(bytes, 'Bytes with indexes and TOAST.'),
      }),
    ),
    'The tables and indexes that it touches.',
  ),
  rewrites: field(list(name), 'The tables whose files are written again.'),
  back: field(
    choice('word', ['proved', 'not', 'unknown']),
    'Whether the rollback of the step was proved on the scratch server.',
  ),
  backWhy: maybe(prose, 'What is wrong with the rollback.'),
  irreversible: maybe(prose, 'Why a rollback does not bring back all data. The run asks to accept that, by version.'),
})

export const ahead = titled<Preview>('ahead', 'What was known of a database before the first step.', {
  identity: field(identity, 'The live database.'),
  drift: maybe(differences, 'The live schema compared with the files. Absent where the two could not be compared.'),
  steps: field(list(stepAhead), 'The steps.'),
  role: field(name, 'The role of the connection.'),
  rehearsed: field(truth, 'Whether all steps ran on a scratch server.'),
  conditions: field(
    list(
      object<Condition>({
        kind: field(choice('kind', ['blocks', 'warns']), '`blocks`: the run may not start. `warns`: it may.'),
        what: field(prose, 'What was seen on the server.'),
        fix: field(prose, 'What to do about it.'),
      }),
    ),
    'What keeps the run from starting, or is worth knowing before it.',
  ),
  notCompared: field(list(prose), 'What was left out of the comparison, and why.'),
  dump: maybe(
    list(
      object<DumpObstacle>({
        kind: field(
          choice('kind', ['fails', 'later', 'unknown']),
          '`fails`: pg_restore fails, or restores other values. `later`: as soon as the tables hold rows. `unknown`: it could not be judged.',
        ),
        what: field(prose, 'What it is, with the objects and the function.'),
        repair: field(list(prose), 'The SQL that repairs it; empty where there is none.'),
      }),
    ),
    'What keeps a dump of the database from being restored by pg_restore alone. Absent where no dump is taken.',
  ),
  room: field(
    object<Room>({
      needed: field(bytes, 'The bytes that the backup needs.'),
      free: maybe(bytes, 'The bytes that are free. Absent where that is unknown.'),
    }),
    'Disk space.',
  ),
})

export const backup = either<BackupReport, 'kind'>('backup', 'The backup from before the first step.', 'kind', {
  dump: object<Extract<BackupReport, { readonly kind: 'dump' }>>({
    notes: field(list(prose), 'What it does not hold, in sentences.'),
    kind: field(choice('kind', ['dump']), 'A dump that the run made.'),
    proof: field(
      choice('proof', ['read', 'restored']),
      '`read`: it was read back whole. `restored`: it was restored into a scratch database and compared with the live one.',
    ),
    bytes: field(bytes, 'Its size in bytes.'),
    sha256: field(own, 'The SHA-256 of the file.'),
    encrypted: field(truth, 'Whether it is encrypted.'),
    client: field(name, 'The version of pg_dump.'),
    path: field(name, 'The file.'),
    milliseconds,
  }),
  external: object<Extract<BackupReport, { readonly kind: 'external' }>>({
    id: field(name, 'The identifier that the user gave.'),
    kind: field(choice('kind', ['external']), "The user's own backup. Nothing about it was checked."),
  }),
})

export const observation = titled<Observation>(
  'observation',
  'Something that was checked, or that people have to check.',
  {
    what: field(prose, 'What should be so.'),
    seen: field(prose, 'What was seen.'),
    result: field(
      choice('result', ['held', 'broken', 'open']),
      '`held`: it is so. `broken`: it is not. `open`: people have to look.',
    ),
  },
)

export const way = titled<Way>(
  'way',
  'A recovery command (continue or roll back) after a run that did not end as asked.',
  {
    command: field(prose, 'The command.'),
    what: field(prose, 'What it does.'),
    tried: maybe(
      object<Tried>({
        why: maybe(prose, 'Why not all of them ran.'),
        losses: field(losses, 'What they would lose of the live rows.'),
        result: field(choice('result', ['ran', 'failed', 'unknown']), 'Whether all of them ran.'),
      }),
      'What the downs did on a copy of the live structure.',
    ),
  },
)
