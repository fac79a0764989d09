// The working copy of a chain (a scratch database), and a clean copy that replaces it after a step spoils it.
import { stopIfCancelled, UserError } from '../model/errors.js'
import type { Script } from '../model/migration.js'
import type { AttemptResult, ScratchEnvironment, RunResult, Scratch, AttemptOutcome } from '../ports/scratch.js'
import type { ScriptFailure } from '../report/check-report.js'
import { SnapshotTracker } from './snapshot-tracker.js'

/** A script ran once, and failed when it ran again from the same state. So nothing behind it can be judged. */
export class NotRepeatable extends UserError {
  readonly file: string

  constructor(file: string, { message, sqlstate }: ScriptFailure) {
    super({
      kind: 'environment',
      what: `${file} ran once, and failed when it ran again in a new database: ${message}${sqlstate === '' ? '' : ` (SQLSTATE ${sqlstate})`}. It leaves something outside of its database, or depends on the time, on chance or on another server.`,
      fix: 'Make it run in any new database: guard what it makes outside of it (IF NOT EXISTS), or move that to where the server is set up. Without --server, each attempt has a new private server.',
    })
    this.file = file
  }
}

/**
 * `main` is where steps are proved. When one leaves it in a wrong state, a second database is brought to the same step by
 * ups alone, and copied. So each up is replayed once in a run, however many steps are broken.
 */
export class WorkingCopy {
  readonly environment: ScratchEnvironment
  readonly #applied: Script[] = []
  #main: Scratch
  #cleanCopy: { readonly scratch: Scratch; steps: number } | undefined
  readonly tracker: SnapshotTracker
  /** By the clock of the server, in milliseconds. */
  readonly opened: number
  /** Set once a copy turns out to be incomplete, because later copies would be incomplete too. */
  #copies: boolean

  private constructor(environment: ScratchEnvironment, main: Scratch, tracker: SnapshotTracker, opened: number) {
    this.environment = environment
    this.opened = opened
    this.#copies = environment.copies
    this.#main = main
    this.tracker = tracker
  }

  static async open(environment: ScratchEnvironment): Promise<WorkingCopy> {
    return WorkingCopy.over(environment, await environment.open())
  }

  /** Over a database that is there. `restore` knows nothing of how it came about. */
  static async over(environment: ScratchEnvironment, main: Scratch): Promise<WorkingCopy> {
    return new WorkingCopy(environment, main, await trackerOf(main), await clockOf(main))
  }

  /**
   * Runs ups one after another without reading the change of each. Undefined when one of them fails, with the environment
   * reset. Rejects when the signal is aborted.
   */
  static async openAfter(
    before: readonly Script[],
    environment: ScratchEnvironment,
    signal: AbortSignal,
  ): Promise<WorkingCopy | undefined> {
    const main = await environment.open()
    if ((await runInBatches(main, before, signal)) !== undefined) {
      await main.drop()
      await environment.reset()
      return undefined
    }
    const place = new WorkingCopy(environment, main, await trackerOf(main), await clockOf(main))
    place.keep(before)
    return place
  }

  /**
   * A database in which these ups have run, where no copy is complete; whatever else there was in the environment is gone.
   * Undefined when one of them fails.
   */
  static async again(
    before: readonly Script[],
    environment: ScratchEnvironment,
    signal: AbortSignal,
  ): Promise<Scratch | undefined> {
    await environment.reset()
    return (await WorkingCopy.openAfter(before, environment, signal))?.main
  }

  get main(): Scratch {
    return this.#main
  }

  /** As `run` of the scratch database; it also follows the change. */
  async run(script: Script, direction: 'up' | 'down', look?: string): Promise<RunResult> {
    const ran = await this.#main.run(script, direction, look)
    if (ran.ok) this.tracker.apply(ran.change, ran.identities)
    return ran
  }

  /** As `attempt` of the scratch database; it also restores the tracked snapshot. */
  async attempt<T>(scripts: readonly Script[], body: () => Promise<AttemptOutcome<T>>): Promise<AttemptResult<T>> {
    const start = this.tracker.remember()
    const attempted = await this.#main.attempt(scripts, body)
    if (attempted === 'unfit' || !attempted.keep) this.tracker.apply(new Map(start.before), new Map(start.was))
    this.tracker.forget(start)
    return attempted
  }

  /** From now on these ups belong to the right state. */
  keep(scripts: readonly Script[]): void {
    this.#applied.push(...scripts)
  }

  /** Whether `restore` is cheap: a copy, or few scripts to run again. */
  canGoBack(): boolean {
    return this.#copies || this.#applied.length < FEW
  }

  /** A database in which exactly the kept ups have run, once each. */
  async restore(): Promise<void> {
    await this.#main.drop()
    this.#main = (await this.#copied()) ?? (await this.#replayed())
    // The state of the new database, not the one before: a view over 'now' differs each time it is made. Where no
    // script has run, no snapshot was read.
    const snapshot = this.#applied.length === 0 ? await this.#main.snapshot() : this.#main.known()
    this.tracker.restartFrom(snapshot, this.#main.identities())
  }

  async #replayed(): Promise<Scratch> {
    await this.environment.reset()
    const scratch = await this.environment.open()
    await this.#bring(scratch, 0)
    return scratch
  }

  /** Runs the kept ups in a database in which the first `done` of them have run. */
  async #bring(scratch: Scratch, done: number): Promise<void> {
    const scripts = this.#applied.slice(done)
    if (scripts.length <= ONE_BY_ONE) return replay(scratch, scripts)
    const failed = await runInBatches(scratch, scripts)
    if (failed !== undefined) throw failed
    await scratch.snapshot()
  }

  async #copied(): Promise<Scratch | undefined> {
    if (!this.#copies || this.#applied.length === 0) return undefined
    this.#cleanCopy ??= { scratch: await this.environment.open(), steps: 0 }
    await this.#bring(this.#cleanCopy.scratch, this.#cleanCopy.steps)
    this.#cleanCopy.steps = this.#applied.length
    const copy = await this.environment.copy(this.#cleanCopy.scratch)
    if (copy === undefined) {
      this.#copies = false
      await this.#cleanCopy.scratch.drop()
    }
    return copy
  }
}

async function trackerOf(scratch: Scratch): Promise<SnapshotTracker> {
  const snapshot = await scratch.snapshot()
  return new SnapshotTracker(snapshot, scratch.identities())
}

async function clockOf(scratch: Scratch): Promise<number> {
  const [row] = await scratch.read('SELECT extract(epoch FROM clock_timestamp())')
  return Number(row?.[0]) * 1000
}

/** For so few scripts it is quicker to read the change of each than the whole catalogue. */
const ONE_BY_ONE = 8

/** The number of scripts that run again quickly. */
const FEW = 200

/** The number of scripts between two checks for cancellation. */
const STRETCH = 100

/** Undefined when all of them ran. */
async function runInBatches(
  scratch: Scratch,
  scripts: readonly Script[],
  signal?: AbortSignal,
): Promise<NotRepeatable | undefined> {
  for (let at = 0; at < scripts.length; at += STRETCH) {
    if (signal !== undefined) stopIfCancelled(signal)
    const steps = scripts.slice(at, at + STRETCH).map((script) => ({ script, direction: 'up' }) as const)
    const { failure, done } = await scratch.replay(steps)
    if (failure !== undefined) return new NotRepeatable(steps[done]?.script.file ?? '', failure)
  }
  return undefined
}

async function replay(scratch: Scratch, scripts: readonly Script[]): Promise<void> {
  for (const script of scripts) {
    const ran = await scratch.run(script, 'up')
    if (!ran.ok) throw new NotRepeatable(script.file, ran.failure)
  }
}
