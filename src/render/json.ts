// The report as JSON, for programs.
import { reportWithoutSecrets } from '../report/redact.js'
import type { AnyReport } from '../report/run-report.js'

/** Two blanks of indentation, fields in the order of the description, absent values left out, a line feed at the end. */
export const renderJson = (report: AnyReport): string =>
  `${JSON.stringify(reportWithoutSecrets(report), undefined, 2)}\n`
