// Statements of clients that the server refuses after the up.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { runOnEffects } from './judged.js'

const WHY =
  'During the deploy the old version of the application runs on the new schema. Its statements fail until the last instance is replaced, and again after a rollback of the application.'

export const breaksClients: Rule = {
  id: 'breaks-clients',
  title: 'Statements that clients send now are taken afterwards as well',
  level: 'warning',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_rename_note.up.sql
ALTER TABLE orders RENAME COLUMN note TO remark;
-- 00002_rename_note.down.sql
ALTER TABLE orders RENAME COLUMN remark TO note;`,
  good: `${MERGED_ORDERS}
-- 00002_add_remark.up.sql
ALTER TABLE orders ADD COLUMN remark text;
-- 00002_add_remark.down.sql
ALTER TABLE orders DROP COLUMN remark;`,
  run: runOnEffects(
    'breaks-clients',
    WHY,
    () =>
      'Expand and contract: first a deploy with a schema that both versions can use (the new column or name beside the old one, a default for what is required), then the application, then a deploy that removes the old.',
  ),
}
