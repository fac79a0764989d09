// Digits in the words of a file name, where the folder's convention has letters only.
import type { Check } from './check.js'
import { digitsIn } from './file-name.js'

const WHY = 'Harmless to every tool. Scripts that take the convention by its letters will not see the file.'

export const fileNameDigits: Check = {
  id: 'file-name-digits',
  title: 'Words in file names are letters',
  level: 'note',
  why: WHY,
  bad: `-- 00001_add_oauth2.up.sql
CREATE TABLE oauth2 (id bigint PRIMARY KEY);
-- 00001_add_oauth2.down.sql
DROP TABLE oauth2;
-- 00002_add_phone.up.sql
ALTER TABLE oauth2 ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE oauth2 DROP COLUMN phone;`,
  good: `-- 00001_add_oauth.up.sql
CREATE TABLE oauth (id bigint PRIMARY KEY);
-- 00001_add_oauth.down.sql
DROP TABLE oauth;`,
  run: (subject) =>
    digitsIn(subject).map((name) => ({
      migration: name.migration,
      place: { file: name.file, line: 1, column: 1 },
      message: `digits in the words of ${name.base}`,
      why: WHY,
      fix: 'Nothing to do, or allow them: naming: "^[0-9]{5}_[a-z0-9_]+\\\\.(up|down)\\\\.sql$"',
    })),
}
