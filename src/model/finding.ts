// The result of a check: its fields, its order, and its identity between runs.
import type { Place } from './source.js'
import { hash } from 'node:crypto'

export const LEVELS = ['error', 'warning', 'note'] as const
export type Level = (typeof LEVELS)[number]

/** The one of two levels that weighs less. */
export const lowerLevel = (one: Level, other: Level): Level =>
  LEVELS.indexOf(one) > LEVELS.indexOf(other) ? one : other

/**
 * `message` is the fault, in one line; `why` is its effect on the user when it matters; `fix` is the smallest change that
 * fixes it, as text to copy where possible.
 */
export type Finding = {
  readonly rule: string
  readonly level: Level
  readonly database: string
  readonly migration: string | undefined
  readonly place: Place | undefined
  readonly message: string
  /** An effect on a database in use in a few words, for the line of its migration. */
  readonly brief?: string
  readonly why: string
  readonly fix: string
  /** The migration whose failure certainly causes this finding: it would have made the missing object. */
  readonly follows?: string
  /** Accepted until a day (YYYY-MM-DD), with a reason, at a place: counted apart, not part of the verdict. */
  readonly waived?: { readonly until: string; readonly reason: string; readonly place: Place | undefined }
  /** Known from the baseline file, or there before the change, as its base shows: counted apart, not part of the verdict. */
  readonly debt?: 'listed' | 'stood before'
  /** Further findings of the rule in the file, at later places: counted, not listed. */
  readonly more?: number
}

/** How many findings these are, with those that are only counted. */
export const numberOf = (findings: readonly Finding[]): number =>
  findings.reduce((sum, { more = 0 }) => sum + 1 + more, 0)

/** A file lists so many findings of one rule. */
const MOST_LISTED = 20

/**
 * The same findings, in order, where each file lists the first of each rule, and the last of these says how many more there
 * are.
 */
export function listFirst(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, { count: number; last: Finding }>()
  const listed = findings.filter((finding) => {
    const { rule, level, database, place, waived, debt } = finding
    const key = JSON.stringify([rule, level, database, place?.file, waived === undefined, debt])
    const known = place === undefined ? undefined : seen.get(key)
    if (known === undefined) {
      seen.set(key, { count: 1, last: finding })
      return true
    }
    known.count += 1
    if (known.count > MOST_LISTED) return false
    known.last = finding
    return true
  })
  const more = new Map([...seen.values()].map(({ count, last }) => [last, count - MOST_LISTED]))
  return listed.map((finding) => {
    const unlisted = more.get(finding) ?? 0
    return unlisted > 0 ? { ...finding, more: unlisted } : finding
  })
}

/** Errors first, then in the order of database, file, line and rule. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
    compareText(a.database, b.database) ||
    compareText(a.place?.file ?? '', b.place?.file ?? '') ||
    (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
    compareText(a.rule, b.rule)
  )
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Shows whether two runs report the same problem: a short text that stays the same while lines move and files are
 * formatted: from the rule, the database, the migration and the message without numbers and quotes. Equal findings at
 * several places of a migration share it.
 */
export function findingIdentity({ rule, database, migration, place, message }: Finding): string {
  const normalized = message.replaceAll(/\d[\d,.]*/g, '0').replaceAll(/\s+/g, ' ')
  const where = migration ?? place?.file ?? ''
  return hash('sha256', JSON.stringify([rule, database, where, normalized])).slice(0, 16)
}

/**
 * A fault seen while a folder is read. The rule of that id turns it into a finding. `twin`: the file of the migration
 * that has the same version. `half`: the file of the other direction, which has the same fault. `renaming`: names for the
 * file, in place of the words in `fix`.
 */
export type Problem = Omit<Finding, 'database' | 'level'> & {
  readonly twin?: string
  readonly half?: string
  readonly renaming?: Renaming
}

/**
 * Names under which a tool runs a file that it leaves out. `rest` follows a new version. `kept` has the version of the
 * file, where no migration of the folder has that; `runs`: the tool runs the file with that version already.
 */
export type Renaming = {
  readonly rest: string
  readonly kept?: { readonly name: string; readonly version: string; readonly runs?: true }
}
