// Texts of production without what may be data of somebody: literals of SQL, values in messages of the server.
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

/** The definitions on both sides without what stands in quotes. */
export const differenceWithoutData = (difference: Difference): Difference => ({
  ...difference,
  before: difference.before === undefined ? undefined : withoutLiterals(difference.before),
  after: difference.after === undefined ? undefined : withoutLiterals(difference.after),
})

/** Classes of errors of PostgreSQL itself ("Error Codes"); others are raised by scripts. */
const OWN = /^(?:0[03-9ABFLPZ]|2[0-8BDF]|3[489BDF]|4[024]|5[3-578]|72|F0|HV|P0|XX)/

/** A text that a script raises is its own; what stands behind a colon in a data exception (class 22) is a value. */
function messageWithoutData({ sqlstate, message }: Pick<ScriptFailure, 'sqlstate' | 'message'>): string {
  if (sqlstate === 'P0001' || sqlstate === 'P0004' || !OWN.test(sqlstate))
    return 'the script raised an exception, whose text is not shown'
  return sqlstate.startsWith('22') ? message.replace(/: ".*$/s, '').replaceAll(/ "[^"]*"/g, '') : message
}

/** Where, and what kind of failure: the rest is in the server's log. */
export const failureWithoutData = (failure: ScriptFailure): ScriptFailure => ({
  ...failure,
  message: messageWithoutData(failure),
  // Of a lock that was not given we name the holder ourselves.
  detail: undefined,
  hint: failure.sqlstate === LOCK_NOT_AVAILABLE ? failure.hint : undefined,
  line: undefined,
})

/** PostgreSQL, "Error Codes". */
export const LOCK_NOT_AVAILABLE = '55P03'
