// Seeds that are programs, and their interface.
import type { Direction } from '../model/migration.js'
import type { Transacted } from '../state/transaction-result.js'
import type { ScriptFailure } from '../report/check-report.js'

/** A row by the names of its columns. Values are PostgreSQL's own text: no number loses a digit, no time its zone. */
export type Row = Readonly<Record<string, string | null>>

/**
 * Runs one statement with its parameters ($1, $2 ...) and gives the rows. Rejects with a Refused for a refusal of the
 * server, or of the code that guards it. Rejects with a UserError when the server is gone.
 */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>

/**
 * Runs a body in one transaction. Commits when the body asks for it; rolls back when it does not, or rejects. The
 * result says whether it is committed, and `refused` says why a commit failed. `unknown` is a sentence for a lost
 * answer to COMMIT when the server cannot be asked. Rejects as the body does.
 */
export type Transact = (body: (query: Query) => Promise<'commit' | 'rollback'>) => Promise<Transacted>

/** Seeds in JavaScript or TypeScript, each run in its own process. */
export interface Modules {
  /** Never rejects for a fault of the module. Rejects with a UserError for a cancelled run or a lost server. */
  readonly call: (call: ModuleCall) => Promise<ModuleEnd>
}

/**
 * `file` starts at the repository root. `environment` is the name that the module gets (`development`). `cost` is that
 * of bcrypt. `log` gets the module's output line by line, without the passwords that it hashed.
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
  | { readonly end: 'done' }
  | { readonly end: 'absent' }
  | { readonly end: 'failed'; readonly failure: ScriptFailure }
