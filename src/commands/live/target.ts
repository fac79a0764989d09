// One database of a run on its way through the stages. Each stage adds its results.
import type { Expectation } from '../../catalog/expected.js'
import type { View } from '../../catalog/portable.js'
import type { Impact } from '../../impact/facts.js'
import { UserError } from '../../model/errors.js'
import type { Backed } from '../../ports/backup.js'
import type { Target } from '../../ports/target.js'
import type { ApprovalDatabase } from '../../release/approval-digest.js'
import type { Refused } from '../../release/gate.js'
import type { Preview } from '../../release/preview.js'
import type { Stopped } from '../../report/run-report.js'
import type { Rows } from '../../state/history.js'
import type { JournalRow } from '../../state/journal.js'
import type { Plan } from '../../state/plan.js'
import type { MigrationStatus } from '../../state/status.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { FoundHistory } from './history.js'
import type { Run } from './run.js'

/**
 * Connected, with its history. `about`: the options that name this database on the command line. `check`: the command that
 * shows every problem of its files. `production`: the
 * environment says so, or the database was once deployed to as production. `milliseconds`: the time of its stages so
 * far.
 */
export type ConnectedTarget = {
  readonly read: ReadDatabase
  readonly about: string
  readonly check: string
  readonly target: Target
  readonly found: FoundHistory
  readonly environment: string
  readonly production: boolean
  readonly milliseconds: number
  readonly stopped?: undefined
}

/** The status and its sources: the rows of the tool's table and of the journal. */
export type TargetStatus = MigrationStatus & {
  readonly rows: Rows
  readonly journal: readonly JournalRow[]
}

export type TargetWithStatus = ConnectedTarget & { readonly status: TargetStatus }

export type PlannedTarget = TargetWithStatus & { readonly plan: Plan }

/**
 * `approval`: this target's part of the approval plan. `expectation` is undefined without a complete dry run. `view`:
 * how live and scratch are compared. `impacts`: what each step did to the copy in use, in their order, as far as it was
 * watched. `untried`: why not all steps ran on a scratch server, if that is not their fault.
 */
export type TargetPreview = {
  readonly ahead: Preview
  readonly approval: ApprovalDatabase
  readonly expectation: Expectation | undefined
  readonly view: View
  readonly impacts: readonly (Impact | undefined)[]
  readonly refused: readonly Refused[]
  readonly untried: string | undefined
}

export type PreviewedTarget = PlannedTarget & { readonly preview: TargetPreview }

/** A stopped target with its results so far. Later stages pass it on unchanged. */
export type StoppedTarget = Partial<Omit<PreviewedTarget, 'read' | 'stopped'>> & {
  readonly read: ReadDatabase
  readonly stopped: Stopped
}

/** The target as the port for backups takes it. */
export const backedOf = ({ world, tls }: Run, { read, found }: ConnectedTarget): Backed => ({
  name: read.config.name,
  dsn: read.config.dsn,
  signal: world.signal,
  tls,
  history: { schema: found.schema, name: found.name },
})

/** The input of a stage: targets that came this far, and stopped ones. */
export type Staged<T> = T | StoppedTarget

/**
 * An error that belongs to one target, one line per text. Wrong use and bugs belong to no target, and are thrown again.
 */
export function stoppedBy(error: unknown): Stopped {
  if (!(error instanceof UserError) || error.kind === 'use') throw error
  const kind = error.kind === 'cancelled' ? 'not started' : 'environment'
  return { kind, what: error.message.replaceAll(/\s*\n\s*/g, ' '), fix: error.fix }
}
