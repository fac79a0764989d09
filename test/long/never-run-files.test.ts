// Files that the tool does not run, with rarer names than those of test/commands/check/changed-migrations.test.ts.
import { describe } from '@jest/globals'
import { pullRequests, type Row } from '../support/pull-requests.js'

const { rows } = pullRequests()
const DBMATE = '-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;\n'

describe('a change adds to a folder of dbmate', () => {
  rows(
    ['00004_t.SQL', '-3_t.sql', '.00003_t.sql'].map((file): Row => [
      file,
      { 'migrations/d/00001_a.sql': DBMATE },
      { [`migrations/d/${file}`]: DBMATE },
      { verdict: 'fail', first: 'file-name', own: ['file-name -'], before: [] },
    ]),
  )
})
