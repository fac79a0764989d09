// Compares the guided snapshot with the whole catalogue. No other check finds a change that the guided snapshot missed.
import type { WorkingCopy } from './scratch-copies.js'

/** The number of object groups between two audits; there is also one at the end of a chain. */
export const AUDIT_EVERY = 250

/** The guided snapshot missed a change. */
export class MissedChange extends Error {}

/** Rejects with a MissedChange when the two differ. */
export async function audit(place: WorkingCopy): Promise<void> {
  const pieced = place.tracker.now
  const whole = await place.main.snapshot()
  const units = [...new Set([...pieced.keys(), ...whole.keys()])].filter((unit) => pieced.get(unit) !== whole.get(unit))
  if (units.length > 0) throw new MissedChange(`the guided snapshot missed a change of ${units.slice(0, 3).join(', ')}`)
}
