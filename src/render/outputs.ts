// The outputs of the action.
import type { Report } from '../core/report.js'

/** Texts by output name, as action.yml declares them; `path` is where the JSON report was written, if it was. */
export const renderOutputs = (report: Report, path: string | undefined): Readonly<Record<string, string>> => ({
  verdict: report.verdict,
  'exit-code': report.exitCode.toString(),
  databases: report.counts.databases.toString(),
  migrations: report.counts.migrations.toString(),
  proved: report.counts.proved.toString(),
  errors: report.counts.errors.toString(),
  warnings: report.counts.warnings.toString(),
  notes: report.counts.notes.toString(),
  report: path ?? '',
})
