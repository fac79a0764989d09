// The locks that a target keeps from `lock` to `unlock`, even when it loses its session.
import type { Lock } from '../../../state/history.js'
import type { Link } from './connection.js'
import { freeLocks, takeLocks } from './locks.js'

/** How to wait for locks: see `takeLocks`. `link` gives the current session. */
type LockOptions = {
  readonly link: () => Link
  readonly place: string
  readonly patienceMs: number
  readonly signal: AbortSignal
}

export class HeldLocks {
  readonly #waiting: LockOptions
  /** The locks to hold, and the keys that the current session holds. */
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

  /** The locks to take again after a lost session; undefined when none is missing. */
  get missing(): readonly Lock[] | undefined {
    return this.#keys.length === 0 ? this.#wanted : undefined
  }

  /** Stops holding locks, and releases the current ones if a session can. */
  async free(): Promise<void> {
    const keys = this.#keys
    const link = this.#waiting.link()
    this.#keys = []
    this.#wanted = undefined
    if (!link.isLost()) await freeLocks(link, keys)
  }

  /** The current session holds none: it is new, or a script released them. */
  lose(): void {
    this.#keys = []
  }
}
