// The locks that a target keeps from `lock` to `unlock`, whatever happens to its session.
import type { Lock } from '../../../state/history.js'
import type { Link } from './connection.js'
import { freeLocks, takeLocks } from './locks.js'

/** How locks are waited for: see `takeLocks`. `link` gives the session of now. */
type LockOptions = {
  readonly link: () => Link
  readonly place: string
  readonly patienceMs: number
  readonly signal: AbortSignal
}

export class HeldLocks {
  readonly #waiting: LockOptions
  /** The locks that are to be held, and the keys that are held in the session of now. */
  #wanted: readonly Lock[] | undefined
  #keys: readonly string[] = []

  constructor(waiting: LockOptions) {
    this.#waiting = waiting
  }

  /** Rejects as `takeLocks` does. */
  async take(locks: readonly Lock[]): Promise<void> {
    const { link, place, patienceMs, signal } = this.#waiting
    this.#keys = await takeLocks({ link: link(), place, locks, patienceMs, signal })
    this.#wanted = locks
  }

  /** The locks to take again, because the session that held them is gone; undefined where none are missing. */
  get missing(): readonly Lock[] | undefined {
    return this.#keys.length === 0 ? this.#wanted : undefined
  }

  /** Keeps none from now on, and gives back the ones that are held, where there is a session that can. */
  async free(): Promise<void> {
    const keys = this.#keys
    const link = this.#waiting.link()
    this.#keys = []
    this.#wanted = undefined
    if (!link.isLost()) await freeLocks(link, keys)
  }

  /** The session of now holds none: it is a new one, or a script gave them back. */
  lose(): void {
    this.#keys = []
  }
}
