// The committed list of findings that a project accepts for now.
import { commandText } from './command.js'
import { UserError } from './errors.js'
import { findingIdentity } from './finding.js'
import type { Finding } from './finding.js'

/** One entry for each finding; `message` and `migration` are for people, `identity` decides. */
export type BaselineFinding = {
  readonly rule: string
  readonly database: string
  readonly migration: string
  readonly message: string
  readonly identity: string
}

/** At the root of the repository. */
export const BASELINE_FINDINGS_FILE = 'migration-gate.debt.json'

/** The kept part of a finding: its identity, and words for the readers of the file. */
export const baselineFindingOf = (finding: Finding): BaselineFinding => ({
  rule: finding.rule,
  database: finding.database,
  migration: finding.migration ?? '',
  message: finding.message.replaceAll(/\s+/g, ' ').slice(0, 200),
  identity: findingIdentity(finding),
})

/** One entry on each line, in an order that does not depend on the run; ends with a line feed. */
export function renderBaselineFindings(entries: readonly BaselineFinding[]): string {
  const key = (entry: BaselineFinding): string =>
    [entry.database, entry.migration, entry.rule, entry.identity, entry.message].join('\u0000')
  const lines = entries
    .toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
    .map((entry) => `    ${JSON.stringify(entry)}`)
  return lines.length === 0
    ? '{ "version": 1, "findings": [] }\n'
    : `{\n  "version": 1,\n  "findings": [\n${lines.join(',\n')}\n  ]\n}\n`
}

/** Throws a UserError for text that is no such list, because every entry counts as known. */
export function parseBaselineFindings(text: string, file: string): readonly BaselineFinding[] {
  try {
    const value = JSON.parse(text) as { readonly version?: unknown; readonly findings?: unknown }
    if (value.version === 1 && Array.isArray(value.findings)) return value.findings.map(entry)
  } catch {
    // Reported below.
  }
  const fix = `Restore it from git (git checkout -- ${file}), or write it again: ${commandText('check --update-debt')}.`
  throw new UserError({ kind: 'use', what: `${file} is not a list of known findings`, fix })
}

function entry(value: unknown): BaselineFinding {
  const { rule, database, migration, message, identity } = value as Record<keyof BaselineFinding, unknown>
  const texts = [rule, database, migration, message, identity].map((text) => {
    if (typeof text !== 'string') throw new Error('not an entry')
    return text
  })
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = texts
  return { rule: first, database: second, migration: third, message: fourth, identity: fifth }
}

/** Each entry covers one finding. */
export function withoutBaselineFindings(
  findings: readonly Finding[],
  entries: readonly BaselineFinding[],
): { readonly fresh: readonly Finding[]; readonly known: readonly Finding[] } {
  const open = new Map<string, BaselineFinding[]>()
  for (const one of entries) open.set(one.identity, [...(open.get(one.identity) ?? []), one])
  const fresh: Finding[] = []
  const known: Finding[] = []
  for (const finding of findings) {
    const entry = open.get(findingIdentity(finding))?.pop()
    if (entry === undefined) fresh.push(finding)
    else known.push({ ...finding, debt: 'listed' })
  }
  return { fresh, known }
}
