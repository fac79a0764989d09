// One migration, or a group proved as one: up, down, up, with the catalogue compared after each.
import { isRestored, sameness, withoutCreationTimes, type Difference } from '../catalog/difference.js'
import { keptPasswords } from '../catalog/passwords.js'
import type { Migration, Script } from '../model/migration.js'
import type { Proof, ScriptFailure } from '../report/check-report.js'
import type { RunResult, AttemptOutcome, Unseen } from '../ports/scratch.js'
import { fatesIn } from '../catalog/up-effect.js'
import { hasHiddenEffect } from '../sql/effects/hidden-effects.js'
import { INSUFFICIENT_PRIVILEGE } from '../sql/missing-privilege.js'
import { findRepair, type RepairRequest, repairKind, type States } from './repair.js'
import { downOutcome, refusal, type StepResult } from './migration-report.js'
import type { Checkpoint } from './snapshot-tracker.js'
import type { WorkingCopy } from './scratch-copies.js'
import type { Unit } from '../model/config.js'

/**
 * The working copy always ends in the state after the ups of the group alone (or before them, if an up failed). Every
 * migration of the group has an up. `missing`: whether a missing down is derived and tried; with `none`, no down is repaired.
 */
export async function proveGroup(
  place: WorkingCopy,
  group: readonly Migration[],
  missing: 'derive' | 'leave' | 'none',
): Promise<StepResult> {
  const { tracker } = place
  const before = tracker.remember()
  const taken = new Stopwatch()
  try {
    const ups = await applyGroup(place, group, taken)
    if ('proof' in ups) return { proof: ups.proof, change: undefined }
    const change = tracker.changeSince(before)
    place.keep(ups.done)
    const fates = fatesIn(change)
    const after = tracker.remember()
    try {
      const round = await proveRound({ place, group, before, after, taken, moved: ups.moved })
      const seen = withoutUnseen(round.proof, scriptsOf(group, 'up'), place.environment.unseen)
      const proof: Proof = { ...seen, milliseconds: taken.milliseconds }
      const left = missing === 'none' || (proof.down === 'missing' && missing === 'leave')
      const repairing = left
        ? undefined
        : wanted(place, group, proof, () => ({ before: tracker.at(before), after: tracker.at(after), fates }))
      if (round.spoiled) await place.restore()
      if (repairing === undefined) return { proof, change }
      const { repair, spoiled } = await findRepair(place, repairing)
      if (spoiled) await place.restore()
      return { proof: { ...proof, ...(repair && { repair }) }, change }
    } finally {
      tracker.forget(after)
    }
  } finally {
    tracker.forget(before)
  }
}

/** No verdict on a down that seems right where the role of the session may not read what the up changed. */
function withoutUnseen(proof: Proof, ups: readonly Script[], unseen: readonly Unseen[]): Proof {
  const hidden = unseen.find(({ what }) => ups.some((script) => hasHiddenEffect(script, what)))
  if (hidden === undefined || !isRestored(proof.down)) return proof
  const failure: ScriptFailure = {
    direction: 'down',
    sqlstate: INSUFFICIENT_PRIVILEGE,
    message: 'what the up and the down leave in the server is not compared',
    detail: undefined,
    hint: undefined,
    place: undefined,
    line: undefined,
    environment: hidden.why,
  }
  return { ...proof, down: 'not run', again: 'skipped', failure }
}

/** Runs only the ups of a group. Returns a proof where one of them fails; then the working copy is as before. */
export async function runUps(place: WorkingCopy, group: readonly Migration[]): Promise<Proof | undefined> {
  const ups = await applyGroup(place, group, new Stopwatch())
  if ('proof' in ups) return ups.proof
  place.keep(ups.done)
  return undefined
}

async function applyGroup(
  place: WorkingCopy,
  group: readonly Migration[],
  taken: Stopwatch,
): Promise<Outcome | { readonly proof: Proof }> {
  const ups = await runAll(place, scriptsOf(group, 'up'), 'up', taken)
  if (ups.failed === undefined) return ups
  if (ups.failed.state === 'partial' || ups.done.length > 0) await place.restore()
  return { proof: { ...nothing(taken), up: 'failed', failure: ups.failed.failure } }
}

/** Where copies are incomplete, restoring the right state costs too much for a try. */
function wanted(
  place: WorkingCopy,
  group: readonly Migration[],
  proof: Proof,
  states: () => States,
): RepairRequest | undefined {
  const [migration, ...more] = group
  if (migration === undefined || more.length > 0 || !place.canGoBack()) return undefined
  const kind = repairKind(migration, proof)
  return kind && { migration, kind, states: states() }
}

type Round = {
  readonly place: WorkingCopy
  readonly group: readonly Migration[]
  readonly before: Checkpoint
  readonly after: Checkpoint
  readonly taken: Stopwatch
  readonly moved: boolean
}

/**
 * Runs the downs and the ups again. `spoiled`: the database is not in the state after the ups any more, or its rows are
 * not.
 */
async function proveRound(round: Round): Promise<{ proof: Proof; spoiled: boolean }> {
  const { place, group, taken } = round
  const proof: Proof = { ...nothing(taken), up: 'ok' }
  const downs = [...group].reverse()
  if (downs.some((migration) => migration.down === undefined)) {
    const refused = downs.find((migration) => migration.down === undefined && migration.refused !== undefined)?.refused
    if (refused !== undefined) {
      return { proof: { ...proof, down: 'failed', failure: refusal(refused, 'down') }, spoiled: false }
    }
    const declared = downs.every((migration) => migration.down !== undefined || migration.irreversible !== undefined)
    return { proof: { ...proof, down: declared ? 'irreversible' : 'missing' }, spoiled: false }
  }
  const watch = new Stopwatch()
  const scripts = [...scriptsOf(group, 'down'), ...scriptsOf(group, 'up')]
  const tried = await place.attempt(scripts, () => attemptRound({ ...round, taken: watch }))
  if (tried !== 'unfit') {
    taken.milliseconds += watch.milliseconds
    return 'whole' in tried.result
      ? { proof: tried.result.whole, spoiled: false }
      : reapplyGroup(round, tried.result.back)
  }
  const back = await rollBackGroup(round)
  if ('failed' in back) {
    const spoiled = back.failed.state === 'partial' || back.done.length > 0
    return { proof: downFailed(proof, back.failed), spoiled }
  }
  if (!back.ends) return reapplyGroup(round, back)
  return { proof: back.proof, spoiled: back.moved || place.tracker.since(round.after).length > 0 }
}

/** The result of the downs. `ends`: the ups are not tried again. */
type RolledBack = {
  readonly proof: Proof
  readonly word: ReturnType<typeof downOutcome>
  readonly ends: boolean
  readonly moved: boolean
}

/**
 * All in one transaction. It is kept only when the down is right and wrote no rows: then the ups still have to be tried
 * again, as a tool would after its commit. Otherwise `whole` is the complete proof, and the working copy is not spoiled.
 */
async function attemptRound(
  round: Round,
): Promise<AttemptOutcome<{ readonly back: RolledBack } | { readonly whole: Proof }>> {
  const back = await rollBackGroup(round)
  if ('failed' in back) {
    return { keep: false, result: { whole: downFailed({ ...nothing(round.taken), up: 'ok' }, back.failed) } }
  }
  if (back.word === 'same' && !back.moved && !round.moved) return { keep: true, result: { back } }
  return { keep: false, result: { whole: back.ends ? back.proof : (await reapplyGroup(round, back)).proof } }
}

const downFailed = (proof: Proof, { failure }: NonNullable<Outcome['failed']>): Proof => ({
  ...proof,
  down: 'failed',
  failure,
})

async function rollBackGroup(
  round: Round,
): Promise<RolledBack | { readonly done: readonly Script[]; readonly failed: NonNullable<Outcome['failed']> }> {
  const { place, group, taken } = round
  const scripts = scriptsOf([...group].reverse(), 'down')
  const { failed, done, moved } = await runAll(place, scripts, 'down', taken)
  if (failed !== undefined) return { failed, done }
  const changed = withoutCreationTimes(place.tracker.since(round.before), place.opened)
  const differences = [...changed, ...passwordsLeft(round, changed)]
  const word = downOutcome(differences, scripts)
  const declared = word !== 'same' && group.some((migration) => migration.irreversible !== undefined)
  const proof: Proof = { ...nothing(taken), down: declared ? 'irreversible' : word, differences }
  return { proof, word, ends: word === 'empty' || declared, moved }
}

/** Those of roles that differ anyway are no news. */
function passwordsLeft({ place, before, after }: Round, changed: readonly Difference[]): readonly Difference[] {
  const { tracker } = place
  const known = new Set(changed.map(({ kind, identity }) => `${kind} ${identity}`))
  const kept = keptPasswords(tracker.changeSince(before), tracker.changeSince(after))
  return kept.filter(({ kind, identity }) => !known.has(`${kind} ${identity}`))
}

async function reapplyGroup(round: Round, back: RolledBack): Promise<{ proof: Proof; spoiled: boolean }> {
  const { place, group, taken } = round
  const again = await runAll(place, scriptsOf(group, 'up'), 'up', taken)
  if (again.failed !== undefined) {
    return { proof: { ...back.proof, again: 'failed', failure: again.failed.failure }, spoiled: true }
  }
  const againDifferences = place.tracker.since(round.after)
  const spoiled = back.word !== 'same' || againDifferences.length > 0 || round.moved || back.moved
  return { proof: { ...back.proof, again: sameness(againDifferences), againDifferences }, spoiled }
}

const nothing = (taken: Stopwatch): Proof => ({
  up: 'ok',
  down: 'not run',
  again: 'skipped',
  differences: [],
  againDifferences: [],
  failure: undefined,
  reason: undefined,
  toldAt: undefined,
  milliseconds: taken.milliseconds,
})

const scriptsOf = (group: readonly Migration[], direction: 'up' | 'down'): readonly Script[] =>
  group.flatMap((migration) => migration[direction] ?? [])

/** The time that the scripts took, without the time of the snapshots. */
class Stopwatch {
  milliseconds = 0
}

type Outcome = {
  readonly done: readonly Script[]
  readonly moved: boolean
  readonly failed: { readonly failure: ScriptFailure; readonly state: 'kept' | 'partial' } | undefined
}

async function runAll(
  place: WorkingCopy,
  scripts: readonly Script[],
  direction: 'up' | 'down',
  taken: Stopwatch,
): Promise<Outcome> {
  const done: Script[] = []
  let moved = false
  for (const script of scripts) {
    const ran: RunResult = await place.run(script, direction)
    taken.milliseconds += ran.milliseconds
    if (!ran.ok) return { done, moved, failed: ran }
    done.push(script)
    moved ||= ran.rows === 'moved'
  }
  return { done, moved, failed: undefined }
}

/**
 * Puts the migrations that are proved as one into groups. `each`: every migration by itself. `range`: neighbours that
 * were split out of one change. They have the same name and, where versions are longer than a 14-digit time stamp, the
 * same stamp. Fizz, the tool behind ory's projects, numbers statements after the stamp. `chain`: all of them.
 */
export function groupBy(unit: Unit, migrations: readonly Migration[]): readonly (readonly Migration[])[] {
  if (unit === 'chain') return migrations.length === 0 ? [] : [migrations]
  if (unit === 'each') return migrations.map((migration) => [migration])
  const groups: Migration[][] = []
  let key: string | undefined
  for (const migration of migrations) {
    const own = `${migration.version.slice(0, 14)} ${migration.name}`
    if (own === key) groups.at(-1)?.push(migration)
    else groups.push([migration])
    key = own
  }
  return groups
}
