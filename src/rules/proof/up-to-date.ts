// Running up on a database that is up to date.
import type { Rule } from '../rule.js'

const WHY =
  'The tool finds something to apply again on every start: rows are doubled, locks are taken, or the start fails.'

export const upToDate: Rule = {
  id: 'up-to-date',
  title: 'Up on an up-to-date database does nothing',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_history.sql
-- +goose Up
CREATE RULE frozen AS ON INSERT TO goose_db_version DO INSTEAD NOTHING;
-- +goose Down
DROP RULE frozen ON goose_db_version;`,
  good: `-- 00002_history.sql
-- +goose Up
COMMENT ON TABLE goose_db_version IS 'written by goose alone';
-- +goose Down
COMMENT ON TABLE goose_db_version IS NULL;`,
  run: ({ report }) =>
    report.chain?.upToDate === 'runs again'
      ? [
          {
            migration: undefined,
            place: undefined,
            message: 'up on an up-to-date database applies something again',
            why: WHY,
            fix: "Leave the rows of the tool's own table to the tool: no rule, trigger or statement of a migration may change what it records.",
          },
        ]
      : [],
}
