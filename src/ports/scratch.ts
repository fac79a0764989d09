// Servers on which scratch databases are made, for proofs.
import type { Script } from '../model/migration.js'
import type { ScriptFailure, ServerReport } from '../report/check-report.js'
import type { Snapshot, SnapshotChange } from '../catalog/snapshot.js'
import type { Transact } from './modules.js'

/** A PostgreSQL for scratch databases. `close` ends and removes all that the run put there; it may be called twice. */
export interface ScratchServer {
  readonly report: ServerReport
  /**
   * Prepares the place for one chain. `clusterWide` says that the chain changes roles, tablespaces or settings of the
   * whole cluster: it gets a cluster of its own, or on a given server runs alone, and only on a disposable one
   * (a UserError of kind `environment` otherwise).
   */
  readonly openEnvironment: (options: ScratchEnvironmentOptions) => Promise<ScratchEnvironment>
  readonly close: () => Promise<void>
}

export type ScratchEnvironmentOptions = {
  readonly clusterWide: boolean
  readonly session: 'reset' | 'shared'
  /** Scripts run in every new scratch database before the chain; part of its empty state. */
  readonly setup: readonly Script[]
  /** `guided`: each step's change is found from what the step touched; `full`: from a whole snapshot each time. */
  readonly snapshots: 'guided' | 'full'
  /** Names of extensions that the server has to offer. */
  readonly extensions?: readonly string[]
}

/** Where one chain is proved. */
export interface ScratchEnvironment {
  /** A new, empty scratch database, setup done. A setup that fails rejects with a UserError. */
  readonly open: () => Promise<Scratch>
  /** Whether copies can be whole at all: not where a chain changes the cluster, or goes on in one session. */
  readonly copies: boolean
  /** A copy of a scratch database, which goes on working; undefined where it would not be whole (settings of the database). */
  readonly copy: (scratch: Scratch) => Promise<Scratch | undefined>
  /** Puts back what was changed cluster-wide since the environment was made; every scratch database of it must be dropped. */
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A scratch database. One session; never two calls at a time. */
export interface Scratch {
  /** Runs a script as its tool would. Never rejects for what the script did; rejects when the server is gone. */
  readonly run: (script: Script, direction: 'up' | 'down') => Promise<RunResult>
  /**
   * Runs the body, and all scripts that it runs, in one transaction, which is rolled back unless the body says `keep`. The
   * first script that fails ends the attempt, which is rolled back then; its failure is not reported.
   */
  readonly attempt: <T>(body: () => Promise<AttemptOutcome<T>>) => Promise<AttemptResult<T>>
  /** Runs scripts one after another without reading what they change: for long stretches that end in a whole snapshot. */
  readonly replay: (steps: readonly ReplayStep[]) => Promise<ReplayResult>
  /** For seeds that are modules: what they change in the catalog is not read. */
  readonly transact: Transact
  /** The catalogue as the scripts run so far have left it, without reading it again. */
  readonly known: () => Snapshot
  /** The whole catalogue, freshly read. */
  readonly snapshot: () => Promise<Snapshot>
  /** The rows that a query gives, values as text; rejects with what the server says. */
  readonly read: (query: string) => Promise<readonly (readonly string[])[]>
  /** What tables hold, by table: the number of rows, a space, and a digest that does not depend on their order. */
  readonly rows: () => Promise<ReadonlyMap<string, string>>
  readonly drop: () => Promise<void>
}

/**
 * `change` holds every unit that the script may have changed, with its document now. `rows` says whether rows were
 * written in tables. After a failure `state` says whether everything was rolled back (`kept`) or something of the script
 * may have stayed (`partial`).
 */
export type RunResult =
  | {
      readonly ok: true
      readonly change: SnapshotChange
      readonly rows: 'moved' | 'still'
      readonly milliseconds: number
    }
  | {
      readonly ok: false
      readonly failure: ScriptFailure
      readonly state: 'kept' | 'partial'
      readonly milliseconds: number
    }

/** `keep`: what the scripts of an attempt did stays. */
export type AttemptOutcome<T> = { readonly keep: boolean; readonly result: T }

/** `failed`: a script fails; `unfit`: one cannot be run together with others, or what it does could not be rolled back. */
export type AttemptResult<T> = AttemptOutcome<T> | 'failed' | 'unfit'

/** `record` is SQL that notes the step in a history, in the same transaction where the script runs in one. */
export type ReplayStep = { readonly script: Script; readonly direction: 'up' | 'down'; readonly record?: string }

/** `done` counts the scripts that ran; with a `failure` it is the one after them that failed. */
export type ReplayResult = {
  readonly done: number
  readonly failure: ScriptFailure | undefined
  readonly milliseconds: number
}
