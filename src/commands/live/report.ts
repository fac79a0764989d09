// The reports of a step, of a target, and of the whole run.
import { commandText } from '../../model/command.js'
import type { Difference } from '../../catalog/difference.js'
import type { TargetStepResult } from '../../ports/target.js'
import type { ApprovalReport } from '../../release/gate.js'
import type { Way, LiveReport, StatusReport, StepReport, Stopped, TargetReport } from '../../report/run-report.js'
import type { ScriptFailure } from '../../report/check-report.js'
import { checklistOf, type ChecklistFacts } from '../../report/checklist.js'
import { DEPENDENT_OBJECTS, failureWithoutData, LOCK_NOT_AVAILABLE } from '../../report/redact-data.js'
import { countLive, decideLive } from '../../report/run-verdict.js'
import { INSUFFICIENT_PRIVILEGE } from '../../sql/missing-privilege.js'
import type { Direction, Migration } from '../../model/migration.js'
import type { Step } from '../../state/plan.js'
import { repairWords } from '../../state/refusals.js'
import type { MigrationStatus } from '../../state/status.js'
import type { Stream } from '../../tools/tool.js'
import type { ReadDatabase } from '../shared/read-database.js'
import { leftOutFiles } from '../../tools/as-tool-reads.js'
import type { Run } from './run.js'
import type { ConnectedTarget, PreviewedTarget } from './target.js'

/** A step with only its outcome. */
export const stepReport = (
  { migration, direction }: { readonly migration: Pick<Migration, 'id' | 'version'>; readonly direction: Direction },
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

/** A step and its result. `ran` is undefined if the step was not started. */
export type StepResult = { readonly step: Step; readonly ran: TargetStepResult | undefined }

/** `approved`: the run executes an approved plan, which holds the text that failed. */
export function resultReport(
  { step, ran }: StepResult,
  connected: ConnectedTarget,
  how: { readonly command: string; readonly approved: boolean },
): StepReport {
  const { migration, direction, script } = step
  const report = stepReport(step, 'not started')
  if (ran === undefined || ran.end === 'moved' || ran.end === 'cancelled') return report
  const { milliseconds } = ran
  if (ran.end === 'done') return { ...report, outcome: direction === 'up' ? 'applied' : 'undone', milliseconds }
  const { about, production, read } = connected
  const repair = repairWords({
    about,
    production,
    migrations: read.schema.migrations,
    applied: step.left,
    dirty: { key: migration.version, migration, direction },
  })
  if (ran.end === 'unknown') {
    const fix = `When the server is back, run ${commandText(`status ${about}`)}. ${ran.traces.length > 0 ? repair : ''}`
    return { ...report, outcome: 'unknown', left: [ran.what, ...ran.traces], fix: fix.trim(), milliseconds }
  }
  const failure = production || how.approved ? failureWithoutData(ran.failure) : withoutCascade(ran.failure)
  if (ran.left === 'nothing') {
    const fix = fixOf(ran.failure, script.file, how)
    return { ...report, outcome: 'failed', failure, fix, milliseconds }
  }
  const left = ran.traces.length > 0 ? ran.traces : ['some of it may be applied']
  return { ...report, outcome: 'failed', failure, left, fix: `Look at the database. ${repair}`, milliseconds }
}

/** In a database that people use, the server's hint (CASCADE) would drop what no one has looked at. */
const withoutCascade = (failure: ScriptFailure): ScriptFailure =>
  failure.sqlstate === DEPENDENT_OBJECTS ? { ...failure, hint: undefined } : failure

/** What to do about a step that was rolled back. */
function fixOf(
  { environment, sqlstate, direction }: ScriptFailure,
  file: string,
  { command, approved }: Parameters<typeof resultReport>[2],
): string {
  // What redo rolled back stays rolled back: another redo would roll back one more migration.
  const again = command === 'redo' && direction === 'up' ? 'run up' : `run ${command} again`
  if (sqlstate === DEPENDENT_OBJECTS) return `Drop or change what depends on it, or fix ${file}, then ${again}.`
  if (sqlstate === LOCK_NOT_AVAILABLE) return `Wait until the lock is free, then ${again}.`
  if (environment !== undefined && sqlstate === INSUFFICIENT_PRIVILEGE) return `Give it that privilege, then ${again}.`
  if (environment !== undefined) return `Then ${again}.`
  return approved
    ? `Fix ${file} and approve a new plan; or fix the cause elsewhere, then ${again}.`
    : `Fix ${file}, then ${again}.`
}

/**
 * `stream`: the files that the status is about. `drift` is absent if the live schema was not compared, `existing` if it holds
 * nothing that is not explained.
 */
export function statusReport(
  status: MigrationStatus,
  stream: Pick<Stream, 'leftOut'> | undefined,
  more: Pick<StatusReport, 'existing'> & { readonly drift?: readonly Difference[] | undefined } = {},
): StatusReport {
  const leftOut = leftOutFiles(stream)
  return {
    applied: status.applied.map(({ migration, at, by, milliseconds, recorded }) => {
      return { id: migration.id, version: migration.version, at, by, milliseconds, ...(recorded && { recorded }) }
    }),
    pending: status.pending.map(({ id }) => id),
    late: status.late.map(({ id }) => id),
    missing: status.missing,
    edited: status.edited.map(({ migration }) => migration.id),
    dirty: status.dirty === undefined ? undefined : (status.dirty.migration?.id ?? status.dirty.key),
    repeated: status.repeated,
    ...(leftOut.length > 0 && { leftOut }),
    drift: more.drift,
    ...(more.existing && { existing: more.existing }),
  }
}

/** A target in any stage. Without `target` it was never connected to. */
type ReportedTarget = { readonly read: ReadDatabase } & Partial<Pick<ConnectedTarget, 'target' | 'found'>>

/** `standing` is undefined if it was not read. */
export const targetReport = (
  { environment }: Pick<Run, 'environment'>,
  { read, target, found }: ReportedTarget,
  more: Pick<TargetReport, 'standing' | 'steps' | 'notes' | 'stopped' | 'milliseconds'>,
): TargetReport => ({
  name: read.config.name,
  folder: read.config.folder,
  layout: read.schema.layout.name,
  place: target?.place,
  version: target?.version,
  environment,
  history: found && {
    kind: found.history.kind,
    table: `${found.schema}.${found.name}`,
    exists: found.exists,
  },
  ...more,
})

/** A target without changes: its planned steps with that `outcome`, and why. */
export function idleReport(
  run: Pick<Run, 'environment'>,
  target: ReportedTarget & Partial<Pick<PreviewedTarget, 'status' | 'plan' | 'preview' | 'milliseconds'>>,
  { outcome, stopped }: { readonly outcome: StepReport['outcome']; readonly stopped: Stopped | undefined },
): TargetReport {
  const { status, plan, preview, found, milliseconds = 0 } = target
  const report = targetReport(run, target, {
    standing: status && statusReport(status, target.read.schema),
    steps: (plan?.steps ?? []).map((step) => stepReport(step, outcome)),
    notes: [...(found?.notes ?? []), ...(plan?.notes ?? [])],
    stopped,
    milliseconds,
  })
  return preview === undefined ? report : { ...report, ahead: preview.ahead }
}

/** Why a target was not started: another target of the run, by its name, failed. */
export const notStarted = (because: string, fix: string): Stopped => ({
  kind: 'not started',
  what: `not started, because of ${because}`,
  fix,
})

/** `short`: the targets are not as asked. `facts` gives the checklist of a deploy or rollback. */
export function runReport(
  { request, world, started, start }: Run,
  targets: readonly TargetReport[],
  more: {
    readonly short?: boolean
    readonly approval?: ApprovalReport
    readonly ways?: readonly Way[]
    readonly facts?: ChecklistFacts
  } = {},
): LiveReport {
  const { short = false, approval, ways = [], facts } = more
  const report: LiveReport = {
    schema: 1,
    tool: world.tool,
    command: request.command,
    started: new Date(started).toISOString(),
    milliseconds: world.clock.elapsed() - start,
    ...decideLive({ targets, cancelled: world.signal.aborted, short }),
    counts: countLive(targets),
    targets,
    ...(approval && { approval }),
    ...(ways.length > 0 && { ways }),
  }
  const checklist = facts === undefined ? [] : checklistOf(report, facts)
  return checklist.length === 0 ? report : { ...report, checklist }
}
