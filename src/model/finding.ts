// What a check says.
import type { Place } from './source.js'
import { hash } from 'node:crypto'

export const LEVELS = ['error', 'warning', 'note'] as const
export type Level = (typeof LEVELS)[number]

/**
 * `message` is what is wrong, in one line; `why` what somebody would feel on the night it matters; `fix` the smallest
 * thing that mends it, as text that can be pasted where possible.
 */
export type Finding = {
  readonly rule: string
  readonly level: Level
  readonly database: string
  readonly migration: string | undefined
  readonly place: Place | undefined
  readonly message: string
  readonly why: string
  readonly fix: string
  /** The migration whose failure is certain to be the cause of this one: it would have made what is missing. */
  readonly follows?: string
  /** Accepted by somebody until a day (YYYY-MM-DD), with a reason, at a place: counted apart, no part of the verdict. */
  readonly waived?: { readonly until: string; readonly reason: string; readonly place: Place | undefined }
  /** Known from the debt file, or in a file that the change does not touch: counted apart, no part of the verdict. */
  readonly debt?: 'listed' | 'stood before'
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

// Whether two runs speak of the same problem.
/**
 * A short text that stays the same while lines move and files are formatted: of the rule, the database, the migration and
 * what is said without numbers and quotes. Where one is said of several places in a migration, they share it.
 */
export function findingIdentity({ rule, database, migration, place, message }: Finding): string {
  const said = message.replaceAll(/\d[\d,.]*/g, '0').replaceAll(/\s+/g, ' ')
  const where = migration ?? place?.file ?? ''
  return hash('sha256', JSON.stringify([rule, database, where, said])).slice(0, 16)
}

// Something wrong that was seen while a folder was read. A check of the same name turns it into a finding.
export type Problem = Omit<Finding, 'database' | 'level'>
