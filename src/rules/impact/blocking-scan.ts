// Existing tables that are read whole under a lock that clients wait for.
import type { Rule } from '../rule.js'
import { scanWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'Clients of the table wait for as long as all its rows are checked, and all that come after them wait in the same queue.'

export const blockingScan: Rule = {
  id: 'blocking-scan',
  title: 'No table with rows is read whole while clients wait',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_email_size.up.sql
ALTER TABLE users ADD CONSTRAINT email_size CHECK (length(email) <= 1000000);
-- 00002_email_size.down.sql
ALTER TABLE users DROP CONSTRAINT email_size;`,
  good: `-- 00002_email_size.up.sql
ALTER TABLE users ADD CONSTRAINT email_size CHECK (length(email) <= 1000000) NOT VALID;
-- 00002_email_size.down.sql
ALTER TABLE users DROP CONSTRAINT email_size;
-- 00003_validate_email_size.up.sql
ALTER TABLE users VALIDATE CONSTRAINT email_size;
-- 00003_validate_email_size.down.sql
ALTER TABLE users DROP CONSTRAINT email_size;
ALTER TABLE users ADD CONSTRAINT email_size CHECK (length(email) <= 1000000) NOT VALID;`,
  run: runOnEffects('blocking-scan', WHY, scanWay),
}
