// The preview of one planned target: the effects, data loss and obstacles of its steps.
import { driftOf } from '../../catalog/drift.js'
import type { Difference } from '../../catalog/difference.js'
import { possibleLosses } from '../../catalog/data-loss.js'
import { fingerprint, portable, rolesIn, type View } from '../../catalog/portable.js'
import { rolesNamed } from '../../catalog/portable-roles.js'
import type { Snapshot } from '../../catalog/snapshot.js'
import type { DryRunResult, DryRunStepResult } from '../../prove/dry-run.js'
import { alreadyThere, type Preview, type Condition, type StepAhead } from '../../release/preview.js'
import { historyFingerprint, type ApprovalStep } from '../../release/approval-digest.js'
import type { Refused } from '../../release/gate.js'
import { differenceWithoutData } from '../../report/redact-data.js'
import type { Step } from '../../state/plan.js'
import { otherTables } from '../live/history.js'
import type { Run } from '../live/run.js'
import { commandText } from '../../model/command.js'
import { shellWord } from '../../model/shell-quote.js'
import { stoppedBy, type PlannedTarget, type PreviewedTarget, type Staged, type TargetPreview } from '../live/target.js'
import { meetByHand } from './by-hand.js'
import { dryRun, type DryRun, type DryRunOptions } from './dry-run.js'

/** `ignore`: objects that are not compared. `role`: whether this role also acts later, or only reads. */
export type PreviewOptions = DryRunOptions & {
  readonly ignore: readonly string[]
  readonly role: 'acts' | 'reads'
}

/** The time limit for counting the rows of one table. */
const COUNT_MS = 30_000

/** All at the same time. Rejects with a UserError for a wrong name of a scratch server. */
export const previewTargets = (
  run: Run,
  targets: readonly Staged<PlannedTarget>[],
  options: PreviewOptions,
): Promise<readonly Staged<PreviewedTarget>[]> =>
  Promise.all(targets.map(async (one) => (one.stopped === undefined ? previewTarget(run, one, options) : one)))

async function previewTarget(
  run: Run,
  planned: PlannedTarget,
  options: PreviewOptions,
): Promise<Staged<PreviewedTarget>> {
  const { clock } = run.world
  const start = clock.elapsed()
  const took = (): number => planned.milliseconds + clock.elapsed() - start
  try {
    const preview = await previewOf(run, planned, options)
    return { ...planned, preview, milliseconds: took() }
  } catch (error) {
    return { ...planned, stopped: stoppedBy(error), milliseconds: took() }
  }
}

/** Rejects with a UserError if the target is gone, or the run is cancelled. */
async function previewOf(run: Run, planned: PlannedTarget, options: PreviewOptions): Promise<TargetPreview> {
  const { target, read, plan } = planned
  const { inspection } = run.world
  const dry = await dryRun(run, planned, options)
  const { rehearsal } = dry
  const view = viewOf(planned, dry, options.ignore)
  const whole = await target.snapshot()
  const live = portable(whole, view)
  const start = rehearsal && portable(rehearsal.start, view)
  const majors = [target.major, dry.major ?? target.major] as const
  const compared = start && driftOf({ made: start, live, majors })
  const record = recordCommand(planned)
  const met = await meetByHand(run, planned, { dry, live: whole, view, proof: options.proof, record })
  const drift = dry.copy ? undefined : compared?.differences.map(differenceWithoutData)
  const steps: StepAhead[] = []
  for (const [at, step] of plan.steps.entries()) {
    steps.push(await previewStep(run, planned, { step, rehearsed: rehearsal?.steps[at] }))
  }
  const relations = [...new Set(steps.flatMap(({ does }) => does.flatMap(relationOf)))]
  const { identity, role } = await inspection.identity(target)
  const acts = options.role === 'acts'
  const seen = await inspection.conditions(target, { relations, role: acts ? 'ask' : 'leave' })
  const room = await inspection.room(target, [...new Set(steps.flatMap(({ rewrites }) => rewrites))])
  const conditions = [...seen, ...roomCondition(room)]
  const blockers = acts ? conditions.filter(({ kind }) => kind === 'blocks') : []
  const isWhole = rehearsal !== undefined && rehearsal.failure === undefined
  const isSame = start !== undefined && dry.major === target.major && fingerprint(start) === fingerprint(live)
  return {
    ahead: {
      identity,
      role,
      rehearsed: isWhole,
      steps,
      drift,
      room,
      conditions: [
        ...conditions,
        ...met.conditions,
        ...alreadyThere(
          steps.filter(({ id }) => id !== met.failed),
          drift ?? [],
          record,
        ),
      ],
      notCompared: [...(compared?.notes ?? []), ...dry.notes],
    },
    approval: {
      name: read.config.name,
      identity,
      history: historyOf(planned),
      live: fingerprint(live),
      steps: plan.steps.map((step, at) => {
        const after = rehearsal?.steps[at]?.after
        return approvalStep(step, isSame && after !== undefined ? fingerprint(portable(after, view)) : 'unknown')
      }),
    },
    expectation:
      isWhole && start !== undefined ? { live, start, end: endOf({ rehearsal, start, view }), majors } : undefined,
    view,
    untried: dry.untried,
    refused: [
      ...dry.refused,
      ...met.refused,
      ...blockers.map(({ what, fix }): Refused => ({ rule: 'blocker', what: `${read.config.name}: ${what}`, fix })),
    ],
  }
}

const recordCommand =
  ({ about, plan }: PlannedTarget) =>
  (id: string): string => {
    const version = plan.steps.find(({ migration }) => migration.id === id)?.migration.version ?? ''
    return commandText(`baseline ${about} --to ${shellWord(version)}`)
  }

/** How the live catalogue is compared with that of the scratch server. */
const viewOf = ({ target, found }: PlannedTarget, dry: DryRun, ignore: readonly string[]): View => ({
  history: { schema: found.schema, name: found.name },
  histories: otherTables(found),
  ignore,
  roles: dry.copy || dry.rehearsal === undefined ? new Set() : rolesOf(dry.rehearsal),
  // On a copy, roles have their live names.
  ranBy: { database: target.database, named: dry.copy ? undefined : rolesNamed(dry.scripts) },
})

const historyOf = ({ found, status }: PlannedTarget): string =>
  historyFingerprint(found.history.kind, `${found.schema}.${found.name}`, found.exists ? status.rows : undefined)

/** The expected schema: after the last step, or the starting one without steps. */
function endOf({ rehearsal, start, view }: { rehearsal: DryRunResult; start: Snapshot; view: View }): Snapshot {
  const last = rehearsal.steps.at(-1)
  return last === undefined ? start : portable(last.after, view)
}

/**
 * The roles that the migrations create: nothing else creates any on a scratch server. A copy of the live structure has
 * no rights.
 */
const rolesOf = ({ start, steps }: DryRunResult): ReadonlySet<string> =>
  rolesIn([start, ...steps.map(({ after }) => after)])

/** `after` is the expected fingerprint. */
function approvalStep({ migration, direction, script }: Step, after: string): ApprovalStep {
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

async function previewStep(
  { world }: Run,
  { target }: PlannedTarget,
  { step, rehearsed }: { step: Step; rehearsed: DryRunStepResult | undefined },
): Promise<StepAhead> {
  const { inspection } = world
  const does = (rehearsed?.does ?? []).map(differenceWithoutData)
  const losses = await inspection.count(target, possibleLosses(does, step.script), COUNT_MS)
  const touched = [...new Set([...does.flatMap(relationOf), ...(rehearsed?.rewrites ?? [])])]
  return {
    id: step.migration.id,
    rehearsed: rehearsed !== undefined,
    does,
    losses,
    rewrites: rehearsed?.rewrites ?? [],
    sizes: await inspection.sizes(target, touched),
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

function roomCondition({ needed, free }: Preview['room']): readonly Condition[] {
  if (free === undefined || needed < free) return []
  const what = `the tables to rewrite need ${needed.toLocaleString('en')} bytes, and ${free.toLocaleString('en')} are free`
  return [{ kind: 'blocks', what, fix: 'Make room on the disk of the server first.' }]
}
