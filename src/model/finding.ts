// The result of a check: its fields, its order, and its identity between runs.
import type { Place } from './source.js'
import { hash } from 'node:crypto'

export const LEVELS = ['error', 'warning', 'note'] as const
export type Level = (typeof LEVELS)[number]

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
  readonly why: string
  readonly fix: string
  /** The migration whose failure certainly causes this finding: it would have made the missing object. */
  readonly follows?: string
  /** Accepted until a day (YYYY-MM-DD), with a reason, at a place: counted apart, not part of the verdict. */
  readonly waived?: { readonly until: string; readonly reason: string; readonly place: Place | undefined }
  /** Known from the baseline file, or there before the change, as its base shows: counted apart, not part of the verdict. */
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

/** A fault seen while a folder is read. The rule of that id turns it into a finding. */
export type Problem = Omit<Finding, 'database' | 'level'>
