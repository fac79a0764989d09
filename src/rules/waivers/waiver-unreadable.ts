// A waiver that lacks what it needs to accept a finding.
import { WAIVER_FORM } from '../../model/waiver.js'
import type { Rule } from '../rule.js'
import { runOnWaivers } from './waiver-state.js'

const WHY = 'Readers of the file believe that it accepts a finding, but it accepts nothing.'

export const waiverUnreadable: Rule = {
  id: 'waiver-unreadable',
  title: 'A waiver says which rule, until when and why',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
-- migration-gate: allow down-empty
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
-- the column stays for the old version`,
  good: `-- 00002_add_phone.up.sql
-- migration-gate: allow down-empty until 2027-01-31 because the old version reads the column
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
-- the column stays for the old version`,
  run: runOnWaivers('unreadable', ({ place, wrong, migration }) => ({
    migration,
    place,
    why: WHY,
    message: `the waiver accepts nothing: ${wrong ?? ''}`,
    fix: `-- migration-gate: ${WAIVER_FORM}`,
  })),
}
