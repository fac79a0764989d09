// Groups findings by migration and adds the proof's evidence to each: the list that every output format shows.
import { isCauseOf, isListedApart } from './check.js'
import { counted, firstFew, placeText } from './format.js'
import { LEVELS, type Finding, type Level } from '../../model/finding.js'
import type { Difference } from '../../catalog/difference.js'
import type { Place } from '../../model/source.js'
import type { ChainReport, OnlineWay, Proof, Report, ScriptFailure } from '../../report/check-report.js'
import { wayText } from '../../report/online-way.js'

/** Evidence from the proof. `against` completes "compared with". */
export type Evidence =
  | { readonly kind: 'differences'; readonly against: string; readonly differences: readonly Difference[] }
  | { readonly kind: 'failure'; readonly failure: ScriptFailure }

/** One finding. `also`: further places in the same migration with the same finding. */
export type Entry = {
  readonly finding: Finding
  readonly also: readonly Place[]
  /** How many further findings of the rule the file has, which the report only counts. */
  readonly more: number
  readonly evidence: readonly Evidence[]
  /** The proved way whose files are its fix. */
  readonly way?: OnlineWay
}

/** The findings of one migration, or of a database as a whole (`migration` undefined). `level` is the worst of them. */
export type Group = {
  readonly database: string
  readonly migration: string | undefined
  readonly level: Level
  readonly entries: readonly Entry[]
}

/**
 * Groups with errors first, then warnings, then notes. Within a level what the change did comes first, then the order of
 * the report; a database as a whole comes after its migrations.
 */
export function groupProblems(report: Report): readonly Group[] {
  const byKey = new Map<string, Finding[]>()
  for (const finding of foldFollowing(report.findings)) {
    if (isListedApart(finding.rule, finding.level)) continue
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
    .map(([key, findings]) => ({
      group: groupOf(findings, report),
      own: isOwn(findings, report) ? 0 : 1,
      place: order.get(key) ?? Infinity,
    }))
    .sort((a, b) => severity(a.group) - severity(b.group) || a.own - b.own || compareNumbers(a.place, b.place))
    .map(({ group }) => group)
}

/** Findings of these rules are about the change itself, also where it leaves no migration behind. */
const ABOUT_CHANGES = /^(?:merged|version|pull)-/

/** Whether the change touches the migration. Otherwise it broke it from elsewhere. */
function isOwn(findings: readonly Finding[], { databases, change }: Report): boolean {
  const [first] = findings
  if (change === undefined || findings.some(({ rule }) => ABOUT_CHANGES.test(rule))) return true
  const database = databases.find(({ name }) => name === first?.database)
  return database?.migrations.some(({ id, touched }) => id === first?.migration && touched !== undefined) === true
}

/** Folds each failure that follows from a shown one into that one: fixing the first fixes all. */
function foldFollowing(findings: readonly Finding[]): readonly Finding[] {
  const followers = new Map<Finding, string[]>()
  const shown = findings.filter((finding) => {
    const root = finding.follows === undefined ? undefined : findings.find((one) => isCauseOf(one, finding))
    if (root !== undefined) followers.set(root, [...(followers.get(root) ?? []), finding.migration ?? ''])
    return root === undefined
  })
  return shown.map((finding) => {
    const ids = followers.get(finding)
    if (ids === undefined) return finding
    const verb = ids.length === 1 ? 'fails' : 'fail'
    return { ...finding, why: `${finding.why} ${ids.length} more ${verb} because of it: ${firstFew(ids, 5)}.` }
  })
}

const severity = (group: Group): number => LEVELS.indexOf(group.level)
const compareNumbers = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

function groupOf(findings: readonly Finding[], report: Report): Group {
  const [first] = findings
  const database = report.databases.find((d) => d.name === first?.database)
  const { proof, online } = database?.migrations.find((one) => one.id === first?.migration) ?? {}
  const fix = online && wayText(online)
  const level = LEVELS.find((one) => findings.some((finding) => finding.level === one)) ?? 'note'
  return {
    database: first?.database ?? '',
    migration: first?.migration,
    level,
    entries: attachEvidence(mergePlaces(findings), { proof, chain: database?.chain }).map((entry) =>
      online !== undefined && entry.finding.fix === fix ? { ...entry, way: online } : entry,
    ),
  }
}

/** Merges findings that differ only in their place into one entry. */
function mergePlaces(findings: readonly Finding[]): readonly Entry[] {
  const entries = new Map<
    string,
    { readonly finding: Finding; readonly also: Place[]; more: number; readonly evidence: [] }
  >()
  const sorted = [...findings].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  for (const finding of sorted) {
    const { rule, level, message, why, fix, place, more = 0 } = finding
    const key = JSON.stringify([rule, level, message, why, fix, place === undefined])
    const known = entries.get(key)
    if (known === undefined) entries.set(key, { finding, also: [], more, evidence: [] })
    else {
      known.more += more
      if (place !== undefined) known.also.push(place)
    }
  }
  return [...entries.values()]
}

/** Where else the problem is, in words; empty where it is nowhere else. `most`: how many places are named. */
export function otherPlaces(
  { also, more }: Pick<Entry, 'also' | 'more'>,
  { most, write }: { readonly most: number; readonly write: (place: Place) => string },
): string {
  if (also.length > 0) return `also ${firstFew(also.map(write), most, more)}`
  return more === 0 ? '' : `and ${counted(more, 'more finding')} of this rule in this file`
}

type EvidenceSource = 'migration' | 'chain' | 'either'

/** The evidence that belongs to each rule. `against` undefined: the rule is about a failure, not a comparison. */
const RULE_EVIDENCE: Readonly<
  Record<string, { readonly of: EvidenceSource; readonly against: 'down' | 'again' | 'both' | undefined }>
> = {
  'up-fails': { of: 'migration', against: undefined },
  'down-fails': { of: 'migration', against: undefined },
  'again-fails': { of: 'migration', against: undefined },
  'down-restores-schema': { of: 'migration', against: 'down' },
  'down-empty': { of: 'migration', against: 'down' },
  'again-differs': { of: 'migration', against: 'again' },
  'seed-idempotent': { of: 'migration', against: 'again' },
  'column-order': { of: 'migration', against: 'both' },
  'function-layout': { of: 'migration', against: 'both' },
  'chain-down': { of: 'chain', against: 'down' },
  'chain-again': { of: 'chain', against: 'again' },
  environment: { of: 'either', against: undefined },
}

/** Rules whose findings are shown with evidence from the proof. The messages of all other rules are complete. */
export const RULES_WITH_EVIDENCE = Object.keys(RULE_EVIDENCE)

function evidenceFor({ rule }: Finding, { proof, chain }: ProofResults): readonly Evidence[] {
  const wanted = RULE_EVIDENCE[rule]
  const sources = { migration: proof, chain, either: proof?.failure === undefined ? chain : proof }
  const source = wanted && sources[wanted.of]
  if (wanted === undefined || source === undefined) return []
  const { failure, differences, againDifferences } = source
  const before = source === chain ? 'the first up' : 'the up'
  const after = source === chain ? 'all ups ran the first time' : 'the first up'
  const compared = (against: string, found: readonly Difference[]): readonly Evidence[] =>
    found.length === 0 ? [] : [{ kind: 'differences', against, differences: found }]
  return [
    ...(failure === undefined || !showsFailure(rule, failure) ? [] : [{ kind: 'failure', failure } as const]),
    ...(wanted.against === 'down' || wanted.against === 'both'
      ? compared(`the state before ${before}`, differences)
      : []),
    ...(wanted.against === 'again' || wanted.against === 'both'
      ? compared(`the state after ${after}`, againDifferences)
      : []),
  ]
}

/** Rules about differences already describe the failure that follows. `environment` shows only its own failures. */
const showsFailure = (rule: string, failure: ScriptFailure): boolean =>
  rule === 'environment'
    ? failure.environment !== undefined
    : RULE_EVIDENCE[rule]?.against === undefined || RULE_EVIDENCE[rule].of === 'chain'

type ProofResults = { readonly proof: Proof | undefined; readonly chain: ChainReport | undefined }

/** Each piece of evidence is shown once, with the first finding that it belongs to. */
function attachEvidence(entries: readonly Entry[], results: ProofResults): readonly Entry[] {
  const shown = new Set<unknown>()
  return entries.map((entry) => {
    const evidence = evidenceFor(entry.finding, results).filter((one) => !shown.has(bodyOf(one)))
    for (const one of evidence) shown.add(bodyOf(one))
    return { ...entry, evidence }
  })
}

const bodyOf = (evidence: Evidence): unknown => (evidence.kind === 'failure' ? evidence.failure : evidence.differences)

/**
 * The message without the part that the evidence below repeats: the server's message, or the first differences. The whole
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

/** A failed script for a block of plain text: the server's message, its details, and the failed line. One string a line. */
export const failureText = ({
  direction,
  message,
  sqlstate,
  detail,
  hint,
  environment,
  place,
  line,
}: ScriptFailure): readonly string[] => [
  `${direction} failed: ${message}${sqlstate === '' ? '' : ` (SQLSTATE ${sqlstate})`}`,
  ...(detail === undefined ? [] : [`detail: ${detail}`]),
  ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ...(environment === undefined ? [] : [`cause outside the migration: ${environment}`]),
  ...(place === undefined || line === undefined ? [] : [`${placeText(place)}: ${line.trim()}`]),
]
