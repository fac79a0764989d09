// Runs the rules on one database.
import type { Config } from '../model/config.js'
import { compareFindings, lowerLevel, type Finding } from '../model/finding.js'
import type { Rule, RuleInput } from './rule.js'
import { RULES } from './index.js'
import { oneOffence } from './one-offence.js'

/** Rules that name the cause of a failure that another rule reports. */
const CAUSES = ['conflict-marker', 'psql-command', 'outside-transaction', 'byte-order-mark', 'not-utf8']
const FAILURES = ['up-fails', 'down-fails', 'unparsable']

/**
 * All findings, errors first. `levels` are those of the config, by rule id, where they differ from the rule's own. Where a
 * script fails at the very line of a file rule's finding, both become one: the failure, with the file rule's fix.
 */
export const runRules = (options: RunOptions): readonly Finding[] =>
  joinCauses(oneOffence(runSelected(RULES, options))).toSorted(compareFindings)

type RunOptions = { readonly input: RuleInput; readonly levels: Config['checks'] }

/** The findings of some rules, in the order of the rules. What follows from another failure is never more than a note. */
export const runSelected = (rules: readonly Rule[], { input, levels }: RunOptions): readonly Finding[] =>
  rules.flatMap((rule): readonly Finding[] => {
    const level = levels[rule.id] ?? rule.level
    if (level === 'off') return []
    return rule.run(input).map(({ atMost = 'error', ...finding }) => ({
      ...finding,
      rule: rule.id,
      level: finding.follows === undefined ? lowerLevel(level, atMost) : 'note',
      database: input.database,
    }))
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
