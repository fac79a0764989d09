// The descriptions that the reports of all commands share. Fields come in the order in which they are written.
import { DIFFERENCE_CLASSES, type Difference } from '../catalog/difference.js'
import type { HistoryKind } from '../model/config.js'
import type { Direction, LayoutName } from '../model/migration.js'
import type { Place } from '../model/source.js'
import { choice, field, integer, list, maybe, number, text, titled, type Shape } from '../schema/shape.js'
import type { Report, RunProblem, ScriptFailure } from './check-report.js'

const accept = (written: string): { readonly value: string } => ({ value: written })

/** Text that people, scripts or a server wrote: any secret is taken out before it is shown. */
export const prose = text({ values: 'text', accept })

/** Text under which something is found again: only secrets that the run knows are taken out. */
export const name = text({ values: 'text', source: 'name', accept })

/** Text that is ours, where no secret can be. */
export const own = text({ values: 'text', source: 'own', accept })

/** A time as ISO 8601 in UTC, from any source. */
export const moment = text({ values: 'time', source: 'own', accept })

/** A time that the run itself recorded, as in RFC 3339. */
export const timestamp = text({
  values: 'time',
  source: 'own',
  schema: { format: 'date-time' },
  accept: (written) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(written) && !Number.isNaN(Date.parse(written))
      ? { value: written }
      : { wrong: 'no time' },
})

const COMMIT = /^[0-9a-f]{40,64}$/

/** A commit by all of its hexadecimal digits. */
export const commit = text({
  values: 'commit',
  source: 'own',
  schema: { pattern: COMMIT.source },
  accept: (written) => (COMMIT.test(written) ? { value: written } : { wrong: 'no commit' }),
})

export const count = integer(0)

/** A duration; it may have parts of a millisecond. */
export const milliseconds = field(number(0), 'How long it took, in milliseconds.')

export const direction: Shape<Direction> = choice('direction', ['up', 'down'])

const WORD = /^[a-z0-9-]+$/

/** A name that the lists in tools/ hold. A report of a later version may know more of them. */
const listed = (values: string): Shape<string> =>
  text({
    values,
    source: 'own',
    schema: { pattern: WORD.source },
    accept: (written) => (WORD.test(written) ? { value: written } : { wrong: `no ${values}` }),
  })

export const layout: Shape<LayoutName> = listed('layout')

export const historyKind: Shape<HistoryKind> = listed('history kind')

export const version = field(choice('version', [1]), 'The version of this report format.')

export const tool = field(
  titled<Report['tool']>('tool', 'The program that wrote the report.', {
    name: field(own, 'Its name.'),
    version: field(own, 'Its version.'),
  }),
  'The program that wrote the report.',
)

/** A problem and what to do about it. */
export const problem = {
  what: field(prose, 'What is wrong, in one sentence.'),
  fix: field(prose, 'What to do about it.'),
} satisfies Readonly<Record<keyof RunProblem, unknown>>

export const place = titled<Place>(
  'place',
  'A place in a file. Lines and columns count from 1, columns in characters.',
  {
    file: field(name, 'Path from the repository root, with slashes.'),
    line: field(integer(1), 'The line.'),
    column: field(integer(1), 'The column.'),
  },
)

const differenceShape = titled<Difference>(
  'difference',
  'One object that is not the same in two states of a database.',
  {
    kind: field(own, 'The kind of object: table, column, index and so on.'),
    identity: field(name, 'The qualified name of the object.'),
    parent: maybe(name, 'The object that it belongs to, by kind and name.'),
    change: field(
      choice('change', ['left behind', 'lost', 'changed']),
      '`left behind`: only the second state has it. `lost`: only the first one has it. `changed`: both have it, and its definition differs.',
    ),
    class: field(
      choice('class', DIFFERENCE_CLASSES),
      '`column-order`: nothing but the position of columns differs. `function-layout`: nothing but blanks and comments in the body of a function differs.',
    ),
    was: maybe(
      name,
      'Its name in the first state, where it has another one now. It is the same object, with its rows.',
    ),
    before: maybe(prose, 'Its definition in the first state.'),
    after: maybe(prose, 'Its definition in the second state.'),
  },
)

export const differences = list(differenceShape)

export const failure = titled<ScriptFailure>('failure', 'The error of the server when a script failed.', {
  direction: field(direction, 'Which script of the migration failed.'),
  sqlstate: field(own, 'The error code of PostgreSQL (SQLSTATE).'),
  message: field(prose, 'The message of the server.'),
  detail: maybe(prose, 'The detail that the server gave.'),
  hint: maybe(prose, 'The hint that the server gave.'),
  place: maybe(place, 'Where in the file it failed.'),
  line: maybe(prose, 'The text of the line that `place` names.'),
  environment: maybe(prose, 'Why the migration is not at fault: an extension, a role or a newer server is missing.'),
  follows: maybe(
    name,
    'The id of the step that failed, or was not run, and so causes this failure: the migration is not judged.',
  ),
  table: maybe(name, 'The table whose rows the server refuses, with its schema.'),
  column: maybe(name, 'The column whose values it refuses.'),
  constraint: maybe(name, 'The constraint that refuses them.'),
})
