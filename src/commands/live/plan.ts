// The plans of live targets, from their status. Changes nothing, and asks no server.
import { UserError } from '../../model/errors.js'
import { firstFew } from '../../model/list-words.js'
import type { Stopped } from '../../report/run-report.js'
import type { Plan, PlanInput } from '../../state/plan.js'
import type { MigrationStatus } from '../../state/status.js'
import {
  type ConnectedTarget,
  type PlannedTarget,
  type Staged,
  type TargetStatus,
  type TargetWithStatus,
} from './target.js'

/** Plans the steps of a command on one target. */
export type Planner = (planning: PlanInput, status: TargetStatus) => Plan

/** The input of a plan for the schema. */
export const planInput = (
  { read, found, about, check, production }: ConnectedTarget,
  status: MigrationStatus,
): PlanInput => ({
  database: read.config.name,
  about,
  check,
  migrations: read.schema.migrations,
  status,
  history: found.history,
  production,
})

/** A target whose plan is refused is stopped. Throws a UserError for wrong use. */
export const planTargets = (
  targets: readonly Staged<TargetWithStatus>[],
  planner: Planner,
): readonly Staged<PlannedTarget>[] =>
  targets.map((one) => (one.stopped === undefined ? planTarget(one, planner) : one))

function planTarget(one: TargetWithStatus, planner: Planner): Staged<PlannedTarget> {
  const plan = planner(planInput(one, one.status), one.status)
  const wrong = plan.refused.find(({ kind }) => kind === 'use')
  if (wrong !== undefined) throw new UserError({ kind: 'use', what: wrong.what, fix: wrong.fix })
  const stopped = refusalIn(plan) ?? unrecordable(one, plan)
  return stopped === undefined ? { ...one, plan } : { ...one, plan, stopped }
}

function refusalIn({ refused }: Plan): Stopped | undefined {
  const [first] = refused
  if (first === undefined) return undefined
  const reasons = refused.map(({ what }) => what)
  return { kind: 'refused', what: firstFew(reasons, '; '), fix: first.fix }
}

/**
 * Finds a version that the tool's table cannot hold before the first step. Later, the steps before it would already be
 * applied.
 */
function unrecordable({ found, read }: ConnectedTarget, { steps }: Plan): Stopped | undefined {
  const { history, table } = found
  for (const step of steps) {
    try {
      if (step.direction === 'up') history.record(table, step.migration)
      // `left` is computed here, on demand.
      else history.remove(table, step.migration, step.left)
    } catch (error) {
      if (!(error instanceof UserError) || error.kind !== 'use') throw error
      return { kind: 'refused', what: `${read.config.name}: ${error.message}`, fix: error.fix }
    }
  }
  return undefined
}
