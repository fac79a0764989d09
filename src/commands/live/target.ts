// One database of a run on its way through the stages: each stage adds what it learned, and hands the rest on.
import type { Expectation } from '../../catalog/expected.js'
import type { View } from '../../catalog/portable.js'
import { UserError } from '../../model/errors.js'
import type { Target } from '../../ports/target.js'
import type { ApprovalDatabase } from '../../release/approval-digest.js'
import type { Refused } from '../../release/gate.js'
import type { Ahead } from '../../release/preview.js'
import type { Stopped } from '../../report/run-report.js'
import type { Rows } from '../../state/history.js'
import type { JournalRow } from '../../state/journal.js'
import type { Plan } from '../../state/plan.js'
import type { MigrationStatus } from '../../state/status.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { FoundHistory } from './history.js'

/**
 * Connected, and its history found. `about` are the words that name this database on the command line. `production`: the
 * environment says so, or somebody once deployed here as production. `milliseconds` went into its stages so far.
 */
export type ConnectedTarget = {
  readonly read: ReadDatabase
  readonly about: string
  readonly target: Target
  readonly found: FoundHistory
  readonly environment: string
  readonly production: boolean
  readonly milliseconds: number
  readonly stopped?: undefined
}

/** The status, and what it was made of: the rows of the tool's table and those of the journal. */
export type TargetStatus = MigrationStatus & {
  readonly rows: Rows
  readonly journal: readonly JournalRow[]
}

export type TargetWithStatus = ConnectedTarget & { readonly status: TargetStatus }

export type PlannedTarget = TargetWithStatus & { readonly plan: Plan }

/**
 * `approval` is this target's part of what is approved. `expectation` is undefined where no scratch server could say what has to
 * come out; `view` is how live and scratch are compared. `untried` says why not all steps ran on a scratch server, where it is
 * no fault of theirs.
 */
export type TargetPreview = {
  readonly ahead: Ahead
  readonly approval: ApprovalDatabase
  readonly expectation: Expectation | undefined
  readonly view: View
  readonly refused: readonly Refused[]
  readonly untried: string | undefined
}

export type PreviewedTarget = PlannedTarget & { readonly preview: TargetPreview }

/** One that goes no further, with what was learned before. Later stages hand it on as it is. */
export type StoppedTarget = Partial<Omit<PreviewedTarget, 'read' | 'stopped'>> & {
  readonly read: ReadDatabase
  readonly stopped: Stopped
}

/** What a stage is handed: targets that came as far, and stopped ones. */
export type Staged<T> = T | StoppedTarget

/** An error that belongs to one target, on one line each. Wrong use and bugs of ours belong to none, and are thrown on. */
export function stoppedBy(error: unknown): Stopped {
  if (!(error instanceof UserError) || error.kind === 'use') throw error
  const kind = error.kind === 'cancelled' ? 'not started' : 'environment'
  return { kind, what: error.message.replaceAll(/\s*\n\s*/g, ' '), fix: error.fix }
}
