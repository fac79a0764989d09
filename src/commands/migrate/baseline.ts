// The command `baseline`: records versions as applied without a run, after it compared the schema.
import { readSettings } from '../../config/settings.js'
import { commandText } from '../../model/command.js'
import { shellWord } from '../../model/shell-quote.js'
import { RULES } from '../../rules/index.js'
import { selectDatabases } from '../shared/databases.js'
import { readDatabase } from '../shared/read-database.js'
import { databaseWords } from '../../requests/suggested-command.js'
import type { Difference } from '../../catalog/difference.js'
import { UserError } from '../../model/errors.js'
import type { JournalEntry } from '../../state/journal.js'
import type { LiveReport, StepReport, Stopped, TargetReport } from '../../report/run-report.js'
import { environmentRefusal } from '../../state/refusals.js'
import { recordPlan, type RecordPlan } from '../../state/baseline-plan.js'
import { connectTargets, locksOf } from '../live/connect.js'
import { compareWithFiles } from '../live/drift.js'
import { planInput } from '../live/plan.js'
import { runReport, statusReport, stepReport, targetReport } from '../live/report.js'
import { namesEnvironment, startRun, type Run } from '../live/run.js'
import { readStatus } from '../live/status.js'
import { makeTables } from '../live/history.js'
import { stoppedBy, type ConnectedTarget, type Staged } from '../live/target.js'
import type { BaselineRequest } from '../../requests/request.js'
import type { World } from '../shared/context.js'

type BaselineRun = Run<BaselineRequest & { readonly to: string }>

/** Rejects with a UserError for wrong use. If it refuses because of differences, they are the `drift` of the report. */
export async function baseline(request: BaselineRequest, world: World): Promise<LiveReport> {
  const { to } = request
  if (to === undefined) throw await withoutVersion(request, world)
  const run = startRun({ ...request, to }, world)
  try {
    const { targets } = await connectTargets(run, { count: 'one' })
    return runReport(run, await Promise.all(targets.map((one) => recordTarget(one, run))))
  } finally {
    await run.end()
  }
}

/** The schema is compared first, so the newest version is a safe suggestion. */
async function withoutVersion(request: BaselineRequest, world: World): Promise<UserError> {
  const { files } = world
  const settings = await readSettings({ files, file: request.config, rules: RULES.map(({ id }) => id) })
  const { databases } = await selectDatabases({ files, settings, paths: request.paths, names: request.databases })
  const commands: string[] = []
  for (const config of databases) {
    const { migrations } = (await readDatabase(config, world)).schema
    const to = migrations.at(-1)?.version ?? '0'
    commands.push(commandText(`baseline ${databaseWords(request, config.name)} --to ${shellWord(to)}`))
  }
  const fix = `Name the newest version that the database has (0: none), for example: ${commands.join(', or ')}.`
  return new UserError({ kind: 'use', what: 'baseline needs a version', fix })
}

type Result = Pick<TargetReport, 'standing' | 'steps' | 'notes' | 'stopped'> & {
  readonly connected: Staged<ConnectedTarget>
}

async function recordTarget(one: Staged<ConnectedTarget>, run: BaselineRun): Promise<TargetReport> {
  const { clock } = run.world
  const start = clock.elapsed()
  const report = ({ connected, ...rest }: Result): TargetReport =>
    targetReport(run, connected, { ...rest, milliseconds: clock.elapsed() - start })
  const nothing = (stopped: Stopped): TargetReport =>
    report({ connected: one, standing: undefined, steps: [], notes: [], stopped })
  if (one.stopped !== undefined) return nothing(one.stopped)
  const given = namesEnvironment(run.request, run.world)
  const unnamed = environmentRefusal({
    database: one.read.config.name,
    place: one.target.place,
    given: given || one.production,
    asProduction: '',
  })
  if (unnamed !== undefined) return nothing({ ...unnamed, kind: 'refused' })
  try {
    await one.target.lock(locksOf(one))
    return report(await underLocks(one, run))
  } catch (error) {
    return nothing(stoppedBy(error))
  } finally {
    await one.target.unlock().catch(() => undefined)
  }
}

async function underLocks(connected: ConnectedTarget, run: BaselineRun): Promise<Result> {
  const { request, server } = run
  const status = await readStatus(connected)
  const plan = recordPlan({ ...planInput(connected, status), to: request.to, clearDirty: request.clearDirty })
  const wrong = plan.refused
  if (wrong?.kind === 'use') throw new UserError({ kind: 'use', what: wrong.what, fix: wrong.fix })
  const { notes } = connected.found
  const standing = statusReport(status, connected.read.schema)
  const unchanged = { connected, standing, steps: [], notes, stopped: undefined }
  if (wrong !== undefined) return { ...unchanged, stopped: { kind: 'refused', what: wrong.what, fix: wrong.fix } }
  if (plan.record.length === 0 && plan.cleared === undefined && plan.notThere.length === 0) return unchanged
  const compared = await compareWithFiles({ connected, migrations: plan.through, server })
  const drift = compared.differences.length === 0 ? undefined : compared.differences
  if (drift !== undefined && request.differences === 'refuse') {
    return {
      ...unchanged,
      standing: statusReport(status, connected.read.schema, { drift }),
      notes: [...notes, ...compared.notes],
      stopped: otherSchema(request.to),
    }
  }
  const recorded = await record({ connected, plan, run, drift })
  return { ...recorded, notes: [...recorded.notes, ...compared.notes] }
}

/** What was begun, or applied once, now counts as not applied. */
const notApplied = (migration: Parameters<typeof stepReport>[0]['migration']): StepReport =>
  stepReport({ migration, direction: 'down' }, 'recorded')

const otherSchema = (to: string): Stopped => ({
  kind: 'refused',
  what: `the live schema is not what the files up to ${to} make, so nothing was recorded`,
  fix: 'Change the schema, name another version, or use --accept-differences if you know each difference.',
})

async function record(options: {
  readonly connected: ConnectedTarget
  readonly plan: RecordPlan
  readonly run: BaselineRun
  readonly drift: readonly Difference[] | undefined
}): Promise<Result> {
  const { plan, run, drift } = options
  const { connected, journal, notes } = await makeTables(options.connected)
  const { target, read, found } = connected
  const { history, table } = found
  const { cleared } = plan
  const sql = [
    ...(cleared === undefined ? [] : [history.remove(table, cleared, plan.through)]),
    ...plan.record.map((migration) => history.record(table, migration)),
  ]
  const entry = (migration: JournalEntry['migration'], outcome: JournalEntry['outcome']): JournalEntry => ({
    migration,
    direction: 'up',
    outcome,
    before: undefined,
    milliseconds: undefined,
  })
  const entries = [
    ...plan.notThere.map((migration) => entry(migration, 'cleared')),
    ...plan.journal.map((migration) => entry(migration, 'recorded')),
  ]
  const acting = { ...run.actor, database: read.config.name }
  await target.note({ sql: sql.join(';\n'), journal: journal === 'on' ? { acting, entries } : undefined })
  const after = await readStatus(connected)
  return {
    connected,
    standing: statusReport(after, read.schema, { drift }),
    steps: [
      ...(plan.unknown === undefined ? [] : [notApplied({ id: plan.unknown, version: plan.unknown })]),
      ...plan.notThere.map(notApplied),
      ...plan.journal.map((migration) => stepReport({ migration, direction: 'up' }, 'recorded')),
    ],
    notes: [...found.notes, ...notes, ...(plan.note === undefined ? [] : [plan.note])],
    stopped: undefined,
  }
}
