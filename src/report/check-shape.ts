// The report of `check`, described once. Fields come in the order in which they are written.
import { LEVELS, type Finding } from '../model/finding.js'
import { choice, field, integer, list, maybe, object, titled, withCare, type Shape } from '../schema/shape.js'
import type {
  AgainWord,
  ChainReport,
  ChangeReport,
  Counts,
  DatabaseReport,
  DownWord,
  Fixed,
  Ignored,
  LineEdit,
  MigrationReport,
  OnlineWay,
  Proof,
  Repair,
  Report,
  RunProblem,
  ServerReport,
} from './check-report.js'
import {
  commit,
  count,
  differences,
  failure,
  layout,
  milliseconds,
  name,
  own,
  place,
  problem,
  prose,
  timestamp,
  tool,
  version,
} from './common-shapes.js'
import { migrationImpact } from './impact-shape.js'

const server = titled<ServerReport>('server', 'The PostgreSQL server on which migrations are proved.', {
  source: field(
    choice('source', ['given', 'local', 'package']),
    'Its source: `given` by its address, started from `local` programs, or started from an npm `package`.',
  ),
  major: field(integer(1), 'Its major version.'),
  version: field(name, 'Its version.'),
})

const change = titled<ChangeReport>(
  'change',
  'The change (pull request, push) that is judged, and what it is compared with.',
  {
    event: field(
      choice('event', ['pull request', 'merge queue', 'release', 'asked']),
      'What the run judges. `asked`: what `--base` named.',
    ),
    base: field(commit, 'The commit from which the change started (the merge base).'),
    tip: field(commit, 'The newest commit of the base branch.'),
    branch: field(name, 'The base branch, or the name that `--base` gave.'),
    head: field(commit, 'The commit that is judged.'),
    pull: maybe(integer(1), 'The number of the pull request.'),
    notSeen: field(list(prose), 'What could not be read, and why, in sentences.'),
  },
)

const counts = titled<Counts>('counts', 'Sums over all databases.', {
  databases: field(count, 'Databases.'),
  migrations: field(count, 'Migrations of all databases.'),
  proved: field(count, 'Migrations whose up, down and second up all hold.'),
  errors: field(count, 'Findings of level error.'),
  warnings: field(count, 'Findings of level warning.'),
  notes: field(count, 'Findings of level note.'),
  waived: field(count, 'Findings that were accepted with a reason. No level counts them.'),
  debt: field(count, 'Findings that the debt file lists. No level counts them.'),
  before: field(count, 'Findings that were there before the change. No level counts them.'),
})

const finding = titled<Finding>('finding', 'Something that is wrong or worth a note.', {
  waived: maybe(
    object<NonNullable<Finding['waived']>>({
      until: field(own, 'The last day on which it holds, as YYYY-MM-DD.'),
      reason: field(prose, 'The reason.'),
      place: maybe(place, 'Where it is written.'),
    }),
    'The waiver that accepts it: the finding is no part of the verdict.',
  ),
  debt: maybe(
    choice('debt', ['listed', 'stood before']),
    '`listed`: the debt file has it. `stood before`: it was there before the change, which does not touch what it is about. Either way it is no part of the verdict.',
  ),
  rule: field(own, 'The id of the rule, which never changes. Its page is `docs/checks/<rule>.md`.'),
  level: field(choice('level', LEVELS), 'How much it weighs.'),
  database: field(name, 'The database.'),
  migration: maybe(name, 'The id of the migration. Absent where the finding is about the database as a whole.'),
  message: field(prose, 'What is wrong, in one line.'),
  brief: maybe(prose, 'An effect on a database in use in a few words, for the line of its migration.'),
  place: maybe(place, 'Where it is in a file.'),
  why: field(prose, 'What happens in production if it stays.'),
  fix: field(prose, 'The smallest change that repairs it.'),
  more: maybe(
    count,
    'How many further findings of this rule the file has: each file lists the first 20 of a rule, and `counts` has all.',
  ),
  follows: maybe(name, 'The id of a migration whose failure causes this finding. Repair that one first.'),
})

const downWord: Shape<DownWord> = choice('word', [
  'same',
  'column-order',
  'function-layout',
  'differs',
  'failed',
  'missing',
  'empty',
  'irreversible',
  'not run',
])

const againWord: Shape<AgainWord> = choice('word', [
  'same',
  'column-order',
  'function-layout',
  'differs',
  'failed',
  'skipped',
])

const lineEdit = object<LineEdit>({
  text: field(prose, 'The new text of the lines.'),
  file: field(name, 'Path from the repository root.'),
  from: maybe(integer(1), 'The first of several lines.'),
  line: field(integer(1), 'The line, or the last one, from 1.'),
})

const repair = titled<Repair>('repair', 'Proved lines that repair the down.', {
  notes: maybe(list(prose), 'What the lines do not restore, or only under conditions, in sentences.'),
  kind: field(choice('kind', ['append', 'replace']), 'Whether they are added to the down or replace it.'),
  sql: field(prose, 'The lines.'),
  loses: field(list(prose), 'The data that they drop, in words, object by object.'),
  order: maybe(choice('order', ['other']), 'With them, the order of columns changes.'),
  onRows: maybe(
    choice('result', ['fails', 'fails on some', 'not tried']),
    'They are not proved with all rows: they fail with any, or with some of them (NULL, equal, longest), or could not be tried; `notes` say why. Absent: they hold with rows.',
  ),
  edit: withCare('whole', maybe(lineEdit, 'The same repair as an edit of one line of a file.')),
})

const proof = titled<Proof>('proof', 'What the up, the down and the second up of a migration showed.', {
  repair: maybe(repair, 'Lines that repair the down, if some were proved.'),
  up: field(choice('word', ['ok', 'failed', 'not run']), 'How the up ended.'),
  down: field(downWord, 'What the down left, compared with the state before the up.'),
  again: field(againWord, 'What the second up left, compared with the state after the first one.'),
  toldAt: maybe(
    name,
    'The id of the last migration of a group that was proved as one. The words hold for the whole group, and only that migration has the differences.',
  ),
  reason: maybe(prose, 'Why something was not run, or what a failure may follow from.'),
  differences: field(differences, 'The state after the down against the state before the up.'),
  againDifferences: field(differences, 'The state after the second up against the state after the first one.'),
  failure: maybe(failure, 'Why a script failed.'),
  milliseconds,
})

const migration = titled<MigrationReport>('migration', 'One migration.', {
  id: field(name, 'Its id: version and name.'),
  name: field(name, 'Its name.'),
  version: field(name, 'Its version, as the file name has it.'),
  kind: field(choice('kind', ['schema', 'seed']), 'Whether it changes the schema or puts in data.'),
  scope: maybe(
    choice('scope', ['proved', 'applied']),
    '`applied`: it is older than the change and was only run, so that newer ones find its state.',
  ),
  touched: maybe(
    choice('change', ['added', 'edited', 'renamed', 'rewritten']),
    'What the change did to it. `rewritten`: only comments, blanks or line ends differ, so nothing of it was run.',
  ),
  before: maybe(
    choice('word', [true]),
    'What its proof shows was there before the change, which does not touch it. It is no part of the verdict.',
  ),
  does: maybe(differences, 'What the up does to the schema. `left behind` means added, `lost` means removed.'),
  sql: maybe(
    object<NonNullable<MigrationReport['sql']>>({
      up: field(prose, 'The up.'),
      down: maybe(prose, 'The down.'),
    }),
    'The text of both directions, for migrations that the change touches.',
  ),
  files: field(list(name), 'Its files.'),
  irreversible: maybe(prose, 'The reason why it cannot be rolled back, on purpose.'),
  proof: maybe(proof, 'Absent where there was nothing to prove.'),
  impact: maybe(
    migrationImpact,
    'What its scripts do to a database in use: locks, work, clients, rows. Absent where they were not watched.',
  ),
  online: withCare(
    'whole',
    maybe(
      object<OnlineWay>({
        files: field(
          list(
            object<OnlineWay['files'][number]>({
              path: field(name, 'Path from the repository root.'),
              text: field(prose, 'The whole text.'),
            }),
          ),
          'Files in the place of those of the migration, and new ones.',
        ),
        migrations: field(list(name), 'The ids of the migrations in them, in order.'),
        order: maybe(choice('order', ['other']), 'With them, the order of columns changes.'),
        behind: maybe(name, 'All but the first run after this migration, the newest of the folder.'),
        edit: maybe(lineEdit, 'The same as an edit of lines, where it is one file.'),
      }),
      'Where its up makes clients wait: proved files that lead to the same schema while clients go on, each with its way back.',
    ),
  ),
})

const chain = titled<ChainReport>(
  'chain',
  'All downs from the newest migration to an empty database, and all ups again.',
  {
    down: field(downWord, 'What the downs left, compared with the empty database.'),
    again: field(againWord, 'What the second ups left, compared with the first ones.'),
    upToDate: field(
      choice('word', ['nothing to do', 'runs again', 'not run']),
      'Whether one more up finds nothing to do, as it should.',
    ),
    downs: field(count, 'How many downs were run.'),
    stoppedAt: maybe(name, 'The id of the migration whose script failed or is missing.'),
    differences: field(differences, 'The state after the downs against the empty database.'),
    againDifferences: field(differences, 'The state after the second ups against the state after the first ones.'),
    failure: maybe(failure, 'Why a script failed.'),
    before: maybe(
      choice('word', [true]),
      'The base of the change shows the same, or worse. It is no part of the verdict.',
    ),
    milliseconds,
  },
)

const database = titled<DatabaseReport>('database', 'One database and its migrations.', {
  migrations: field(list(migration), 'Its migrations, in their order.'),
  name: field(name, 'Its name.'),
  untouched: maybe(choice('word', [true]), 'The change does not touch it, and nothing of it was run.'),
  deleted: maybe(list(name), 'The ids of migrations that the change deletes.'),
  folder: field(name, 'The folder of its migrations.'),
  layout: field(layout, 'How the files express migrations.'),
  layoutReason: field(prose, 'Why this layout was chosen.'),
  unit: field(choice('unit', ['each', 'range', 'chain']), 'What is rolled back in one go.'),
  chain: maybe(chain, 'The proof of the whole chain.'),
  ignored: field(
    list(
      object<Ignored>({
        reason: field(prose, 'Why.'),
        path: field(name, 'Path from the repository root.'),
        linked: maybe(choice('word', [true]), 'A link that leads out of the repository.'),
        foreign: maybe(choice('word', [true]), 'Migrations that another tool or another server runs.'),
      }),
    ),
    'Files and folders that were not read.',
  ),
  notProved: maybe(prose, 'Why nothing of the database could be proved.'),
  milliseconds,
})

const fixed = titled<Fixed>('fixed', 'A repair, or a file of an online way, that was written, or why it was not.', {
  online: maybe(choice('word', [true]), 'It is a file of an online way.'),
  notes: maybe(list(prose), 'What the lines do not restore, or only under conditions.'),
  database: field(name, 'The database.'),
  migration: field(name, 'The id of the migration.'),
  loses: field(list(prose), 'The data that the lines drop.'),
  problem: maybe(prose, 'Why it was not written.'),
  file: field(name, 'Path from the repository root.'),
})

/** The report of `check`. */
export const checkReport = titled<Report>('checkReport', 'The report of `check`.', {
  schema: version,
  tool,
  command: field(choice('command', ['check']), 'The command.'),
  started: field(timestamp, 'When the run started, as ISO 8601 in UTC.'),
  verdict: field(
    choice('verdict', ['pass', 'fail', 'environment']),
    '`environment`: server, rights or programs are missing, so that nothing can be said about some migrations.',
  ),
  exitCode: field(
    choice('exit code', [0, 1, 3]),
    'The exit code of the run: 0 for `pass`, 1 for `fail`, 3 for `environment`.',
  ),
  server: maybe(server, 'Absent where nothing was proved.'),
  counts: field(counts, 'Sums over all databases.'),
  databases: field(list(database), 'All databases of the repository.'),
  change: maybe(change, 'Absent where the whole repository is judged.'),
  setAside: field(
    list(finding),
    'Findings that are no part of the verdict: waived, listed as debt, or there before the change.',
  ),
  fixed: maybe(list(fixed), 'Repairs and online ways that `--fix` wrote into files.'),
  findings: field(list(finding), 'Everything that is wrong or worth a note.'),
  problems: field(list(object<RunProblem>(problem)), 'Failures of the environment that belong to no migration.'),
  milliseconds,
})
