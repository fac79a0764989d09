// Decides whether a plan may run: allowed, or refused with every reason. Pure.
import { digestOf, isDigest, shortDigest, driftSinceApproval, type ApprovalPlan } from './approval-digest.js'
import { shellWord } from '../model/shell-quote.js'
import { isOpen, type Window } from '../model/deploy-windows.js'

/** `approved`: the digest, or 8 or more of its digits. `plan`: the approved plan, if its file is given. */
export type Approval = { readonly approved: string; readonly plan: ApprovalPlan | undefined }

/** The origin of the run. `refProtected` is undefined outside of GitHub, which has such rules. */
export type Origin = {
  readonly event: string | undefined
  readonly fork: boolean
  readonly refProtected: boolean | undefined
  readonly ref: string | undefined
}

/** The state of a required check run on the commit. `why`: the reason for `unknown`. */
export type CheckState = {
  readonly name: string
  readonly state: 'success' | 'failure' | 'pending' | 'missing' | 'unknown'
  readonly why?: string | undefined
}

/** `command`: the deploy to suggest, without its digest. `plan`: the current plan. */
export type GateInput = {
  readonly command: string
  readonly plan: ApprovalPlan
  readonly approval: Approval | undefined
  /** By database, how many of the approved steps ran before under the approved digest. */
  readonly done: ReadonlyMap<string, number>
  /** Milliseconds since 1970. */
  readonly now: number
  readonly windows: readonly Window[]
  readonly refs: 'protected' | 'any'
  readonly origin: Origin
  readonly check: CheckState | undefined
  /** Refusals because of the databases and the files. */
  readonly refusals: readonly Refused[]
}

/** The plan (`sheet`) and the decision of the gate. Empty `refused`: allowed. `given`: the approved digest or text. */
export type ApprovalReport = {
  readonly digest: string
  readonly sheet: ApprovalPlan
  readonly given: string | undefined
  readonly refused: readonly Refused[]
}

/** `rule` never changes; `what` and `fix` are sentences. */
export type Refused = { readonly rule: GateRule; readonly what: string; readonly fix: string }

export type GateRule =
  | 'approval'
  | 'digest'
  | 'moved'
  | 'expired'
  | 'fork'
  | 'ref'
  | 'window'
  | 'check'
  | 'finding'
  | 'blocker'
  | 'plan'
  | 'irreversible'
  | 'backup'
  | 'confirmation'

/** What a person typed instead of the text that confirms a run; nothing if it was left out. */
export function unconfirmed(typed: string | undefined, due: string): Refused {
  const fix = `To continue: --confirm ${shellWord(due)}`
  if (typed === undefined || typed.trim() === '') return { rule: 'confirmation', what: 'it is not confirmed', fix }
  const shown = typed.length > LONGEST ? `${typed.slice(0, LONGEST)}...` : typed
  const what = `the confirmation is wrong: ${shellWord(shown)} was typed, and ${shellWord(due)} is due`
  return { rule: 'confirmation', what, fix }
}

const LONGEST = 100

/** Every reason to refuse it. Empty: allowed. */
export function decideGate(input: GateInput): readonly Refused[] {
  return [...input.refusals, ...ofOrigin(input), ...ofWindow(input), ...ofCheck(input), ...ofApproval(input)]
}

/** Changes from strangers never reach a live database, with any command. */
export function refuseStranger({ event, fork }: Origin): readonly Refused[] {
  if (!fork && event !== 'pull_request' && event !== 'pull_request_target') return []
  const what = `nothing is done to a live database from a pull request${fork ? ' of a fork' : ''}`
  return [{ rule: 'fork', what, fix: 'Merge it, and run from the protected branch.' }]
}

function ofOrigin({ origin, refs }: GateInput): readonly Refused[] {
  const { refProtected, ref } = origin
  const stranger = refuseStranger(origin)
  if (stranger.length > 0) return stranger
  if (refProtected !== false || refs === 'any') return []
  const what = `${ref ?? 'the ref'} is not protected, so no one had to review it`
  const fix = 'Deploy from a protected branch or tag, or set deploy: refs: any in migration-gate.yml.'
  return [{ rule: 'ref', what, fix }]
}

function ofWindow({ windows, now }: GateInput): readonly Refused[] {
  if (isOpen(windows, now)) return []
  const at = `${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const what = `${at} is outside of the windows for deploys: ${windows.map(({ text }) => text).join('; ')}`
  return [{ rule: 'window', what, fix: 'Wait for the next window, or change deploy: windows in migration-gate.yml.' }]
}

function ofCheck({ check }: GateInput): readonly Refused[] {
  if (check === undefined || check.state === 'success') return []
  const words = {
    failure: `failed${check.why === undefined ? '' : ` (${check.why})`} for this commit`,
    pending: 'has not ended for this commit',
    missing: 'did not run for this commit',
    unknown: `could not be read: ${check.why ?? 'no answer'}`,
  }
  const fix = 'It must pass for the commit that is deployed. Its name is under deploy: check in migration-gate.yml.'
  return [{ rule: 'check', what: `the required check "${check.name}" ${words[check.state]}`, fix }]
}

function ofApproval({ command, plan, approval, done, now }: GateInput): readonly Refused[] {
  const digest = digestOf(plan)
  const again = `Make a new plan, review it, and approve it.`
  if (approval === undefined) {
    const fix = `If this is what should run: \`${command} --digest ${shortDigest(digest)} --expires ${plan.expires}\``
    return [{ rule: 'approval', what: `no approval for plan ${shortDigest(digest)}`, fix }]
  }
  const { approved, plan: known } = approval
  if (!isDigest(approved)) {
    const what = `"${approved}" is not a digest: 8 to 64 of the digits 0-9 and a-f`
    return [{ rule: 'digest', what, fix: 'Copy it from the plan that was approved.' }]
  }
  const expiry = Date.parse(known?.expires ?? plan.expires)
  const expired: readonly Refused[] =
    expiry > now
      ? []
      : [{ rule: 'expired', what: `the approved plan expired at ${new Date(expiry).toISOString()}`, fix: again }]
  if (known === undefined) {
    if (digest.startsWith(approved)) return expired
    const what = `what would run now is plan ${shortDigest(digest)}, not the approved ${shortDigest(approved)}: something changed, or the expiry is not the approved one`
    return [...expired, { rule: 'digest', what, fix: `${again} With --plan FILE the refusal lists what changed.` }]
  }
  if (!digestOf(known).startsWith(approved)) {
    const what = `the plan in the file is ${shortDigest(digestOf(known))}, not the approved ${shortDigest(approved)}`
    return [...expired, { rule: 'digest', what, fix: 'Give the file of the plan that was approved.' }]
  }
  const moved = driftSinceApproval(known, plan, done)
  return [
    ...expired,
    ...moved.map(({ database, what }): Refused => ({
      rule: 'moved',
      what: database === undefined ? what : `${database}: ${what}`,
      fix: again,
    })),
  ]
}
