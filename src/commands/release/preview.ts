// One target before anything is done to it: what its steps would do, what they would lose, what stands in the way.
import { alreadyThere } from '../../release/already-applied.js'
import type { Ahead, Condition, StepAhead } from '../../release/preview.js'
import type { Difference } from '../../catalog/difference.js'
import type { Expectation } from '../../catalog/expected.js'
import type { Refused } from '../../release/gate.js'
import { possibleLosses } from '../../catalog/data-loss.js'
import type { Step } from '../../state/plan.js'
import { fingerprint, portable, rolesIn, type View } from '../../catalog/portable.js'
import { rolesNamed } from '../../catalog/portable-roles.js'
import { historyPrint, type SheetDatabase, type SheetStep } from '../../release/approval-digest.js'
import type { Snapshot } from '../../catalog/snapshot.js'
import { differenceWithoutData } from '../../report/redact-data.js'
import type { DryRunResult, DryRunStepResult } from '../../prove/dry-run.js'
import { driftOf } from '../live/drift.js'
import type { Stand } from '../live/connect.js'
import { rehearseOn, type Trying } from './dry-run.js'

/**
 * `expectation` is undefined where no scratch server could say what has to come out; `view` is how live and scratch are
 * compared. `untried` says why not all steps ran on a scratch server, where it is no fault of theirs.
 */
export type LookedAhead = {
  readonly ahead: Ahead
  readonly sheet: SheetDatabase
  readonly expectation: Expectation | undefined
  readonly view: View
  readonly objections: readonly Refused[]
  readonly untried: string | undefined
}

export type LookingAhead = Trying & {
  readonly stand: Stand
  readonly ignore: readonly string[]
  /** Whether the role that asks is the one that will act. */
  readonly acting: boolean
}

/** How long counting the rows of one table may take. */
const COUNT_MS = 30_000

/** Rejects with a UserError when the target is gone, or the run was cancelled. */
export async function lookAhead(looking: LookingAhead): Promise<LookedAhead> {
  const { opened, stand, plan, world } = looking
  const { target, found } = opened
  const { inspection } = world
  const rehearsed = await rehearseOn(looking)
  const { rehearsal } = rehearsed
  const view: View = {
    history: { schema: found.schema, name: found.name },
    ignore: looking.ignore,
    roles: rehearsed.copy || rehearsal === undefined ? new Set() : rolesOf(rehearsal),
    // A copy has the live names of roles.
    ranBy: { database: target.database, named: rehearsed.copy ? undefined : rolesNamed(rehearsed.scripts) },
  }
  const bare = (snapshot: Snapshot): Snapshot => portable(snapshot, view)
  const live = bare(await target.snapshot())
  const start = rehearsal && bare(rehearsal.start)
  const whole = rehearsal !== undefined && rehearsal.failure === undefined
  const like = rehearsed.major === target.major
  const majors = [target.major, rehearsed.major ?? target.major] as const
  const compared = start && driftOf({ made: start, live, majors })
  const drift = rehearsed.copy ? undefined : compared?.differences.map(differenceWithoutData)
  const steps: StepAhead[] = []
  for (const [at, step] of plan.steps.entries()) steps.push(await stepAhead(step, rehearsal?.steps[at], looking))
  const relations = [...new Set(steps.flatMap(({ does }) => does.flatMap(relationOf)))]
  const { identity, role } = await inspection.identity(target)
  const conditions = await inspection.conditions(target, { relations, role: looking.acting ? 'ask' : 'leave' })
  const room = await inspection.room(target, [...new Set(steps.flatMap(({ rewrites }) => rewrites))])
  const same = start !== undefined && like && fingerprint(start) === fingerprint(live)
  const last = rehearsal?.steps.at(-1)
  return {
    ahead: {
      identity,
      role,
      rehearsed: whole,
      steps,
      drift,
      room,
      conditions: [...conditions, ...roomCondition(room), ...alreadyThere(steps, drift ?? [])],
      notCompared: [...(compared?.notes ?? []), ...rehearsed.notes],
    },
    sheet: {
      name: opened.read.config.name,
      identity,
      history: historyPrint(found.history.kind, `${found.schema}.${found.name}`, found.exists ? stand.rows : undefined),
      live: fingerprint(live),
      steps: plan.steps.map((step, at) => {
        const after = rehearsal?.steps[at]?.after
        return sheetStep(step, same && after !== undefined ? fingerprint(bare(after)) : 'unknown')
      }),
    },
    expectation:
      whole && start !== undefined
        ? { live, start, end: last === undefined ? start : bare(last.after), majors }
        : undefined,
    view,
    untried: rehearsed.untried,
    objections: [
      ...rehearsed.objections,
      ...(looking.acting ? [...conditions, ...roomCondition(room)] : [])
        .filter(({ kind }) => kind === 'blocks')
        .map(({ what, fix }): Refused => ({ rule: 'blocker', what: `${opened.read.config.name}: ${what}`, fix })),
    ],
  }
}

/** That the migrations make: nothing else makes any on a scratch server. A copy of the live structure comes without rights. */
const rolesOf = ({ start, steps }: DryRunResult): ReadonlySet<string> =>
  rolesIn([start, ...steps.map(({ after }) => after)])

/** `after` is the fingerprint that has to come out. */
function sheetStep({ migration, direction, script }: Step, after: string): SheetStep {
  return {
    direction,
    version: migration.version,
    id: migration.id,
    after,
    transaction: script.transaction,
    up: migration.up?.checksum,
    down: migration.down?.checksum,
  }
}

async function stepAhead(
  step: Step,
  rehearsed: DryRunStepResult | undefined,
  looking: LookingAhead,
): Promise<StepAhead> {
  const { opened, world } = looking
  const { target } = opened
  const does = (rehearsed?.does ?? []).map(differenceWithoutData)
  const losses = await world.inspection.count(target, possibleLosses(does, step.script), COUNT_MS)
  const touched = [...new Set([...does.flatMap(relationOf), ...(rehearsed?.rewrites ?? [])])]
  return {
    id: step.migration.id,
    rehearsed: rehearsed !== undefined,
    does,
    losses,
    rewrites: rehearsed?.rewrites ?? [],
    sizes: await world.inspection.sizes(target, touched),
    back: rehearsed?.back.word ?? 'unknown',
    backWhy: rehearsed?.back.why,
    text: undefined,
  }
}

/** The table, view or sequence that a difference is about. */
function relationOf({ kind, identity, parent }: Difference): readonly string[] {
  if (RELATIONS.has(kind)) return [identity]
  const [, name] = /^(?:table|view|matview|foreign table) (.+)$/.exec(parent ?? '') ?? []
  return name === undefined ? [] : [name]
}

const RELATIONS = new Set(['table', 'view', 'matview', 'foreign table', 'sequence'])

function roomCondition({ needed, free }: Ahead['room']): readonly Condition[] {
  if (free === undefined || needed < free) return []
  const what = `the tables that are written anew need ${needed.toLocaleString('en')} bytes, and ${free.toLocaleString('en')} are free`
  return [{ kind: 'blocks', what, fix: 'Make room on the disk of the server first.' }]
}
