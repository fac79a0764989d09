// The command `deploy`: an approved plan, carried out. Look again, gate, lock, back up, apply, verify.
import type { Way } from '../../release/preview.js'
import { decideGate, type Approval, type Refused } from '../../release/gate.js'
import type { LiveReport, Stopped, TargetReport } from '../../report/run-report.js'
import { digestOf, shortDigest, type Sheet } from '../../release/approval-digest.js'
import { shellWord } from '../../model/shell-quote.js'
import type { Settings } from '../../config/settings.js'
import type { Change } from '../live/change.js'
import { checkOf, readApproval } from './approval.js'
import { takeBackup } from './backup.js'
import { carryOne, lookAfter, waits } from './execute.js'
import { wentWrong } from '../live/in-turn.js'
import { liveReport, withTargets, type Reached, type Running } from '../live/run.js'
import { environmentOf, lookAgain } from '../live/connect.js'
import { pasted, sameDatabases } from '../live/suggest-command.js'
import { expiryOf, preparingUp, upsOf } from './plan.js'
import {
  inOrder,
  isPrepared,
  objectionsOf,
  prepare,
  readyReport,
  refuseUnnamed,
  sheetOf,
  type Prepared,
  type Ready,
} from './prepare.js'
import type { DeployRequest } from '../shared/request.js'
import { createServerSlot, type ServerSlot } from '../shared/scratch-server.js'
import { smokeTest } from './smoke-test.js'
import { locksOf } from '../live/bookkeeping-tables.js'
import { stoppedBy } from '../live/target-report.js'
import { waysBack } from './ways-back.js'
import type { World } from '../shared/context.js'

/** Ends with a report, whatever came of it. Rejects with a UserError for wrong use. */
export async function deploy(request: DeployRequest, world: World): Promise<LiveReport> {
  const asked: Running = { request, world }
  refuseUnnamed(asked)
  const { clock } = world
  const started = clock.now()
  const start = clock.elapsed()
  const approval = await readApproval(request, world)
  const server = createServerSlot(world.startServer)
  try {
    return await withTargets(asked, { count: 'any' }, async (reached, settings) => {
      const ordered = inOrder(reached, settings.deploy.order, ({ read }) => read.config.name)
      return holding(ordered, async (locked) => {
        const approved = approval?.sheet
        const preparing = preparingUp(
          { request, world },
          { server, ignore: settings.deploy.ignore, acting: true, approved },
        )
        const ready: Ready[] = []
        for (const one of locked) ready.push(await prepare(one, asked, preparing))
        const expires = approval?.sheet?.expires ?? expiryOf(request, started)
        const commit = await world.repository.commit('HEAD')
        const sheet = sheetOf(ready, { commit, environment: environmentOf(request, world), expires })
        const done = doneBefore(ready, approval)
        const refused = await gate({ ready, sheet, approval, done, settings, running: asked })
        const digest = digestOf(approval?.sheet ?? sheet)
        const running: Running = { ...asked, plan: digest }
        const before = new Set([...done].flatMap(([name, count]) => (count > 0 ? [name] : [])))
        const allowed = refused.length === 0 && ready.every(isPrepared)
        const targets = allowed
          ? await carryOut(ready, { request, running, change: upsOf(request, approved), before })
          : ready.map((one) => readyReport(one, running, { outcome: 'not started' }))
        return liveReport({
          running,
          started,
          start,
          targets,
          short: refused.length > 0,
          approval: { digest: digestOf(sheet), sheet, given: approval?.approved, refused },
          ways: allowed ? await waysOf(ready, targets, { ...running, request }, tryingOf(settings, world, server)) : [],
          said: { reason: undefined, retention: settings.deploy.retention, check: settings.deploy.check },
        })
      })
    })
  } finally {
    await server.close()
  }
}

/** Every target locked before it is looked at, so that nothing moves between the look and the first step. */
async function holding<T>(reached: readonly Reached[], body: (locked: readonly Reached[]) => Promise<T>): Promise<T> {
  const locked: Reached[] = []
  // Two folders may be about one and the same database, and one run must not wait for itself.
  const places = new Set<string | undefined>()
  try {
    for (const one of reached) {
      try {
        const place = one.opened?.target.place
        if (!places.has(place)) await one.opened?.target.lock(locksOf(one.opened))
        places.add(place)
        // Whoever held the locks before may have made the history.
        locked.push(one.opened === undefined ? one : { ...one, opened: await lookAgain(one.opened) })
      } catch (error) {
        locked.push({ read: one.read, stopped: stoppedBy(error) })
      }
    }
    return await body(locked)
  } finally {
    for (const { opened } of reached) await opened?.target.unlock().catch(() => undefined)
  }
}

async function gate(options: {
  readonly ready: readonly Ready[]
  readonly sheet: Sheet
  readonly approval: Approval | undefined
  readonly done: ReadonlyMap<string, number>
  readonly settings: Settings
  readonly running: Running
}): Promise<readonly Refused[]> {
  const { ready, sheet, approval, done, settings, running } = options
  const { world } = running
  const objections = [...objectionsOf(ready), ...notAsApproved(options)]
  if (sheet.databases.length === 0) return objections
  return decideGate({
    command: pasted(running, 'deploy', sameDatabases(running)),
    sheet,
    approval,
    done,
    now: world.clock.now(),
    windows: settings.deploy.windows,
    refs: settings.deploy.refs,
    origin: world.origin,
    check: await checkOf(settings.deploy, sheet.commit, world),
    objections,
  })
}

/**
 * Databases of which all approved steps were done before: a run that goes on is not to pass over what the one before it
 * found wrong with them.
 */
function notAsApproved({ ready, approval, done, running }: Parameters<typeof gate>[0]): readonly Refused[] {
  return (approval?.sheet?.databases ?? []).flatMap(({ name, steps }): readonly Refused[] => {
    const one = ready.find((ready) => ready.one.read.config.name === name)
    const after = steps.at(-1)?.after ?? 'unknown'
    if (one === undefined || !isPrepared(one) || steps.length === 0 || done.get(name) !== steps.length) return []
    if (after === 'unknown' || after === one.looked.sheet.live) return []
    const what = `${name}: all approved steps are applied, and the live schema is not what was approved`
    const look = pasted(running, 'status', [`--databases ${shellWord(name)} --drift`])
    return [
      { rule: 'moved', what, fix: `Look at the difference: ${look}. Then make a new plan, or take the steps back.` },
    ]
  })
}

/** How many of the approved steps our record says were done under the approved digest: a deploy that goes on. */
function doneBefore(ready: readonly Ready[], approval: Approval | undefined): ReadonlyMap<string, number> {
  if (approval?.sheet === undefined) return new Map()
  const digest = digestOf(approval.sheet)
  return new Map(
    ready.map(({ one, stand }) => {
      const rows = stand?.journal.filter(({ plan, outcome }) => plan === digest && outcome === 'applied') ?? []
      return [one.read.config.name, rows.length]
    }),
  )
}

type Carrying = {
  readonly request: DeployRequest
  readonly running: Running
  readonly change: Change['plan']
  /** Databases in which a run before this one has carried out steps of the same plan. */
  readonly before: ReadonlySet<string>
}

/** Backups of all before the first step of any; then one database after another, and none behind one that went wrong. */
async function carryOut(ready: readonly Prepared[], carrying: Carrying): Promise<readonly TargetReport[]> {
  const { running, request } = carrying
  const reports: TargetReport[] = []
  const backups = new Map<Prepared, Pick<TargetReport, 'backup'>>()
  let culprit: { readonly of: Prepared; readonly stopped: Stopped } | undefined
  for (const one of ready) {
    if (culprit !== undefined || one.plan.steps.length === 0) continue
    try {
      const backup = await takeBackup(one.opened, request.backup, running.world)
      backups.set(one, backup === undefined ? {} : { backup })
    } catch (error) {
      culprit = { of: one, stopped: stoppedBy(error) }
    }
  }
  let wrong = culprit?.of.one.read.config.name
  const places = new Set<string>()
  for (const one of ready) {
    const report = await oneReport(one, { carrying, wrong, culprit, changed: places.has(one.opened.target.place) })
    if (report.steps.some(({ outcome }) => outcome === 'applied')) places.add(one.opened.target.place)
    if (wentWrong(report)) wrong ??= report.name
    reports.push({ ...report, ...backups.get(one) })
  }
  return wrong === undefined ? smokeTest(reports, request.smoke, running.world, carrying.before) : reports
}

/** Nobody who ended the run waits for more. */
const tryingOf = ({ deploy }: Settings, { signal }: World, server: ServerSlot): Parameters<typeof waysBack>[2] =>
  deploy.onFailure === 'offer' && !signal.aborted ? { server, ignore: deploy.ignore } : undefined

/** `wrong` names the database that went wrong before this one; `culprit` is the one whose backup failed. */
function oneReport(
  one: Prepared,
  about: {
    readonly carrying: Carrying
    readonly wrong: string | undefined
    readonly culprit: { readonly of: Prepared; readonly stopped: Stopped } | undefined
    readonly changed: boolean
  },
): Promise<TargetReport> | TargetReport {
  const { carrying, wrong, culprit, changed } = about
  const { running, change, before } = carrying
  const idle = one.plan.steps.length === 0
  if (wrong === undefined && !idle) return carryOne(one, { running, change, changed })
  if (wrong === undefined && before.has(one.opened.read.config.name)) return lookAfter(one, running)
  return readyReport(one, running, {
    outcome: idle ? 'planned' : 'not started',
    stopped: culprit?.of === one ? culprit.stopped : waits(one, wrong),
  })
}

/** Only with the file of the plan it is known which of its steps were done. */
function goOn(on: string, running: Running & { readonly request: DeployRequest }, file: string): Way {
  const { request, plan = '' } = running
  const words = [
    ...sameDatabases(running),
    ...(request.to === undefined ? [] : [`--to ${shellWord(request.to)}`]),
    ...(request.late === 'allow' ? ['--allow-late'] : []),
    `--plan ${shellWord(file)} --digest ${shortDigest(plan)}`,
  ]
  return {
    what: `${on} under the same approval, once the cause is gone`,
    command: pasted(running, 'deploy', words),
  }
}

/** After a run that did not end as asked. */
async function waysOf(
  ready: readonly Prepared[],
  targets: readonly TargetReport[],
  running: Running & { readonly request: DeployRequest },
  trying: Parameters<typeof waysBack>[2],
): Promise<readonly Way[]> {
  const { plan: file } = running.request
  const stuck = targets.find(wentWrong)
  if (stuck === undefined) return []
  const next = stuck.steps.find(({ outcome }) => outcome !== 'applied')
  const changed = ready.filter((_, i) => targets[i]?.steps.some(({ outcome }) => outcome === 'applied') === true)
  const on = `Go on${next === undefined ? '' : ` at ${stuck.name} ${next.id}`}`
  const anew: Way = {
    what: `${on} with a new plan, when a file had to be mended`,
    command: pasted(running, 'plan', [...sameDatabases(running), '--output json=plan.json']),
  }
  return [...(file === undefined ? [] : [goOn(on, running, file)]), anew, ...(await waysBack(changed, running, trying))]
}
