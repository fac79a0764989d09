// The dry run: runs the planned steps of one target on a scratch server before they run on the live one.
import { firstFew } from '../../model/list-words.js'
import { UserError } from '../../model/errors.js'
import { withSubstitute, type Script } from '../../model/migration.js'
import { versionKey } from '../../model/version.js'
import type { ScratchServer } from '../../ports/scratch.js'
import { dryRunSteps, type DryRunResult } from '../../prove/dry-run.js'
import { inEnvironment } from '../../prove/in-environment.js'
import type { Refused } from '../../release/gate.js'
import { failureWithoutData } from '../../report/redact-data.js'
import type { ScriptFailure } from '../../report/check-report.js'
import { latestRows } from '../../state/journal.js'
import { plainScript } from '../../tools/script.js'
import type { Run } from '../live/run.js'
import type { PlannedTarget } from '../live/target.js'
import type { CheckRequest } from '../../requests/request.js'
import { isEnvironment } from '../shared/scratch-server.js'

/**
 * `startFrom`: the source of the starting state. `files`: the files of the applied migrations. `live`: a copy of the
 * live structure, because those files may be gone. `proof`: how states are compared on the scratch server; `none`:
 * nothing runs there.
 * `impact`: whether the steps are watched, too.
 */
export type DryRunOptions = {
  readonly startFrom: 'files' | 'live'
  readonly proof: CheckRequest['proof']
  readonly impact: 'measured' | 'none'
}

/**
 * `scripts`: all scripts that ran there. `copy`: whether they ran on a copy of the live structure. `untried`: why not
 * all steps ran, if that is not their fault.
 */
export type DryRun = {
  readonly rehearsal: DryRunResult | undefined
  readonly major: number | undefined
  readonly copy: boolean
  readonly scripts: readonly Script[]
  readonly notes: readonly string[]
  readonly refused: readonly Refused[]
  readonly untried: string | undefined
}

/**
 * What creates the starting state on the scratch server. `notes`: why it is a copy. `otherwise`: the replacement if a
 * file of `before` fails, or a step when the state is `short` of something. `unknown`: why there is no starting state.
 */
type StartingState = KnownStart | { readonly unknown: string }

type KnownStart = {
  readonly setup: readonly Script[]
  readonly before: readonly Script[]
  readonly copy: boolean
  readonly notes: readonly string[]
  readonly short?: true
  readonly otherwise?: () => Promise<StartingState>
}

/**
 * Steps that cannot run there have unknown results, and the report says so. A step that fails there would also fail on
 * the live database. Rejects with a UserError if there are steps and no server, and if the live structure is needed and
 * cannot be read.
 */
export async function dryRun(run: Run, planned: PlannedTarget, options: DryRunOptions): Promise<DryRun> {
  if (options.proof === 'none') return notRun(planned, 'there was no dry run (--no-proof)')
  const start = await (options.startFrom === 'files' ? startFromFiles(run, planned) : copyOfLive(run, planned))
  return runFrom(start, { run, planned, snapshots: options.proof, impact: options.impact })
}

type DryRunInput = {
  run: Run
  planned: PlannedTarget
  snapshots: Exclude<CheckRequest['proof'], 'none'>
  impact: DryRunOptions['impact']
}

async function runFrom(start: StartingState, running: DryRunInput): Promise<DryRun> {
  const { run, planned, snapshots, impact } = running
  const { read, plan } = planned
  if ('unknown' in start) return notRun(planned, start.unknown)
  const server = await serverFor(running)
  if (server instanceof UserError) return notRun(planned, server.message)
  const scripts = [...start.setup, ...start.before, ...plan.steps.map(({ script }) => script)]
  try {
    const steps = plan.steps.map(({ script, direction, migration }) => {
      return { script, direction, back: direction === 'up' ? migration.down : undefined }
    })
    const environment = { session: read.config.session, setup: start.setup, snapshots }
    const rehearsal = await inEnvironment(server, scripts, environment, {
      run: (opened) =>
        dryRunSteps({ environment: opened, before: start.before, steps, impact, signal: run.world.signal }),
      failed: (result) => [result?.failure?.place?.file],
    })
    const isShort = rehearsal?.failure !== undefined && start.short === true
    if (rehearsal !== undefined && !isShort) {
      return resultOf(planned, { rehearsal, major: server.report.major, start, scripts })
    }
  } catch (error) {
    if (error instanceof UserError && error.kind === 'use') return notRun(planned, error.message)
    if (!isEnvironment(error)) throw error
    return notRun(planned, error.message)
  }
  return start.otherwise === undefined
    ? notRun(planned, 'a migration that is applied fails on the scratch server')
    : runFrom(await start.otherwise(), running)
}

/** The server's message on one line, with the names of the objects in the way. */
export function failureWords(failure: ScriptFailure): string {
  const { message, detail, sqlstate } = failureWithoutData(failure)
  const objects = detail === undefined ? '' : `: ${firstFew(detail.split('\n'), '; ')}`
  return oneLine(`${message}${objects} (SQLSTATE ${sqlstate})`)
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ')

const unknownResults = (why: string): string =>
  `the effects of the steps and the expected schema are unknown: ${oneLine(why)}`

const notRun = ({ plan }: PlannedTarget, why: string): DryRun => ({
  rehearsal: undefined,
  major: undefined,
  copy: false,
  scripts: plan.steps.map(({ script }) => script),
  refused: [],
  untried: oneLine(why),
  notes: [unknownResults(why)],
})

function resultOf(
  { read, plan }: PlannedTarget,
  ran: {
    readonly rehearsal: DryRunResult
    readonly major: number
    readonly start: KnownStart
    readonly scripts: readonly Script[]
  },
): DryRun {
  const { rehearsal, major, start, scripts } = ran
  const { failure } = rehearsal
  const { copy, notes } = start
  const result = { rehearsal, major, copy, scripts, refused: [], untried: undefined, notes }
  const at = plan.steps[rehearsal.steps.length]
  if (failure === undefined || at === undefined) return result
  if (failure.environment !== undefined) {
    const why = oneLine(`${at.migration.id}: ${failure.environment}`)
    return { ...result, untried: why, notes: [...notes, unknownResults(why)] }
  }
  const where = copy ? 'a copy of the live structure' : 'the scratch server'
  const what = `${read.config.name}: ${at.migration.id} fails on ${where}: ${failureWords(failure)}`
  const fix = `Fix ${at.script.file}${failure.place === undefined ? '' : `:${failure.place.line}:${failure.place.column}`}.`
  return { ...result, refused: [{ rule: 'plan', what, fix }] }
}

/**
 * The error if there is no server and no step to run. Rejects with a UserError for a wrong name of a server, and for
 * steps without a server. Steps run without a dry run only if the user asks for it.
 */
async function serverFor({ run, planned }: DryRunInput): Promise<ScratchServer | UserError> {
  try {
    return await run.server.get(planned.target.major)
  } catch (error) {
    if (!isEnvironment(error)) throw error
    if (planned.plan.steps.length === 0) return error
    const fix = `${error.fix.replace(/\.$/, '')}. To continue without a dry run: --no-proof.`
    throw new UserError({ kind: 'environment', what: error.message, fix, cause: error })
  }
}

/**
 * A copy of the live structure replaces files that cannot create the state: code, a needed file that is gone, or a file
 * that fails by now. Then the live structure cannot be compared with the files.
 */
function startFromFiles(run: Run, planned: PlannedTarget): StartingState | Promise<StartingState> {
  const { read, status } = planned
  const applied = status.applied.map(({ migration }) => withSubstitute(migration, read.standIns))
  const copy = (why: string): Promise<StartingState> => copyInstead(run, planned, why)
  const code = applied.filter(({ up }) => up === undefined).map(({ id }) => id)
  if (code.length > 0) return copy(`what ${firstFew(code)} did is not in a SQL file`)
  const gone = [...new Set([...status.missing.map(({ key }) => key), ...goneByJournal(planned)])]
  const files = { setup: read.setup, before: applied.flatMap(({ up }) => up ?? []), copy: false, notes: [] }
  // Squashed old files are gone too, but nothing is missing then.
  return gone.length === 0
    ? { ...files, otherwise: () => copy('a migration that is applied fails on the scratch server') }
    : {
        ...files,
        short: true,
        otherwise: () => copy(`${firstFew(gone)} ${gone.length === 1 ? 'is' : 'are'} applied without a file here`),
      }
}

async function copyInstead(run: Run, planned: PlannedTarget, why: string): Promise<StartingState> {
  try {
    const copy = await copyOfLive(run, planned)
    const note = `${why}, so the dry run used a copy of the live structure; its drift is unknown`
    return { ...copy, notes: [note] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { unknown: `${why}, and the live structure cannot be copied: ${error.message}` }
  }
}

/** Rejects with a UserError if the structure cannot be read. */
async function copyOfLive({ world, tls }: Run, { read, found, plan }: PlannedTarget): Promise<KnownStart> {
  const { name, dsn } = read.config
  const text = await world.backups.structure({
    name,
    dsn,
    history: { schema: found.schema, name: found.name },
    signal: world.signal,
    tls,
    scripts: plan.steps.flatMap(({ script }) => script.messages.map((message) => message.text)),
  })
  const copy = plainScript({ file: `the structure of ${name}`, text, transaction: 'message' })
  return { setup: [copy], before: [], copy: true, notes: [] }
}

/** Versions whose file is gone, from the journal: a one-row history does not show them as missing. */
function goneByJournal({ read, found, status }: PlannedTarget): readonly string[] {
  const newest = status.applied.at(-1)?.migration
  if (found.history.late !== 'impossible' || newest === undefined) return []
  const files = new Set(read.schema.migrations.map(({ version }) => versionKey(version)))
  const order = read.schema.layout.order.compare
  return [...latestRows(status.journal).values()]
    .filter(({ outcome, direction }) => direction === 'up' && (outcome === 'applied' || outcome === 'recorded'))
    .filter((row) => !files.has(versionKey(row.version)) && order(row, newest) < 0)
    .map(({ version }) => version)
}
