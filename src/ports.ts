// The outside world on one screen. Adapters in host/, postgres/ and github/ implement these; tests do too.
import type { Script } from './core/migration.js'
import type { ScriptFailure, ServerReport } from './core/report.js'
import type { Snapshot, SnapshotChange } from './core/snapshot.js'
import type { SourceFile } from './core/source.js'

/** Paths are from the repository root (or absolute for what the user named outside of it), with `/`. */
export interface Files {
  /** What stands at a path, links followed: undefined for nothing at all. Never rejects. */
  readonly kind: (path: string) => Promise<'file' | 'folder' | 'other' | undefined>
  /** Every file below the folder, sorted by path in byte order; undefined when there is no such folder. Never follows a link out of the root. */
  readonly tree: (folder: string) => Promise<readonly string[] | undefined>
  /** Never rejects: what cannot be read says so in `unreadable`. `name` is relative to `folder`. */
  readonly read: (path: string, folder: string) => Promise<SourceFile>
  readonly write: (path: string, text: string) => Promise<void>
  /** As `write`, but rejects with a UserError when something stands there already. */
  readonly create: (path: string, text: string) => Promise<void>
}

/** Milliseconds since 1970, and a steady counter for durations. */
export interface Clock {
  readonly now: () => number
  readonly elapsed: () => number
}

/** Told while a run goes on, for whoever waits; nothing of it is part of the result. `total` counts migrations. */
export interface Progress {
  readonly move: (database: string, done: number, total: number) => void
}

/** A PostgreSQL that scratch databases may be made on. `close` ends and removes all that the run put there; it may be called twice. */
export interface Server {
  readonly report: ServerReport
  /**
   * Prepares the place for one chain. `clusterWide` says that the chain changes roles, tablespaces or settings of the
   * whole cluster: it gets a cluster of its own, or on a given server runs alone, and only on a disposable one
   * (a UserError of kind `environment` otherwise).
   */
  readonly bench: (options: BenchOptions) => Promise<Bench>
  readonly close: () => Promise<void>
}

export type BenchOptions = {
  readonly clusterWide: boolean
  readonly session: 'reset' | 'shared'
  /** Scripts run in every new scratch database before the chain; part of its empty state. */
  readonly setup: readonly Script[]
  /** `guided`: each step's change is found from what the step touched; `full`: from a whole snapshot each time. */
  readonly snapshots: 'guided' | 'full'
}

/** Where one chain is proved. */
export interface Bench {
  /** A new, empty scratch database, setup done. A setup that fails rejects with a UserError. */
  readonly open: () => Promise<Scratch>
  /** Whether copies can be whole at all: not where a chain changes the cluster. */
  readonly copies: boolean
  /** A copy of a scratch database, which goes on working; undefined where it would not be whole (settings of the database). */
  readonly copy: (scratch: Scratch) => Promise<Scratch | undefined>
  /** Puts back what was changed cluster-wide since the bench was made; every scratch database of it must be dropped. */
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A scratch database. One session; never two calls at a time. */
export interface Scratch {
  /** Runs a script as its tool would. Never rejects for what the script did; rejects when the server is gone. */
  readonly run: (script: Script, direction: 'up' | 'down') => Promise<Ran>
  /** Runs scripts one after another without looking at what they change: for long stretches that end in a whole snapshot. */
  readonly replay: (steps: readonly ReplayStep[]) => Promise<Replayed>
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
export type Ran =
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

/** `record` is SQL that notes the step in a history, in the same transaction where the script runs in one. */
export type ReplayStep = { readonly script: Script; readonly direction: 'up' | 'down'; readonly record?: string }

/** `done` counts the scripts that ran; with a `failure` it is the one after them that failed. */
export type Replayed = {
  readonly done: number
  readonly failure: ScriptFailure | undefined
  readonly milliseconds: number
}
