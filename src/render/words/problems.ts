// Findings and what the proofs saw, put together by migration: the one list that every surface walks through.
import { few } from './format.js'
import { LEVELS, type Finding, type Level } from '../../model/finding.js'
import type { Difference } from '../../catalog/difference.js'
import type { Place } from '../../model/source.js'
import type { ChainReport, Proof, Report, ScriptFailure } from '../../report/check-report.js'

/** What the proof saw: `against` says with what the state was compared. */
export type Evidence =
  | { readonly kind: 'differences'; readonly against: string; readonly differences: readonly Difference[] }
  | { readonly kind: 'failure'; readonly failure: ScriptFailure }

/** One finding; `also` are the other places where the same is true in the same migration. */
export type Entry = {
  readonly finding: Finding
  readonly also: readonly Place[]
  readonly evidence: readonly Evidence[]
}

/** All about one migration, or about a database as a whole (`migration` undefined). `level` is the worst of its entries. */
export type Group = {
  readonly database: string
  readonly migration: string | undefined
  readonly level: Level
  readonly entries: readonly Entry[]
}

/** What cannot be taken back on purpose has a list of its own on every surface. */
const TOLD_APART = 'irreversible'

/**
 * Groups with errors first, then warnings, then notes; within a level in the order of the report, a database as a whole after
 * its migrations.
 */
export function groupProblems(report: Report): readonly Group[] {
  const byKey = new Map<string, Finding[]>()
  for (const finding of foldFollowing(report.findings)) {
    if (finding.rule === TOLD_APART && finding.level === 'note') continue
    const key = JSON.stringify([finding.database, finding.migration])
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, [finding])
    else known.push(finding)
  }
  const order = new Map(
    report.databases
      .flatMap((database) => [
        ...database.migrations.map((migration) => JSON.stringify([database.name, migration.id])),
        JSON.stringify([database.name, undefined]),
      ])
      .map((key, index) => [key, index]),
  )
  return [...byKey]
    .map(([key, findings]) => ({ group: groupOf(findings, report), place: order.get(key) ?? Infinity }))
    .sort((a, b) => severity(a.group) - severity(b.group) || compareNumbers(a.place, b.place))
    .map(({ group }) => group)
}

/**
 * A failure that is certain to come of another one that is told as well is a sentence there: mending the first is what to
 * do about all of them.
 */
function foldFollowing(findings: readonly Finding[]): readonly Finding[] {
  const isRoot = (one: Finding, { database, rule, level, follows }: Finding): boolean =>
    one.migration === follows && one.database === database && one.rule === rule && one.level === level
  const behind = new Map<Finding, string[]>()
  const shown = findings.filter((finding) => {
    const root = finding.follows === undefined ? undefined : findings.find((one) => isRoot(one, finding))
    if (root !== undefined) behind.set(root, [...(behind.get(root) ?? []), finding.migration ?? ''])
    return root === undefined
  })
  return shown.map((finding) => {
    const ids = behind.get(finding)
    if (ids === undefined) return finding
    const verb = ids.length === 1 ? 'fails' : 'fail'
    return { ...finding, why: `${finding.why} ${ids.length} more ${verb} behind it: ${few(ids, 5)}.` }
  })
}

const severity = (group: Group): number => LEVELS.indexOf(group.level)
const compareNumbers = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

function groupOf(findings: readonly Finding[], report: Report): Group {
  const [first] = findings
  const database = report.databases.find((d) => d.name === first?.database)
  const proof = database?.migrations.find((one) => one.id === first?.migration)?.proof
  const level = LEVELS.find((one) => findings.some((finding) => finding.level === one)) ?? 'note'
  return {
    database: first?.database ?? '',
    migration: first?.migration,
    level,
    entries: attach(merge(findings), { proof, chain: database?.chain }),
  }
}

/** Findings that say the same of several places become one entry. */
function merge(findings: readonly Finding[]): readonly Entry[] {
  const entries = new Map<string, { readonly finding: Finding; readonly also: Place[]; readonly evidence: [] }>()
  const sorted = [...findings].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  for (const finding of sorted) {
    const { rule, level, message, why, fix, place } = finding
    const key = JSON.stringify([rule, level, message, why, fix, place === undefined])
    const known = entries.get(key)
    if (known === undefined) entries.set(key, { finding, also: [], evidence: [] })
    else if (place !== undefined) known.also.push(place)
  }
  return [...entries.values()]
}

type Of = 'migration' | 'chain' | 'either'

/** Which comparison a rule speaks of; a rule that speaks of none is about a failure. */
const SPEAKS: Readonly<Record<string, { readonly of: Of; readonly against: 'down' | 'again' | 'both' | undefined }>> = {
  'up-fails': { of: 'migration', against: undefined },
  'down-fails': { of: 'migration', against: undefined },
  'again-fails': { of: 'migration', against: undefined },
  'down-restores-schema': { of: 'migration', against: 'down' },
  'down-empty': { of: 'migration', against: 'down' },
  'again-differs': { of: 'migration', against: 'again' },
  'seed-idempotent': { of: 'migration', against: 'again' },
  'column-order': { of: 'migration', against: 'both' },
  'chain-down': { of: 'chain', against: 'down' },
  'chain-again': { of: 'chain', against: 'again' },
  environment: { of: 'either', against: undefined },
}

/** Rules whose findings stand with what the proof saw; others say all they know themselves. */
export const RULES_WITH_EVIDENCE = Object.keys(SPEAKS)

function evidenceFor({ rule }: Finding, { proof, chain }: Seen): readonly Evidence[] {
  const speaks = SPEAKS[rule]
  const chosen = { migration: proof, chain, either: proof?.failure === undefined ? chain : proof }
  const seen = speaks && chosen[speaks.of]
  if (speaks === undefined || seen === undefined) return []
  const { failure, differences, againDifferences } = seen
  const [before, after] = seen === chain ? ['the first up', 'all ups the first time'] : ['the up', 'the first up']
  const compared = (against: string, found: readonly Difference[]): readonly Evidence[] =>
    found.length === 0 ? [] : [{ kind: 'differences', against, differences: found }]
  return [
    ...(failure === undefined || !speaksOf(rule, failure) ? [] : [{ kind: 'failure', failure } as const]),
    ...(speaks.against === 'down' || speaks.against === 'both' ? compared(`before ${before}`, differences) : []),
    ...(speaks.against === 'again' || speaks.against === 'both' ? compared(`after ${after}`, againDifferences) : []),
  ]
}

/** A down that does not restore says itself how the second up then fails; `environment` has nothing to say of other failures. */
const speaksOf = (rule: string, failure: ScriptFailure): boolean =>
  rule === 'environment'
    ? failure.environment !== undefined
    : SPEAKS[rule]?.against === undefined || SPEAKS[rule].of === 'chain'

type Seen = { readonly proof: Proof | undefined; readonly chain: ChainReport | undefined }

/** Each piece of evidence stands with one finding, the first that speaks of it. */
function attach(entries: readonly Entry[], seen: Seen): readonly Entry[] {
  const told = new Set<unknown>()
  return entries.map((entry) => {
    const evidence = evidenceFor(entry.finding, seen).filter((one) => !told.has(bodyOf(one)))
    for (const one of evidence) told.add(bodyOf(one))
    return { ...entry, evidence }
  })
}

const bodyOf = (evidence: Evidence): unknown => (evidence.kind === 'failure' ? evidence.failure : evidence.differences)

/**
 * The message without what stands in the evidence below it: the server's words, or the first differences. The whole
 * message where there is no evidence.
 */
export function headline({ finding, evidence }: Entry): string {
  const { message } = finding
  const ends = evidence.map((one) =>
    one.kind === 'failure'
      ? message.indexOf(`: ${one.failure.message.replaceAll(/\s+/g, ' ')}`)
      : message.search(/: (?:left behind|lost|changed) /),
  )
  const end = Math.min(...ends.filter((at) => at > 0), message.length)
  return message.slice(0, end)
}
