// What the rules about waivers have in common.
import type { Rule, RuleFinding, WaiverState } from '../rule.js'

/** One finding for each waiver in a state. */
export const runOnWaivers =
  (state: WaiverState['state'], say: (waiver: WaiverState) => RuleFinding): Rule['run'] =>
  ({ waivers = [] }) =>
    waivers.filter((waiver) => waiver.state === state).map(say)
