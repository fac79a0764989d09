// The report of a check as SARIF 2.1.0, for GitHub's code scanning and other collectors of findings.
import { BASELINE_FINDINGS_FILE } from '../model/baseline-findings.js'
import { findingIdentity } from '../model/finding.js'
import type { Finding, Level } from '../model/finding.js'
import type { Report } from '../report/check-report.js'
import { reportWithoutSecrets } from '../report/redact.js'
import { counted } from './words/format.js'
import { visible } from './words/escape.js'

/** The description of a rule. */
export type RuleText = {
  readonly id: string
  readonly title: string
  readonly why: string
  readonly level: Level | 'off'
}

/** Code scanning takes no more results of a run (GitHub docs: SARIF support, limits). */
const MOST_RESULTS = 5_000

const PAGES = 'https://github.com/OWNER/pg-migration-gate'

/**
 * One run; ends with a line feed. The fingerprint of a finding stays the same between runs: no line number is part of it.
 * Waived and known findings are suppressed. Where there is a change, each result says whether it is new (SARIF 2.1.0, 3.27.24,
 * baselineState). After the first 5,000, errors first, findings are only counted.
 */
export function renderSarif(given: Report, rules: readonly RuleText[]): string {
  const report = reportWithoutSecrets(given)
  const all = [...report.findings, ...report.setAside]
  const shown = all.slice(0, MOST_RESULTS)
  const more = all.length - shown.length
  const used = rules.filter(({ id }) => shown.some(({ rule }) => rule === id))
  const indexOf = new Map(used.map(({ id }, index) => [id, index]))
  const seen = new Map<string, number>()
  const run = {
    tool: {
      driver: {
        name: report.tool.name,
        semanticVersion: report.tool.version,
        informationUri: PAGES,
        rules: used.map(ruleOf),
      },
    },
    automationDetails: { id: `${report.tool.name}/` },
    invocations: [
      {
        executionSuccessful: report.verdict !== 'environment',
        ...(more > 0 && {
          toolExecutionNotifications: [
            { level: 'note', message: { text: `${counted(more, 'more finding')}, in the JSON report.` } },
          ],
        }),
      },
    ],
    columnKind: 'unicodeCodePoints',
    results: shown.map((finding) => resultOf(finding, { report, seen, index: indexOf.get(finding.rule) })),
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

const LEVELS = { error: 'error', warning: 'warning', note: 'note', off: 'none' } as const

const ruleOf = ({ id, title, why, level }: RuleText): object => ({
  id,
  shortDescription: { text: `${title}.` },
  fullDescription: { text: why },
  help: { text: why, markdown: why },
  helpUri: `${PAGES}/blob/main/docs/checks/${id}.md`,
  defaultConfiguration: { level: LEVELS[level] },
})

/** Why a finding does not count. */
const KNOWN = {
  listed: `known finding, listed in ${BASELINE_FINDINGS_FILE}`,
  'stood before': 'there before the change, which does not touch it',
} as const satisfies Record<NonNullable<Finding['debt']>, string>

type ResultContext = {
  readonly report: Report
  readonly seen: Map<string, number>
  readonly index: number | undefined
}

const moreOf = (more: number): string => (more === 0 ? '' : `And ${more} more findings of this rule in this file.`)

function resultOf(finding: Finding, { report, seen, index }: ResultContext): object {
  const { rule, level, message, why, fix, place, database, waived, debt, more = 0 } = finding
  const identity = findingIdentity(finding)
  const nth = (seen.get(identity) ?? 0) + 1
  seen.set(identity, nth)
  const text = [`${finding.migration ?? database}: ${message}.`, why, fix === '' ? '' : `Fix: ${fix}`, moreOf(more)]
  const folder = report.databases.find(({ name }) => name === database)?.folder ?? ''
  const suppressed =
    waived === undefined ? (debt === undefined ? undefined : KNOWN[debt]) : `until ${waived.until}: ${waived.reason}`
  return {
    ruleId: rule,
    ...(index !== undefined && { ruleIndex: index }),
    level: LEVELS[level],
    ...(report.change !== undefined && { baselineState: debt === undefined ? 'new' : 'unchanged' }),
    message: { text: visible(text.filter((part) => part !== '').join(' ')) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place?.file ?? folder), uriBaseId: '%SRCROOT%' },
          region: { startLine: place?.line ?? 1, ...(place !== undefined && { startColumn: place.column }) },
        },
      },
    ],
    partialFingerprints: { 'pgMigrationGate/v1': `${identity}:${nth}` },
    ...(suppressed !== undefined && {
      suppressions: [
        { kind: waived?.place === undefined ? 'external' : 'inSource', justification: visible(suppressed) },
      ],
    }),
  }
}

/** A path from the repository root as a relative reference (RFC 3986), escaped so that no part reads as a scheme. */
const uriOf = (path: string): string =>
  path === ''
    ? './'
    : path
        .split('/')
        .map((part) => encodeURIComponent(part.replaceAll(/\p{Cs}/gu, '\ufffd')))
        .join('/')
