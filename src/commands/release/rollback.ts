// The command `rollback`: one database, from any checkout. Connect, lock, recall, status, plan, preview, gate, execute.
import { UserError } from '../../model/errors.js'
import type { LiveReport } from '../../report/run-report.js'
import { wentWrong } from '../../report/run-verdict.js'
import { planDown, findMigration, isNothing } from '../../state/plan.js'
import { stepsOfRun } from '../../state/reversibility.js'
import { digestOf } from '../../release/approval-digest.js'
import { connectTargets, lockTargets } from '../live/connect.js'
import { planTargets, type Planner } from '../live/plan.js'
import { idleReport, runReport } from '../live/report.js'
import { requireEnvironment, startRun, type Run } from '../live/run.js'
import { readStatuses } from '../live/status.js'
import type { RollbackRequest } from '../../requests/request.js'
import type { World } from '../shared/context.js'
import { approvalPlan } from './approval.js'
import { executeTargets } from './execute.js'
import { refuseIncomplete } from '../../release/irreversible.js'
import { previewTargets } from './preview.js'
import { recallDowns, withDownTexts } from './recorded-downs.js'
import { rollbackRecovery } from './recovery-commands.js'
import { numberOf } from '../../model/change.js'
import type { Migration } from '../../model/migration.js'
import { refuseStranger, unconfirmed, type Refused } from '../../release/gate.js'
import type { PlannedTarget, PreviewedTarget } from '../live/target.js'

/** Ends with a report. Rejects with a UserError for wrong use, and for several databases. */
export async function rollback(request: RollbackRequest, world: World): Promise<LiveReport> {
  requireEnvironment(request, world)
  requireOneExtent(request)
  const run = startRun(request, world)
  try {
    const { targets, settings } = await connectTargets(run, { count: 'one' })
    const { ignore, retention } = settings.deploy
    const [locked] = await lockTargets(run, targets)
    if (locked === undefined) throw new Error('one database was asked for')
    const { recalled, texts } = await recallDowns(locked)
    const statuses = await readStatuses(run, [recalled], 'report')
    const planned = planTargets(statuses, plannerOf(request))
    const { proof } = request
    const previewed = await previewTargets(run, planned, {
      startFrom: 'live',
      impact: 'measured',
      proof,
      role: 'acts',
      ignore,
      dump: { taken: request.backup.kind === 'dump', accepted: request.unrestorable },
    })
    const plan = await approvalPlan(run, previewed, new Date(run.started).toISOString())
    const digest = digestOf(plan)
    const refused = previewed.flatMap((one) => (one.stopped === undefined ? gateRollback(run, one) : []))
    const allowed = previewed.flatMap((one) => (one.stopped === undefined && one.plan.steps.length > 0 ? [one] : []))
    const reports =
      refused.length > 0 || allowed.length === 0
        ? previewed.map((one) => idleReport(run, one, { outcome: 'not started', stopped: one.stopped }))
        : await executeTargets(run, allowed, {
            planner: sameSteps(allowed[0]?.plan.steps.length ?? 0),
            approved: digest,
            continued: new Set(),
          })
    return runReport(
      run,
      reports.map((report) => withDownTexts(report, texts)),
      {
        short: refused.length > 0,
        approval: { digest, sheet: plan, given: request.confirm, refused },
        ways: reports.filter(wentWrong).flatMap((report) => rollbackRecovery(run, report)),
        facts: { reason: request.reason, retention, check: undefined },
      },
    )
  } finally {
    await run.end()
  }
}

function requireOneExtent({ to, steps, run }: RollbackRequest): void {
  const given = [
    to === undefined ? [] : '--to',
    steps === undefined ? [] : '--steps',
    run === undefined ? [] : '--deploy',
  ].flat()
  if (given.length === 1) return
  const what = given.length === 0 ? 'rollback needs to know how far' : `${given.join(' and ')} contradict each other`
  throw new UserError({ kind: 'use', what, fix: 'Give one of --to VERSION (0: all), --steps NUMBER or --deploy RUN.' })
}

/** Plans the requested extent. */
const plannerOf =
  ({ to, steps, run }: RollbackRequest): Planner =>
  (planning, { journal }) => {
    if (run === undefined) return planDown({ ...planning, to, steps: steps ?? 1 })
    const count = stepsOfRun(journal, run, planning.status.backwards)
    if (typeof count === 'number') return planDown({ ...planning, to: undefined, steps: count })
    const fix = 'Name the version instead: --to VERSION.'
    return { steps: [], refused: [{ kind: 'plan', what: `${planning.database}: ${count.refused}`, fix }], notes: [] }
  }

/** Exactly the steps of the preview. */
const sameSteps =
  (steps: number): Planner =>
  (planning) =>
    planDown({ ...planning, to: undefined, steps })

/** Every reason to refuse it: its preview, irreversible steps, a missing confirmation. Empty: allowed. */
const gateRollback = ({ request, world }: Run<RollbackRequest>, target: PreviewedTarget): readonly Refused[] => [
  ...refuseStranger(world.origin),
  ...target.preview.refused,
  ...untriedSteps(target, request),
  ...refuseIncomplete(target, request.irreversible),
  ...confirmation(target, request),
]

function untriedSteps({ read, plan, preview }: PreviewedTarget, { proof }: RollbackRequest): readonly Refused[] {
  if (preview.untried === undefined || proof === 'none' || plan.steps.length === 0) return []
  const what = `${read.config.name}: a dry run of all downs was not possible: ${preview.untried}`
  const fix = 'Name a server for the dry run (--server URL). To run them without one: --no-proof.'
  return [{ rule: 'plan', what, fix }]
}

function confirmation(target: PlannedTarget, { confirm }: RollbackRequest): readonly Refused[] {
  if (target.plan.steps.length === 0 || isConfirmed(target, confirm)) return []
  return [unconfirmed(confirm, wordsFor(target))]
}

/** The newest applied migration after the rollback. */
function newestAfter({ plan, status }: PlannedTarget): Migration | undefined {
  const left = plan.steps.at(-1)?.left ?? status.applied.map(({ migration }) => migration)
  return left.at(-1)
}

/** The text to type: the database and the target version, by its number if that is unique; `0` for none. */
function wordsFor(target: PlannedTarget): string {
  const { config, schema } = target.read
  const newest = newestAfter(target)
  const number = newest === undefined ? '0' : numberOf(newest)
  const isEnough = newest === undefined || findMigration(schema.migrations, number) === newest
  return `${config.name} ${isEnough ? number : newest.version}`
}

/** Accepts any way to write that version. */
function isConfirmed(target: PlannedTarget, confirm: string | undefined): boolean {
  const { config, schema } = target.read
  const [database, version = '', ...more] = (confirm ?? '').trim().split(/\s+/)
  if (database !== config.name || more.length > 0) return false
  const newest = newestAfter(target)
  return newest === undefined
    ? isNothing(schema.migrations, version)
    : findMigration(schema.migrations, version) === newest
}
