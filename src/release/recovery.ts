// The commands that are offered after a run that did not end as asked, as plain data.
import type { Loss } from '../catalog/data-loss.js'

/**
 * Downs that were tried on a copy of the live structure: whether all of them ran there, why not, and what they would lose of
 * the live rows, as it was counted.
 */
export type Tried = {
  readonly result: 'ran' | 'failed' | 'unknown'
  readonly why: string | undefined
  readonly losses: readonly Loss[]
}

/** A command that goes on or rolls back: what it does, and its text to be copied. */
export type Way = { readonly what: string; readonly command: string; readonly tried?: Tried }
