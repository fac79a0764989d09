// The way to the same catalogue for which clients do not wait, as data: what goes in, and the migrations that come out.
import type { Fates } from '../../catalog/identity.js'
import type { Snapshot } from '../../catalog/snapshot.js'

/**
 * One migration of an online way. `title`: words for its file name. `up`: statements in their order, without semicolons at
 * their ends. `transaction`: `none` where it is one statement that refuses a transaction, or commits on its way.
 */
export type OnlineMigration = {
  readonly title: string
  readonly up: readonly string[]
  readonly transaction: 'wrapped' | 'none'
}

/** With its derived down: statements in their order, without semicolons at their ends. */
export type WrittenMigration = OnlineMigration & { readonly down: readonly string[] }

/**
 * What a statement for which clients wait does: the catalogue on both sides of it, and what became of its objects. `rows`:
 * `moved` where it wrote rows of tables that were there before, or changed values of their old columns. `rewritten` and
 * `rebuilt`: the old tables and indexes that were written again, as `Impact` names them. `partitionConditions`: by relation as a snapshot names it
 * (`public.orders_2026`), what `pg_get_partition_constraintdef` says in the state after; for the partitions that the
 * statement made or attached.
 */
export type StatementEffect = {
  readonly before: Snapshot
  readonly after: Snapshot
  readonly fates: Fates
  readonly rows: 'moved' | 'still'
  readonly rewritten: readonly string[]
  readonly rebuilt: readonly string[]
  readonly partitionConditions: ReadonlyMap<string, string>
}

/**
 * A statement of the author's up, in order. `text`: as written, without its semicolon. `effect` is undefined where no client
 * waits for it: such a statement keeps its text. `apart`: it is what clients of a table wait for that an earlier statement
 * locked, so that it gets a migration of its own.
 */
export type AuthorStatement = {
  readonly text: string
  readonly effect?: StatementEffect | undefined
  readonly apart?: true | undefined
}
