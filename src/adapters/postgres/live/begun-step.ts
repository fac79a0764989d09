// A step that is already sent, behind the COMMIT of the step before it.
import type { TargetStep } from '../../../ports/target.js'
import type { Link } from './connection.js'
import type { Begun } from './context.js'
import { rollBackBegun } from './step-in-transaction.js'

export class BegunStep {
  /** Gives the current session. */
  readonly #link: () => Link
  #begun: Begun | undefined

  constructor(link: () => Link) {
    this.#link = link
  }

  set(begun: Begun | undefined): void {
    this.#begun = begun
  }

  /** The answer to this very step if it was sent ahead. Rolls back a different step. */
  async goOn(step: TargetStep): Promise<Begun | undefined> {
    if (this.#begun?.step !== step) {
      await this.rollBack()
      return undefined
    }
    const begun = this.#begun
    this.#begun = undefined
    return begun
  }

  /** Call this before any other message: it rolls back a step that is no longer wanted. */
  async rollBack(): Promise<void> {
    const begun = this.#begun
    this.#begun = undefined
    await rollBackBegun(this.#link(), begun)
  }
}
