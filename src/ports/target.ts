// The live databases that the DSNs of the configuration name.
import type { HistoryKind } from '../model/config.js'
import type { Touched } from '../impact/facts.js'
import type { Lock, Rows } from '../state/history.js'
import type { JournalActor, JournalEntry, JournalRow } from '../state/journal.js'
import type { Direction, Migration, Script } from '../model/migration.js'
import type { Transacted } from '../state/transaction-result.js'
import type { ScriptFailure } from '../report/check-report.js'
import type { Snapshot } from '../catalog/snapshot.js'
import type { Transact } from './modules.js'

/** The databases that the DSNs of the configuration name. */
export interface Targets {
  /**
   * Connects, and waits at most `waitMs` until the server is up and the database exists and accepts connections.
   * Rejects with a UserError: `use` for a missing or invalid DSN, `environment` for an unsuitable server.
   */
  readonly open: (options: TargetOptions) => Promise<Target>
}

/**
 * `name` is the database's name in the configuration, `dsn` the variable with its DSN. `lockMs` is how long one attempt
 * waits for a lock before it lets others pass. The step gives up after twelve attempts. Without `statementMs`, the
 * server's own setting holds.
 */
export type TargetOptions = {
  readonly name: string
  readonly dsn: string
  readonly session: 'reset' | 'shared'
  readonly waitMs: number
  readonly lockMs: number
  readonly statementMs: number | undefined
  /** `verified`: on another host the server's certificate must be valid, unless the DSN sets a mode of its own. */
  readonly tls?: 'usual' | 'verified'
  readonly signal: AbortSignal
}

/**
 * One live database over one direct connection. Make only one call at a time. A lost connection rejects with a
 * UserError.
 */
export interface Target {
  /** `host:port/database`, for people. */
  readonly place: string
  /**
   * Equal for two targets exactly when they are the same database of the same running server, whatever their DSNs are.
   */
  readonly identity: string
  /** Tables of tools that the DSN or the tools' own variables name. */
  readonly tablesFromEnvironment: readonly TableFromEnvironment[]
  readonly version: string
  readonly major: number
  /** current_database() and current_schema() at the start of the session. */
  readonly database: string
  readonly schema: string | undefined
  /** The answer to one query, as text. */
  readonly read: (query: string) => Promise<Rows>
  /**
   * As `read`, for the history's own query, and remembers the answer. Steps run only while the history still has this
   * answer.
   */
  readonly rows: (history: { readonly table: string; readonly read: string }) => Promise<Rows>
  /** Runs several statements in their own transaction. Rejects with a UserError that holds the server's message. */
  readonly write: (sql: string) => Promise<void>
  /**
   * Takes all locks at once or none, by polling. Rejects with a UserError that names the holder after twelve `lockMs`.
   */
  readonly lock: (locks: readonly Lock[]) => Promise<void>
  readonly unlock: () => Promise<void>
  /** The journal's rows for a database of the configuration, in the order in which they were written. */
  readonly readJournal: (database: string) => Promise<readonly JournalRow[]>
  /** The applied migrations by version, with the text that each down had then; undefined without a down. */
  readonly readDowns: (database: string) => Promise<readonly RecordedDown[]>
  /** Whether the journal says that a database here was once changed under that environment. */
  readonly wasProduction: () => Promise<boolean>
  /**
   * Makes the journal if it is missing and the role may make it. Gives the reason why there is none; undefined when
   * there is one.
   */
  readonly prepareJournal: () => Promise<string | undefined>
  /**
   * Runs a step as its tool would, with its rows in the same transaction if there is one. Never rejects for a fault of
   * the step. `next` is the step to run after this one succeeds. It may be sent ahead, and is rolled back if it does
   * not run.
   */
  readonly run: (step: TargetStep, next?: TargetStep) => Promise<TargetStepResult>
  /**
   * For seeds that are modules: the body and the rows of the step in one transaction. Rejects with a UserError when the
   * connection is lost before COMMIT, and when the history changed since it was last read.
   */
  readonly transact: (
    body: Parameters<Transact>[0],
    step: Pick<TargetStep, 'direction' | 'migration' | 'history' | 'journal'>,
  ) => Promise<Transacted>
  /**
   * From now on, a step that runs in one transaction also says what it locks and rewrites of the relations that there are. Nothing
   * is said where the role may not see locks.
   */
  readonly watchSteps: () => Promise<void>
  /** Records without running: rows and journal entries in one transaction. Rejects like `write`. */
  readonly note: (notes: { readonly sql: string; readonly journal: JournalEntries | undefined }) => Promise<void>
  /** The whole catalogue, without our own schema. */
  readonly snapshot: () => Promise<Snapshot>
  readonly close: () => Promise<void>
}

/** `table` has the form of history.table in the config, for this tool. `from` names its source, for people. */
export type TableFromEnvironment = { readonly kind: HistoryKind; readonly table: string; readonly from: string }

export type JournalEntries = { readonly acting: JournalActor; readonly entries: readonly JournalEntry[] }

/**
 * `history` is about the tool's table, whose name is valid SQL as it is. `record` notes the step as done. `begin` marks
 * it as begun if the tool has such a mark, and `forget` removes that mark when nothing of the step stays. A step
 * depends on the rows of the last `read` (see Target.rows). If they have changed, nothing runs.
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
  readonly journal: { readonly acting: JournalActor; readonly before: string | undefined } | undefined
}

/**
 * `done`: committed, confirmed; `touched`: see Target.watchSteps. `moved`: the history changed since it was last read; nothing was done. `cancelled`: the
 * run was cancelled while it waited for a lock; nothing was done. `failed`: with `left: nothing` all of it is rolled
 * back; with `partial` the sentences of `traces` say what stayed. `unknown`: the connection broke at a moment after
 * which only the server knows the outcome, and it cannot be asked. `what` says so.
 */
export type TargetStepResult =
  | { readonly end: 'done'; readonly milliseconds: number; readonly touched?: readonly Touched[] }
  | { readonly end: 'moved'; readonly milliseconds: number }
  | { readonly end: 'cancelled'; readonly milliseconds: number }
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

export type RecordedDown = { readonly version: string; readonly id: string; readonly down: Script | undefined }
