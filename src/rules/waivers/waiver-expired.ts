// A waiver whose last day is over.
import type { Rule } from '../rule.js'
import { runOnWaivers } from './waiver-state.js'

const WHY = 'The finding that it accepted counts again. Its author promised a fix by that day.'

export const waiverExpired: Rule = {
  id: 'waiver-expired',
  title: 'The finding is fixed, or its waiver renewed, in time',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
-- migration-gate: allow down-empty until 2020-01-31 because the old version reads the column
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
-- the column stays for the old version`,
  good: `-- 00002_add_phone.up.sql
-- migration-gate: allow down-empty until 2027-01-31 because the old version still reads the column
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
-- the column stays for the old version`,
  run: runOnWaivers('expired', ({ place, rule, until, reason, migration }) => ({
    migration,
    place,
    why: WHY,
    message: `the waiver of ${rule} ended on ${until} (${reason})`,
    fix: 'Fix the finding, or set a later day and give the reason.',
  })),
}
