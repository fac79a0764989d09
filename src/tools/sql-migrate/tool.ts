// rubenv/sql-migrate: one file for each migration, with `-- +migrate Up` and `-- +migrate Down`, known by its file name.
import { literal } from '../../sql/quote.js'
import { oneFile } from '../one-file.js'
import { namingOf } from '../pairs/naming.js'
import type { Tool } from '../tool.js'
import { byPrefix, sqlMigrateFiles } from './files.js'
import { sqlMigrate as history } from './history.js'

const block = { begin: '-- +migrate StatementBegin', end: '-- +migrate StatementEnd' }

const section = (direction: 'up' | 'down', alone: boolean): string =>
  `-- +migrate ${direction === 'up' ? 'Up' : 'Down'}${alone ? ' notransaction' : ''}`

const { directions, create } = oneFile({ section, block })

export const sqlMigrate: Tool = {
  name: 'sql-migrate',
  title: 'sql-migrate',
  files: sqlMigrateFiles,
  order: { compare: byPrefix, words: 'by the number in front of their names, those without one last' },
  transactions: {
    leaveOut: (direction) => section(direction, true),
    alone: `Write the statement outside of other blocks on lines of its own, or between its own ${block.begin} and ${block.end}.`,
    leaveOutIsAlone: false,
  },
  directions,
  naming: namingOf({
    // v1.8.0 reads `^(\d+).*`.
    rules: { named: 'file', usualForm: false, anyGap: true },
    order: byPrefix,
    runs: (name) => name.endsWith('.sql'),
    knownBy: () => 'sql-migrate knows a migration by its file name',
  }),
  records: {
    stopsAtTwins: false,
    renamed: ({ before, now }) =>
      `UPDATE gorp_migrations SET id = ${literal(now.version)} WHERE id = ${literal(before.version)};`,
    sameNumber:
      'sql-migrate runs both, in the order of their whole names: on new databases that may be another order than on those that have one of them.',
    countsLoneDowns: false,
  },
  statementBlock: block,
  histories: {
    candidates: [history],
    first: () => history,
    scratch: history,
    refusal: () => undefined,
    // The command line chooses one of its environments.
    settings: { file: 'dbconfig.yml', names: /^\s+(?:table|schema):\s*\S/m },
  },
  create: { ...create, refusal: () => undefined },
}
