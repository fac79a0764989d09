// The command `plan`: what a deploy would do, under a digest that somebody can approve. Changes nothing.
import { UserError } from '../../model/errors.js'
import type { LiveReport } from '../../report/run-report.js'
import { planUp } from '../../state/plan.js'
import { digestOf, type Sheet } from '../../release/approval-digest.js'
import type { Change } from '../live/change.js'
import { groundOfFiles } from './start-from-files.js'
import { liveReport, withTargets, type Running } from '../live/run.js'
import { environmentOf } from '../live/connect.js'
import { inOrder, objectionsOf, prepare, readyReport, refuseUnnamed, sheetOf, type Preparing } from './prepare.js'
import type { DeployRequest, PlanRequest } from '../shared/request.js'
import { createServerSlot } from '../shared/scratch-server.js'
import type { World } from '../shared/context.js'

const DAY_MS = 86_400_000

/** Ends with a report. Rejects with a UserError for wrong use. */
export async function plan(request: PlanRequest, world: World): Promise<LiveReport> {
  const running: Running = { request, world }
  refuseUnnamed(running)
  const { clock } = world
  const started = clock.now()
  const start = clock.elapsed()
  const expires = expiryOf(request, started)
  const server = createServerSlot(world.startServer)
  try {
    return await withTargets(running, { count: 'any' }, async (reached, { deploy }) => {
      const preparing = preparingUp({ request, world }, { server, ignore: deploy.ignore, acting: false })
      const ordered = inOrder(reached, deploy.order, ({ read }) => read.config.name)
      const ready = await Promise.all(ordered.map((one) => prepare(one, running, preparing)))
      const commit = await world.repository.commit('HEAD')
      const sheet = sheetOf(ready, { commit, environment: environmentOf(request, world), expires })
      const refused = objectionsOf(ready)
      return liveReport({
        running,
        started,
        start,
        short: refused.length > 0,
        targets: ready.map((one) => readyReport(one, running, { outcome: 'planned' })),
        approval: { digest: digestOf(sheet), sheet, given: undefined, refused },
      })
    })
  } finally {
    await server.close()
  }
}

/** What a deploy would apply: up to where somebody says, and else up to where it was approved. */
export const upsOf =
  ({ to, late }: Pick<PlanRequest | DeployRequest, 'to' | 'late'>, approved?: Sheet): Change['plan'] =>
  (planning) => {
    const last = approved?.databases.find(({ name }) => name === planning.database)?.steps.at(-1)?.version
    const there = planning.migrations.some(({ version }) => version === last)
    return planUp({ ...planning, to: to ?? (there ? last : undefined), late })
  }

/** Plans of pending migrations, rehearsed behind those that are applied. */
export const preparingUp = (
  {
    request,
    world,
  }: { readonly request: Parameters<typeof upsOf>[0] & Pick<PlanRequest, 'proof'>; readonly world: World },
  rest: Pick<Preparing, 'server' | 'ignore' | 'acting'> & { readonly approved?: Sheet | undefined },
): Preparing => ({
  ...rest,
  proof: request.proof,
  plan: upsOf(request, rest.approved),
  ground: groundOfFiles(world),
})

const SPAN = /^(\d{1,6})(m|h|d)$/
const MILLISECONDS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS }

/** ISO 8601 in UTC, whole seconds. Throws a UserError for a text that is no time. */
export function expiryOf({ expires }: Pick<PlanRequest, 'expires'>, now: number): string {
  const [, number, unit = ''] = SPAN.exec(expires ?? '1d') ?? []
  const at = number === undefined ? Date.parse(expires ?? '') : now + Number(number) * (MILLISECONDS[unit] ?? 0)
  if (Number.isFinite(at) && (number !== undefined || /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(expires ?? ''))) {
    return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
  }
  const what = `"${expires ?? ''}" is no time until which a plan holds`
  throw new UserError({ kind: 'use', what, fix: 'Write it like this: 24h, 90m, 3d or 2026-11-23T16:00:00Z.' })
}
