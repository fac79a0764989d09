// The contract of a tool: all that the rest of the program knows of it. One folder, one object; tools.ts is the list.
import type { Migration } from '../model/migration.js'
import type { Directions, ToolFacts } from '../model/tool.js'
import type { History } from '../state/history.js'
import type { DatabaseConfig } from '../model/config.js'
import type { Problem } from '../model/finding.js'
import type { Ignored } from '../report/check-report.js'
import type { SourceFile } from '../model/source.js'
import type { LeftOut } from './left-out.js'

/** `ToolFacts` is what rules see: name, order, transactions, directions, naming. */
export type Tool = ToolFacts & {
  readonly files: ToolFiles
  readonly histories: Histories
  readonly create: Create
}

/** The message instead of an action. `holds` follows the folder's name: "holds migrations of Prisma, ...". */
export type Refused = { readonly holds: string; readonly fix: string }

/** Where it is recorded which migrations are applied. All pure. */
export type Histories = {
  /** Tables that such files may be recorded in. Empty: this program can only check such a folder. */
  readonly candidates: readonly History[]
  /** The one for a database that has none yet; undefined for our own table. */
  readonly first: (migrations: readonly Migration[]) => History | undefined
  /** Why no table may be made in a database that has none, until the config names the tool; undefined where one may be. */
  readonly unclear?: (migrations: readonly Migration[]) => string | undefined
  /** The one that the proof keeps on a scratch database; undefined for our own table. */
  readonly scratch: History | undefined
  /** Why nothing can be applied or rolled back on a live database; undefined where it can. `fix` is the beginning of a sentence. */
  readonly refusal: (migrations: readonly Migration[]) => Refused | undefined
  /** A file of the tool's own, from the root, that may name the table and is not read here; `names` matches if it does. */
  readonly settings?: { readonly file: string; readonly names: RegExp }
}

/** How a new migration is written. All pure. */
export type Create = {
  readonly names: (wanted: Wanted) => FileNames
  /** Comments and SQL as they are written in a file. */
  readonly script: (script: NewScript) => string
  /** The files with their whole text. */
  readonly files: (names: FileNames, up: NewScript, down: NewScript) => readonly NewFile[]
  /** Why no new migration can be named here; undefined where it can. `newest` is the id of the newest one. */
  readonly refusal: (migrations: readonly Migration[], newest: string) => Refused | undefined
}

/**
 * The name of a new migration. `write` puts version and words into the names that the folder's files have.
 * `neighbours` are the directions that files of the folder have; none in a new folder.
 */
export type Wanted = {
  readonly version: string
  readonly words: string
  readonly neighbours: ReadonlySet<'up' | 'down' | 'both'>
  readonly write: (direction: 'up' | 'down' | 'both') => string
}

/**
 * Paths of the files from the folder. `down` is that of the up where one file holds both directions. `id` is what people
 * call the migration.
 */
export type FileNames = { readonly id: string; readonly up: string; readonly down: string }

/**
 * `comments` are sentences, each a line of its own; `sql` is anything, from empty to a whole script. `transaction`: `none` where
 * the tool must open none for another reason than a statement that refuses one.
 */
export type NewScript = {
  readonly comments: readonly string[]
  readonly sql: string
  readonly transaction?: 'none' | undefined
}

/** `path` is from the folder. */
export type NewFile = { readonly path: string; readonly text: string }

/** The half of a tool that follows from where it writes the directions. */
export type Written<D extends Directions['in']> = {
  readonly directions: Extract<Directions, { readonly in: D }>
  readonly create: Omit<Create, 'refusal'>
}

/** All that the tool reads from a folder, in the order in which it would apply it. */
export type Stream = {
  readonly migrations: readonly Migration[]
  readonly ignored: readonly Ignored[]
  readonly problems: readonly Problem[]
  /** What its tool does not run as a migration because of the name. Each is among `problems` too. */
  readonly leftOut: readonly LeftOut[]
}

/** `environment` holds the variables that a file may refer to (goose ENVSUB). */
export type ReadOptions = {
  readonly kind: 'schema' | 'seed'
  readonly config: Pick<DatabaseConfig, 'transaction' | 'irreversible' | 'naming' | 'history'>
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What every tool offers: files in, migrations out. Pure. */
export type ToolFiles = {
  /** How many of these files are migrations in this layout, and a sentence that gives the evidence. */
  readonly recognise: (files: readonly SourceFile[]) => { readonly migrations: number; readonly reason: string }
  readonly read: (files: readonly SourceFile[], options: ReadOptions) => Stream
  /** Drops listed files that are not migrations to the tool. Left out: all of them count. */
  readonly select?: (files: readonly SourceFile[]) => readonly SourceFile[]
}
