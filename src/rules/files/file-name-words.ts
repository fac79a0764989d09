// Words in file names that differ from the style of the folder. No tool minds.
import type { Rule } from '../rule.js'

const WHY = 'No tool minds. People and scripts that rely on the style of the folder may miss the file.'

export const fileNameWords: Rule = {
  id: 'file-name-words',
  title: 'Words of file names follow the style of the folder',
  level: 'note',
  why: `${WHY} The rule reports digits in words under the default convention, and dashes and capital letters under another one. It also reports what separates number and words, where the tool ignores it (sql-migrate, dbmate).`,
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
      .filter(({ migration }, at, all) => all.findIndex((one) => one.migration === migration) === at)
      .map(({ migration, file, base, right }) => ({
        migration,
        place: { file, line: 1, column: 1 },
        message:
          right === base
            ? `digits in the words of ${base}`
            : `the words of ${base} do not follow the style of the other names${right === undefined ? '' : ` (${right})`}`,
        why: WHY,
        fix: 'Nothing to do. To enforce the convention, set naming in migration-gate.yml.',
      }))
  },
}
