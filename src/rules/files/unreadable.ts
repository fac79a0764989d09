// Files that cannot be read at all.
import type { Rule } from '../rule.js'
import { shellWord } from '../../model/shell-quote.js'
import { migrationOf } from '../read-input.js'
import { ADD_PHONE } from '../samples.js'

const WHY = 'The check cannot read this file, so it proves nothing about it. The deploy cannot read it either.'

export const unreadable: Rule = {
  id: 'unreadable',
  title: 'Every file can be read',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql, permission denied
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  good: ADD_PHONE,
  run: (input) =>
    input.files.flatMap((file) =>
      file.unreadable === undefined
        ? []
        : [
            {
              migration: migrationOf(input, file.path),
              place: { file: file.path, line: 1, column: 1 },
              message: `cannot be read: ${file.unreadable}`,
              why: WHY,
              fix: /permission|EACCES/i.test(file.unreadable)
                ? `chmod a+r ${shellWord(file.path)}`
                : `Make it a file that can be read, or remove it: ${shellWord(file.path)}`,
            },
          ],
    ),
}
