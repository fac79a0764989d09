// Lines that look like commands of sql-migrate, and that it skips silently.
import type { Rule } from '../rule.js'
import { problemsOf } from '../read-input.js'

export const sqlMigratePassedOver: Rule = {
  id: 'sql-migrate-passed-over',
  title: 'Every line that looks like a command of sql-migrate is one',
  level: 'warning',
  why: 'What follows such a line never runs, or runs with the part above it: a down with its up, for example.',
  bad: `-- 00002_add_phone.sql
-- +migrate Up
ALTER TABLE users ADD COLUMN phone text;
--+ migrate Down
ALTER TABLE users DROP COLUMN phone;`,
  good: `-- 00002_add_phone.sql
-- +migrate Up
ALTER TABLE users ADD COLUMN phone text;
-- +migrate Down
ALTER TABLE users DROP COLUMN phone;`,
  run: (input) => problemsOf(input, 'sql-migrate-passed-over'),
}
