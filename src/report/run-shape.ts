// The report of a command on live databases, described once. Fields come in the order in which they are written.
import type { Existing } from '../state/existing-tables.js'
import type { HistoryRow } from '../state/history.js'
import { choice, field, list, maybe, number, object, titled, truth, type Shape } from '../schema/shape.js'
import {
  historyKind,
  count,
  differences,
  direction,
  failure,
  layout,
  milliseconds,
  moment,
  name,
  problem,
  prose,
  timestamp,
  tool,
  version,
} from './common-shapes.js'
import { ahead, approval, backup, observation, way } from './preview-shape.js'
import {
  LIVE_COMMANDS,
  type AppliedReport,
  type HistoryReport,
  type LiveCounts,
  type LiveReport,
  type StatusReport,
  type StepReport,
  type Stopped,
  type TargetReport,
} from './run-report.js'

const history = titled<HistoryReport>('history', 'The table in which a tool keeps the versions that are applied.', {
  kind: field(historyKind, 'The tool. `ours`: the table of pg-migration-gate itself.'),
  table: field(name, 'The name of the table.'),
  exists: field(truth, 'Whether the database has it.'),
})

const applied = object<AppliedReport>({
  id: field(name, 'The id of the migration.'),
  version: field(name, 'Its version.'),
  at: maybe(moment, 'When it was applied, as ISO 8601 in UTC.'),
  by: maybe(name, 'Who applied it.'),
  recorded: maybe(choice('word', [true]), 'It was recorded without a run (`baseline`).'),
  milliseconds: maybe(number(0), 'How long it took, in milliseconds.'),
})

/** A row of the tool's table. */
const historyRow = object<HistoryRow>({
  at: maybe(moment, 'When it was applied, where the tool keeps that.'),
  key: field(name, 'How the tool names the migration.'),
})

const standing = titled<StatusReport>(
  'standing',
  'The migration status of a database after the run. Migrations are named by their ids.',
  {
    applied: field(list(applied), 'What is applied.'),
    pending: field(list(name), 'What is not applied yet.'),
    late: field(list(name), 'What is pending and below the newest applied version (out of order).'),
    missing: field(list(historyRow), 'What is applied and has no file.'),
    edited: field(list(name), 'What was edited after it was applied.'),
    dirty: maybe(name, 'What began and did not end.'),
    repeated: field(list(name), 'What the table has more than once.'),
    drift: maybe(differences, 'The live schema compared with the files. Absent where it was not asked for.'),
    existing: maybe(
      object<Existing>({
        tables: field(list(name), 'The first five tables, as `schema.name`.'),
        count: field(count, 'How many tables there are.'),
        histories: field(
          list(
            object<Existing['histories'][number]>({
              table: field(name, 'The name of the table.'),
              tool: field(name, 'The tool that keeps it.'),
            }),
          ),
          'Tables of applied versions that do not count for these files.',
        ),
      }),
      'Of `status`: what the database holds, although nothing says that a migration of these files was applied.',
    ),
  },
)

const step = titled<StepReport>('step', 'One migration in one direction.', {
  id: field(name, 'The id of the migration.'),
  version: field(name, 'Its version.'),
  failure: maybe(failure, 'Why it failed.'),
  direction: field(direction, 'Which of its scripts runs.'),
  fix: maybe(prose, 'How to continue.'),
  outcome: field(
    choice('outcome', ['planned', 'applied', 'undone', 'recorded', 'failed', 'not started', 'unknown']),
    '`undone`: rolled back as asked. `recorded`: recorded without a run (with direction `down`: as not applied). `unknown`: the answer of the server was lost.',
  ),
  left: field(list(prose), 'What stays of a step that failed or is in doubt.'),
  milliseconds: field(number(0), 'How long it took, in milliseconds.'),
})

const target = titled<TargetReport>('target', 'One live database.', {
  notes: field(list(prose), 'What is worth knowing, in sentences.'),
  name: field(name, 'The name of the database in the configuration.'),
  version: maybe(name, 'The version of the server.'),
  folder: field(name, 'The folder of its migrations.'),
  layout: field(layout, 'How the files express migrations.'),
  place: maybe(name, 'Where it is: `host:port/database`.'),
  environment: field(name, 'The environment.'),
  history: maybe(history, "The tool's table of applied versions."),
  standing: maybe(standing, 'Its migration status after the run. Absent where it could not be read.'),
  steps: field(list(step), 'The steps.'),
  stopped: maybe(
    object<Stopped>({
      kind: field(
        choice('kind', ['refused', 'environment', 'not started']),
        '`refused`: its state or a rule forbids the run. `environment`: server or rights. `not started`: another database failed before.',
      ),
      ...problem,
    }),
    'Why the run ended early here, if no step says so.',
  ),
  ahead: maybe(ahead, 'Of `plan`, `deploy` and `rollback`: what was known before the first step.'),
  backup: maybe(backup, 'The backup from before the first step.'),
  seen: maybe(list(observation), 'Of `deploy`, `rollback` and `restore`: what was checked after the last step.'),
  swapped: maybe(
    choice('word', ['restored', 'put back']),
    'Of `restore`: which database has the live name now, the restored one or the one from before the last restore.',
  ),
  milliseconds,
})

const counts: Shape<LiveCounts> = object<LiveCounts>({
  databases: field(count, 'Databases.'),
  done: field(count, 'Steps that were done.'),
  failed: field(count, 'Steps that failed or are in doubt.'),
  waiting: field(count, 'Steps that were not started, or are only planned.'),
})

/** The report of a command on live databases. */
export const liveReport = titled<LiveReport>('liveReport', 'The report of a command on live databases.', {
  schema: version,
  tool,
  command: field(choice('command', LIVE_COMMANDS), 'The command.'),
  started: field(timestamp, 'When the run started, as ISO 8601 in UTC.'),
  verdict: field(
    choice('verdict', ['pass', 'fail', 'environment', 'unfinished', 'cancelled']),
    '`fail`: refused, failed without a trace, or not up to date. `environment`: no server or no rights. `unfinished`: a database was changed and the run did not end as asked.',
  ),
  exitCode: field(
    choice('exit code', [0, 1, 3, 4, 130]),
    'The exit code of the run: 0 for `pass`, 1 for `fail`, 3 for `environment`, 4 for `unfinished`, 130 for `cancelled`.',
  ),
  counts: field(counts, 'Sums over all databases.'),
  targets: field(list(target), 'The databases.'),
  approval: maybe(approval, 'Of `plan`, `deploy` and `rollback`.'),
  ways: maybe(list(way), 'Recovery commands (continue or roll back) after a run that did not end as asked.'),
  checklist: maybe(list(observation), 'Of `deploy` and `rollback`: what was done, and what people still have to do.'),
  milliseconds,
})
