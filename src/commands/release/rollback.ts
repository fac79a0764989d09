// The command `rollback`: one database taken back, from any checkout, after a backup and a statement of what it loses.
import type { Way } from '../../release/preview.js'
import { numberOf } from '../../model/change.js'
import { UserError } from '../../model/errors.js'
import { refuseStranger, type Refused } from '../../release/gate.js'
import type { LiveReport, TargetReport } from '../../report/run-report.js'
import type { Migration } from '../../model/migration.js'
import { findMigration, isNothing, planDown, type Plan, type Planning } from '../../state/plan.js'
import { digestOf } from '../../release/approval-digest.js'
import { shellWord } from '../../model/shell-quote.js'
import { irreversibleWhy, stepsOfRun } from '../../state/reversibility.js'
import { sameVersion } from '../../model/version.js'
import { takeBackup } from './backup.js'
import { carryOne } from './execute.js'
import { copyOfLive } from './start-from-live.js'
import { wentWrong } from '../live/in-turn.js'
import { liveReport, withTargets, type Reached, type Running } from '../live/run.js'
import { environmentOf, type Stand } from '../live/connect.js'
import { pasted } from '../live/suggest-command.js'
import { isPrepared, objectionsOf, prepare, readyReport, refuseUnnamed, sheetOf, type Prepared } from './prepare.js'
import { withRecorded, type WithRecorded } from './recorded-downs.js'
import type { RollbackRequest } from '../shared/request.js'
import { createServerSlot } from '../shared/scratch-server.js'
import { smokeTest } from './smoke-test.js'
import { locksOf } from '../live/bookkeeping-tables.js'
import { stoppedBy } from '../live/target-report.js'
import type { World } from '../shared/context.js'

/** Ends with a report. Rejects with a UserError for wrong use, and for several databases. */
export async function rollback(request: RollbackRequest, world: World): Promise<LiveReport> {
  const asked: Running = { request, world }
  refuseUnnamed(asked)
  refuseContradiction(request)
  const { clock } = world
  const started = clock.now()
  const start = clock.elapsed()
  const server = createServerSlot(world.startServer)
  try {
    return await withTargets(asked, { count: 'one' }, async ([first], settings) => {
      if (first === undefined) throw new Error('one database was asked for')
      const { one, recorded } = await lockAndRecall(first)
      try {
        const ready = await prepare(one, asked, {
          server,
          ignore: settings.deploy.ignore,
          acting: true,
          proof: request.proof,
          plan: plannerOf(request),
          ground: copyOfLive(world),
        })
        const refused = isPrepared(ready) ? refusals(ready, { request, world }) : []
        const commit = await world.repository.commit('HEAD')
        const expires = new Date(started).toISOString()
        const sheet = sheetOf([ready], { commit, environment: environmentOf(request, world), expires })
        const running: Running = { ...asked, plan: digestOf(sheet) }
        const allowed = isPrepared(ready) && refused.length === 0 && ready.plan.steps.length > 0
        const target = allowed
          ? await takeBack(ready, { running, request })
          : readyReport(ready, running, { outcome: 'not started' })
        const targets = allowed && !wentWrong(target) ? await smokeTest([target], request.smoke, world) : [target]
        return liveReport({
          running,
          started,
          start,
          short: refused.length > 0,
          targets: targets.map((told) => withTexts(told, recorded)),
          approval: { digest: digestOf(sheet), sheet, given: request.confirm, refused },
          ways: wentWrong(targets[0] ?? target) ? waysOf(target, running) : [],
          said: { reason: request.reason, retention: settings.deploy.retention, check: undefined },
        })
      } finally {
        await one.opened?.target.unlock().catch(() => undefined)
      }
    })
  } finally {
    await server.close()
  }
}

function refuseContradiction({ to, steps, run }: RollbackRequest): void {
  const said = [
    to === undefined ? [] : '--to',
    steps === undefined ? [] : '--steps',
    run === undefined ? [] : '--deploy',
  ].flat()
  if (said.length === 1) return
  const what = said.length === 0 ? 'rollback needs to know how far' : `${said.join(' and ')} contradict each other`
  throw new UserError({ kind: 'use', what, fix: 'Say one of --to VERSION (0: all), --steps NUMBER or --deploy RUN.' })
}

/** The target locked, and its migrations as they were applied. */
async function lockAndRecall(one: Reached): Promise<{ readonly one: Reached; readonly recorded: WithRecorded }> {
  const { read, opened } = one
  const { migrations } = read.schema
  if (opened === undefined) return { one, recorded: { migrations, texts: new Map() } }
  try {
    await opened.target.lock(locksOf(opened))
    const recorded = withRecorded(
      migrations,
      await opened.target.readDowns(read.config.name),
      read.schema.layout.order.compare,
    )
    const recalled = { ...read, schema: { ...read.schema, migrations: recorded.migrations } }
    return { one: { read: recalled, opened: { ...opened, read: recalled } }, recorded }
  } catch (error) {
    return { one: { read, stopped: stoppedBy(error) }, recorded: { migrations, texts: new Map() } }
  }
}

type Planner = (planning: Planning, stand: Stand) => Plan

/** How far, as it was asked for. */
const plannerOf =
  ({ to, steps, run }: RollbackRequest): Planner =>
  (planning, { journal }) => {
    if (run === undefined) return planDown({ ...planning, to, steps: steps ?? 1 })
    const count = stepsOfRun(journal, run, planning.standing.backwards)
    if (typeof count === 'number') return planDown({ ...planning, to: undefined, steps: count })
    const fix = 'Say how far by version: --to VERSION.'
    return { steps: [], refused: [{ kind: 'plan', what: `${planning.database}: ${count.refused}`, fix }], notes: [] }
  }

/** The migration that is the newest one afterwards. */
function newestAfter({ plan, stand }: Prepared): Migration | undefined {
  const left = plan.steps.at(-1)?.left ?? stand.standing.applied.map(({ migration }) => migration)
  return left.at(-1)
}

/** What is to be typed: the database and the version that it goes to, by its number where that is enough; `0` for none. */
function wordsFor(ready: Prepared): string {
  const { name } = ready.opened.read.config
  const { migrations } = ready.opened.read.schema
  const newest = newestAfter(ready)
  const number = newest === undefined ? '0' : numberOf(newest)
  const short = newest === undefined || findMigration(migrations, number) === newest
  return `${name} ${short ? number : newest.version}`
}

/** Any way to write that version will do. */
function isConfirmed(ready: Prepared, confirm: string | undefined): boolean {
  const { name } = ready.opened.read.config
  const { migrations } = ready.opened.read.schema
  const [database, version = '', ...more] = (confirm ?? '').trim().split(/\s+/)
  if (database !== name || more.length > 0) return false
  const newest = newestAfter(ready)
  return newest === undefined ? isNothing(migrations, version) : findMigration(migrations, version) === newest
}

function refusals(ready: Prepared, { request, world }: { request: RollbackRequest; world: World }): readonly Refused[] {
  const { name } = ready.opened.read.config
  const accepted = (version: string): boolean => request.irreversible.some((one) => sameVersion(one, version))
  const final = ready.plan.steps.flatMap(({ migration }): readonly Refused[] => {
    const why = irreversibleWhy(migration)
    if (why === undefined || accepted(migration.version)) return []
    const what = `${name}: ${migration.id} cannot be taken back whole: ${why}`
    const fix = `Accept that with --accept-irreversible ${shellWord(migration.version)}, or restore a backup.`
    return [{ rule: 'irreversible', what, fix }]
  })
  const asked: Refused = {
    rule: 'confirmation',
    what: 'nobody has confirmed it',
    fix: `To go on: --confirm ${shellWord(wordsFor(ready))}`,
  }
  const { untried } = ready.looked
  const blind: readonly Refused[] =
    untried === undefined || request.proof === 'none' || ready.plan.steps.length === 0
      ? []
      : [
          {
            rule: 'plan',
            what: `${name}: not all downs could be tried first: ${untried}`,
            fix: 'Name a server on which they can be (--server URL). To run them untried all the same: --no-proof.',
          },
        ]
  const confirmed = isConfirmed(ready, request.confirm)
  return [
    ...refuseStranger(world.origin),
    ...objectionsOf([ready]),
    ...blind,
    ...final,
    ...(confirmed || ready.plan.steps.length === 0 ? [] : [asked]),
  ]
}

type TakingBack = {
  readonly running: Running
  readonly request: RollbackRequest
}

/** The backup first, always. */
async function takeBack(ready: Prepared, { running, request }: TakingBack): Promise<TargetReport> {
  try {
    const backup = await takeBackup(ready.opened, request.backup, running.world)
    // The very steps that were stated, and no others.
    const change = (planning: Planning): Plan =>
      planDown({ ...planning, to: undefined, steps: ready.plan.steps.length })
    const report = await carryOne(ready, { running, change })
    return { ...report, ...(backup && { backup }) }
  } catch (error) {
    return readyReport(ready, running, { outcome: 'not started', stopped: stoppedBy(error) })
  }
}

const withTexts = (target: TargetReport, { texts }: WithRecorded): TargetReport =>
  target.ahead === undefined
    ? target
    : {
        ...target,
        ahead: {
          ...target.ahead,
          steps: target.ahead.steps.map((step) => {
            const version = target.steps.find(({ id }) => id === step.id)?.version ?? ''
            return { ...step, text: texts.get(version) }
          }),
        },
      }

/** After a rollback that did not end as asked. */
function waysOf(target: TargetReport, running: Running): readonly Way[] {
  const about = `--databases ${shellWord(target.name)}`
  const { backup } = target
  return [
    { what: 'See where it stands', command: pasted(running, 'status', [about]) },
    ...(backup?.kind === 'dump'
      ? [
          {
            what: 'Bring back all that was there before, and lose what was written since',
            command: pasted(running, 'restore', [about, `--from ${shellWord(backup.path)}`]),
          },
        ]
      : []),
  ]
}
