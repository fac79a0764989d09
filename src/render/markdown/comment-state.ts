// The state of a run that is kept in its comment, so that the next run can report what changed.
import { findingIdentity } from '../../model/finding.js'
import type { Report } from '../../report/check-report.js'
import { count } from '../words/format.js'

type RunState = { readonly head: string; readonly problems: readonly string[] }

/** More would not fit into a comment. */
const MOST_PROBLEMS = 400

/** JSON of one line, at most about 8,000 characters. */
export const renderRunState = (report: Report): string => JSON.stringify(runStateOf(report))

function runStateOf(report: Report): RunState {
  const problems = [...new Set(report.findings.filter(({ level }) => level !== 'note').map(findingIdentity))]
  return { head: report.change?.head ?? '', problems: problems.slice(0, MOST_PROBLEMS) }
}

/**
 * `since the last push: 1 fixed, 0 new`. Undefined for the first run, for the same commit again, and for a state that
 * cannot be read (people can edit the comment).
 */
export function sinceLastPush(report: Report, previous: string | undefined): string | undefined {
  const before = parse(previous)
  const now = runStateOf(report)
  if (before === undefined || before.head === now.head) return undefined
  if (before.problems.length >= MOST_PROBLEMS) return undefined
  const fixed = before.problems.filter((one) => !now.problems.includes(one)).length
  const fresh = now.problems.filter((one) => !before.problems.includes(one)).length
  return `since the last push: ${count(fixed)} fixed, ${count(fresh)} new`
}

function parse(text: string | undefined): RunState | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value !== 'object' || value === null || !('head' in value) || !('problems' in value)) return undefined
    const { head, problems } = value
    if (typeof head !== 'string' || !Array.isArray(problems)) return undefined
    return { head, problems: problems.filter((one): one is string => typeof one === 'string').slice(0, MOST_PROBLEMS) }
  } catch {
    return undefined
  }
}
