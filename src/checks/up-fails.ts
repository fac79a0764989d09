// Ups that the server refused.
import type { Check } from './check.js'
import { failed } from './failures.js'
import { provedOf } from './proofs.js'

const WHY = 'The deploy stops here, and everything after it waits.'

export const upFails: Check = {
  id: 'up-fails',
  title: 'The up runs',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE user ADD COLUMN phone text;`,
  good: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;`,
  run: (subject) =>
    provedOf(subject).flatMap(({ migration, proof: { up, failure, reason } }) =>
      up === 'failed' ? failed({ subject, migration, failure, what: 'up fails', why: WHY, reason }) : [],
    ),
}
