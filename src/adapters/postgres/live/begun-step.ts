// The step that is on its way already, behind the COMMIT of the step before it.
import type { TargetStep } from '../../../ports/target.js'
import type { Link } from './connection.js'
import type { Begun } from './context.js'
import { takeBack } from './step-in-transaction.js'

export class BegunStep {
  /** Gives the session of now. */
  readonly #link: () => Link
  #begun: Begun | undefined

  constructor(link: () => Link) {
    this.#link = link
  }

  set(begun: Begun | undefined): void {
    this.#begun = begun
  }

  /** What was begun for this very step, to go on from there; what was begun for another one is rolled back. */
  async goOn(step: TargetStep): Promise<Begun | undefined> {
    if (this.#begun?.step !== step) {
      await this.rollBack()
      return undefined
    }
    const begun = this.#begun
    this.#begun = undefined
    return begun
  }

  /** Nothing else may be sent before a step that is not wanted any more is rolled back. */
  async rollBack(): Promise<void> {
    const begun = this.#begun
    this.#begun = undefined
    await takeBack(this.#link(), begun)
  }
}
