// Servers with scratch databases, for proofs.
import { UserError } from '../model/errors.js'
import type { Script } from '../model/migration.js'
import type { ScriptFailure, ServerReport } from '../report/check-report.js'
import type { Identities, IdentityChange } from '../catalog/identity.js'
import type { Snapshot, SnapshotChange } from '../catalog/snapshot.js'
import type { HiddenEffect } from '../sql/effects/hidden-effects.js'
import type { Transact } from './modules.js'
import type { Watch, WatchSettings } from './watch.js'

/**
 * A PostgreSQL for scratch databases. `close` ends and removes everything that the run created there, and may be called
 * twice.
 */
export interface ScratchServer {
  readonly report: ServerReport
  /**
   * Prepares the environment for one chain. `clusterWide` means that the chain changes roles, tablespaces or settings
   * of the whole cluster. Such a chain gets its own cluster. On a given server it runs alone, and only if the server is
   * disposable (otherwise a UserError of kind `environment`).
   */
  readonly openEnvironment: (options: ScratchEnvironmentOptions) => Promise<ScratchEnvironment>
  readonly close: () => Promise<void>
}

export type ScratchEnvironmentOptions = {
  readonly clusterWide: boolean
  readonly session: 'reset' | 'shared'
  /** Scripts that run in every new scratch database before the chain. They are part of its empty state. */
  readonly setup: readonly Script[]
  /** `guided`: finds the change of each step from what the step touched. `full`: takes a whole snapshot each time. */
  readonly snapshots: 'guided' | 'full'
  /** Names of extensions that the server must offer. */
  readonly extensions?: readonly string[]
}

/** What the role of the session may not read, so that no snapshot shows it. `why` is a sentence that names the role. */
export type Unseen = { readonly what: HiddenEffect; readonly why: string }

/** A script changes objects of the whole server, in an environment that is not `clusterWide`. */
export class ReachesServer extends UserError {
  constructor(file: string) {
    super({
      kind: 'environment',
      what: `${file} changes roles, tablespaces or settings of the whole server, which its text does not show.`,
      fix: 'Leave out --server, so that a private server is started. Or set --disposable-server for one that exists only for this run.',
    })
  }
}

/** The environment for the proof of one chain. */
export interface ScratchEnvironment {
  /** A new, empty scratch database after its setup. Rejects with a UserError when the setup fails. */
  readonly open: () => Promise<Scratch>
  /**
   * Whether copies can be complete at all. They cannot when a chain changes the cluster, or continues in one session.
   */
  readonly copies: boolean
  /** Empty where the chain does not reach the server, and on a server of our own. */
  readonly unseen: readonly Unseen[]
  /**
   * A copy of a scratch database, which stays usable. Undefined when it would be incomplete (settings of the database).
   */
  readonly copy: (scratch: Scratch) => Promise<Scratch | undefined>
  /** Watches scripts in this scratch database, which belongs to the watch until that is closed. */
  readonly watch: (scratch: Scratch, settings?: WatchSettings) => Promise<Watch>
  /**
   * Drops all scratch databases, and brings back what changed cluster-wide since the environment was made. Rejects with a
   * UserError if that is not possible.
   */
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A scratch database. It has one session, so make only one call at a time. */
export interface Scratch {
  /**
   * Runs a script as its tool would. Never rejects for a fault of the script. Rejects when the server is gone, and with
   * ReachesServer, after a rollback, when the script changes more than this environment sees and restores. `look` is a
   * query for the end of its transaction; without one transaction for all of it, nothing is looked at.
   */
  readonly run: (script: Script, direction: 'up' | 'down', look?: string) => Promise<RunResult>
  /**
   * Runs the body and all its scripts in one transaction, and rolls back unless the body returns `keep`. A script that
   * fails there changes nothing. Where its failure could come from the transaction, the attempt is `unfit`. `scripts` are
   * those that the body runs, as far as they are known.
   */
  readonly attempt: <T>(scripts: readonly Script[], body: () => Promise<AttemptOutcome<T>>) => Promise<AttemptResult<T>>
  /** Runs scripts in a row without reading their changes, for long stretches that end in a whole snapshot. */
  readonly replay: (steps: readonly ReplayStep[]) => Promise<ReplayResult>
  /** For seeds that are modules. Does not read their changes of the catalogue. */
  readonly transact: Transact
  /** The catalogue after the scripts so far, without reading it again. */
  readonly known: () => Snapshot
  /** The identities of what is known. */
  readonly identities: () => Identities
  /** The whole catalogue, freshly read. */
  readonly snapshot: () => Promise<Snapshot>
  /** The rows of a query, with values as text. Rejects with the server's message. */
  readonly read: (query: string) => Promise<readonly (readonly string[])[]>
  /**
   * The contents of tables, by table: the number of rows, a space, and a digest that does not depend on their order.
   */
  readonly rows: () => Promise<ReadonlyMap<string, string>>
  /**
   * Puts made-up rows into tables that have none, and into the parents that their keys need: in the attempt, or in a transaction of
   * its own. Nothing that a table refuses is an error.
   */
  readonly fill: (request: RowRequest) => Promise<readonly FilledTable[]>
  readonly drop: () => Promise<void>
}

/** `natural`: no NULLs, valid and different values. `awkward`: behind those, rows with NULL, equal, empty, longest and far values. */
export type RowKind = 'natural' | 'awkward'

/** `tables`: names in SQL form. `rows`: natural ones in each table. */
export type RowRequest = { readonly tables: readonly string[]; readonly rows: number; readonly kind: RowKind }

/** `relation` as a client writes it. `why`: a clause that says why it has none, or fewer than asked. */
export type FilledTable = { readonly relation: string; readonly rows: number; readonly why?: string }

/**
 * `change` holds every object group that the script may have changed, with its document now, and `identities` what each
 * of them is now. `looked` holds the rows of the query that was to look at the end of its transaction. `rows` says whether it
 * wrote rows of tables. After a failure, `state` is `kept` if everything was rolled back, or `partial` if some of it
 * may have stayed.
 */
export type RunResult =
  | {
      readonly ok: true
      readonly change: SnapshotChange
      readonly identities: IdentityChange
      readonly rows: 'moved' | 'still'
      readonly looked?: Looked
      readonly milliseconds: number
    }
  | {
      readonly ok: false
      readonly failure: ScriptFailure
      readonly state: 'kept' | 'partial'
      readonly milliseconds: number
    }

/** Rows of a query, with values as text. */
export type Looked = readonly (readonly string[])[]

/** `keep`: the effects of an attempt's scripts stay. */
export type AttemptOutcome<T> = { readonly keep: boolean; readonly result: T }

/**
 * `unfit`: a script cannot run together with others, or cannot be rolled back, or a database error ends the body. All is
 * rolled back.
 */
export type AttemptResult<T> = AttemptOutcome<T> | 'unfit'

/** `record` is SQL that notes the step in a history. It runs in the transaction of the script, if there is one. */
export type ReplayStep = { readonly script: Script; readonly direction: 'up' | 'down'; readonly record?: string }

/** `done` counts the scripts that ran. With a `failure`, the next one failed. */
export type ReplayResult = {
  readonly done: number
  readonly failure: ScriptFailure | undefined
  readonly milliseconds: number
}
