// pressly/goose: one file for each migration, with `-- +goose Up` and `-- +goose Down`.
import { byNumber } from '../../model/version.js'
import { oneFile } from '../one-file.js'
import { namingOf } from '../pairs/naming.js'
import type { Tool } from '../tool.js'
import { changedQuotes } from './envsub-quotes.js'
import { gooseFiles } from './files.js'
import { goose as history } from './history.js'

const block = { begin: '-- +goose StatementBegin', end: '-- +goose StatementEnd' }

const NO_TRANSACTION = '-- +goose NO TRANSACTION'

const { directions, create } = oneFile({
  section: (direction) => `-- +goose ${direction === 'up' ? 'Up' : 'Down'}`,
  head: (alone) => (alone ? NO_TRANSACTION : undefined),
  block,
})

export const goose: Tool = {
  name: 'goose',
  title: 'goose',
  files: gooseFiles,
  order: { compare: byNumber, words: 'by the number of their version' },
  transactions: {
    leaveOut: () => NO_TRANSACTION,
    alone: `Write the statement outside of other blocks on lines of its own, or between its own ${block.begin} and ${block.end}.`,
    leaveOutIsAlone: false,
  },
  directions,
  naming: namingOf({
    rules: { named: 'file', usualForm: false, anyGap: false },
    order: byNumber,
    knownBy: () => undefined,
  }),
  statementBlock: block,
  changedQuotes,
  histories: {
    candidates: [history],
    first: () => history,
    scratch: history,
    refusal: () => undefined,
  },
  create: { ...create, refusal: () => undefined },
}
