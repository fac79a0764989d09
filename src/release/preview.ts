// The preview of a target: what is known before its first step, as plain data.
import type { Difference } from '../catalog/difference.js'
import type { Loss } from '../catalog/data-loss.js'
import type { Identity } from './approval-digest.js'
import type { DumpObstacle } from './backup.js'

/**
 * A table, materialized view or index that a step touches. Rows come from the statistics, bytes include indexes and
 * TOAST.
 */
export type RelationSize = { readonly relation: string; readonly rows: number; readonly bytes: number }

/**
 * `rehearsed`: whether this step ran in the dry run; otherwise its effects and data loss are unknown. `back`: whether
 * the dry run proved the rollback of the step: `proved`, `not` (the reason is in `backWhy`), or `unknown`. `rewrites`:
 * the tables whose files are rewritten. `irreversible`: why a rollback does not bring back all data, as far as known: of a
 * step up what it loses, of a step down what its up removed.
 */
export type StepAhead = {
  readonly id: string
  readonly rehearsed: boolean
  readonly does: readonly Difference[]
  readonly losses: readonly Loss[]
  readonly sizes: readonly RelationSize[]
  readonly rewrites: readonly string[]
  readonly back: 'proved' | 'not' | 'unknown'
  readonly backWhy: string | undefined
  readonly irreversible: string | undefined
  readonly text: DownText | undefined
}

/**
 * The source of the text of a down, in a rollback. `file` (this checkout) and `recorded` (the applied text) are set if
 * they differ. They hold no comments and no contents of literals.
 */
export type DownText = {
  readonly from: 'file' | 'journal'
  readonly why: string
  readonly file: string | undefined
  readonly recorded: string | undefined
}

/** An obstacle (`blocks`), or something to know before the run (`warns`). */
export type Condition = { readonly kind: 'blocks' | 'warns'; readonly what: string; readonly fix: string }

/** Bytes. `free` is undefined if the server is on another host or does not report it. */
export type Room = { readonly needed: number; readonly free: number | undefined }

/**
 * `rehearsed`: whether all steps ran in the dry run. `drift` is undefined if the live schema could not be compared with
 * the files. `notCompared`: what was left out, and why the rest is unknown. `dump`: what keeps a dump from being
 * restored; undefined if no dump is taken.
 */
export type Preview = {
  readonly identity: Identity
  readonly role: string
  readonly rehearsed: boolean
  readonly steps: readonly StepAhead[]
  readonly conditions: readonly Condition[]
  readonly drift: readonly Difference[] | undefined
  readonly notCompared: readonly string[]
  readonly dump?: readonly DumpObstacle[] | undefined
  readonly room: Room
}

/** The number of objects of one step that a warning names. */
const NAMED = 5

/**
 * One warning for each step that creates what the live database already has, because a person or another tool created
 * it. `drift` is the live schema compared with the files of the applied migrations. It is no refusal: the step may use
 * IF NOT EXISTS, which only its author can judge. `record` says how to record the step with that id, or what else to do.
 */
export function alreadyThere(
  steps: readonly StepAhead[],
  drift: readonly Difference[],
  record: (id: string) => string,
): readonly Condition[] {
  const there = new Set(drift.filter(({ change }) => change === 'left behind').map(nameOf))
  return steps.flatMap(({ id, does }): readonly Condition[] => {
    const made = does.filter((one) => one.change === 'left behind' && there.has(nameOf(one)))
    if (made.length === 0) return []
    const names = made.slice(0, NAMED).map(({ kind, identity }) => `${kind} ${identity}`)
    const more = made.length > NAMED ? ` and ${made.length - NAMED} more` : ''
    const what = `${id} creates what the live database already has, but no applied migration created: ${names.join(', ')}${more}`
    return [{ kind: 'warns', what, fix: record(id) }]
  })
}

const nameOf = ({ kind, identity, parent }: Difference): string => JSON.stringify([kind, identity, parent])
