// What a script does to a database in use, described once, as part of the report of `check`.
import type {
  Access,
  Answer,
  Broken,
  Build,
  Change,
  Hold,
  Impact,
  Left,
  LockPair,
  Lost,
  MigrationImpact,
  OldRelation,
  RelationKind,
  Rewrite,
  RowFailure,
  RowSource,
  Scan,
  UnindexedKey,
  WatchedStatement,
} from '../impact/facts.js'
import { LOCK_MODES } from '../impact/lock-modes.js'
import { choice, field, integer, list, maybe, number, object, titled, truth, type Shape } from '../schema/shape.js'
import { count, name, own, place, prose } from './common-shapes.js'

const mode = choice('lock mode', LOCK_MODES)

const kind: Shape<RelationKind> = choice('kind', [
  'table',
  'partitioned table',
  'index',
  'view',
  'materialized view',
  'sequence',
  'foreign table',
])

const source: Shape<RowSource> = choice('source', ['migrations', 'fixtures', 'made up', 'live', 'none'])

const relationName = field(name, 'The relation, without the schema where that is `public`.')
const statementNumber = integer(1)
const ofRelation = maybe(name, 'The relation that it is about.')

const relation = object<OldRelation>({
  relation: relationName,
  kind: field(kind, 'Its kind.'),
  rows: field(count, 'Its rows before the script.'),
  source: field(
    source,
    'Where its rows come from: the `migrations` themselves, `fixtures` of the user, `made up` for the check, or `live`.',
  ),
  why: maybe(prose, 'Why it has no rows.'),
  partitionOf: maybe(name, 'Of a partition: the table at the root.'),
})

const hold = object<Hold>({
  relation: relationName,
  kind: field(kind, 'Its kind.'),
  mode: field(mode, 'The strongest lock.'),
  from: field(statementNumber, 'The number of the statement that took it.'),
  until: maybe(
    statementNumber,
    'The number of the statement after which it was gone. Absent: the end of the transaction.',
  ),
  label: field(
    choice('label', ['measured', 'scaled', 'known']),
    '`measured` on the scratch server, or `known` from the documentation of PostgreSQL.',
  ),
})

const work = {
  relation: relationName,
  rows: field(count, 'Its rows before the script.'),
  statement: field(statementNumber, 'The number of the statement.'),
  under: field(mode, 'The strongest lock on the relation after the statement.'),
} as const

const rewrite = object<Rewrite>(work)

const scan = object<Scan>({
  ...work,
  times: field(count, 'How often the statement read it.'),
  read: field(count, 'The rows that it read in all.'),
})

const build = object<Build>({
  ...work,
  index: field(name, 'The index.'),
  what: field(choice('word', ['built', 'rebuilt']), 'Whether it is new.'),
  unique: field(truth, 'Whether it is unique.'),
})

const change = object<Change>({
  ...work,
  inserted: field(count, 'Rows inserted.'),
  updated: field(count, 'Rows updated.'),
  deleted: field(count, 'Rows deleted.'),
  truncated: maybe(choice('word', [true]), 'All rows were removed at once.'),
  together: field(truth, 'Whether all of it is one transaction.'),
})

const broken = object<Broken>({
  client: field(name, 'The statement of a client: `select orders`.'),
  relation: ofRelation,
  sqlstate: field(own, 'The SQLSTATE of the refusal.'),
  message: field(prose, 'The message of the server.'),
  role: maybe(name, 'It concerns this role alone.'),
})

const answer = object<Answer>({
  client: field(name, 'The statement of a client.'),
  relation: ofRelation,
  what: field(prose, 'What is different.'),
})

const access = object<Access>({
  relation: ofRelation,
  what: field(prose, 'What may be done, and was refused before.'),
  role: maybe(name, 'It is a right of this role alone.'),
})

const lost = object<Lost>({
  relation: relationName,
  column: maybe(name, 'The column.'),
  what: field(choice('word', ['rows', 'values', 'position']), 'What is lost; `position` is that of a sequence.'),
  count: field(count, 'How many.'),
  how: field(choice('word', ['dropped', 'deleted', 'truncated', 'changed', 'reset']), 'How it is lost.'),
})

const left = object<Left>({
  what: field(
    choice('word', ['invalid index', 'constraint not validated', 'trigger off']),
    'What stays behind unfinished.',
  ),
  name: field(name, 'Its name.'),
  relation: relationName,
})

const unindexed = object<UnindexedKey>({
  constraint: field(name, 'The foreign key.'),
  relation: relationName,
  columns: field(list(name), 'Its columns.'),
  referenced: field(name, 'The table that it references.'),
})

const pair = object<LockPair>({
  first: field(name, 'The table that is locked first.'),
  second: field(name, 'The other one.'),
  statement: field(statementNumber, 'The number of the statement that locks the second one.'),
})

const rowFailure = titled<RowFailure>('rowFailure', 'A script fails only because there are rows.', {
  sqlstate: field(own, 'The SQLSTATE.'),
  message: field(prose, 'The message of the server.'),
  relation: ofRelation,
  column: maybe(name, 'The column.'),
  constraint: maybe(name, 'The constraint.'),
  key: maybe(name, 'The columns or expressions of a unique key.'),
  where: maybe(
    name,
    'The rows that it fails on, as a condition for the table with the alias `failing`; beside a key, those that it can be about.',
  ),
  count: maybe(count, 'How many rows make it fail.'),
  statement: maybe(statementNumber, 'The number of the statement.'),
  place: maybe(place, 'Where it is.'),
  source: field(source, 'Whose rows make it fail.'),
  needs: maybe(prose, 'Which rows make it fail, where not every row does.'),
})

const statement = object<WatchedStatement>({
  number: field(statementNumber, 'Its number in the script.'),
  transaction: maybe(statementNumber, 'The number of its transaction. Absent: the script has one.'),
  place: field(place, 'Where it begins.'),
  head: field(prose, 'Its first words.'),
  milliseconds: field(number(0), 'How long it took here.'),
})

const impact = titled<Impact>(
  'impact',
  'What a script does to relations that were there before it, on a server with rows and clients.',
  {
    statements: field(list(statement), 'Its statements, in their order.'),
    relations: field(list(relation), 'The relations that it locks.'),
    holds: field(list(hold), 'Its strongest lock on each of them.'),
    rewritten: field(list(rewrite), 'Tables that it writes to a new file.'),
    scanned: field(list(scan), 'Tables that it reads whole.'),
    built: field(list(build), 'Indexes that it builds.'),
    changed: field(list(change), 'Rows that it writes.'),
    refused: field(list(name), 'Statements of clients that wait at the end of its transaction: `insert orders`.'),
    broken: field(list(broken), 'Statements of clients that no longer run afterwards.'),
    answers: field(list(answer), 'Statements of clients with another result afterwards.'),
    access: field(list(access), 'What may be done afterwards, and was refused before.'),
    lost: field(list(lost), 'The data that it removes.'),
    notRestored: maybe(list(lost), 'Of a down: what the up took or changed, and the down does not bring back.'),
    left: field(list(left), 'What stays behind unfinished.'),
    unindexed: field(list(unindexed), 'New foreign keys whose columns begin no index.'),
    order: field(list(pair), 'Tables that it locks strongly, one after the other, and that a foreign key joins.'),
    failsOnRows: maybe(rowFailure, 'Why it fails where there are rows.'),
    notJudged: field(list(prose), 'What could not be found out, and why, in sentences.'),
    lockTimeout: field(truth, 'Whether it sets a limit for its waiting for locks.'),
  },
)

export const migrationImpact = object<MigrationImpact>({
  up: maybe(impact, 'The up.'),
  down: maybe(impact, 'The down.'),
  dataSet: maybe(
    choice('word', [true]),
    'The migrations before it carry rows of their own: 1,000 or more in one table.',
  ),
})
