// What a migration finds in tables whose rows an earlier one of the same change writes.
import { expect, test } from '@jest/globals'
import { checkRepo } from '../support/check-repo.js'
import { makeRepo } from '../support/git.js'
import { serverForTests } from '../support/live.js'

const live = serverForTests()

const pair = (version: string, up: string, down: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${version}_m.up.sql`]: `${up}\n`,
  [`migrations/app/${version}_m.down.sql`]: `${down}\n`,
})

const OF_ROWS = new Set(['fails-on-rows', 'down-fails-on-rows'])

/** The failures on rows that a change of these migrations is warned of. */
async function failuresOf(...added: readonly (readonly [string, string])[]): Promise<readonly string[]> {
  const repo = makeRepo(pair('00001', 'CREATE TABLE t (id int, state text);', 'DROP TABLE t;'))
  try {
    for (const [at, [up, down]] of added.entries()) repo.write(pair(`0000${at + 2}`, up, down))
    const report = await checkRepo(repo, live.server)
    return report.findings.flatMap(({ rule, migration, level }) =>
      OF_ROWS.has(rule) ? [`${level} ${migration ?? ''}${rule.startsWith('down') ? ', down' : ''}`] : [],
    )
  } finally {
    repo.remove()
  }
}

const REQUIRE = ['ALTER TABLE t ALTER state SET NOT NULL;', 'ALTER TABLE t ALTER state DROP NOT NULL;'] as const

test.each([
  ['a column is required where a row may have none', [REQUIRE], ['warning 00002_m']],
  ['an earlier step has filled it', [[`UPDATE t SET state = 'x' WHERE state IS NULL;`, 'SELECT 1;'], REQUIRE], []],
  [
    'an earlier step has filled a part of it',
    [[`UPDATE t SET state = 'x' WHERE state IS NULL AND id > 0;`, 'SELECT 1;'], REQUIRE],
    ['warning 00003_m'],
  ],
  [
    'an earlier step makes rows equal',
    [
      [`UPDATE t SET state = lower(state);`, 'SELECT 1;'],
      ['CREATE UNIQUE INDEX t_state ON t (state);', 'DROP INDEX t_state;'],
    ],
    ['warning 00003_m'],
  ],
  [
    'the up changes rows so that its down does not take them',
    [
      [`ALTER TABLE t ADD COLUMN kind text NOT NULL DEFAULT 'x';`, 'ALTER TABLE t DROP COLUMN kind;'],
      [
        'ALTER TABLE t ALTER kind DROP NOT NULL; UPDATE t SET kind = NULL WHERE state IS NULL;',
        'ALTER TABLE t ALTER kind SET NOT NULL;',
      ],
    ],
    ['warning 00003_m, down'],
  ],
  [
    'an earlier step has added it for all rows',
    [
      [`ALTER TABLE t ADD COLUMN kind text; UPDATE t SET kind = 'x';`, 'ALTER TABLE t DROP COLUMN kind;'],
      ['ALTER TABLE t ALTER kind SET NOT NULL;', 'ALTER TABLE t ALTER kind DROP NOT NULL;'],
    ],
    [],
  ],
  [
    'an earlier step has emptied the table',
    [
      ['DELETE FROM t;', 'SELECT 1;'],
      ['ALTER TABLE t ADD COLUMN kind text NOT NULL;', 'ALTER TABLE t DROP COLUMN kind;'],
    ],
    [],
  ],
  [
    'an earlier step writes another table',
    [['CREATE TABLE u (id int); INSERT INTO u VALUES (1);', 'DROP TABLE u;'], REQUIRE],
    ['warning 00003_m'],
  ],
] as const)('%s', async (_, added, expected) => {
  expect(await failuresOf(...added)).toEqual(expected)
})
