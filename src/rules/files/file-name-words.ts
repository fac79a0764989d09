// Words in file names that are written otherwise than in the rest of the folder; no tool minds.
import type { Rule } from '../rule.js'

const WHY = 'Harmless to every tool. People and scripts that go by the habit of the folder may miss the file.'

export const fileNameWords: Rule = {
  id: 'file-name-words',
  title: 'Words of file names are written as in the rest of the folder',
  level: 'note',
  why: `${WHY} Digits in the words of a folder of the default convention are reported here; so are dashes and capital letters in a folder of another convention, and what separates number and words where the tool does not look at it (sql-migrate, dbmate).`,
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
  run: (input) => {
    if (input.naming !== undefined) return []
    return input.tool.naming
      .judge(input)
      .filter(({ wrong }) => wrong === 'words')
      .map(({ migration, file, base, right }) => ({
        migration,
        place: { file, line: 1, column: 1 },
        message:
          right === base
            ? `digits in the words of ${base}`
            : `the words of ${base} are not written as in the other names${right === undefined ? '' : ` (${right})`}`,
        why: WHY,
        fix: 'Nothing to do; state the convention under naming in migration-gate.yml if you want it kept.',
      }))
  },
}
