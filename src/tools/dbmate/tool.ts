// amacneil/dbmate: one file for each migration, with `-- migrate:up` and `-- migrate:down`.
import { oneFile } from '../one-file.js'
import { namingOf } from '../pairs/naming.js'
import type { Tool } from '../tool.js'
import { byFileName, dbmateFiles } from './files.js'
import { dbmate as history } from './history.js'

const section = (direction: 'up' | 'down', alone: boolean): string =>
  `-- migrate:${direction}${alone ? ' transaction:false' : ''}`

const { directions, create } = oneFile({ section })

export const dbmate: Tool = {
  name: 'dbmate',
  title: 'dbmate',
  files: dbmateFiles,
  order: { compare: byFileName, words: 'by their names as text, where 10 comes before 9' },
  transactions: {
    leaveOut: (direction) => section(direction, true),
    alone: 'Move the statement into a separate migration: dbmate sends a whole section as one message.',
    leaveOutIsAlone: false,
  },
  directions,
  naming: namingOf({
    // v2.35.0 reads `^(\d+).*\.sql$`.
    rules: { named: 'file', usualForm: false, anyGap: true },
    order: byFileName,
    runs: (name) => /^\d+.*\.sql$/.test(name),
    knownBy: () => 'dbmate knows a migration by its number as written',
  }),
  records: {
    stopsAtTwins: false,
    renamed: ({ before, now, twin }) => {
      const row = `UPDATE schema_migrations SET version = '${now.version}' WHERE version = '${before.version}'`
      return `${row};${twin === undefined ? '' : ` then dbmate up runs ${twin}.`}`
    },
    countsLoneDowns: false,
  },
  statementBlock: undefined,
  histories: {
    candidates: [history],
    first: () => history,
    scratch: history,
    refusal: () => undefined,
  },
  create: { ...create, refusal: () => undefined },
}
