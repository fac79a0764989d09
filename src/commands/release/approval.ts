// The approval of a plan: reads it from the options and the plan file, and compares it with the current plan.
import { UserError } from '../../model/errors.js'
import { shellWord } from '../../model/shell-quote.js'
import type { DeployRules } from '../../model/config.js'
import { digestOf, isDigest, type ApprovalPlan } from '../../release/approval-digest.js'
import { decideGate, type Approval, type CheckState, type Refused } from '../../release/gate.js'
import { readPlanFile } from '../../report/read.js'
import { planUp } from '../../state/plan.js'
import type { Planner } from '../live/plan.js'
import type { Run } from '../live/run.js'
import { type PreviewedTarget, type Staged } from '../live/target.js'
import type { DeployRequest, PlanRequest } from '../../requests/request.js'
import { deployWords, planWords, sameDatabases, suggestCommand } from '../../requests/suggested-command.js'
import type { World } from '../shared/context.js'
import { refuseLosing } from '../../release/irreversible.js'

/** Undefined if nothing was approved. Rejects with a UserError for an invalid digest, and for a file without a plan. */
export async function readApproval(run: Run<DeployRequest>): Promise<Approval | undefined> {
  const { digest, plan } = run.request
  const { files } = run.world
  if (digest !== undefined && !isDigest(digest)) {
    const what = `"${digest}" is not a digest: 8 to 64 of the digits 0-9 and a-f`
    throw new UserError({ kind: 'use', what, fix: 'Copy it from the plan that was approved.' })
  }
  if (plan === undefined) return digest === undefined ? undefined : { approved: digest, plan: undefined }
  const kind = await files.kind(plan)
  const { text, unreadable: why } = await files.read(plan, folderOf(plan))
  const unreadable = kind === undefined ? 'there is no such file' : why
  if (unreadable !== undefined) {
    const words = [...sameDatabases(run.request), ...planWords(run.request), '--output json=plan.json']
    const fix = `Name the JSON report of the plan: \`${suggestCommand(run, 'plan', words)}\`.`
    throw new UserError({ kind: 'use', what: `the plan ${plan} cannot be read: ${unreadable}`, fix })
  }
  const approved = readPlanFile(text, plan)
  // The file alone approves nothing: it does not show that its reader agreed.
  return digest === undefined ? undefined : { approved: digest, plan: approved }
}

/** The folder of a path, relative or absolute as the path is; `/` for a file in the root of the disk. */
const folderOf = (file: string): string => file.slice(0, Math.max(file.startsWith('/') ? 1 : 0, file.lastIndexOf('/')))

/** Plans what a deploy applies: up to the requested version, else up to the last approved one. */
export const deployPlanner =
  ({ to, late }: Pick<PlanRequest | DeployRequest, 'to' | 'late'>, approved?: ApprovalPlan): Planner =>
  (planning) => {
    const last = approved?.databases.find(({ name }) => name === planning.database)?.steps.at(-1)?.version
    const isThere = planning.migrations.some(({ version }) => version === last)
    return planUp({ ...planning, to: to ?? (isThere ? last : undefined), late })
  }

const DAY_MS = 86_400_000
const SPAN = /^(\d{1,6})(m|h|d)$/
const MILLISECONDS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS }

/** ISO 8601 in UTC, whole seconds. Throws a UserError for an invalid time. */
export function expiryOf({ expires }: Pick<PlanRequest, 'expires'>, now: number): string {
  const [, number, unit = ''] = SPAN.exec(expires ?? '1d') ?? []
  const at = number === undefined ? Date.parse(expires ?? '') : now + Number(number) * (MILLISECONDS[unit] ?? 0)
  if (Number.isFinite(at) && (number !== undefined || /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(expires ?? ''))) {
    return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
  }
  const what = `"${expires ?? ''}" is not a valid expiry of a plan`
  throw new UserError({ kind: 'use', what, fix: 'Write it like this: 24h, 90m, 3d or 2026-11-23T16:00:00Z.' })
}

/** The plan to approve, of all targets with pending steps. `expires` is ISO 8601 in UTC. */
export async function approvalPlan(
  { world, environment }: Run,
  targets: readonly Staged<PreviewedTarget>[],
  expires: string,
): Promise<ApprovalPlan> {
  const changed = targets.filter((one) => one.stopped === undefined).filter(({ plan }) => plan.steps.length > 0)
  return {
    format: 1,
    commit: await world.repository.commit('HEAD'),
    environment,
    expires,
    databases: changed.map(({ preview }) => preview.approval),
  }
}

/** Every refusal in the previews of the targets. */
export const refusedInPreviews = (targets: readonly Staged<PreviewedTarget>[]): readonly Refused[] =>
  targets.flatMap((one) => (one.stopped === undefined ? one.preview.refused : []))

/**
 * `refused` is empty if the deploy may run. `continued`: the databases that an earlier run began under the same plan.
 */
export type DeployGate = { readonly refused: readonly Refused[]; readonly continued: ReadonlySet<string> }

/** `now` is the current plan. */
export async function gateDeploy(
  run: Run<DeployRequest>,
  options: {
    readonly targets: readonly Staged<PreviewedTarget>[]
    readonly approval: Approval | undefined
    readonly now: ApprovalPlan
    readonly rules: DeployRules
  },
): Promise<DeployGate> {
  const { world, request } = run
  const { targets, approval, now, rules } = options
  const done = doneBefore(targets, approval?.plan)
  const continued = new Set([...done].flatMap(([name, count]) => (count > 0 ? [name] : [])))
  const refusals = [
    ...refusedInPreviews(targets),
    ...targets.flatMap((one) => (one.stopped === undefined ? refuseLosing(one, request.irreversible) : [])),
    ...otherThanApproved(run, { targets, approval, done }),
  ]
  if (now.databases.length === 0) return { refused: refusals, continued }
  const check = await requiredCheck(rules, now.commit, world)
  const refused = decideGate({
    command: suggestCommand(run, 'deploy', [...sameDatabases(request), ...deployWords(request)]),
    plan: now,
    approval,
    done,
    now: world.clock.now(),
    windows: rules.windows,
    refs: rules.refs,
    origin: world.origin,
    check,
    refusals,
  })
  return { refused, continued }
}

/** How many of the approved steps the journal has as applied under the approved digest: a deploy that continues. */
function doneBefore(
  targets: readonly Staged<PreviewedTarget>[],
  approved: ApprovalPlan | undefined,
): ReadonlyMap<string, number> {
  if (approved === undefined) return new Map()
  const digest = digestOf(approved)
  return new Map(
    targets.map(({ read, status }) => {
      const rows = status?.journal.filter(({ plan, outcome }) => plan === digest && outcome === 'applied') ?? []
      return [read.config.name, rows.length]
    }),
  )
}

/**
 * Refuses databases with all approved steps applied, but with another schema than approved. So a run that continues
 * does not hide the failed verification of the run before it.
 */
function otherThanApproved(
  run: Run<DeployRequest>,
  options: {
    readonly targets: readonly Staged<PreviewedTarget>[]
    readonly approval: Approval | undefined
    readonly done: ReadonlyMap<string, number>
  },
): readonly Refused[] {
  const { targets, approval, done } = options
  return (approval?.plan?.databases ?? []).flatMap(({ name, steps }): readonly Refused[] => {
    const one = targets.find(({ read }) => read.config.name === name)
    const after = steps.at(-1)?.after ?? 'unknown'
    if (one === undefined || one.stopped !== undefined || steps.length === 0 || done.get(name) !== steps.length)
      return []
    if (after === 'unknown' || after === one.preview.approval.live) return []
    const what = `${name}: all approved steps are applied, but the live schema is not the approved one`
    const look = suggestCommand(run, 'status', [`--databases ${shellWord(name)} --drift`])
    return [
      {
        rule: 'moved',
        what,
        fix: `Look at the difference: \`${look}\`. Then make a new plan, or roll the steps back.`,
      },
    ]
  })
}

/** The check run that the config requires; undefined if it requires none. */
async function requiredCheck(
  { check }: Pick<DeployRules, 'check'>,
  commit: string | undefined,
  { forge }: Pick<World, 'forge'>,
): Promise<CheckState | undefined> {
  if (check === undefined) return undefined
  if (forge === undefined) return { name: check, state: 'unknown', why: 'there is no token to ask GitHub with' }
  if (commit === undefined) return { name: check, state: 'unknown', why: 'there is no commit to ask about' }
  return { name: check, ...(await forge.checkOf({ commit, name: check })) }
}
