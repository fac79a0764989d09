// Separates the findings of a change from those that were there before it.
import { isEffective, type Edited } from '../../model/change.js'
import type { Finding } from '../../model/finding.js'
import { filesOf, type Script } from '../../model/migration.js'
import type { Place } from '../../model/source.js'
import type { DatabaseReport, MigrationReport } from '../../report/check-report.js'
import { CHANGE_RULES, IMPACT_RULES, PROOF_RULES, WAIVER_RULES } from '../../rules/index.js'
import type { ChangedMigrations } from './changed-migrations.js'

/** `findings` count for the verdict; `setAside` do not. */
export type SortedFindings = { readonly findings: readonly Finding[]; readonly setAside: readonly Finding[] }

const idsOf = (rules: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(rules.map(({ id }) => id))
const ABOUT_CHANGES = idsOf(CHANGE_RULES)
const ABOUT_PROOFS = idsOf(PROOF_RULES)
const ABOUT_IMPACT = idsOf(IMPACT_RULES)
const ABOUT_WAIVERS = idsOf(WAIVER_RULES)
const ABOUT_CHAINS = new Set(['chain-down', 'chain-again', 'up-to-date'])
/** A file that keeps its name was named before the change. */
const ABOUT_NAMES = new Set(['file-name', 'file-name-words', 'never-runs'])

/**
 * `report` says which steps were wrong before. `proves`: whether the run proves what the change reaches. `base`: the
 * findings at the base; undefined where it cannot be read.
 */
export type Compared = {
  readonly change: ChangedMigrations
  readonly report: DatabaseReport
  readonly proves: boolean
  readonly base: readonly Finding[] | undefined
}

/**
 * Findings of proofs are older where the proof of the base shows the same. Findings in files are older where the base has
 * them as well, and the change does not touch the lines that they are about.
 */
export function separateOlder(findings: readonly Finding[], compared: Compared): SortedFindings {
  const inBase = countsOf(compared.base ?? [])
  const shown = findings.filter((finding) => !isUnproved(finding, compared))
  const older = new Set(shown.filter((finding) => isOlder(finding, compared, inBase)))
  return {
    findings: shown.filter((finding) => !older.has(finding)).map((finding, _, own) => withRole(finding, own, compared)),
    setAside: shown.filter((finding) => older.has(finding)).map((finding) => ({ ...finding, debt: 'stood before' })),
  }
}

/** Says it where a step fails that the change does not touch, and the change fails because of it. */
function withRole(finding: Finding, own: readonly Finding[], { report }: Compared): Finding {
  const { database, migration } = finding
  const isRoot =
    ABOUT_PROOFS.has(finding.rule) &&
    own.some((one) => one.follows === migration && one.database === database) &&
    report.migrations.some(({ id, touched }) => id === migration && touched === undefined)
  return isRoot ? { ...finding, why: `The change does not touch it, and builds on it. ${finding.why}` } : finding
}

/** Whether the files of the base can say anything about it. */
export const isAboutFiles = ({ rule }: Finding): boolean =>
  !ABOUT_CHANGES.has(rule) && !ABOUT_PROOFS.has(rule) && !ABOUT_IMPACT.has(rule)

function isOlder(finding: Finding, compared: Compared, inBase: BaseCounts): boolean {
  const { rule, place } = finding
  if (ABOUT_CHANGES.has(rule)) return false
  if (ABOUT_PROOFS.has(rule)) {
    return isOlderProof(finding, compared.report) || (isOldNote(finding, compared.report) && inBase.take(finding))
  }
  if (ABOUT_IMPACT.has(rule)) return isOfMerged(finding, compared.report)
  const { change, base } = compared
  // A waiver can be in the config file.
  if (place === undefined || !change.files.has(place.file)) return inBase.take(finding)
  if (!change.changedFiles.has(place.file))
    return base === undefined || ABOUT_NAMES.has(rule) || ABOUT_WAIVERS.has(rule) || inBase.hasInFile(finding)
  return (ABOUT_NAMES.has(rule) || rule === 'duplicate-version' || !isTouched(place, change)) && inBase.take(finding)
}

/** Nothing is wrong with a step that only has a note: whether the base has it as well is known where the base was proved. */
const isOldNote = (finding: Finding, report: DatabaseReport): boolean =>
  finding.level === 'note' && isOfMerged(finding, report)

/** What a migration does that the change leaves alone was deployed, or decided on, before. */
const isOfMerged = ({ migration }: Finding, { migrations }: DatabaseReport): boolean =>
  migrations.some(({ id, touched }) => id === migration && touched === undefined)

/** A chain's failure belongs to no step where the environment is at fault. */
function isOlderProof({ rule, migration, place }: Finding, { migrations, chain }: DatabaseReport): boolean {
  const isIn = ({ files }: MigrationReport): boolean => place !== undefined && files.includes(place.file)
  const named = migrations.filter(({ id }) => id === migration)
  const own = named.find(isIn) ?? named[0]
  const isOfChain = ABOUT_CHAINS.has(rule) || (rule === 'environment' && own?.proof?.failure?.environment === undefined)
  return isOfChain ? chain?.before === true : own?.before === true
}

/** Whether the change touches what the place is about: the direction that holds it, or a whole new file. */
function isTouched(place: Place, { schema, seeds }: ChangedMigrations): boolean {
  const own = ({ now }: Pick<Edited, 'now'>): boolean => filesOf(now).includes(place.file)
  const edited = [...schema.edited, ...seeds.edited].find(own)
  if (edited === undefined) {
    const others = [...schema.renamed, ...seeds.renamed, ...[...schema.added, ...seeds.added].map((now) => ({ now }))]
    return others.some(own)
  }
  const { now, up, down } = edited
  if (now.refused !== undefined) return true
  if (holds(now.up, place)) return isEffective(up)
  if (holds(now.down, place)) return isEffective(down)
  return false
}

function holds(script: Script | undefined, { file, line }: Place): boolean {
  if (script?.file !== file) return false
  const written = script.messages.filter(({ lines }) => lines.length > 0)
  const [first] = written[0]?.lines ?? []
  const last = written.at(-1)?.lines.at(-1)
  return first === undefined || last === undefined || (line >= first && line <= last)
}

/** The findings of the base. `take`: each covers one with the same words. `hasInFile`: one of the rule in that file. */
type BaseCounts = {
  readonly take: (finding: Finding) => boolean
  readonly hasInFile: (finding: Finding) => boolean
}

function countsOf(base: readonly Finding[]): BaseCounts {
  const keyOf = ({ rule, migration, place, message }: Finding): string =>
    JSON.stringify([rule, migration ?? place?.file, message])
  const inFile = ({ rule, place }: Finding): string => JSON.stringify([rule, place?.file])
  const files = new Set(base.map(inFile))
  const open = new Map<string, number>()
  for (const finding of base) open.set(keyOf(finding), (open.get(keyOf(finding)) ?? 0) + 1)
  return {
    take: (finding) => {
      const count = open.get(keyOf(finding)) ?? 0
      open.set(keyOf(finding), count - 1)
      return count > 0
    },
    hasInFile: (finding) => files.has(inFile(finding)),
  }
}

/** Whether a down does too little only shows where it is tried, and this run tries no step that the change does not reach. */
const isUnproved = ({ rule, migration, place }: Finding, { report, change, proves }: Compared): boolean =>
  rule === 'down-empty' &&
  proves &&
  !change.changedFiles.has(place?.file ?? '') &&
  report.migrations.some(
    ({ id, proof, files }) => id === migration && proof === undefined && files.includes(place?.file ?? ''),
  )
