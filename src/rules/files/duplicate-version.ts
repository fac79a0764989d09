// Two migrations under one version.
import type { Rule } from '../rule.js'
import { problemsOf } from '../read-input.js'

export const duplicateVersion: Rule = {
  id: 'duplicate-version',
  title: 'No two migrations share a version',
  level: 'error',
  why: 'The tool stops for every command, or applies one of the two and treats both as applied.',
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;
-- 00002_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00002_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  good: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;
-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  run: (input) => problemsOf(input, 'duplicate-version'),
}
