// Files that their tool refuses, or reads differently from how they look.
import type { Rule } from '../rule.js'
import { problemsOf } from '../read-input.js'

export const unparsable: Rule = {
  id: 'unparsable',
  title: 'The tool can read the file',
  level: 'error',
  why: 'The deploy stops at this file, or runs something other than what was reviewed. Nothing in it was proved.',
  bad: `-- 00002_add_phone.sql
-- +goose Up
ALTER TABLE users ADD COLUMN phone text
-- +goose Down
ALTER TABLE users DROP COLUMN phone;`,
  good: `-- 00002_add_phone.sql
-- +goose Up
ALTER TABLE users ADD COLUMN phone text;
-- +goose Down
ALTER TABLE users DROP COLUMN phone;`,
  run: (input) => problemsOf(input, 'unparsable'),
}
