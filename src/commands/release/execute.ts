// Changes previewed targets one after another under held locks: backs up, applies the steps, verifies.
import { fingerprint, portable } from '../../catalog/portable.js'
import { UserError } from '../../model/errors.js'
import type { BackupReport } from '../../release/backup.js'
import { dumpNotes } from '../../release/dump-obstacles.js'
import type { Stopped, TargetReport } from '../../report/run-report.js'
import { wentWrong } from '../../report/run-verdict.js'
import { applySteps } from '../live/apply-steps.js'
import type { Planner } from '../live/plan.js'
import { idleReport, notStarted } from '../live/report.js'
import type { Run } from '../live/run.js'
import { backedOf, stoppedBy, type PreviewedTarget } from '../live/target.js'
import type { BackupRequest, DeployRequest, RollbackRequest } from '../../requests/request.js'
import { smokeTest, verify, verifyAgain } from './verify.js'

type ReleaseRun = Run<DeployRequest | RollbackRequest>

/**
 * `approved`: the digest of the plan. `continued`: the databases in which an earlier run executed steps of the same
 * plan.
 */
export type ExecuteOptions = {
  readonly planner: Planner
  readonly approved: string
  readonly continued: ReadonlySet<string>
}

/**
 * Backs up all before the first step of any. Then it changes one database after another, and stops after a failure. The
 * user's own test is last. Never rejects for the outcome of a backup or step.
 */
export async function executeTargets(
  run: ReleaseRun,
  targets: readonly PreviewedTarget[],
  options: ExecuteOptions,
): Promise<readonly TargetReport[]> {
  const { backups, failed } = await backUpTargets(run, targets)
  let wrong = failed?.name
  const changed = new Set<string>()
  const reports: TargetReport[] = []
  for (const one of targets) {
    const { name } = one.read.config
    const report =
      failed?.name === name
        ? idleReport(run, one, { outcome: 'not started', stopped: failed.stopped })
        : await executeTarget(run, one, { options, wrong, isChanged: changed.has(one.target.place) })
    if (report.steps.some(({ outcome }) => outcome === 'applied')) changed.add(one.target.place)
    if (wentWrong(report)) wrong ??= name
    const backup = backups.get(name)
    reports.push(backup === undefined ? report : { ...report, backup })
  }
  const { smoke } = run.request
  if (wrong !== undefined || smoke === undefined) return reports
  return smokeTest(reports, { command: smoke, world: run.world, continued: options.continued })
}

/** By the names of the databases. `failed` is the first one without a backup; the rest was not tried. */
async function backUpTargets(
  run: ReleaseRun,
  targets: readonly PreviewedTarget[],
): Promise<{
  readonly backups: ReadonlyMap<string, BackupReport>
  readonly failed: { readonly name: string; readonly stopped: Stopped } | undefined
}> {
  const backups = new Map<string, BackupReport>()
  for (const one of targets.filter(({ plan }) => plan.steps.length > 0)) {
    const { name } = one.read.config
    try {
      const backup = await backUp(run, one, run.request.backup)
      if (backup !== undefined) backups.set(name, backup)
    } catch (error) {
      return { backups, failed: { name, stopped: stoppedBy(error) } }
    }
  }
  return { backups, failed: undefined }
}

/**
 * Undefined if no backup was wanted. Rejects with a UserError of kind `environment` if it could not be taken and
 * proved.
 */
async function backUp(run: Run, one: PreviewedTarget, request: BackupRequest): Promise<BackupReport | undefined> {
  const { read, production, preview } = one
  const { name } = read.config
  if (request.kind === 'external') return { kind: 'external', id: request.id ?? '' }
  if (request.kind === 'dump') {
    const taken = await run.world.backups.take({ ...backedOf(run, one), options: request })
    return { ...taken, notes: [...taken.notes, ...dumpNotes(preview.ahead.dump ?? [])] }
  }
  if (!production) return undefined
  throw new UserError({
    kind: 'environment',
    what: `${name}: production is not changed without a backup`,
    fix: 'Leave out --backup none, or name your own backup: --backup external --backup-id ID.',
  })
}

/**
 * `wrong`: the database that failed before this one. `isChanged`: this run changed the same database under another
 * name.
 */
async function executeTarget(
  run: ReleaseRun,
  one: PreviewedTarget,
  before: { options: ExecuteOptions; wrong: string | undefined; isChanged: boolean },
): Promise<TargetReport> {
  const { options, wrong, isChanged } = before
  if (one.plan.steps.length === 0) {
    const idle = idleReport(run, one, { outcome: 'planned', stopped: undefined })
    if (wrong === undefined && options.continued.has(one.read.config.name)) return verifyAgain(run, one, idle)
    return idle
  }
  const because = wrong ?? (run.world.signal.aborted ? 'the cancelled run' : undefined)
  if (because === undefined) return applyAndVerify(run, one, { options, isChanged })
  const stopped = notStarted(because, 'Fix that, then this one is next.')
  return idleReport(run, one, { outcome: 'not started', stopped })
}

async function applyAndVerify(
  run: ReleaseRun,
  one: PreviewedTarget,
  { options, isChanged }: { options: ExecuteOptions; isChanged: boolean },
): Promise<TargetReport> {
  const { target, preview } = one
  const { planner, approved } = options
  const notBegun = (stopped: Stopped): TargetReport => idleReport(run, one, { outcome: 'not started', stopped })
  let before
  try {
    // The schema may have changed during the backup.
    before = portable(await target.snapshot(), preview.view)
    await target.watchSteps()
  } catch (error) {
    return notBegun(stoppedBy(error))
  }
  if (fingerprint(before) !== preview.approval.live && !isChanged) {
    return notBegun(changedMeanwhile(one.read.config.name))
  }
  const applied = await applySteps(run, one, {
    planner,
    approved,
    moved: 'refuse',
    locks: 'held',
    foreseen: preview.impacts,
  })
  const report = { ...applied, ahead: preview.ahead }
  return wentWrong(report) ? report : verify(run, one, { report, before })
}

const changedMeanwhile = (name: string): Stopped => ({
  kind: 'refused',
  what: `${name}: another session changed the live schema while the backup was taken`,
  fix: 'The run changed nothing here. Look at what changed, and make a new plan.',
})
