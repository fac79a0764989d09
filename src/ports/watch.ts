// A scratch database with rows and clients, in which scripts are watched.
import type { MigrationImpact } from '../impact/facts.js'
import type { Script } from '../model/migration.js'

/**
 * `fill`: which rows are made up where a table has none: plain and awkward ones, only plain ones, or none. `timezone` of all its
 * sessions. `fixtures`: tables with rows of the user, by schema and name.
 */
export type WatchSettings = {
  readonly fill: 'full' | 'structure' | 'off'
  readonly timezone: string | undefined
  readonly fixtures: ReadonlySet<string>
}

/** Opened on a scratch database, which stays its caller's. It has sessions of its own. */
export interface Watch {
  /** From now on, the relations that there are count as old. */
  readonly remember: () => Promise<void>
  /**
   * Runs up, down and up again, with rows in the tables that they touch. Afterwards the database is in the state after the
   * up; `applied` is false where the up fails, and then it is as before. Without a `down`, runs the up alone; the `last` step runs
   * no second up.
   */
  readonly step: (step: WatchStep) => Promise<WatchedStep>
  /**
   * Before the first step, where all of them are deployed together. Rows with NULL, equal and long values go through all scripts, in the
   * order in which they run; the steps know what became of them. Leaves the database as it was.
   */
  readonly carry: (scripts: readonly Script[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** `upFails`, `downFails`: it failed in the proof, where tables have no made-up rows. */
export type WatchStep = {
  readonly up: Script
  readonly down: Script | undefined
  readonly upFails: boolean
  readonly downFails: boolean
  readonly last: boolean
}

export type WatchedStep = { readonly impact: MigrationImpact; readonly applied: boolean }
