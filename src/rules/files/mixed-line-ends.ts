// Windows and Unix line ends in one file.
import type { Rule } from '../rule.js'
import { shellWord } from '../../model/shell-quote.js'
import { perFile } from '../read-input.js'

const WHY =
  'Strings and function bodies keep their line ends. So the same migration makes different databases, and checksums differ between machines.'

export const mixedLineEnds: Rule = {
  id: 'mixed-line-ends',
  title: 'One kind of line end in a file',
  level: 'note',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;<CR>
ALTER TABLE users ADD COLUMN fax text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone, DROP COLUMN fax;`,
  good: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
ALTER TABLE users ADD COLUMN fax text;
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone, DROP COLUMN fax;`,
  run: (input) =>
    perFile(input, ({ text, path }) => {
      const windows = [...text.matchAll(/\r\n/g)]
      const unix = [...text.matchAll(/(?<!\r)\n/g)]
      const lone = [...text.matchAll(/\r(?!\n)/g)]
      const kinds = [windows, unix, lone].filter((ends) => ends.length > 0).toSorted((a, b) => a.length - b.length)
      const rare = kinds[0]?.[0]
      if (rare === undefined || kinds.length < 2) return undefined
      return {
        offset: rare.index,
        message: `mixed line ends: ${windows.length} CRLF, ${unix.length} LF${lone.length > 0 ? `, ${lone.length} CR` : ''}`,
        why: WHY,
        fix: `sed 's/\\r$//' ${shellWord(path)} > fixed.sql && mv fixed.sql ${shellWord(path)}`,
      }
    }),
}
