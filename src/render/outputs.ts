// The outputs of the action.
import { isLive, type AnyReport, type LiveReport } from '../report/run-report.js'
import type { Report } from '../report/check-report.js'

/** Values by output name, as action.yml declares them. `path` is the path of the JSON report, if it was written. */
export const renderOutputs = (report: AnyReport, path: string | undefined): Readonly<Record<string, string>> => ({
  verdict: report.verdict,
  'exit-code': report.exitCode.toString(),
  databases: report.counts.databases.toString(),
  ...(isLive(report) ? liveOutputs(report) : checkOutputs(report)),
  digest: (isLive(report) ? report.approval?.digest : undefined) ?? '',
  expires: (isLive(report) ? report.approval?.sheet.expires : undefined) ?? '',
  report: path ?? '',
  comment: '',
})

const checkOutputs = ({ counts }: Report): Readonly<Record<string, string>> => ({
  migrations: counts.migrations.toString(),
  proved: counts.proved.toString(),
  errors: counts.errors.toString(),
  warnings: counts.warnings.toString(),
  notes: counts.notes.toString(),
  done: '0',
  pending: '0',
})

function liveOutputs({ counts, targets }: LiveReport): Readonly<Record<string, string>> {
  const statuses = targets.flatMap(({ standing }) => standing ?? [])
  const sum = (sizes: readonly number[]): string => sizes.reduce((all, size) => all + size, 0).toString()
  return {
    migrations: sum(statuses.map(({ applied }) => applied.length)),
    proved: '0',
    errors: counts.failed.toString(),
    warnings: '0',
    notes: sum(targets.map(({ notes }) => notes.length)),
    done: counts.done.toString(),
    pending: sum(statuses.map(({ pending, late }) => pending.length + late.length)),
  }
}
