// A waiver of a finding that no longer exists.
import type { Rule } from '../rule.js'
import { runOnWaivers } from './waiver-state.js'
import { ADD_PHONE } from '../samples.js'

const WHY = 'It would accept the next finding of this rule here, and no one would see it.'

export const waiverStale: Rule = {
  id: 'waiver-stale',
  title: 'A waiver that no longer accepts anything is removed',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
-- migration-gate: allow down-empty until 2027-01-31 because the old version reads the column
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  good: ADD_PHONE,
  run: runOnWaivers('stale', ({ place, rule, migration }) => ({
    migration,
    place,
    why: WHY,
    message: `the waiver of ${rule} accepts nothing: there is no such finding`,
    fix: 'Remove it.',
  })),
}
