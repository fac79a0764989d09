// Files that are too big to review and to send in one message.
import type { Rule } from '../rule.js'
import { perFile } from '../read-input.js'

const WHY =
  'No one reviews all of it. It holds its locks for as long as it runs, and a retry starts from the beginning.'

export const fileSize: Rule = {
  id: 'file-size',
  title: 'Files stay under the size limit',
  level: 'note',
  why: WHY,
  bad: `-- 00002_all_countries.up.sql
INSERT INTO countries (code, name) VALUES <60000 rows>;
-- 00002_all_countries.down.sql
DELETE FROM countries;`,
  good: `-- 00002_countries.up.sql
INSERT INTO countries (code) VALUES ('DE'), ('FR');
-- 00002_countries.down.sql
DELETE FROM countries WHERE code IN ('DE', 'FR');`,
  run: (input) =>
    perFile(input, ({ bytes }) =>
      bytes.length > input.maxFileBytes
        ? {
            offset: 0,
            message: `${thousands(bytes.length)} bytes; the limit is ${thousands(input.maxFileBytes)}`,
            why: WHY,
            fix: 'Load bulk data with a seed or a separate job, or raise the limit in migration-gate.yml.',
          }
        : undefined,
    ),
}

const thousands = (count: number): string => count.toLocaleString('en-US')
