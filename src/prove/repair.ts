// The lines that would make a down right: derived from the remaining differences, and reported only after a run proved
// them.
import { compareSnapshots } from '../catalog/compare-snapshots.js'
import { deriveDown, wordsOf } from '../catalog/derive/down.js'
import { inSuccession, type Fates } from '../catalog/identity.js'
import { sameness, type Sameness } from '../catalog/difference.js'
import { ownScript, type Migration, type Script } from '../model/migration.js'
import type { DownWord, Proof, Repair } from '../report/check-report.js'
import type { Snapshot } from '../catalog/snapshot.js'
import { notTried, tablesThatMatter, tryOnRows, type OnRows } from './on-rows.js'
import type { WorkingCopy } from './scratch-copies.js'

/** Both sides of the up, and what became of the objects before it. */
export type States = { readonly before: Snapshot; readonly after: Snapshot; readonly fates: Fates }

/** A down with an effect is completed; one that fails, does nothing or is missing is written in full. */
const KINDS: Partial<Record<DownWord, Repair['kind']>> = {
  differs: 'append',
  failed: 'replace',
  empty: 'replace',
  missing: 'replace',
}

/** Undefined if there is nothing to repair, or no state to derive it from. */
export function repairKind(migration: Migration, { up, down }: Proof): Repair['kind'] | undefined {
  const known = up === 'ok' && migration.refused === undefined && migration.code === undefined
  return known ? KINDS[down] : undefined
}

export type RepairRequest = {
  readonly migration: Migration
  readonly kind: Repair['kind']
  readonly states: States
}

/**
 * Call in the state after the up. No repair when the lines do not restore the schema before the up, or the second up
 * makes a different one. A restored column comes last in its table, which counts as equal. `spoiled`: the working copy
 * has to be restored afterwards. Rejects when the server is gone.
 */
export async function findRepair(
  place: WorkingCopy,
  repairing: RepairRequest,
): Promise<{ readonly repair: Repair | undefined; readonly spoiled: boolean }> {
  const { up, down } = repairing.migration
  const scripts = [up, repairing.kind === 'append' ? down : undefined].flatMap((script) => script ?? [])
  const tried = await place.attempt(scripts, async () => ({ keep: false, result: await tryRepair(place, repairing) }))
  if (tried === 'unfit') {
    const repair = await tryRepair(place, repairing)
    return { repair: repair && withRows(repair, NOT_TRIED), spoiled: true }
  }
  const repair = tried.result
  return { repair: repair && withRows(repair, await onRows(place, repairing, repair)), spoiled: false }
}

const NOT_TRIED = notTried('up and down cannot run in a transaction that is rolled back')

/** `repair` with what rows mean for it. */
function withRows({ statements, ...repair }: Derived, onRows: OnRows): Repair {
  if (onRows.word === 'holds' || tablesThatMatter(statements).length === 0) return repair
  return { ...repair, onRows: onRows.word, notes: [...new Set([...(repair.notes ?? []), ...onRows.notes])] }
}

function onRows(place: WorkingCopy, { migration, kind }: RepairRequest, { statements }: Derived): Promise<OnRows> {
  const { up, down } = migration
  if (up === undefined) return Promise.resolve(NOT_TRIED)
  return tryOnRows(place, { up, own: kind === 'append' ? down : undefined, statements })
}

type Derived = Repair & { readonly statements: readonly string[] }

async function tryRepair(place: WorkingCopy, { migration, kind, states }: RepairRequest): Promise<Derived | undefined> {
  const { up, down } = migration
  if (up === undefined || stateOf(place, states.after) !== 'same') return undefined
  const ofDown = kind === 'append' ? await runDown(place, down) : NO_FATES
  if (ofDown === undefined) return undefined
  // The working copy may be another one by now, so the down has identities of its own.
  const fates = inSuccession(states.fates, ofDown)
  const derived = deriveDown(states.before, place.tracker.now, { fates, words: wordsOf(up) })
  if (derived.statements.length === 0) return undefined
  const sql = derived.statements.map((statement) => `${statement};`).join('\n')
  if (!(await place.run(ownScript(up.file, [sql]), 'down')).ok) return undefined
  const back = stateOf(place, states.before)
  if (back === 'differs' || !(await place.run(up, 'up')).ok) return undefined
  if (stateOf(place, states.after) === 'differs') return undefined
  const { loses, notes } = derived
  return {
    kind,
    sql,
    statements: derived.statements,
    loses,
    ...(notes.length > 0 && { notes }),
    ...(back === 'column-order' && { order: 'other' as const }),
  }
}

const NO_FATES: Fates = new Map()

/** What the down makes of the objects; undefined when it fails. */
async function runDown(place: WorkingCopy, down: Script | undefined): Promise<Fates | undefined> {
  if (down === undefined) return undefined
  const moment = place.tracker.remember()
  try {
    return (await place.run(down, 'down')).ok ? place.tracker.fatesSince(moment) : undefined
  } finally {
    place.tracker.forget(moment)
  }
}

const stateOf = (place: WorkingCopy, state: Snapshot): Sameness => sameness(compareSnapshots(state, place.tracker.now))
