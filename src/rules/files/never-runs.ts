// SQL files of the folder that no tool runs, and that may not be meant as migrations.
import type { Rule } from '../rule.js'
import { problemsOf } from '../read-input.js'
import { ADD_PHONE } from '../samples.js'

export const neverRuns: Rule = {
  id: 'never-runs',
  title: 'Every SQL file of the folder is a migration',
  level: 'warning',
  why: 'The tool skips such a file silently, and its author may believe that it runs with the migrations. A file whose name or markers are those of a migration is an error of file-name.',
  bad: `${ADD_PHONE}
-- add_fax.sql
ALTER TABLE users ADD COLUMN fax text;`,
  good: `${ADD_PHONE}
-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  run: (input) => problemsOf(input, 'never-runs'),
}
