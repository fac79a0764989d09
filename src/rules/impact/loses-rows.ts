// Rows, values and positions of sequences that an up takes from existing tables.
import type { Rule } from '../rule.js'
import { runOnEffects } from './judged.js'

const WHY = 'What is dropped, deleted or cut comes back from a backup alone. No down has it.'

export const losesRows: Rule = {
  id: 'loses-rows',
  title: 'The up loses no rows and no values',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_drop_email.up.sql
ALTER TABLE users DROP COLUMN email;
-- 00002_drop_email.down.sql
ALTER TABLE users ADD COLUMN email text;`,
  good: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  run: runOnEffects(
    'loses-rows',
    WHY,
    () =>
      'Keep it until no version of the application reads it: stop using it first, copy what may be needed (CREATE TABLE ... AS SELECT ...), and drop it in a later deploy. Accept a wanted loss with a waiver.',
  ),
}
