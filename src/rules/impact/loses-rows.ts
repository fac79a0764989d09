// Rows, values and positions of sequences that an up takes from existing tables.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { runOnEffects } from './judged.js'

const WHY = 'What is dropped, deleted or cut comes back from a backup alone. No down has it.'

export const losesRows: Rule = {
  id: 'loses-rows',
  title: 'The up loses no rows and no values',
  level: 'warning',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_drop_note.up.sql
ALTER TABLE orders DROP COLUMN note;
-- 00002_drop_note.down.sql
ALTER TABLE orders ADD COLUMN note text;`,
  good: `${MERGED_ORDERS}
-- 00002_add_phone.up.sql
ALTER TABLE orders ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  run: runOnEffects(
    'loses-rows',
    WHY,
    () =>
      'Keep it until no version of the application reads it: stop using it first, copy what may be needed (CREATE TABLE ... AS SELECT ...), and drop it in a later deploy. Accept a wanted loss with a waiver.',
  ),
}
