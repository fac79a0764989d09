// The preview of one planned target: the effects, data loss and obstacles of its steps.
import { driftOf } from '../../catalog/drift.js'
import type { Difference } from '../../catalog/difference.js'
import { Course } from '../../catalog/loss/course.js'
import { liveOnlyIn, withLiveOnly } from '../../catalog/loss/live-only.js'
import { possibleLosses } from '../../catalog/loss/possible-losses.js'
import { foreignKeysIn, Relations } from '../../catalog/loss/relations.js'
import type { StepFacts } from '../../catalog/loss/step-facts.js'
import { fingerprint, portable, rolesIn, type View } from '../../catalog/portable.js'
import { rolesNamed } from '../../catalog/portable-roles.js'
import type { Snapshot } from '../../catalog/snapshot.js'
import type { DryRunResult, DryRunStepResult } from '../../prove/dry-run.js'
import { isLoss, type Loss } from '../../catalog/data-loss.js'
import { notRestored } from '../../catalog/loss/not-restored.js'
import { irreversibleWhy } from '../../state/reversibility.js'
import { alreadyThere, type Preview, type Condition, type StepAhead } from '../../release/preview.js'
import { historyFingerprint, type ApprovalStep } from '../../release/approval-digest.js'
import { dumpConditions, refusedDump } from '../../release/dump-obstacles.js'
import type { Refused } from '../../release/gate.js'
import { shellWord } from '../../model/shell-quote.js'
import { differenceWithoutData } from '../../report/redact-data.js'
import type { Step } from '../../state/plan.js'
import { otherTables } from '../../tools/foreign-histories.js'
import type { Run } from '../live/run.js'
import {
  backedOf,
  stoppedBy,
  type PlannedTarget,
  type PreviewedTarget,
  type Staged,
  type TargetPreview,
} from '../live/target.js'
import { commandText } from '../../model/command.js'
import { allowedWords } from '../../requests/suggested-command.js'
import { meetByHand } from './by-hand.js'
import { impactAhead } from './impact-ahead.js'
import { dryRun, type DryRun, type DryRunOptions } from './dry-run.js'

/**
 * `ignore`: objects that are not compared. `role`: whether this role also acts later, or only reads. `dump`: whether a
 * dump is taken before the steps, and the databases for which one that cannot be restored is accepted.
 */
export type PreviewOptions = DryRunOptions & {
  readonly ignore: readonly string[]
  readonly role: 'acts' | 'reads'
  readonly dump: { readonly taken: boolean; readonly accepted: readonly string[] }
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
  const record = recordFix(planned, run)
  const met = await meetByHand(run, planned, { dry, live: whole, view, proof: options.proof, record })
  const drift = dry.copy ? undefined : compared?.differences.map(differenceWithoutData)
  const previews = await previewSteps(run, planned, { rehearsal, live: whole })
  const steps = previews.map(({ ahead }) => ahead)
  const relations = [...new Set(previews.flatMap(({ touched }) => touched))]
  const { identity, role } = await inspection.identity(target)
  const acts = options.role === 'acts'
  const seen = await inspection.conditions(target, { relations, role: acts ? 'ask' : 'leave' })
  const room = await inspection.room(target, [...new Set(previews.flatMap(({ rewritten }) => rewritten))])
  const conditions = [...seen, ...roomCondition(room)]
  const impact = await impactAhead(run, planned, rehearsal)
  const failing = impact.filter(({ kind }) => kind === 'blocks')
  const blockers = acts ? conditions.filter(({ kind }) => kind === 'blocks') : []
  const judged = {
    name: read.config.name,
    production: planned.production,
    accepted: options.dump.accepted.includes(read.config.name),
  }
  const dump =
    options.dump.taken && plan.steps.length > 0 ? await run.world.backups.obstacles(backedOf(run, planned)) : undefined
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
        ...impact,
        ...losing(planned, steps),
        ...dumpConditions(dump ?? [], judged),
      ],
      notCompared: [...(compared?.notes ?? []), ...dry.notes],
      dump,
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
    impacts: (rehearsal?.steps ?? []).map((step) => step.impact),
    untried: dry.untried,
    refused: [
      ...dry.refused,
      ...met.refused,
      ...[...blockers, ...failing].map(({ what, fix }): Refused => ({
        rule: 'blocker',
        what: `${read.config.name}: ${what}`,
        fix,
      })),
      ...(acts ? refusedDump(dump ?? [], judged) : []),
    ],
  }
}

/**
 * What to do about a step whose objects are there already. A baseline to its version records the steps before it as well, so
 * these are deployed first.
 */
const recordFix =
  ({ about, plan }: PlannedTarget, { request }: Run) =>
  (id: string): string => {
    const at = plan.steps.findIndex(({ migration }) => migration.id === id)
    const step = plan.steps[at]
    if (step === undefined || step.direction === 'down') return 'Find out who created it, and remove it if it may go.'
    const { version } = step.migration
    const before = plan.steps[at - 1]?.migration.version
    const allowed = 'existing' in request ? allowedWords(request) : []
    const first = before === undefined ? '' : ['plan', about, `--to ${shellWord(before)}`, ...allowed].join(' ')
    const deployed = before === undefined ? '' : `first deploy the steps before it (${commandText(first)}), then `
    const record = commandText(`baseline ${about} --to ${shellWord(version)}`)
    return `Find out who created it. If it is what the step creates, ${deployed}record the step: ${record}; else remove it.`
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

/** `touched` and `rewritten` are relations by their live names. */
type PreviewedStep = {
  readonly ahead: StepAhead
  readonly touched: readonly string[]
  readonly rewritten: readonly string[]
}

/** In their order: what a step meets on the live database depends on those before it. `live` is its whole catalogue. */
async function previewSteps(
  run: Run,
  planned: PlannedTarget,
  { rehearsal, live }: { readonly rehearsal: DryRunResult | undefined; readonly live: Snapshot },
): Promise<readonly PreviewedStep[]> {
  const start = rehearsal?.start ?? live
  const keys = rehearsal === undefined ? [] : foreignKeysIn(live, start)
  const liveOnly = liveOnlyIn(live, start)
  const found: PreviewedStep[] = []
  let course = new Course(withLiveOnly(start, liveOnly, new Course(start)))
  let before = start
  for (const [at, step] of planned.plan.steps.entries()) {
    const rehearsed = rehearsal?.steps[at]
    const { migration, script, direction } = step
    const facts: StepFacts = {
      id: migration.id,
      script,
      back: direction === 'up' ? migration.down : migration.up,
      before,
      relations: new Relations(withLiveOnly(before, liveOnly, course)),
      keys,
      schema: planned.target.schema ?? 'public',
      course,
      rehearsed,
    }
    const { losses, course: later } = possibleLosses(facts)
    const nameOf = (identity: string): string => later.liveTable(identity) ?? course.liveTable(identity) ?? identity
    const counted = await run.world.inspection.count(planned.target, losses, COUNT_MS)
    const irreversible =
      direction === 'down'
        ? irreversibleWhy(migration, notRestored(facts, migration.up))
        : counted.some(isLoss)
          ? 'it loses data that its down does not bring back'
          : undefined
    found.push(await previewStep(run, planned, { step, rehearsed, losses: counted, irreversible, nameOf }))
    course = later
    before = rehearsed?.after ?? before
  }
  return found
}

async function previewStep(
  { world }: Run,
  { target }: PlannedTarget,
  known: {
    readonly step: Step
    readonly rehearsed: DryRunStepResult | undefined
    readonly losses: readonly Loss[]
    readonly irreversible: string | undefined
    readonly nameOf: (identity: string) => string
  },
): Promise<PreviewedStep> {
  const { step, rehearsed, losses, irreversible, nameOf } = known
  const does = (rehearsed?.does ?? []).map(differenceWithoutData)
  // TRUNCATE gives a table a new file, which holds nothing.
  const emptied = new Set(
    losses.flatMap((one) => (one.kind === 'written' && one.verb.startsWith('TRUNCATE') ? one.table : [])),
  )
  const rewrites = (rehearsed?.rewrites ?? []).filter((name) => !emptied.has(name))
  const touched = [...new Set([...does.flatMap(relationOf), ...rewrites].map(nameOf))]
  const ahead: StepAhead = {
    id: step.migration.id,
    rehearsed: rehearsed !== undefined,
    does,
    losses,
    rewrites,
    sizes: await world.inspection.sizes(target, [
      ...new Set([...touched, ...losses.flatMap((one) => (one.kind === 'code' ? [] : nameOf(one.table)))]),
    ]),
    back: rehearsed?.back.word ?? 'unknown',
    backWhy: rehearsed?.back.why,
    irreversible,
    text: undefined,
  }
  return { ahead, touched, rewritten: rewrites.map(nameOf) }
}

/** One warning for each step up that a deploy runs only when its data loss is accepted. */
const losing = ({ plan }: PlannedTarget, steps: readonly StepAhead[]): readonly Condition[] =>
  plan.steps.flatMap(({ migration, direction }, at): readonly Condition[] => {
    const why = steps[at]?.irreversible
    if (why === undefined || direction === 'down' || migration.irreversible !== undefined) return []
    const accept = `--accept-irreversible ${shellWord(migration.version)}`
    return [
      {
        kind: 'warns',
        what: `${migration.id}: ${why}; a deploy asks to accept that (${accept})`,
        fix: `Read what it loses. If that is meant: deploy ${accept}.`,
      },
    ]
  })

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
