// Downs that do nothing although the up did something, as far as anybody knows.
import type { Rule } from '../rule.js'
import { IDLE_WORDS, idleDowns } from './no-op-downs.js'
import { proofOf } from './proof-results.js'
import { repairText } from './repair.js'

const WHY = 'A rollback reports success and changes nothing: the old version of the application meets the new schema.'

export const downEmpty: Rule = {
  id: 'down-empty',
  title: 'The down does something',
  level: 'error',
  why: `${WHY} Without a proof every such down is a finding. With a proof only those where the up was seen to change the schema; where down and up were seen to leave the same schema, nothing-to-undo says so instead.`,
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
SELECT 1;`,
  good: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  run: (input) =>
    idleDowns(input, 'error').map(({ kind, said }) => ({
      ...said,
      message: IDLE_WORDS[kind],
      why: WHY,
      fix:
        repairText(proofOf(input, said.migration ?? '') ?? {}) ??
        'Write what takes the up back, or say why nothing can: -- migration-gate: irreversible because ...',
    })),
}
