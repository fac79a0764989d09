// Applies the waivers of a database to its findings, and reports waivers that are expired, stale or unreadable.
import type { Rule, RuleInput, WaiverState } from '../../rules/rule.js'
import { CHANGE_RULES, RULES, FILE_RULES, WAIVER_RULES } from '../../rules/index.js'
import { runSelected } from '../../rules/run.js'
import { didYouMean } from '../../model/did-you-mean.js'
import type { Config } from '../../model/config.js'
import type { Finding } from '../../model/finding.js'
import type { DatabaseReport } from '../../report/check-report.js'
import { covers, isExpired, waiverLines, type PlacedWaiver } from '../../model/waiver.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { SortedFindings } from './known-findings.js'

/**
 * Waivers come from the files of this database and from the config. `compared`: there was a change to compare with. A
 * waiver is stale only where this run checked for the finding that it accepts.
 */
export function applyWaivers(options: {
  readonly sorted: SortedFindings
  readonly read: ReadDatabase
  readonly report: DatabaseReport
  readonly config: Pick<Config, 'checks' | 'waivers'>
  readonly compared: boolean
  readonly now: number
}): SortedFindings {
  const { sorted, read, report, config, now, compared } = options
  const filesById = new Map(report.migrations.map(({ id, files }) => [id, files]))
  const filesOf = ({ migration }: Finding): readonly string[] => filesById.get(migration ?? '') ?? []
  const migrationOf = (file: string): string | undefined =>
    report.migrations.find(({ files }) => files.includes(file))?.id
  const own = [...read.schema.files, ...(read.seeds?.files ?? [])].flatMap(waiverLines)
  const unreadable: WaiverState[] = []
  const waivers: PlacedWaiver[] = config.waivers.filter(
    ({ database }) => database === undefined || database === read.config.name,
  )
  for (const { place, said: waiver } of own) {
    const wrong = 'wrong' in waiver ? waiver.wrong : unknownRule(waiver.rule)
    if (wrong !== undefined || 'wrong' in waiver) {
      unreadable.push({ ...NO_WAIVER, state: 'unreadable', place, wrong, migration: migrationOf(place.file) })
    } else waivers.push({ ...waiver, place, file: place.file })
  }
  const holding = waivers.filter((waiver) => !isExpired(waiver, now))
  const used = new Set<PlacedWaiver>()
  const findings = []
  const waived = []
  for (const finding of sorted.findings) {
    const waiver = holding.find((one) => covers(one, finding, filesOf))
    if (waiver === undefined) findings.push(finding)
    else {
      used.add(waiver)
      waived.push({ ...finding, waived: { until: waiver.until, reason: waiver.reason, place: waiver.place } })
    }
  }
  const covered = (waiver: PlacedWaiver): boolean =>
    used.has(waiver) || sorted.setAside.some((finding) => covers(waiver, finding, filesOf))
  const stateOf = (waiver: PlacedWaiver): WaiverState | undefined => {
    const state = isExpired(waiver, now)
      ? 'expired'
      : wasCheckedFor(waiver, report, compared) && !covered(waiver)
        ? 'stale'
        : undefined
    if (state === undefined) return undefined
    const { rule, until, reason, place, file } = waiver
    return { state, rule, until, reason, place, wrong: undefined, migration: file && migrationOf(file) }
  }
  const states = [...unreadable, ...waivers.flatMap((waiver) => stateOf(waiver) ?? [])]
  const input: RuleInput = {
    database: read.config.name,
    folder: read.config.folder,
    now,
    tool: read.schema.layout,
    naming: undefined,
    maxFileBytes: 0,
    report,
    effects: new Map(),
    files: [],
    migrations: [],
    problems: [],
    waivers: states,
  }
  const about = runSelected(WAIVER_RULES, { input, levels: config.checks })
  return { findings: [...findings, ...about], setAside: [...sorted.setAside, ...waived] }
}

const idsOf = (rules: readonly Rule[]): ReadonlySet<string> => new Set(rules.map(({ id }) => id))
const SEEN_IN_FILES = idsOf(FILE_RULES)
const SEEN_IN_CHANGES = idsOf(CHANGE_RULES)

function wasCheckedFor({ rule, file }: PlacedWaiver, report: DatabaseReport, compared: boolean): boolean {
  if (SEEN_IN_CHANGES.has(rule)) return compared && report.untouched !== true
  if (SEEN_IN_FILES.has(rule)) return true
  const about = report.migrations.filter(({ files }) => file === undefined || files.includes(file))
  return about.length > 0 && about.every(({ proof }) => proof !== undefined)
}

const NO_WAIVER = { rule: '', until: '', reason: '' }

function unknownRule(rule: string): string | undefined {
  const known = RULES.map(({ id }) => id)
  return known.includes(rule) ? undefined : `there is no rule "${rule}"${didYouMean(rule, known)}`
}
