// What is known of a target before its first step, and what is looked at after the last one, as plain data.
import type { Difference } from '../catalog/difference.js'
import type { Refused } from './gate.js'
import type { Loss } from '../catalog/data-loss.js'
import type { Sheet, Identity } from './approval-digest.js'

/** A table, materialized view or index that a step touches: rows as the statistics say, bytes with indexes and TOAST. */
export type RelationSize = { readonly relation: string; readonly rows: number; readonly bytes: number }

/**
 * `rehearsed`: whether this step ran on the scratch server; what it does and loses is unknown otherwise. `back` says whether the step's own way back was seen to hold on the scratch server: `proved`, `not` (with what is wrong in
 * `backWhy`), or `unknown`. `rewrites` are the tables whose files are written anew.
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
  readonly text: DownText | undefined
}

/**
 * Of a rollback: where the text of a down is from. `file` and `recorded` are what stands in this checkout and what was
 * applied, where they differ: without comments and without the insides of literals.
 */
export type DownText = {
  readonly from: 'file' | 'journal'
  readonly why: string
  readonly file: string | undefined
  readonly recorded: string | undefined
}

/** Something that stands in the way now (`blocks`) or is worth knowing before one goes on (`warns`). */
export type Condition = { readonly kind: 'blocks' | 'warns'; readonly what: string; readonly fix: string }

/** Bytes; `free` is undefined where the server is another host or does not tell. */
export type Room = { readonly needed: number; readonly free: number | undefined }

/**
 * `rehearsed`: whether all steps ran on a scratch server. `drift` is undefined where the live schema could not be compared with the files; `notCompared` says what was left out and
 * why the rest is unknown.
 */
export type Ahead = {
  readonly identity: Identity
  readonly role: string
  readonly rehearsed: boolean
  readonly steps: readonly StepAhead[]
  readonly conditions: readonly Condition[]
  readonly drift: readonly Difference[] | undefined
  readonly notCompared: readonly string[]
  readonly room: Room
}

/** A line of a checklist with what was seen: `open` is for people to do. */
export type Observation = { readonly what: string; readonly result: 'held' | 'broken' | 'open'; readonly seen: string }

/** What was to be approved, and what the gate said: nothing refused, allowed. `given` is what was approved. */
export type ApprovalReport = {
  readonly digest: string
  readonly sheet: Sheet
  readonly given: string | undefined
  readonly refused: readonly Refused[]
}

/**
 * Downs that were tried on a copy of the live structure: whether all of them ran there, why not, and what they would lose of
 * the live rows, as it was counted.
 */
export type Tried = {
  readonly result: 'ran' | 'failed' | 'unknown'
  readonly why: string | undefined
  readonly losses: readonly Loss[]
}

/** A way on, or back, after a run that did not end as asked: what it does, and the command to be pasted. */
export type Way = { readonly what: string; readonly command: string; readonly tried?: Tried }
