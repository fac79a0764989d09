// What one script does to a database in use, as plain data: the result of watching it on a scratch server.
import type { Place } from '../model/source.js'
import type { LockMode } from './lock-modes.js'

/**
 * How a fact is known. `measured`: seen on the scratch server. `scaled`: a measured cost times the size of production.
 * `known`: fixed by PostgreSQL's documentation and not observable here.
 */
export type Label = 'measured' | 'scaled' | 'known'

/**
 * `migrations`: the rows that the migrations and seeds themselves put in. `fixtures`: rows of the user. `made up`: rows of the
 * fill. `live`: those of a live database. `none`: the table has no rows, and got none.
 */
export type RowSource = 'migrations' | 'fixtures' | 'made up' | 'live' | 'none'

/**
 * A relation that existed before the migrations that are deployed together. `relation` is its name as a client writes it:
 * without the schema where that is `public`. `rows` counts them before the script. `why`: why a table got no rows. `partitionOf`:
 * the root of its partitions.
 */
export type OldRelation = {
  readonly relation: string
  readonly kind: RelationKind
  readonly rows: number
  readonly source: RowSource
  readonly why?: string
  readonly partitionOf?: string
}

export type RelationKind =
  | 'table'
  | 'partitioned table'
  | 'index'
  | 'view'
  | 'materialized view'
  | 'sequence'
  | 'foreign table'

/**
 * The strongest lock that the script holds on an old relation. `from` is the number of the statement that took the strongest
 * mode; `until` that of the one after which it was gone, absent where it is held to the end of the transaction.
 */
export type Hold = {
  readonly relation: string
  readonly kind: RelationKind
  readonly mode: LockMode
  readonly from: number
  readonly until?: number
  readonly label: Label
}

/** What a statement did to an old relation. `under`: the strongest lock on this relation after the statement. */
type Work = {
  readonly relation: string
  readonly rows: number
  readonly statement: number
  readonly under: LockMode
}

/** All rows were written to a new file. `truncated` ones are no rewrites. */
export type Rewrite = Work

/** It was read whole. `times`: how often the statement did; `read`: the rows that it read in all. */
export type Scan = Work & { readonly times: number; readonly read: number }

/** An index was built on it, or built again. */
export type Build = Work & { readonly index: string; readonly what: 'built' | 'rebuilt'; readonly unique: boolean }

/** Rows of it were written. `together`: in one transaction; false where the statement commits on its way. */
export type Change = Work & {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  readonly truncated?: true
  readonly together: boolean
}

/** A statement of a client, in words: `select orders`, `insert orders`, `update orders`, `call total(integer)`. */
export type ClientStatement = string

/**
 * A client's statement that ran before the script, and no longer does. `role`: it concerns this role alone.
 * `sqlstate` is that of the server's refusal.
 */
export type Broken = {
  readonly client: ClientStatement
  readonly relation?: string
  readonly sqlstate: string
  readonly message: string
  readonly role?: string
}

/** A client's statement that answers otherwise, or has another effect. `what` is a short clause: `the default of state is 'new'`. */
export type Answer = { readonly client: ClientStatement; readonly relation?: string; readonly what: string }

/**
 * Something that may be done, and was refused before. `what` is a short clause: `PUBLIC may SELECT from orders`. `role`: it is
 * a right of this role alone.
 */
export type Access = { readonly relation?: string; readonly what: string; readonly role?: string }

/** What is lost: rows of a relation, values of a column (`changed` or gone), or the position of a sequence. */
export type Lost = {
  readonly relation: string
  readonly column?: string
  readonly what: 'rows' | 'values' | 'position'
  readonly count: number
  readonly how: 'dropped' | 'deleted' | 'truncated' | 'changed' | 'reset'
}

/**
 * The script fails only because there are rows. `source`: whose rows made it fail. `needs`: with made-up rows, `any row` where
 * every row makes it fail, else which rows do (`rows with NULL in state`).
 */
export type RowFailure = {
  readonly sqlstate: string
  readonly message: string
  readonly relation?: string
  readonly column?: string
  readonly constraint?: string
  /** The columns or expressions of a unique key, as SQL. */
  readonly key?: string
  /**
   * Of the rows that it fails on, a condition as SQL, for a table with the alias `failing`; beside a `key`, of those that it can be
   * about.
   */
  readonly where?: string
  readonly count?: number
  readonly statement?: number
  readonly place?: Place
  readonly source: RowSource
  readonly needs?: string
}

/** What stays behind unfinished. */
export type Left = {
  readonly what: 'invalid index' | 'constraint not validated' | 'trigger off'
  readonly name: string
  readonly relation: string
}

/** A new foreign key whose columns begin no index of the referencing table. */
export type UnindexedKey = {
  readonly constraint: string
  readonly relation: string
  readonly columns: readonly string[]
  readonly referenced: string
}

/** Two old tables, joined by a foreign key, that the script locks strongly one after the other. `statement` locks the second one. */
export type LockPair = { readonly first: string; readonly second: string; readonly statement: number }

/**
 * A statement of the script, by its number from 1. `head`: its first words, without literals. `transaction`: the number of the
 * one that it is part of, absent where the script has one.
 */
export type WatchedStatement = {
  readonly number: number
  readonly transaction?: number
  readonly place: Place
  readonly head: string
  readonly milliseconds: number
}

/** All facts of one script. Lists are empty where there is nothing. */
export type Impact = {
  readonly statements: readonly WatchedStatement[]
  readonly relations: readonly OldRelation[]
  readonly holds: readonly Hold[]
  readonly rewritten: readonly Rewrite[]
  readonly scanned: readonly Scan[]
  readonly built: readonly Build[]
  readonly changed: readonly Change[]
  /** Client statements that would wait at the end of the script's transaction. */
  readonly refused: readonly ClientStatement[]
  readonly broken: readonly Broken[]
  readonly answers: readonly Answer[]
  readonly access: readonly Access[]
  /** What the script itself takes. */
  readonly lost: readonly Lost[]
  /** Of a down: what the up took or changed, and the down does not bring back. */
  readonly notRestored?: readonly Lost[]
  readonly left: readonly Left[]
  readonly unindexed: readonly UnindexedKey[]
  readonly order: readonly LockPair[]
  readonly failsOnRows?: RowFailure
  /** Sentences: what could not be found out, and why. */
  readonly notJudged: readonly string[]
  /** The session has a lock_timeout when it takes its first strong lock. */
  readonly lockTimeout: boolean
}

/**
 * The facts of a migration. `down` is absent where there is none, or it was not watched. `dataSet`: before it, the migrations
 * have put rows into tables, at least `SMALL_TABLE` into one of them.
 */
export type MigrationImpact = { readonly up?: Impact; readonly down?: Impact; readonly dataSet?: true }

/**
 * What a step did to a relation of a live database, as its own session saw it before the COMMIT: a lock that clients wait for.
 * `rewritten`: it has a new file. `partitionOf`: the root of its partitions.
 */
export type Touched = {
  readonly relation: string
  readonly kind: RelationKind
  readonly mode: LockMode
  readonly rewritten: boolean
  readonly partitionOf?: string
}

/** Work on fewer rows is of no concern. */
export const SMALL_TABLE = 1_000
