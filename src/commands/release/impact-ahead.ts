// What the steps of a plan do to the live database while clients use it: the facts of the dry run, at the size of its tables.
import type { PossibleLoss } from '../../catalog/data-loss.js'
import { atLiveSize } from '../../impact/at-live-size.js'
import { failingRowsQuery } from '../../impact/failing-rows.js'
import { withSchema } from '../../impact/relation-name.js'
import type { Impact, RowFailure } from '../../impact/facts.js'
import { judge } from '../../impact/judge/judge.js'
import type { Effect, JudgedEffect } from '../../impact/judge/effect.js'
import type { DryRunResult } from '../../prove/dry-run.js'
import type { Condition } from '../../release/preview.js'
import { callsIn } from '../../sql/clauses.js'
import type { Run } from '../live/run.js'
import type { PlannedTarget } from '../live/target.js'

/** The time limit for counting the rows of one table that make a step fail, in milliseconds. */
const COUNT_MS = 30_000

/**
 * One warning for each effect, and an obstacle for each step that is certain to fail on the live rows. What a step takes is a
 * loss of the preview, and no part of it.
 */
export async function impactAhead(
  run: Run,
  planned: PlannedTarget,
  rehearsal: DryRunResult | undefined,
): Promise<readonly Condition[]> {
  const conditions: Condition[] = []
  const written = new WrittenTables()
  for (const [at, { impact, written: tables }] of (rehearsal?.steps ?? []).entries()) {
    const step = planned.plan.steps[at]
    written.add(tables)
    if (impact === undefined || step === undefined) continue
    const live = await onLive(run, planned, { impact, written })
    for (const effect of judge({ [step.direction]: live }, step.direction)) {
      if (NOT_HERE.has(effect.rule) || effect.atMost === 'note') continue
      conditions.push(conditionOf(step.migration.id, effect, live))
    }
  }
  return conditions
}

/** The tables of which a step, or one before it, may write rows: what their rows are by then, no count says now. */
class WrittenTables {
  readonly #names = new Set<string>()
  #anything = false

  /** Undefined: a step may write any table. */
  add(names: readonly string[] | undefined): void {
    this.#anything ||= names === undefined
    for (const name of names ?? []) this.#names.add(name)
  }

  has(name: string): boolean {
    return this.#anything || this.#names.has(name)
  }
}

/** Losses are counted on the live tables, and rules that are notes stay in the check. */
const NOT_HERE = new Set<Effect['rule']>([
  'loses-rows',
  'down-loses-rows',
  'lock-order',
  'foreign-key-without-index',
  'changes-clients',
])

function conditionOf(id: string, { rule, about, said, atMost }: JudgedEffect, live: Impact): Condition {
  const fails = rule === 'fails-on-rows' || rule === 'down-fails-on-rows'
  const isCertain = fails && live.failsOnRows?.source === 'live' && atMost === undefined
  return {
    kind: isCertain ? 'blocks' : 'warns',
    what: `${id}: ${about}${said}`,
    fix: isCertain
      ? 'Put the rows right first, or change the migration.'
      : `docs/checks/${rule}.md shows the way around it.`,
  }
}

async function onLive(
  run: Run,
  planned: PlannedTarget,
  { impact, written }: { readonly impact: Impact; readonly written: WrittenTables },
): Promise<Impact> {
  const { inspection } = run.world
  const names = impact.relations.map(({ relation }) => withSchema(relation))
  const sizes = await inspection.sizes(planned.target, [...new Set(names)])
  const rows = new Map(sizes.map((size) => [size.relation, size.rows]))
  const sized = atLiveSize(impact, (relation) => rows.get(withSchema(relation)))
  const { failsOnRows: failure, ...others } = sized
  if (failure?.relation === undefined || written.has(withSchema(failure.relation))) return sized
  const counted = await countFailing(run, planned, { failure, table: withSchema(failure.relation) })
  return counted === 0 ? others : { ...sized, failsOnRows: atLive(failure, counted) }
}

function atLive(failure: RowFailure, count: number | undefined): RowFailure {
  if (count === undefined) return failure
  const { needs: _, ...certain } = failure
  return { ...certain, count, source: 'live' }
}

/** Undefined where it cannot be asked. */
async function countFailing(
  run: Run,
  { target }: PlannedTarget,
  { failure, table }: { readonly failure: RowFailure; readonly table: string },
): Promise<number | undefined> {
  const sql = failingRowsQuery(failure, table)
  if (sql === undefined) return undefined
  const question = { sql, calls: callsIn(sql), settings: [] }
  const asked: PossibleLoss = { kind: 'written', table, verb: 'fails', question }
  const [counted] = await run.world.inspection.count(target, [asked], COUNT_MS)
  return counted?.rows
}
