// The preview of a target: what is known of it before its first step, as plain data.
import type { Difference } from '../catalog/difference.js'
import type { Loss } from '../catalog/data-loss.js'
import type { Identity } from './approval-digest.js'

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
