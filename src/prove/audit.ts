// Compares the guided snapshot with the whole catalog: the one place where a wrong guess of ours would show.
import type { WorkingCopy } from './scratch-copies.js'

/** After so many groups, and at the end of a chain. */
export const AUDIT_EVERY = 250

/** Our own guided snapshot missed a change. */
export class MissedChange extends Error {}

/** Rejects with Missed. */
export async function audit(place: WorkingCopy): Promise<void> {
  const pieced = place.tracker.now
  const whole = await place.main.snapshot()
  const units = [...new Set([...pieced.keys(), ...whole.keys()])].filter((unit) => pieced.get(unit) !== whole.get(unit))
  if (units.length > 0) throw new MissedChange(`the guided snapshot missed a change of ${units.slice(0, 3).join(', ')}`)
}
