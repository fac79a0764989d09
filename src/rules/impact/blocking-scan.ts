// Existing tables that are read whole under a lock that clients wait for.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { scanWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'Clients of the table wait for as long as all its rows are checked, and all that come after them wait in the same queue.'

export const blockingScan: Rule = {
  id: 'blocking-scan',
  title: 'No table with rows is read whole while clients wait',
  level: 'warning',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_note_size.up.sql
ALTER TABLE orders ADD CONSTRAINT note_size CHECK (length(note) <= 1000);
-- 00002_note_size.down.sql
ALTER TABLE orders DROP CONSTRAINT note_size;`,
  good: `${MERGED_ORDERS}
-- 00002_note_size.up.sql
ALTER TABLE orders ADD CONSTRAINT note_size CHECK (length(note) <= 1000) NOT VALID;
-- 00002_note_size.down.sql
ALTER TABLE orders DROP CONSTRAINT note_size;
-- 00003_check_notes.up.sql
ALTER TABLE orders VALIDATE CONSTRAINT note_size;
-- 00003_check_notes.down.sql
ALTER TABLE orders DROP CONSTRAINT note_size;
ALTER TABLE orders ADD CONSTRAINT note_size CHECK (length(note) <= 1000) NOT VALID;`,
  run: runOnEffects('blocking-scan', WHY, scanWay),
}
