// What became of one target, as it stands in the report.
import type { Difference } from '../core/difference.js'
import { UserError } from '../core/errors.js'
import type { StandingReport, StepReport, Stopped, TargetReport } from '../core/live-report.js'
import type { Step } from '../core/plan.js'
import type { Standing } from '../core/standing.js'
import type { Opened } from './opened.js'
import type { ReadDatabase } from './read-database.js'

/** A step of which nothing more is known than its outcome. */
export const stepReport = (
  { migration, direction }: Pick<Step, 'migration' | 'direction'>,
  outcome: StepReport['outcome'],
): StepReport => ({
  id: migration.id,
  version: migration.version,
  direction,
  outcome,
  milliseconds: 0,
  failure: undefined,
  left: [],
  fix: undefined,
})

/** `drift` is left out where the live schema was not compared. */
export const standingReport = (standing: Standing, drift?: readonly Difference[]): StandingReport => ({
  applied: standing.applied.map(({ migration, at, by, milliseconds, recorded }) => {
    return { id: migration.id, version: migration.version, at, by, milliseconds, ...(recorded && { recorded }) }
  }),
  pending: standing.pending.map(({ id }) => id),
  late: standing.late.map(({ id }) => id),
  missing: standing.missing,
  edited: standing.edited.map(({ migration }) => migration.id),
  dirty: standing.dirty === undefined ? undefined : (standing.dirty.migration?.id ?? standing.dirty.key),
  repeated: standing.repeated,
  drift,
})

/** `opened` and `standing` are undefined where it did not come to that. */
export function targetReport(options: {
  readonly read: ReadDatabase
  readonly environment: string
  readonly opened: Opened | undefined
  readonly standing: StandingReport | undefined
  readonly steps: readonly StepReport[]
  readonly notes: readonly string[]
  readonly stopped: Stopped | undefined
  readonly milliseconds: number
}): TargetReport {
  const { read, opened } = options
  return {
    name: read.config.name,
    folder: read.config.folder,
    layout: read.schema.layout.name,
    place: opened?.target.place,
    version: opened?.target.version,
    environment: options.environment,
    history: opened && {
      kind: opened.found.history.kind,
      table: `${opened.found.schema}.${opened.found.name}`,
      exists: opened.found.exists,
    },
    standing: options.standing,
    steps: options.steps,
    notes: options.notes,
    stopped: options.stopped,
    milliseconds: options.milliseconds,
  }
}

/** An error that belongs to one target, on one line each. Wrong use and bugs of ours are nobody's result. */
export function stoppedBy(error: unknown): Stopped {
  if (!(error instanceof UserError) || error.kind === 'use') throw error
  const kind = error.kind === 'cancelled' ? 'not started' : 'environment'
  return { kind, what: error.message.replaceAll(/\s*\n\s*/g, ' '), fix: error.fix }
}
