// Judges the failure of a proof, and keeps the ledger: what is behind a step depends on whether that ran.
import type { Migration } from '../model/migration.js'
import type { ChainReport, MigrationReport, Proof, ScriptFailure } from '../report/check-report.js'
import { isShortage } from '../sql/environment-failure.js'
import { attributed, blameFor, reasonOf, type Blame, type Phase } from './attribution.js'
import type { Lacking, ObjectLedger } from './object-ledger.js'

/**
 * The proof of steps that were proved as one, with the cause of its failure. From then on the ledger holds the steps: as
 * run, or as lacking.
 */
export function judgeProof(proof: Proof, group: readonly Migration[], ledger: ObjectLedger): Proof {
  const { failure, repair: _, ...rest } = proof
  const last = group.at(-1)
  if (failure === undefined || last === undefined || isUnsent(last)) {
    for (const migration of group) noteStep(migration, ledger)
    return proof
  }
  const phase = phaseOf(proof)
  const at = Math.max(
    0,
    group.findIndex((one) => one[failure.direction]?.file === failure.place?.file),
  )
  // The members in front of it ran; all are undone then.
  for (const migration of phase === 'up' ? group.slice(0, at) : group) ledger.note(migration)
  const blame = blameFor(failure, group[at]?.[failure.direction], phase, ledger)
  if (phase === 'up') for (const migration of group) ledger.note(migration, lackingFor(last.id, blame))
  const judged = { failure: attributed(failure, blame), reason: reasonOf(blame) ?? proof.reason }
  // A down that is not at fault needs no other text.
  return blame.on === 'own' ? { ...proof, ...judged } : { ...rest, ...judged }
}

/** A group of several holds only migrations with an up. */
const isUnsent = ({ up, module }: Migration): boolean => up === undefined && module === undefined

/** Whether the first up, a down or a second up failed. */
const phaseOf = ({ up, again, failure }: Proof): Phase =>
  up === 'failed' ? 'up' : again === 'failed' && failure?.direction === 'up' ? 'again' : 'down'

const lackingFor = (id: string, blame: Blame): Lacking =>
  blame.on === 'step' ? blame.step : { id, cause: blame.on === 'server' ? 'server' : 'failed' }

/** Notes a step that did not fail: it ran, or it has no up that could run here. */
export function noteStep(migration: Migration, ledger: ObjectLedger): void {
  const { id, up, module, code, refused } = migration
  if (up !== undefined || module !== undefined) ledger.note(migration)
  else if (code !== undefined) ledger.note(migration, { id, cause: 'code' })
  else if (refused !== undefined) ledger.note(migration, { id, cause: 'failed' })
}

/**
 * The report of a chain whose scripts all ran before, one by one. So only a cause that was found there counts, and what
 * the server may be short of at any time.
 */
export function judgeChain(chain: ChainReport, reports: readonly MigrationReport[]): ChainReport {
  const { failure, stoppedAt } = chain
  if (failure === undefined) return chain
  const stopped = reports.find(({ id }) => id === stoppedAt)?.proof
  const proof = stopped?.toldAt === undefined ? stopped : reports.find(({ id }) => id === stopped.toldAt)?.proof
  const before = proof?.failure?.direction === failure.direction ? proof.failure : undefined
  return { ...chain, failure: alike(failure, before) }
}

function alike(failure: ScriptFailure, before: ScriptFailure | undefined): ScriptFailure {
  const { environment, follows } = before ?? {}
  if (follows !== undefined) return { ...failure, environment, follows }
  return environment === undefined && !isShortage(failure.sqlstate) ? { ...failure, environment: undefined } : failure
}
