// Seeds that are programs, and what they get to work with.
import type { Direction } from '../model/migration.js'
import type { Transacted } from '../state/transaction-result.js'
import type { ScriptFailure } from '../report/check-report.js'

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
