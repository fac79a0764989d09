// What a comment remembers of the run that wrote it, so that the next one can say what changed.
import { findingIdentity } from '../../model/finding.js'
import type { Report } from '../../report/check-report.js'
import { count } from '../words/format.js'

type State = { readonly head: string; readonly problems: readonly string[] }

/** What fits into a comment besides all else. */
const MOST_PROBLEMS = 400

/** JSON of one line, at most about 8,000 characters. */
export const stateOfRun = (report: Report): string => JSON.stringify(stateOf(report))

function stateOf(report: Report): State {
  const problems = [...new Set(report.findings.filter(({ level }) => level !== 'note').map(findingIdentity))]
  return { head: report.change?.head ?? '', problems: problems.slice(0, MOST_PROBLEMS) }
}

/**
 * `Since the last push: 1 fixed, 0 new`; undefined for the first run, for the same commit again, and for a state that is
 * not one of ours: whoever may edit the comment may have written it.
 */
export function sinceLastPush(report: Report, previous: string | undefined): string | undefined {
  const before = parse(previous)
  const now = stateOf(report)
  if (before === undefined || before.head === now.head) return undefined
  if (before.problems.length >= MOST_PROBLEMS) return undefined
  const fixed = before.problems.filter((one) => !now.problems.includes(one)).length
  const fresh = now.problems.filter((one) => !before.problems.includes(one)).length
  return `since the last push: ${count(fixed)} fixed, ${count(fresh)} new`
}

function parse(text: string | undefined): State | undefined {
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
