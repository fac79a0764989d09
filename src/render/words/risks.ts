// What decides about each migration of a change, in one line: safe, or what it does to a database in use. The same everywhere.
import { LEVELS, type Finding, type Level } from '../../model/finding.js'
import type { DatabaseReport, MigrationReport, Report } from '../../report/check-report.js'
import { isBad, stateOf } from './check.js'
import { unmatchedWrites } from '../../impact/unmatched-writes.js'
import { counted } from './format.js'
import { firstFew } from '../../model/list-words.js'

/** `word` is what happens; `about` says to what, and may be empty. */
export type Risk = { readonly word: string; readonly about: string }

/** `level`: the worst of its findings; undefined where there is none above a note. `risks` has at least one, the worst first. */
export type MigrationRisks = {
  readonly database: DatabaseReport
  readonly migration: MigrationReport
  readonly level: Exclude<Level, 'note'> | undefined
  readonly risks: readonly Risk[]
}

/** What the findings of these rules mean for a deploy, the worst first. */
const WORDS: Readonly<Record<string, string>> = {
  'fails-on-rows': 'fails on rows',
  'breaks-clients': 'breaks the running version',
  'loses-rows': 'loses',
  'table-rewrite': 'waits',
  'blocking-index-build': 'waits',
  'blocking-scan': 'waits',
  'lock-held': 'waits',
  'mass-change': 'waits',
  'opens-access': 'opens access',
  'left-invalid': 'leaves unfinished',
  'down-fails-on-rows': 'down fails on rows',
}

const ORDER = Object.keys(WORDS)

/**
 * The migrations that the change adds or edits, the worst first; without a base to compare with, those that were watched and have a
 * risk. Empty where no migration was watched: then nothing is known of a database in use.
 */
export function risksOf(report: Report): readonly MigrationRisks[] {
  const changed = report.databases.flatMap((database) =>
    database.migrations
      .filter((migration) => isChanged(migration) || (report.change === undefined && migration.impact !== undefined))
      .map((migration) => risksOfMigration(report, database, migration))
      .filter(({ migration, level }) => isChanged(migration) || level !== undefined),
  )
  return changed.some(({ migration }) => migration.impact !== undefined)
    ? changed.toSorted((a, b) => rank(a.level) - rank(b.level))
    : []
}

/** Comments alone do nothing to a database. */
const isChanged = ({ touched }: MigrationReport): boolean => touched !== undefined && touched !== 'rewritten'

const rank = (level: Level | undefined): number => LEVELS.indexOf(level ?? 'note')

function risksOfMigration(report: Report, database: DatabaseReport, migration: MigrationReport): MigrationRisks {
  const state = stateOf(migration)
  const own = report.findings.filter(
    (finding) => finding.database === database.name && finding.migration === migration.id,
  )
  const above = own.filter(({ level }) => level !== 'note')
  const inUse = above
    .filter(({ rule }) => rule in WORDS)
    .toSorted((a, b) => ORDER.indexOf(a.rule) - ORDER.indexOf(b.rule))
  const risks = [...(isBad(state) ? [{ word: state, about: '' }] : []), ...inUse.map(riskOf)]
  const others = above.length - inUse.length - (isBad(state) ? 1 : 0)
  const level = LEVELS.find((one) => above.some((finding) => finding.level === one))
  return {
    database,
    migration,
    level: level === 'note' ? undefined : level,
    risks: risks.length > 0 || above.length > 0 ? withOthers(risks, others) : [withoutRisk(migration, own.length)],
  }
}

const riskOf = ({ rule, brief = '' }: Finding): Risk => ({ word: WORDS[rule] ?? '', about: brief })

const withOthers = (risks: readonly Risk[], others: number): readonly Risk[] =>
  others <= 0
    ? risks
    : [...risks, { word: counted(others, risks.length === 0 ? 'problem' : 'other problem'), about: '' }]

/** Safe is only what was proved and watched to its end. */
function withoutRisk(migration: MigrationReport, notes: number): Risk {
  const state = stateOf(migration)
  const { up } = migration.impact ?? {}
  const about = notes === 0 ? '' : counted(notes, 'note')
  if (state !== 'proved' && state !== 'irreversible on purpose') return { word: state, about }
  if (up === undefined) return { word: `${state}, not watched`, about }
  const unmatched = unmatchedWrites(up)
  if (unmatched.length > 0)
    return {
      word: `${state}, not all of it judged`,
      about: `no made-up row of ${firstFew(unmatched)} is one that it changes`,
    }
  return up.notJudged.length === 0 ? { word: 'safe', about } : { word: `${state}, not all of it judged`, about }
}
