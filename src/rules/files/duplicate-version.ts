// Two migrations under one version.
import type { Rule } from '../rule.js'
import { problemsOf } from '../read-input.js'
import { ADD_PHONE } from '../samples.js'

export const duplicateVersion: Rule = {
  id: 'duplicate-version',
  title: 'No two migrations share a version',
  level: 'error',
  why: 'The tool stops for every command, or applies one of the two and treats both as applied.',
  bad: `${ADD_PHONE}
-- 00002_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00002_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  good: `${ADD_PHONE}
-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  run: (input) => problemsOf(input, 'duplicate-version'),
}
