// Lines that a merge left in a file.
import type { Rule } from '../rule.js'
import { perFile } from '../read-input.js'

const MARKER = /^(?:<{7}|>{7}|\|{7})(?:[ \t].*)?\r?$/gm

const WHY = 'The server stops at the marker, or runs both sides of an undecided conflict.'

export const conflictMarker: Rule = {
  id: 'conflict-marker',
  title: 'No merge conflict markers',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
<<<<<<< HEAD
ALTER TABLE users ADD COLUMN phone text;
=======
ALTER TABLE users ADD COLUMN phone varchar(32);
>>>>>>> add-phone
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  good: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone varchar(32);
-- 00002_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  run: (input) =>
    perFile(input, ({ text }) => {
      const markers = [...text.matchAll(MARKER)]
      const first = markers[0]
      if (first === undefined) return undefined
      return {
        offset: first.index,
        message: `merge conflict marker ${first[0].slice(0, 7)} (${markers.length} in this file)`,
        why: WHY,
        fix: 'Choose one side. Delete the lines that start with <<<<<<<, =======, >>>>>>> and |||||||.',
      }
    }),
}
