// What the commands on live databases have in common: files read, targets opened and closed, one report.
import { CHECKS } from '../checks/index.js'
import { readSettings } from '../config/settings.js'
import { UserError } from '../core/errors.js'
import type { LiveReport, TargetReport } from '../core/live-report.js'
import { shellWord } from '../core/shell.js'
import type { Opened } from './opened.js'
import { openDatabase } from './opened.js'
import { readDatabase, type ReadDatabase } from './read-database.js'
import type { LiveRequest } from './request.js'
import { selectDatabases } from './select.js'
import { stoppedBy } from './target-report.js'
import { countLive, decideLive } from './live-verdict.js'
import type { World } from './world.js'

export type Running = { readonly request: LiveRequest; readonly world: World }

/** Files that leave it open what would be run: nothing is, before they are mended. */
const OPEN_QUESTIONS = new Set(['duplicate-version', 'unreadable'])

/** Every database that the request is about. Rejects with a UserError for files that nobody could run. */
export async function readAll({ request, world }: Running): Promise<readonly ReadDatabase[]> {
  const { files } = world
  const settings = await readSettings({ files, file: request.config, rules: CHECKS.map(({ id }) => id) })
  const { paths, databases: names } = request
  const { databases } = await selectDatabases({ files, settings, paths, names })
  const reads: ReadDatabase[] = []
  for (const config of databases) reads.push(await readDatabase(config, world))
  for (const { config, schema } of reads) {
    const open = schema.problems.find(({ rule }) => OPEN_QUESTIONS.has(rule))
    if (open === undefined) continue
    const fix = `Mend the files: pg-migration-gate check ${shellWord(config.folder)} shows all that is wrong.`
    throw new UserError({ kind: 'use', what: `${config.name}: ${open.message}`, fix })
  }
  return reads
}

/** `down` and `redo` take back data; which database is never left to chance. */
export function requireOne(reads: readonly ReadDatabase[], { command }: Pick<LiveRequest, 'command'>): void {
  if (reads.length === 1) return
  const names = reads.map(({ config }) => config.name)
  const [what, word] =
    command === 'baseline'
      ? ['cannot record one version for several databases at once', 'baseline --to VERSION']
      : ['cannot roll back all databases at once', command === 'seed' ? 'seed --down' : command]
  const fix = `Name one: ${names.map((name) => `pg-migration-gate ${word} --databases ${shellWord(name)}`).join(', or ')}`
  throw new UserError({ kind: 'use', what, fix })
}

/** A target that was reached, or why it was not. */
export type Reached = { readonly read: ReadDatabase } & (
  | { readonly opened: Opened; readonly stopped?: undefined }
  | { readonly opened?: undefined; readonly stopped: NonNullable<TargetReport['stopped']> }
)

/** All of them at the same time. Whatever the body does, every target is closed afterwards. */
export async function withTargets<T>(
  reads: readonly ReadDatabase[],
  running: Running,
  body: (reached: readonly Reached[]) => Promise<T>,
): Promise<T> {
  const tried = await Promise.allSettled(reads.map((read) => openDatabase(read, running)))
  const opened = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  try {
    const reached = reads.map((read, i): Reached => {
      const one = tried[i]
      if (one?.status === 'fulfilled') return { read, opened: one.value }
      return { read, stopped: stoppedBy(one?.reason) }
    })
    return await body(reached)
  } finally {
    await Promise.all(opened.map(({ target }) => target.close()))
  }
}

/** The report of a run that began at `started` (milliseconds since 1970) and `start` (steady counter). */
export function liveReport(options: {
  readonly running: Running
  readonly started: number
  readonly start: number
  readonly targets: readonly TargetReport[]
  readonly short?: boolean
}): LiveReport {
  const { running, targets, short = false } = options
  const { request, world } = running
  return {
    schema: 1,
    tool: world.tool,
    command: request.command,
    started: new Date(options.started).toISOString(),
    milliseconds: world.clock.elapsed() - options.start,
    ...decideLive({ targets, cancelled: world.signal.aborted, short }),
    counts: countLive(targets),
    targets,
  }
}
