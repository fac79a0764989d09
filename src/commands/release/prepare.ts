// Targets made ready for a plan, a deploy or a rollback: stood, planned, looked ahead.
import { firstFew } from '../../model/list-words.js'
import type { Refused } from '../../release/gate.js'
import type { StepReport, Stopped, TargetReport } from '../../report/run-report.js'
import type { Plan, Planning } from '../../state/plan.js'
import type { Sheet } from '../../release/approval-digest.js'
import { UserError } from '../../model/errors.js'
import { lookAhead, type LookedAhead, type LookingAhead } from './preview.js'
import { NOT_TRIED, type Ground } from './dry-run.js'
import type { Reached, Running } from '../live/run.js'
import { environmentOf, planningOf, readStand, type Opened, type Stand } from '../live/connect.js'
import { unrecordable } from '../live/recordable.js'
import type { ServerSlot } from '../shared/scratch-server.js'
import { standingReport, stepReport, stoppedBy, targetReport } from '../live/target-report.js'

/** A target with its plan; `stopped` says why there is none. */
export type Ready = { readonly one: Reached; readonly milliseconds: number } & (
  | { readonly stopped: Stopped; readonly opened: Opened | undefined; readonly stand?: Stand; readonly plan?: Plan }
  | {
      readonly stopped?: undefined
      readonly opened: Opened
      readonly stand: Stand
      readonly plan: Plan
      readonly looked: LookedAhead
    }
)

export type Prepared = Extract<Ready, { readonly stopped?: undefined }>

export const isPrepared = (ready: Ready): ready is Prepared => ready.stopped === undefined

/** What differs between commands: the plan, and the ground on which it is rehearsed. */
export type Preparing = {
  readonly plan: (planning: Planning, stand: Stand) => Plan
  readonly ground: (opened: Opened, stand: Stand, plan: Plan) => Promise<Ground>
  readonly server: ServerSlot
  readonly ignore: readonly string[]
  readonly acting: boolean
  readonly proof: LookingAhead['proof']
}

/** Rejects with a UserError for wrong use. */
export async function prepare(one: Reached, { world }: Running, preparing: Preparing): Promise<Ready> {
  const start = world.clock.elapsed()
  const milliseconds = (): number => world.clock.elapsed() - start
  const { opened } = one
  if (opened === undefined) return { one, opened, stopped: one.stopped, milliseconds: milliseconds() }
  let known: { readonly stand?: Stand; readonly plan?: Plan } = {}
  try {
    const stand = await readStand(opened)
    const plan = preparing.plan(planningOf(opened, stand), stand)
    known = { stand, plan }
    const [first] = plan.refused
    if (first?.kind === 'use') throw new UserError({ kind: 'use', what: first.what, fix: first.fix })
    if (first !== undefined) {
      const words = plan.refused.map((one) => one.what)
      const what = firstFew(words, '; ')
      return { one, opened, ...known, stopped: { kind: 'refused', what, fix: first.fix }, milliseconds: milliseconds() }
    }
    const stopped = unrecordable(opened, plan)
    if (stopped !== undefined) return { one, opened, ...known, stopped, milliseconds: milliseconds() }
    const { server, ignore, acting, proof } = preparing
    const ground = proof === 'none' ? NOT_TRIED : await preparing.ground(opened, stand, plan)
    const looked = await lookAhead({ opened, stand, plan, ground, server, world, ignore, acting, proof })
    return { one, opened, stand, plan, looked, milliseconds: milliseconds() }
  } catch (error) {
    return { one, opened, ...known, stopped: stoppedBy(error), milliseconds: milliseconds() }
  }
}

/** What is approved: of all targets that have something to do. */
export const sheetOf = (ready: readonly Ready[], about: Pick<Sheet, 'commit' | 'environment' | 'expires'>): Sheet => ({
  format: 1,
  ...about,
  databases: ready.flatMap((one) => (isPrepared(one) && one.plan.steps.length > 0 ? [one.looked.sheet] : [])),
})

/** Every reason of any target against going on. */
export const objectionsOf = (ready: readonly Ready[]): readonly Refused[] =>
  ready.flatMap((one) => (isPrepared(one) ? one.looked.objections : []))

/** A target to which nothing was done. */
export function readyReport(
  ready: Ready,
  { request, world }: Running,
  told: { readonly outcome: StepReport['outcome']; readonly stopped?: Stopped | undefined },
): TargetReport {
  const { one, opened, stand, plan, milliseconds } = ready
  return {
    ...targetReport({
      read: one.read,
      opened,
      milliseconds,
      environment: environmentOf(request, world),
      standing: stand && standingReport(stand.standing),
      steps: (plan?.steps ?? []).map((step) => stepReport(step, told.outcome)),
      notes: [...(opened?.found.notes ?? []), ...(plan?.notes ?? [])],
      stopped: ready.stopped ?? told.stopped,
    }),
    ...(isPrepared(ready) && { ahead: ready.looked.ahead }),
  }
}

/** As the config orders them: those that it does not name come behind, as they were. */
export function inOrder<T>(all: readonly T[], order: readonly string[], nameOf: (one: T) => string): readonly T[] {
  const place = (one: T): number => {
    const at = order.indexOf(nameOf(one))
    return at === -1 ? order.length : at
  }
  return all.toSorted((a, b) => place(a) - place(b))
}

/** What is told when nobody says for which environment a production command is. */
export function refuseUnnamed({ request, world }: Running): void {
  if (request.environment !== undefined || (world.environment['APP_ENV']?.trim() ?? '') !== '') return
  throw new UserError({
    kind: 'use',
    what: `${request.command} needs to know which environment it is about`,
    fix: 'Say it: --environment production.',
  })
}
