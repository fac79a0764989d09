// Compares what a proof shows with what the base of the change shows. Pure.
import type { Difference } from '../../catalog/difference.js'
import { SCRATCH_PREFIX } from '../../catalog/portable-roles.js'
import type { ChainReport, DatabaseReport, MigrationReport, Proof, ScriptFailure } from '../../report/check-report.js'

/** How far a step comes: to its up, its down, its second up, or through all of them. */
const STAGES = ['up', 'down', 'again', 'all'] as const
type Stage = (typeof STAGES)[number]

const BAD_DOWNS = new Set<string>(['failed', 'differs', 'empty', 'missing'])

function stageOf({ up, down, again }: Proof): Stage {
  if (up === 'failed') return 'up'
  if (BAD_DOWNS.has(down)) return 'down'
  return again === 'failed' || again === 'differs' ? 'again' : 'all'
}

/** Whether something of it failed or is not right. */
export const isWrong = (proof: Proof | undefined): proof is Proof =>
  proof !== undefined && (stageOf(proof) !== 'all' || proof.failure !== undefined)

/** Whether rules can have a finding about it, a note as well. */
export const isUnclean = (proof: Proof | undefined): proof is Proof =>
  proof !== undefined &&
  (stageOf(proof) !== 'all' ||
    proof.differences.length + proof.againDifferences.length > 0 ||
    proof.failure !== undefined)

/**
 * Whether a step shows the same fault as at the base, a part of it, or one that the base did not get to: what comes after a
 * failure is unknown there, and the failure is gone.
 */
export function isNoWorse(now: Proof, base: Proof): boolean {
  const [stage, before] = [stageOf(now), stageOf(base)]
  if (stage !== before) return STAGES.indexOf(stage) > STAGES.indexOf(before)
  switch (stage) {
    case 'up':
      return sameFailure(now.failure, base.failure)
    case 'down':
      if (now.down !== base.down) return false
      return now.down === 'failed' ? sameFailure(now.failure, base.failure) : within(now.differences, base.differences)
    case 'again':
      // Names that an up makes up differ from run to run.
      return now.again === 'failed'
        ? base.again === 'failed' && sameFailure(now.failure, base.failure)
        : within(now.againDifferences, base.againDifferences, withoutNumbers)
    case 'all':
      return (
        within(now.differences, base.differences) &&
        within(now.againDifferences, base.againDifferences) &&
        sameFailure(now.failure, base.failure)
      )
  }
}

const CHAIN_STAGES = ['down', 'again', 'up to date', 'all'] as const

function chainStageOf({ down, again, upToDate }: ChainReport): (typeof CHAIN_STAGES)[number] {
  if (down === 'failed' || down === 'differs') return 'down'
  if (again === 'failed' || again === 'differs') return 'again'
  return upToDate === 'runs again' ? 'up to date' : 'all'
}

export const isUncleanChain = (chain: ChainReport | undefined): chain is ChainReport =>
  chain !== undefined && chainStageOf(chain) !== 'all'

/** As `isNoWorse`, for the whole chain. `placeOf`: the place of a migration in the order, by its id in that report; -1 for none. */
export function isNoWorseChain(
  now: ChainReport,
  base: ChainReport,
  placeOf: (report: 'now' | 'base', id: string | undefined) => number,
): boolean {
  const [stage, before] = [chainStageOf(now), chainStageOf(base)]
  if (stage !== before) return CHAIN_STAGES.indexOf(stage) > CHAIN_STAGES.indexOf(before)
  if (stage === 'up to date' || stage === 'all') return true
  const [word, was] = stage === 'down' ? [now.down, base.down] : [now.again, base.again]
  if (word !== was) return was === 'failed'
  if (word === 'differs') {
    return stage === 'down'
      ? within(now.differences, base.differences)
      : within(now.againDifferences, base.againDifferences, withoutNumbers)
  }
  const stop = placeOf('now', now.stoppedAt)
  const stopBefore = placeOf('base', base.stoppedAt)
  if (stop === -1 || stopBefore === -1) return false
  if (stop === stopBefore) return sameFailure(now.failure, base.failure)
  // Downs go from the newest to the oldest, ups the other way round.
  return stage === 'down' ? stop < stopBefore : stop > stopBefore
}

const SCRATCH_NAME = new RegExp(`${SCRATCH_PREFIX}[0-9a-f]{16}`, 'g')

/** Names of scratch databases, and numbers that stand alone (places, OIDs, sizes), differ from run to run. */
const messageOf = (message: string): string =>
  message.replaceAll(SCRATCH_NAME, 'scratch').replaceAll(/\b\d[\d.,]*\b/g, '0')

/** Whether the server said the same, without what differs from run to run. */
export const sameFailure = (a: ScriptFailure | undefined, b: ScriptFailure | undefined): boolean =>
  a === undefined || b === undefined
    ? a === b
    : a.direction === b.direction && a.sqlstate === b.sqlstate && messageOf(a.message) === messageOf(b.message)

/** What is left behind or lost is the same object under any definition. */
const keyOf = ({ change, kind, identity, parent, before, after }: Difference): string =>
  JSON.stringify([change, kind, identity, parent ?? '', ...(change === 'changed' ? [before, after] : [])])

const withoutNumbers = (key: string): string => key.replaceAll(/\d+/g, '0')

/** Whether the base has every one of these differences. */
function within(
  now: readonly Difference[],
  base: readonly Difference[],
  shown: (key: string) => string = String,
): boolean {
  const known = new Set(base.map((difference) => shown(keyOf(difference))))
  return now.every((difference) => known.has(shown(keyOf(difference))))
}

/** The migrations that were proved as one with this one, it included. */
export const groupOf = ({ migrations }: DatabaseReport, { id, proof }: MigrationReport): readonly MigrationReport[] => {
  const last = proof?.toldAt ?? id
  return migrations.filter((one) => one.id === last || one.proof?.toldAt === last)
}
