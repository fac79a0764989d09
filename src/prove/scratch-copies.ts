// The scratch database of a chain, and the way back to the right state when a step has spoiled it.
import { stopIfCancelled } from '../model/errors.js'
import type { Script } from '../model/migration.js'
import type { Attempted, Bench, Ran, Scratch, Tried } from '../ports/scratch.js'
import { Tracker } from './snapshot-tracker.js'

/**
 * `main` is where steps are proved. When one leaves it in a wrong state, a second database that has seen nothing but the
 * ups is brought to the same step and copied: so each up is replayed once in a run, however many steps are broken.
 */
export class Workplace {
  readonly bench: Bench
  readonly #applied: Script[] = []
  /** So many of them were run in one go, without a look after each. */
  #unseen = 0
  #main: Scratch
  #follower: { readonly scratch: Scratch; steps: number } | undefined
  readonly tracker: Tracker
  /** By the clock of the server, in milliseconds. */
  readonly opened: number
  /** Given up once a copy turns out not to be whole, which later ones would not be either. */
  #copies: boolean

  private constructor(bench: Bench, main: Scratch, tracker: Tracker, opened: number) {
    this.bench = bench
    this.opened = opened
    this.#copies = bench.copies
    this.#main = main
    this.tracker = tracker
  }

  static async open(bench: Bench): Promise<Workplace> {
    const main = await bench.open()
    return new Workplace(bench, main, new Tracker(await main.snapshot()), await clockOf(main))
  }

  /**
   * Behind ups that are run one after another without a look after each; undefined when one of them fails. Rejects when the
   * signal is aborted.
   */
  static async openBehind(
    before: readonly Script[],
    bench: Bench,
    signal: AbortSignal,
  ): Promise<Workplace | undefined> {
    const main = await bench.open()
    if (!(await hurry(main, before, signal))) {
      await main.drop()
      return undefined
    }
    const place = new Workplace(bench, main, new Tracker(await main.snapshot()), await clockOf(main))
    place.#unseen = before.length
    place.keep(before)
    return place
  }

  get main(): Scratch {
    return this.#main
  }

  async run(script: Script, direction: 'up' | 'down'): Promise<Ran> {
    const ran = await this.#main.run(script, direction)
    if (ran.ok) this.tracker.apply(ran.change)
    return ran
  }

  /** As `attempt` of the scratch database; what is known goes back with it. */
  async attempt<T>(body: () => Promise<Tried<T>>): Promise<Attempted<T>> {
    // What changes the whole cluster is put back in other ways.
    if (!this.bench.copies) return 'unfit'
    const start = this.tracker.remember()
    const attempted = await this.#main.attempt(body)
    if (typeof attempted === 'string' || !attempted.keep) this.tracker.apply(new Map(start.before))
    this.tracker.forget(start)
    return attempted
  }

  /** These ups belong to the right state from now on. */
  keep(scripts: readonly Script[]): void {
    this.#applied.push(...scripts)
  }

  /** Whether `restore` costs little: a copy, or few enough scripts to run again. */
  canGoBack(): boolean {
    return this.#copies || this.#applied.length < FEW
  }

  /** A database in which exactly the kept ups have run, once each. */
  async restore(): Promise<void> {
    await this.#main.drop()
    this.#main = (await this.#copied()) ?? (await this.#replayed())
    // Not what it was before: a view over 'now' is another one each time it is made.
    // Where nothing has run, nothing was read.
    this.tracker.startAgain(this.#applied.length === 0 ? await this.#main.snapshot() : this.#main.known())
  }

  async #replayed(): Promise<Scratch> {
    await this.bench.reset()
    const scratch = await this.bench.open()
    await this.#bring(scratch, 0)
    return scratch
  }

  /** Runs the kept ups in a database that has seen the first `done` of them. */
  async #bring(scratch: Scratch, done: number): Promise<void> {
    const unseen = this.#applied.slice(done, this.#unseen)
    if (unseen.length > 0) {
      if (!(await hurry(scratch, unseen))) throw new Error('scripts that ran once failed when replayed')
      await scratch.snapshot()
    }
    await replay(scratch, this.#applied.slice(Math.max(done, this.#unseen)))
  }

  async #copied(): Promise<Scratch | undefined> {
    if (!this.#copies || this.#applied.length === 0) return undefined
    this.#follower ??= { scratch: await this.bench.open(), steps: 0 }
    await this.#bring(this.#follower.scratch, this.#follower.steps)
    this.#follower.steps = this.#applied.length
    const copy = await this.bench.copy(this.#follower.scratch)
    if (copy === undefined) {
      this.#copies = false
      await this.#follower.scratch.drop()
    }
    return copy
  }
}

async function clockOf(scratch: Scratch): Promise<number> {
  const [row] = await scratch.read('SELECT extract(epoch FROM clock_timestamp())')
  return Number(row?.[0]) * 1000
}

/** So many scripts run again in a moment. */
const FEW = 200

/** After so many scripts a run can be cancelled. */
const STRETCH = 100

async function hurry(scratch: Scratch, scripts: readonly Script[], signal?: AbortSignal): Promise<boolean> {
  for (let at = 0; at < scripts.length; at += STRETCH) {
    if (signal !== undefined) stopIfCancelled(signal)
    const steps = scripts.slice(at, at + STRETCH).map((script) => ({ script, direction: 'up' }) as const)
    if ((await scratch.replay(steps)).failure !== undefined) return false
  }
  return true
}

async function replay(scratch: Scratch, scripts: readonly Script[]): Promise<void> {
  for (const script of scripts) {
    const ran = await scratch.run(script, 'up')
    if (!ran.ok) throw new Error(`${script.file} ran once and failed when replayed: ${ran.failure.message}`)
  }
}
