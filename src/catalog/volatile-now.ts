// Moments that a script froze: 'now' in a view, a default or a constraint is the time at which that was made.
import type { Difference } from './difference.js'

/** As PostgreSQL writes a constant in UTC; nobody types parts of a second. */
const CONSTANT = /'(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{1,6})(?:\+00)?'(?=::timestamp)/g
/** A constant without a zone is in that of the session. */
const DAY = 24 * 60 * 60 * 1000

/**
 * Without what differs in moments of this very day only: whoever makes such an object again, word by word, gets another
 * constant (PostgreSQL, "Special Date/Time Inputs": now is converted when it is read). `opened` is when the database was
 * made, in milliseconds.
 */
export const withoutCreationTimes = (differences: readonly Difference[], opened: number): readonly Difference[] =>
  differences.filter(
    ({ before, after }) =>
      before === undefined ||
      after === undefined ||
      before === after ||
      masked(before, opened) !== masked(after, opened),
  )

const masked = (words: string, opened: number): string =>
  words.replaceAll(CONSTANT, (constant, day: string, time: string) =>
    Math.abs(Date.parse(`${day}T${time}Z`) - opened) < DAY ? "'now'" : constant,
  )
