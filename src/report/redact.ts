// A report without the secrets that scripts, server messages and definitions may hold.
import { mapTexts, type ChangeText } from '../schema/map-texts.js'
import { withoutSecrets } from '../sql/secrets.js'
import { checkReport } from './check-shape.js'
import { isLive, type AnyReport } from './run-report.js'
import { liveReport } from './run-shape.js'

/**
 * The same report with `***` for every secret in a text that people, a script or the server wrote, and with its fields in the
 * order of the description. Doing it twice changes nothing.
 */
export const reportWithoutSecrets = <R extends AnyReport>(report: R): R =>
  mapReport(report, (text, source) => (source === 'open' ? withoutSecrets(text) : text))

/**
 * The same report with `hide` applied to every text that is not ours. A password that happens to be a word of the report
 * leaves it readable, and the plan in it whole.
 */
export const hideIn = <R extends AnyReport>(report: R, hide: (text: string) => string): R =>
  mapReport(report, (text, source) => (source === 'own' ? text : hide(text)))

/** The same report with `change` applied to every text, for a surface that shows commands in its own way. */
export const withTexts = <R extends AnyReport>(report: R, change: (text: string) => string): R =>
  mapReport(report, change)

function mapReport<R extends AnyReport>(report: R, change: ChangeText): R {
  const given: AnyReport = report
  const changed = isLive(given) ? mapTexts(liveReport, given, change) : mapTexts(checkReport, given, change)
  // A report of one kind stays of that kind.
  return changed as R
}
