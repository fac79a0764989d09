// What a command that changes databases asks of the engine that all of them share.
import type { Plan, Planning } from '../../state/plan.js'

/**
 * `plan` is asked before and again under the locks. `moved` says what happens when somebody else changed the history in
 * between: the rest is planned `anew`, or the command is given up (`refuse`). `count` `one`: one database only.
 */
export type Change = {
  readonly plan: (planning: Planning) => Plan
  readonly moved: 'anew' | 'refuse'
  readonly count: 'one' | 'any'
  readonly dryRun: boolean
}
