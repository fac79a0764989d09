// Downs that do nothing although the up did something, as far as is known.
import type { Rule } from '../rule.js'
import { IDLE_WORDS, idleDowns, proofOf } from './proof-results.js'
import { repairText } from './repair.js'
import { ADD_PHONE } from '../samples.js'

const WHY = 'A rollback reports success and changes nothing: the old version of the application meets the new schema.'

export const downEmpty: Rule = {
  id: 'down-empty',
  title: 'The down does something',
  level: 'error',
  why: `${WHY} Without a proof, every such down is a finding. With a proof, only those whose up changes the schema. Where down and up leave the same schema, nothing-to-undo reports it instead.`,
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
SELECT 1;`,
  good: ADD_PHONE,
  run: (input) =>
    idleDowns(input, 'error').map(({ kind, finding }) => ({
      ...finding,
      message: IDLE_WORDS[kind],
      why: WHY,
      fix:
        repairText(proofOf(input, finding.migration ?? '') ?? {}) ??
        'Write what rolls the up back, or give the reason why nothing can: -- migration-gate: irreversible because ...',
    })),
}
