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
import type { DeployRequest } from '../../requests/request.js'
import {
  acceptedWords,
  backupWords,
  deployWords,
  limitWords,
  planWords,
  sameDatabases,
  suggestCommand,
} from '../../requests/suggested-command.js'
import { refusedInPreviews } from './approval.js'
import { irreversibleSteps } from '../../release/irreversible.js'
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
    const trial = isTried ? await tryRollback(run, one, rules.ignore) : undefined
    const lost = trial?.lost ?? lostWith(one, reports[targets.indexOf(one)])
    back.push({ ...rollbackOf(run, one, lost), ...(trial && { tried: trial.tried }) })
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

/**
 * `lost`: the versions whose loss it accepts. It takes its dump as the deploy did. A backup of your own (`external`) is from
 * before the deploy, so it is none for the rollback.
 */
function rollbackOf(run: Run<DeployRequest>, one: PreviewedTarget, lost: readonly string[]): Way {
  const { name } = one.read.config
  const before = versionBefore(one)
  const words = `--databases ${shellWord(name)} --to ${shellWord(before)} --confirm ${shellWord(`${name} ${before}`)}`
  const { backup, unrestorable } = run.request
  const command = suggestCommand(run, 'rollback', [
    words,
    ...acceptedWords({ irreversible: lost, unrestorable }),
    ...(backup.kind === 'dump' ? backupWords(backup) : []),
    ...limitWords(run.request),
  ])
  return { what: `Roll back what this run did to ${name}`, command }
}

/**
 * The versions that this run applied, and that its rollback may ask to accept, as far as their statements say: a rollback
 * looks at statements that took no row, too. The deploy has accepted their loss.
 */
function lostWith({ plan, preview }: PreviewedTarget, report: TargetReport | undefined): readonly string[] {
  const applied = new Set(report?.steps.flatMap(({ id, outcome }) => (outcome === 'applied' ? [id] : [])))
  return plan.steps.flatMap(({ migration }, at) => {
    const isFinal = preview.ahead.steps[at]?.irreversible ?? irreversibleWhy(migration)
    return applied.has(migration.id) && isFinal !== undefined ? [migration.version] : []
  })
}

const versionBefore = ({ status }: PreviewedTarget): string => status.applied.at(-1)?.migration.version ?? '0'

/**
 * Runs on a copy of the current database. An obstacle is only reported, because the run has already failed for another
 * reason. `lost`: the versions that a rollback asks to accept, undefined where that is not known.
 */
async function tryRollback(run: Run, changed: PreviewedTarget, ignore: readonly string[]): Promise<Trial> {
  const to = versionBefore(changed)
  const statuses = await readStatuses(run, [changed], 'report')
  const planned = planTargets(statuses, (planning) => planDown({ ...planning, to, steps: 1 }))
  const dump = { taken: false, accepted: [] }
  const previewed = await previewTargets(run, planned, {
    startFrom: 'live',
    impact: 'none',
    proof: 'guided',
    role: 'acts',
    ignore,
    dump,
  })
  const [one] = previewed
  if (one === undefined || one.stopped !== undefined)
    return { tried: { result: 'unknown', why: one?.stopped.what, losses: [] }, lost: undefined }
  const { ahead } = one.preview
  const losses = ahead.steps.flatMap((step) => step.losses).filter(isLoss)
  const [refused] = refusedInPreviews(previewed)
  const final = irreversibleSteps(one)
  const lost = final.map(({ migration }) => migration.version)
  const why = refused?.what ?? final.map(({ migration, why }) => `${migration.id}: ${why}`).join('; ')
  if (why !== '') return { tried: { result: 'failed', why, losses }, lost }
  const tried: Tried = ahead.rehearsed
    ? { result: 'ran', why: undefined, losses }
    : { result: 'unknown', why: ahead.notCompared.join('; '), losses }
  return { tried, lost }
}

type Trial = { readonly tried: Tried; readonly lost: readonly string[] | undefined }

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
