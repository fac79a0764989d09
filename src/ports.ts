// The outside world on one screen. Adapters in host/, postgres/ and github/ implement these; tests do too.
import type { Lock, Rows } from './core/history.js'
import type { Acting, JournalEntry, JournalRow } from './core/journal.js'
import type { Direction, Migration, Script } from './core/migration.js'
import type { Posted, Posting } from './core/posting.js'
import type { OpenPulls, PullNumber, PullState } from './core/pull.js'
import type { Transacted } from './core/refused.js'
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

/** The history of the files: commits are 40 (or 64) hexadecimal digits. Nothing but `at` rejects; what is not there is undefined. */
export interface Repository {
  /** Why there is no repository to ask, in git's words; undefined where there is one. */
  readonly trouble: () => Promise<string | undefined>
  /** The commit behind a branch, a tag or a commit's own name. */
  readonly commit: (name: string) => Promise<string | undefined>
  /** Also of a commit whose parents were not fetched. */
  readonly parents: (commit: string) => Promise<readonly string[]>
  /** Fetches one commit or branch of `origin`, without its history. Gives git's own reason why not, for people. */
  readonly fetchCommit: (name: string) => Promise<string | undefined>
  /** The merge base, for which a shallow clone is deepened step by step. */
  readonly fetchMergeBase: (a: string, b: string) => Promise<string | undefined>
  /** The newest tag behind HEAD that matches a pattern as `git describe --match` reads it. */
  readonly newestTag: (pattern: string) => Promise<{ readonly name: string; readonly commit: string } | undefined>
  /** The files of a commit, by the same paths as those of the working tree. Reading them rejects with a UserError when git fails. */
  readonly at: (commit: string) => Pick<Files, 'tree' | 'read'>
}

/** The place where pull requests live. What could not be seen or done is said; only a bug or a cancelled run rejects. */
export interface Forge {
  /** Those that are open for a branch, but `except`. `notSeen` says in sentences what was not looked at. */
  readonly openPulls: (about: { readonly branch: string; readonly except: number | undefined }) => Promise<OpenPulls>
  /** Writes the one comment of a key, or leaves it alone when a newer run has written it. */
  readonly post: (posting: Posting) => Promise<Posted>
  readonly pull: (about: { readonly number: number }) => Promise<PullState>
  /** The open pull request whose newest commit is this one, from a branch of somebody's repository. */
  readonly pullOf: (about: {
    readonly owner: string
    readonly branch: string
    readonly commit: string
  }) => Promise<PullNumber>
}

/** Milliseconds since 1970, and a steady counter for durations. `pause` ends early with the signal, and never rejects. */
export interface Clock {
  readonly now: () => number
  readonly elapsed: () => number
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
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

/** A row by the names of its columns. PostgreSQL's own text of each value: no number loses a digit, no time its zone. */
export type Row = Readonly<Record<string, string | null>>

/**
 * Runs one statement with its parameters ($1, $2 ...) and gives the rows. Rejects with a Refused for what the server (or
 * whoever guards it) does not take; with a UserError when the server is gone.
 */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>

/**
 * Runs a body in one transaction: committed when the body says so, rolled back when it does not or rejects. The result
 * says whether it was committed; where it should have been and was not, `refused` says why. `unknown` is a sentence for the
 * case that the answer to COMMIT got lost and the server cannot be asked. Rejects as the body does.
 */
export type Transact = (body: (query: Query) => Promise<'commit' | 'rollback'>) => Promise<Transacted>

/** Seeds in JavaScript or TypeScript, each run in a process of its own. */
export interface Modules {
  /** Never rejects for what the module is or does; rejects with a UserError when the run was cancelled or the server is gone. */
  readonly call: (call: ModuleCall) => Promise<ModuleEnd>
}

/**
 * `file` is from the repository root. `environment` is the name that the module is told (`development`), `cost` that of
 * bcrypt. `log` gets what the module wants to say, line by line, without what it hashed.
 */
export type ModuleCall = {
  readonly file: string
  readonly direction: Direction
  readonly environment: string
  readonly cost: number
  readonly query: Query
  readonly log: (line: string) => void
  readonly signal: AbortSignal
}

/** `absent`: there is no such export. */
export type ModuleEnd =
  { readonly end: 'done' } | { readonly end: 'absent' } | { readonly end: 'failed'; readonly failure: ScriptFailure }

/** A scratch database. One session; never two calls at a time. */
export interface Scratch {
  /** Runs a script as its tool would. Never rejects for what the script did; rejects when the server is gone. */
  readonly run: (script: Script, direction: 'up' | 'down') => Promise<Ran>
  /** Runs scripts one after another without looking at what they change: for long stretches that end in a whole snapshot. */
  readonly replay: (steps: readonly ReplayStep[]) => Promise<Replayed>
  /** For seeds that are modules: nothing of what they change in the catalogue is looked at. */
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

/** The databases that the DSNs of the configuration name. */
export interface Targets {
  /**
   * Connects, and waits `waitMs` at most until the server is up, the database is there and takes connections. Rejects with
   * a UserError: `use` for a DSN that is missing or cannot be read, `environment` for a server that will not do.
   */
  readonly open: (options: TargetOptions) => Promise<Target>
}

/**
 * `name` is the database's in the configuration, `dsn` the variable that holds its DSN. `lockMs` is how long one attempt
 * waits for a lock before it lets others pass; after twelve of them the step is given up. `statementMs` undefined: as the
 * server has it.
 */
export type TargetOptions = {
  readonly name: string
  readonly dsn: string
  readonly session: 'reset' | 'shared'
  readonly waitMs: number
  readonly lockMs: number
  readonly statementMs: number | undefined
  readonly signal: AbortSignal
}

/** One live database over one direct connection; never two calls at a time. A lost connection rejects with a UserError. */
export interface Target {
  /** `host:port/database`, for people. */
  readonly place: string
  readonly version: string
  readonly major: number
  /** current_database() and current_schema() when the session began. */
  readonly database: string
  readonly schema: string | undefined
  /** What one query gives, as text. */
  readonly read: (query: string) => Promise<Rows>
  /** The same for the history's own query, and remembers the answer: steps run only while it holds. */
  readonly rows: (history: { readonly table: string; readonly read: string }) => Promise<Rows>
  /** Several statements in one transaction of their own; rejects with a UserError that holds the server's words. */
  readonly write: (sql: string) => Promise<void>
  /** Takes all locks at once or none, by polling; rejects with a UserError that names the holder after twelve `lockMs`. */
  readonly lock: (locks: readonly Lock[]) => Promise<void>
  readonly unlock: () => Promise<void>
  /** Our record: its rows for a database of the configuration, in the order in which they were written. */
  readonly readJournal: (database: string) => Promise<readonly JournalRow[]>
  /** Whether our record says that some database here was once changed under that environment. */
  readonly wasProduction: () => Promise<boolean>
  /** Makes the journal where it is missing and may be made; the answer is why there is none, undefined when there is. */
  readonly prepareJournal: () => Promise<string | undefined>
  /**
   * Runs a step as its tool would, its rows in the same transaction where there is one. Never rejects for what came of it.
   * `next` is the step that will be run next if this one ends well: it may be sent ahead, and is taken back if it is not run.
   */
  readonly run: (step: TargetStep, next?: TargetStep) => Promise<TargetRan>
  /**
   * For seeds that are modules: what the body does and the rows of the step in one transaction. Rejects with a UserError
   * when the connection was lost before COMMIT, and when the history is no longer what was last read.
   */
  readonly transact: (
    body: Parameters<Transact>[0],
    step: Pick<TargetStep, 'direction' | 'migration' | 'history' | 'journal'>,
  ) => Promise<Transacted>
  /** Records without running: rows and journal entries in one transaction. Rejects like `write`. */
  readonly note: (notes: { readonly sql: string; readonly journal: Journaling | undefined }) => Promise<void>
  /** The whole catalogue, without our own schema. */
  readonly snapshot: () => Promise<Snapshot>
  readonly close: () => Promise<void>
}

export type Journaling = { readonly acting: Acting; readonly entries: readonly JournalEntry[] }

/**
 * `history` is about the tool's table, whose name can stand in SQL as it is. `record` notes the step as done; `begin` marks it
 * as begun where the tool knows such a mark, and `forget` takes that mark back when nothing of the step stayed.
 * A step is decided on the rows that `read` gave last (see Target.rows); when they are others by then, nothing is done.
 */
export type TargetStep = {
  readonly script: Script
  readonly direction: Direction
  readonly migration: Migration
  readonly history: {
    readonly table: string
    readonly record: string
    readonly begin: string | undefined
    readonly forget: string | undefined
  }
  readonly journal: { readonly acting: Acting; readonly before: string | undefined } | undefined
}

/**
 * `done`: committed, seen. `moved`: the history was no longer what was last read; nothing was done. `failed`: with `left`
 * `nothing` all of it is rolled back; with `partial` the sentences of `traces` say what stayed. `unknown`: the connection
 * broke at a moment after which only the server knows, and it could not be asked; `what` says so.
 */
export type TargetRan =
  | { readonly end: 'done'; readonly milliseconds: number }
  | { readonly end: 'moved'; readonly milliseconds: number }
  | {
      readonly end: 'failed'
      readonly failure: ScriptFailure
      readonly left: 'nothing' | 'partial'
      readonly traces: readonly string[]
      readonly milliseconds: number
    }
  | {
      readonly end: 'unknown'
      readonly what: string
      readonly traces: readonly string[]
      readonly milliseconds: number
    }
