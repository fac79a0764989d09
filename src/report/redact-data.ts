// Removes data from texts of production: literals of SQL, and values in messages of the server.
import type { Difference } from '../catalog/difference.js'
import type { ScriptFailure } from './check-report.js'
import { scan } from '../sql/scan.js'

/** Strings and dollar-quoted bodies become `'…'` and `$$…$$`, comments and COPY data are gone; everything else stays. */
export function withoutLiterals(text: string): string {
  let out = ''
  let at = 0
  for (const { kind, start, end } of scan(text).regions) {
    if (kind === 'identifier') continue
    out += text.slice(at, start) + (SHOWN[kind] ?? '')
    at = end
  }
  return out + text.slice(at)
}

const SHOWN: Readonly<Record<string, string>> = { string: "'…'", dollar: '$$…$$' }

/** The difference without quoted text in its definitions. */
export const differenceWithoutData = (difference: Difference): Difference => ({
  ...difference,
  before: difference.before === undefined ? undefined : withoutLiterals(difference.before),
  after: difference.after === undefined ? undefined : withoutLiterals(difference.after),
})

/** Classes of errors of PostgreSQL itself ("Error Codes"); others are raised by scripts. */
const OWN = /^(?:0[03-9ABFLPZ]|2[0-8BDF]|3[489BDF]|4[024]|5[3-578]|72|F0|HV|P0|XX)/

/** Whether a script or a function raised the error, which then has any text. */
export const isRaised = (sqlstate: string): boolean =>
  sqlstate === 'P0001' || sqlstate === 'P0004' || !OWN.test(sqlstate)

/** A message that a script raises is hidden. In a data exception (class 22), the text after a colon is a value. */
export function messageWithoutData({ sqlstate, message }: Pick<ScriptFailure, 'sqlstate' | 'message'>): string {
  if (isRaised(sqlstate)) return 'the script raised an exception, whose text is not shown'
  return sqlstate.startsWith('22') ? message.replace(/: ".*$/s, '').replaceAll(/ "[^"]*"/g, '') : message
}

/**
 * Whether the detail of an error holds names of objects and no values: what depends on an object that cannot be dropped
 * (PostgreSQL, dependency.c) or on a column whose type cannot change (tablecmds.c).
 */
const namesOnly = ({ sqlstate, detail = '' }: Pick<ScriptFailure, 'sqlstate' | 'detail'>): boolean =>
  sqlstate === DEPENDENT_OBJECTS ||
  (sqlstate === '0A000' && / depends on column | is used by generated column /.test(detail))

/** PostgreSQL, "Error Codes". */
export const DEPENDENT_OBJECTS = '2BP01'

/** Keeps the place and the kind of the failure, and the names of objects in its way: the rest is in the server's log. */
export function failureWithoutData(failure: ScriptFailure): ScriptFailure {
  // A script that raises an exception fills these two as it likes.
  const { table: _table, column: _column, constraint: _constraint, ...rest } = failure
  return {
    ...rest,
    message: messageWithoutData(failure),
    detail: namesOnly(failure) ? failure.detail : undefined,
    // For a lock that was not granted, our own text names the holder.
    hint: failure.sqlstate === LOCK_NOT_AVAILABLE ? failure.hint : undefined,
    line: undefined,
  }
}

/** PostgreSQL, "Error Codes". */
export const LOCK_NOT_AVAILABLE = '55P03'
