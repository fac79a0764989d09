// The recovery commands of a deploy or rollback that did not end as asked. They never run by themselves.
import { isLoss } from '../../catalog/data-loss.js'
import type { DeployRules } from '../../model/config.js'
import { shellWord } from '../../model/shell-quote.js'
import { shortDigest } from '../../release/approval-digest.js'
import type { Tried, Way, TargetReport } from '../../report/run-report.js'
import { wentWrong } from '../../report/run-verdict.js'
import { planDown } from '../../state/plan.js'
import { irreversibleWhy } from '../../state/reversibility.js'
import { planTargets } from '../live/plan.js'
import type { Run } from '../live/run.js'
import { readStatuses } from '../live/status.js'
import { type PreviewedTarget } from '../live/target.js'
import type { DeployRequest } from '../shared/request.js'
import { acceptedWords, deployWords, planWords, sameDatabases, suggestCommand } from '../shared/suggested-command.js'
import { refusedInPreviews } from './approval.js'
import { irreversibleSteps } from './irreversible.js'
import { previewTargets } from './preview.js'

/** `targets` and `reports` are in the order of the work. `approved` is the digest of the plan. */
export async function deployRecovery(
  run: Run<DeployRequest>,
  options: {
    readonly targets: readonly PreviewedTarget[]
    readonly reports: readonly TargetReport[]
    readonly approved: string
    readonly rules: DeployRules
  },
): Promise<readonly Way[]> {
  const { targets, reports, approved, rules } = options
  const { request, world } = run
  const stuck = reports.find(wentWrong)
  if (stuck === undefined) return []
  const next = stuck.steps.find(({ outcome }) => outcome !== 'applied')
  const on = `Continue${next === undefined ? '' : ` at ${stuck.name} ${next.id}`}`
  const planAgain: Way = {
    what: `${on} with a new plan, if you had to fix a file`,
    command: suggestCommand(run, 'plan', [...sameDatabases(request), ...planWords(request), '--output json=plan.json']),
  }
  const changed = targets.filter((_, i) => reports[i]?.steps.some(({ outcome }) => outcome === 'applied') === true)
  // A cancelled run should not take more time.
  const isTried = rules.onFailure === 'offer' && !world.signal.aborted
  const back: Way[] = []
  for (const one of changed.toReversed()) {
    const way = rollbackOf(run, one, reports[targets.indexOf(one)])
    back.push(isTried ? { ...way, tried: await tryRollback(run, one, rules.ignore) } : way)
  }
  return [...goOnSamePlan(run, on, approved), planAgain, ...back]
}

/** Only the plan file shows which of its steps are done. */
function goOnSamePlan(run: Run<DeployRequest>, on: string, approved: string): readonly Way[] {
  const { request } = run
  if (request.plan === undefined) return []
  const words = [
    ...sameDatabases(request),
    ...deployWords(request),
    `--plan ${shellWord(request.plan)} --digest ${shortDigest(approved)}`,
  ]
  const command = suggestCommand(run, 'deploy', words)
  return [{ what: `${on} under the same approval, when the cause is fixed`, command }]
}

function rollbackOf(run: Run<DeployRequest>, one: PreviewedTarget, report: TargetReport | undefined): Way {
  const { name } = one.read.config
  const before = versionBefore(one)
  const words = `--databases ${shellWord(name)} --to ${shellWord(before)} --confirm ${shellWord(`${name} ${before}`)}`
  const { unrestorable } = run.request
  const accepted = acceptedWords({ irreversible: lostWith(one, report), unrestorable })
  return {
    what: `Roll back what this run did to ${name}`,
    command: suggestCommand(run, 'rollback', [words, ...accepted]),
  }
}

/** The versions that this run applied, and that its rollback asks to accept. The deploy has accepted their loss. */
function lostWith({ plan, preview }: PreviewedTarget, report: TargetReport | undefined): readonly string[] {
  const applied = new Set(report?.steps.flatMap(({ id, outcome }) => (outcome === 'applied' ? [id] : [])))
  return plan.steps.flatMap(({ migration }, at) => {
    const isFinal = preview.ahead.steps[at]?.irreversible ?? irreversibleWhy(migration, [])
    return applied.has(migration.id) && isFinal !== undefined ? [migration.version] : []
  })
}

const versionBefore = ({ status }: PreviewedTarget): string => status.applied.at(-1)?.migration.version ?? '0'

/**
 * Runs on a copy of the current database. An obstacle is only reported, because the run has already failed for another
 * reason.
 */
async function tryRollback(run: Run, changed: PreviewedTarget, ignore: readonly string[]): Promise<Tried> {
  const to = versionBefore(changed)
  const statuses = await readStatuses(run, [changed], 'report')
  const planned = planTargets(statuses, (planning) => planDown({ ...planning, to, steps: 1 }))
  const dump = { taken: false, accepted: [] }
  const previewed = await previewTargets(run, planned, {
    startFrom: 'live',
    proof: 'guided',
    role: 'acts',
    ignore,
    dump,
  })
  const [one] = previewed
  if (one === undefined || one.stopped !== undefined) return { result: 'unknown', why: one?.stopped.what, losses: [] }
  const { ahead } = one.preview
  const losses = ahead.steps.flatMap((step) => step.losses).filter(isLoss)
  const [refused] = refusedInPreviews(previewed)
  if (refused !== undefined) return { result: 'failed', why: refused.what, losses }
  const final = irreversibleSteps(one).map(({ migration, why }) => `${migration.id}: ${why}`)
  if (final.length > 0) return { result: 'failed', why: final.join('; '), losses }
  return ahead.rehearsed
    ? { result: 'ran', why: undefined, losses }
    : { result: 'unknown', why: ahead.notCompared.join('; '), losses }
}

/** After a rollback that did not end as asked. */
export function rollbackRecovery(run: Run, { name, backup }: TargetReport): readonly Way[] {
  const about = `--databases ${shellWord(name)}`
  const see: Way = { what: 'See its status', command: suggestCommand(run, 'status', [about]) }
  if (backup?.kind !== 'dump') return [see]
  const restore: Way = {
    what: 'Restore the state from before, and lose what was written since',
    command: suggestCommand(run, 'restore', [about, `--from ${shellWord(backup.path)}`]),
  }
  return [see, restore]
}
