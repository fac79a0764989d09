// The steps of one target, tried on a scratch server before they run on the live one.
import { UserError } from '../../model/errors.js'
import type { Refused } from '../../release/gate.js'
import type { Script } from '../../model/migration.js'
import type { Plan } from '../../state/plan.js'
import { failureWithoutData } from '../../report/redact-data.js'
import type { ScratchServer } from '../../ports/scratch.js'
import { reachesCluster } from '../../prove/cluster-wide.js'
import { dryRun, type DryRunResult } from '../../prove/dry-run.js'
import type { Opened } from '../live/connect.js'
import type { CheckRequest } from '../shared/request.js'
import { isEnvironment, type ServerSlot } from '../shared/scratch-server.js'
import type { World } from '../shared/context.js'

/**
 * What makes the state that the steps start from on the scratch server: the files, or a copy of the live structure. `notes`
 * say why it is the copy; `otherwise` is what to take when a file of the ground fails there, or, where the ground is `short` of
 * something, a step. `unknown` says why there is none.
 */
export type Ground =
  | {
      readonly setup: readonly Script[]
      readonly before: readonly Script[]
      readonly copy: boolean
      readonly notes: readonly string[]
      readonly short?: true
      readonly otherwise?: () => Promise<Ground>
    }
  | { readonly unknown: string }

/** Nobody wants it. */
export const NOT_TRIED = { unknown: 'nothing was tried on a scratch server (--no-proof)' } as const

export type Trying = {
  readonly opened: Opened
  readonly plan: Plan
  readonly ground: Ground
  readonly server: ServerSlot
  readonly world: World
  /** How states are compared on the scratch server; `none`: nothing is tried there. */
  readonly proof: CheckRequest['proof']
}

/**
 * `scripts` are all that ran there, `copy` whether they ran on a copy of the live structure. `untried` says why not all steps
 * ran, where it is no fault of theirs.
 */
export type OnScratch = {
  readonly rehearsal: DryRunResult | undefined
  readonly major: number | undefined
  readonly copy: boolean
  readonly scripts: readonly Script[]
  readonly notes: readonly string[]
  readonly objections: readonly Refused[]
  readonly untried: string | undefined
}

/**
 * What cannot be rehearsed is unknown, which is said; a step that fails there would fail on the live database, too. Rejects with
 * a UserError where there is no server at all for steps that are there.
 */
export async function rehearseOn(trying: Trying): Promise<OnScratch> {
  const { opened, plan, ground, world, proof } = trying
  const { read } = opened
  const unknown = (why: string): OnScratch => ({
    rehearsal: undefined,
    major: undefined,
    copy: false,
    scripts: plan.steps.map(({ script }) => script),
    objections: [],
    untried: why.replaceAll(/\s*\n\s*/g, ' '),
    notes: [`what the steps do and what has to come out is unknown: ${why.replaceAll(/\s*\n\s*/g, ' ')}`],
  })
  if ('unknown' in ground) return unknown(ground.unknown)
  if (proof === 'none') return unknown(NOT_TRIED.unknown)
  const scratch = await serverFor(trying)
  if (scratch instanceof UserError) return unknown(scratch.message)
  const scripts = [...ground.setup, ...ground.before, ...plan.steps.map(({ script }) => script)]
  try {
    const bench = await scratch.openEnvironment({
      clusterWide: reachesCluster(scripts),
      session: read.config.session,
      setup: ground.setup,
      snapshots: proof,
    })
    try {
      const steps = plan.steps.map(({ script, direction, migration }) => {
        return { script, direction, back: direction === 'up' ? migration.down : undefined }
      })
      const rehearsal = await dryRun({ environment: bench, before: ground.before, steps, signal: world.signal })
      const isShort = rehearsal?.failure !== undefined && ground.short === true
      if (rehearsal !== undefined && !isShort)
        return told(trying, { rehearsal, major: scratch.report.major, ground, scripts })
    } finally {
      await bench.close()
    }
  } catch (error) {
    if (error instanceof UserError && error.kind === 'use') return unknown(error.message)
    if (!isEnvironment(error)) throw error
    return unknown(error.message)
  }
  return ground.otherwise === undefined
    ? unknown('a migration that is applied fails on the scratch server')
    : rehearseOn({ ...trying, ground: await ground.otherwise() })
}

type Ran = {
  readonly rehearsal: DryRunResult
  readonly major: number
  readonly ground: Exclude<Ground, { readonly unknown: string }>
  readonly scripts: readonly Script[]
}

function told({ opened, plan }: Trying, { rehearsal, major, ground, scripts }: Ran): OnScratch {
  const { failure } = rehearsal
  const ran = { rehearsal, major, copy: ground.copy, scripts, objections: [], untried: undefined, notes: ground.notes }
  const at = plan.steps[rehearsal.steps.length]
  if (failure === undefined || at === undefined) return ran
  if (failure.environment !== undefined) {
    const why = `${at.migration.id}: ${failure.environment}`.replaceAll(/\s*\n\s*/g, ' ')
    const note = `what the steps do and what has to come out is unknown: ${why}`
    return { ...ran, untried: why, notes: [...ground.notes, note] }
  }
  const what = `${opened.read.config.name}: ${at.migration.id} fails on the scratch server: ${failureWithoutData(failure).message} (SQLSTATE ${failure.sqlstate})`
  const fix = `Mend ${at.script.file}${failure.place === undefined ? '' : `:${failure.place.line}:${failure.place.column}`}.`
  return { ...ran, objections: [{ rule: 'plan', what, fix }] }
}

/**
 * A server to try the steps on; undefined where there is none, and nothing to be tried. Rejects with a UserError for a server
 * that is named wrongly, and for none at all: what nobody has tried runs only where that was asked for.
 */
async function serverFor({ server, opened, plan }: Trying): Promise<ScratchServer | UserError> {
  try {
    return await server.get(opened.target.major)
  } catch (error) {
    if (!isEnvironment(error)) throw error
    if (plan.steps.length === 0) return error
    const fix = `${error.fix.replace(/\.$/, '')}. To go on without having tried the steps first: --no-proof.`
    throw new UserError({ kind: 'environment', what: error.message, fix, cause: error })
  }
}
