// Recovery commands after a run that did not end as asked, as plain data.
import type { Loss } from '../catalog/data-loss.js'

/**
 * The dry run of the downs on a copy of the live structure: whether all of them ran, and why not. `losses`: the counted
 * loss of live rows.
 */
export type Tried = {
  readonly result: 'ran' | 'failed' | 'unknown'
  readonly why: string | undefined
  readonly losses: readonly Loss[]
}

/** A command that continues or rolls back: its effect, and its text to copy. */
export type Way = { readonly what: string; readonly command: string; readonly tried?: Tried }
