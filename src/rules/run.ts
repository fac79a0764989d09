// Runs the checks on one database.
import type { Config } from '../model/config.js'
import { compareFindings, type Finding } from '../model/finding.js'
import type { Check, Subject } from './rule.js'
import { CHECKS } from './index.js'

/** What makes a script fail or a tool refuse it, told by rules of their own. */
const CAUSES = ['conflict-marker', 'psql-command', 'outside-transaction', 'byte-order-mark', 'not-utf8']
const FAILURES = ['up-fails', 'down-fails', 'unparsable']

/**
 * All findings, errors first. `levels` are the config's, by rule id, where they differ from the rule's own. Where a
 * script failed at the very line that a file rule speaks of, it is one finding: the failure, with the rule's advice.
 */
export const runChecks = (options: Judged): readonly Finding[] =>
  joinCauses(runThese(CHECKS, options)).toSorted(compareFindings)

type Judged = { readonly subject: Subject; readonly levels: Config['checks'] }

/** Some of the checks, as they come. */
export const runThese = (checks: readonly Check[], { subject, levels }: Judged): readonly Finding[] =>
  checks.flatMap((check): readonly Finding[] => {
    const level = levels[check.id] ?? check.level
    if (level === 'off') return []
    return check.run(subject).map((said) => ({ ...said, rule: check.id, level, database: subject.database }))
  })

function joinCauses(findings: readonly Finding[]): readonly Finding[] {
  const failures = findings.filter(({ rule }) => FAILURES.includes(rule))
  const causeOf = (failure: Finding): Finding | undefined =>
    findings.find((finding) => CAUSES.includes(finding.rule) && isSameLine(finding, failure))
  const joined = new Set(failures.flatMap((failure) => causeOf(failure) ?? []))
  return findings.flatMap((finding) => {
    if (joined.has(finding)) return []
    const cause = FAILURES.includes(finding.rule) ? causeOf(finding) : undefined
    return [
      cause === undefined
        ? finding
        : { ...finding, why: `${finding.why} The cause: ${cause.message}.`, fix: cause.fix },
    ]
  })
}

const isSameLine = (a: Finding, b: Finding): boolean =>
  a.place !== undefined && a.place.file === b.place?.file && a.place.line === b.place.line
