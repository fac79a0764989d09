// Downs that the server refuses, right after their own up.
import type { Rule } from '../rule.js'
import { failed } from './failures.js'
import { provedOf } from './proof-results.js'
import { repairText } from './repair.js'
import { ADD_PHONE } from '../samples.js'

const WHY = 'The rollback stops at this step, at the moment when it is needed.'

export const downFails: Rule = {
  id: 'down-fails',
  title: 'The down runs right after the up',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone_number;`,
  good: ADD_PHONE,
  run: (input) =>
    provedOf(input).flatMap(({ migration, proof }) => {
      const { down, failure, reason } = proof
      if (down !== 'failed') return []
      const repair = repairText(proof)
      return failed({ input, migration, failure, what: 'down fails', why: WHY, reason }).map((finding) =>
        repair === undefined ? finding : { ...finding, fix: repair },
      )
    }),
}
