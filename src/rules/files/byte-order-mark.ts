// The invisible mark that some editors put in front of a file.
import type { Rule } from '../rule.js'
import { shellWord } from '../../model/shell-quote.js'
import { perFile } from '../read-input.js'
import { ADD_PHONE } from '../samples.js'

const WHY =
  'Tools miss the marker in the first line, or send the invisible mark to the server, which answers with a syntax error.'

export const byteOrderMark: Rule = {
  id: 'byte-order-mark',
  title: 'No byte order mark',
  level: 'note',
  why: `${WHY} Where a tool or the server stops at the mark, that failure is an error, with the mark as its cause.`,
  bad: `-- 00002_add_phone.up.sql
<U+FEFF>ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  good: ADD_PHONE,
  run: (input) =>
    perFile(input, (file) =>
      file.text.startsWith('\uFEFF')
        ? {
            offset: 0,
            message: 'the file starts with a byte order mark (U+FEFF)',
            why: `${WHY} Where a tool or the server stops at the mark, that failure is an error, with the mark as its cause.`,
            fix: `tail -c +4 ${shellWord(file.path)} > fixed.sql && mv fixed.sql ${shellWord(file.path)}`,
          }
        : undefined,
    ),
}
