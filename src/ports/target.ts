// The live databases that the DSNs of the configuration name.
import type { HistoryKind } from '../model/config.js'
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
  /** `verified`: on another host the server's certificate has to be right, unless the DSN says otherwise. */
  readonly tls?: 'usual' | 'verified'
  readonly signal: AbortSignal
}

/** One live database over one direct connection; never two calls at a time. A lost connection rejects with a UserError. */
export interface Target {
  /** `host:port/database`, for people. */
  readonly place: string
  /** The same for two targets exactly when they are the same database of the same running server, whatever their DSNs say. */
  readonly identity: string
  /** Tables of tools that the DSN or variables of theirs name. */
  readonly tablesFromEnvironment: readonly TableFromEnvironment[]
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
  /** What was applied, with the text that its down had then: by version, undefined where there was none. */
  readonly readDowns: (database: string) => Promise<readonly RecordedDown[]>
  /** Whether our record says that some database here was once changed under that environment. */
  readonly wasProduction: () => Promise<boolean>
  /** Makes the journal where it is missing and may be made; the answer is why there is none, undefined when there is. */
  readonly prepareJournal: () => Promise<string | undefined>
  /**
   * Runs a step as its tool would, its rows in the same transaction where there is one. Never rejects for what came of it.
   * `next` is the step that will be run next if this one ends well: it may be sent ahead, and is taken back if it is not run.
   */
  readonly run: (step: TargetStep, next?: TargetStep) => Promise<TargetStepResult>
  /**
   * For seeds that are modules: what the body does and the rows of the step in one transaction. Rejects with a UserError
   * when the connection was lost before COMMIT, and when the history is no longer what was last read.
   */
  readonly transact: (
    body: Parameters<Transact>[0],
    step: Pick<TargetStep, 'direction' | 'migration' | 'history' | 'journal'>,
  ) => Promise<Transacted>
  /** Records without running: rows and journal entries in one transaction. Rejects like `write`. */
  readonly note: (notes: { readonly sql: string; readonly journal: JournalEntries | undefined }) => Promise<void>
  /** The whole catalogue, without our own schema. */
  readonly snapshot: () => Promise<Snapshot>
  readonly close: () => Promise<void>
}

/** `table` as in the config (history.table), for this tool; `from` says by what, for people. */
export type TableFromEnvironment = { readonly kind: HistoryKind; readonly table: string; readonly from: string }

export type JournalEntries = { readonly acting: JournalActor; readonly entries: readonly JournalEntry[] }

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
  readonly journal: { readonly acting: JournalActor; readonly before: string | undefined } | undefined
}

/**
 * `done`: committed, seen. `moved`: the history was no longer what was last read; nothing was done. `cancelled`: the run was,
 * while a lock was waited for; nothing was done. `failed`: with `left`
 * `nothing` all of it is rolled back; with `partial` the sentences of `traces` say what stayed. `unknown`: the connection
 * broke at a moment after which only the server knows, and it could not be asked; `what` says so.
 */
export type TargetStepResult =
  | { readonly end: 'done'; readonly milliseconds: number }
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
