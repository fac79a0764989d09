// What the rules about waivers have in common.
import type { Check, WaiverState } from '../rule.js'
import type { Said } from '../subject.js'

/** One finding for each waiver in a state. */
export const waiversThat =
  (state: WaiverState['state'], say: (waiver: WaiverState) => Said): Check['run'] =>
  ({ waivers = [] }) =>
    waivers.filter((waiver) => waiver.state === state).map(say)
