// A statement that goose drops silently.
import type { Rule } from '../rule.js'
import { problemsOf } from '../read-input.js'

export const gooseLostStatement: Rule = {
  id: 'goose-lost-statement',
  title: 'No statement is lost behind an empty goose block',
  level: 'warning',
  why: 'goose records the migration as applied, although one of its statements never ran.',
  bad: `-- 00002_add_phone.sql
-- +goose Up
-- +goose StatementBegin
-- +goose StatementEnd
ALTER TABLE users ADD COLUMN phone text;
ALTER TABLE users ADD COLUMN fax text;
-- +goose Down
ALTER TABLE users DROP COLUMN fax;`,
  good: `-- 00002_add_phone.sql
-- +goose Up
ALTER TABLE users ADD COLUMN phone text;
ALTER TABLE users ADD COLUMN fax text;
-- +goose Down
ALTER TABLE users DROP COLUMN fax, DROP COLUMN phone;`,
  run: (input) => problemsOf(input, 'goose-lost-statement'),
}
