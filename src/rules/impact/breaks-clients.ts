// Statements of clients that the server refuses after the up.
import type { Rule } from '../rule.js'
import { runOnEffects } from './judged.js'

const WHY =
  'During the deploy the old version of the application runs on the new schema. Its statements fail until the last instance is replaced, and again after a rollback of the application.'

export const breaksClients: Rule = {
  id: 'breaks-clients',
  title: 'Statements that clients send now are taken afterwards as well',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_rename_email.up.sql
ALTER TABLE users RENAME COLUMN email TO mail;
-- 00002_rename_email.down.sql
ALTER TABLE users RENAME COLUMN mail TO email;`,
  good: `-- 00002_add_mail.up.sql
ALTER TABLE users ADD COLUMN mail text;
-- 00002_add_mail.down.sql
ALTER TABLE users DROP COLUMN mail;`,
  run: runOnEffects(
    'breaks-clients',
    WHY,
    () =>
      'Expand and contract: first a deploy with a schema that both versions can use (the new column or name beside the old one, a default for what is required), then the application, then a deploy that removes the old.',
  ),
}
