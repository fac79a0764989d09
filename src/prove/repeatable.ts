// Migrations that a tool runs again when their text changes: run after the chain, a second time, and kept.
import { sameness } from '../catalog/difference.js'
import type { Migration, Script } from '../model/migration.js'
import type { Proof } from '../report/check-report.js'
import { notRun, type StepResult } from './migration-report.js'
import type { WorkingCopy } from './scratch-copies.js'

/**
 * The working copy always ends in the state after one run of the script (or before it, if that failed). The second run
 * has to leave the schema as the first one did: the tool runs the whole text again after any change of it.
 */
export async function proveRepeatable(place: WorkingCopy, { up }: Migration): Promise<StepResult> {
  if (up === undefined) return { proof: notRun('there is no script'), change: undefined }
  const { tracker } = place
  const before = tracker.remember()
  try {
    const first = await place.run(up, 'up')
    if (!first.ok) {
      if (first.state === 'partial') await place.restore()
      const proof: Proof = { ...notRun(''), reason: undefined, up: 'failed', failure: first.failure }
      return { proof: { ...proof, milliseconds: first.milliseconds }, change: undefined }
    }
    const change = tracker.changeSince(before)
    place.keep([up])
    const proof = await proveAgain(place, up)
    return { proof: { ...proof, milliseconds: first.milliseconds + proof.milliseconds }, change }
  } finally {
    tracker.forget(before)
  }
}

const WITHOUT_DOWN = 'it has no down: the tool runs it again whenever it changes'

async function proveAgain(place: WorkingCopy, up: Script): Promise<Proof> {
  const { tracker } = place
  const after = tracker.remember()
  try {
    const second = await place.run(up, 'up')
    const proof: Proof = { ...notRun(WITHOUT_DOWN), up: 'ok', milliseconds: second.milliseconds }
    const againDifferences = second.ok ? tracker.since(after) : []
    if (!second.ok || second.rows === 'moved' || againDifferences.length > 0) await place.restore()
    return second.ok
      ? { ...proof, again: sameness(againDifferences), againDifferences }
      : { ...proof, again: 'failed', failure: second.failure }
  } finally {
    tracker.forget(after)
  }
}
