// The result of `check`, as plain data. Every output is rendered from it alone.
import type { Difference, Sameness } from '../catalog/difference.js'
import type { MigrationImpact } from '../impact/facts.js'
import type { Finding } from '../model/finding.js'
import type { Direction, LayoutName } from '../model/migration.js'
import type { Place } from '../model/source.js'

/**
 * What the server said when a script failed. `place` is undefined when the server gave no position. `environment` says
 * in a sentence why this is no fault of the migration (extension not installed, role missing, server too old). `follows`
 * is the id of the step that failed, or was not run, and so causes this failure. `table` (with its schema) and
 * `constraint` are those that the server names beside its message, for rows that it refuses.
 */
export type ScriptFailure = {
  readonly direction: Direction
  readonly sqlstate: string
  readonly message: string
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly place: Place | undefined
  /** The line of the file that `place` names. */
  readonly line: string | undefined
  readonly environment: string | undefined
  readonly follows?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
}

/** `not run`: the migration is code, or has no up. */
export type UpWord = 'ok' | 'failed' | 'not run'
export type DownWord = Sameness | 'failed' | 'missing' | 'empty' | 'irreversible' | 'not run'
export type AgainWord = Sameness | 'failed' | 'skipped'

/**
 * The result of the proof of one migration. `reason`: why something did not run, or the possible cause of a failure.
 * `toldAt`: the last migration of a group that was proved as one (unit `range` or `chain`). The outcomes hold for the
 * whole group, and only that migration has the differences. Times are milliseconds.
 */
export type Proof = {
  readonly up: UpWord
  readonly down: DownWord
  readonly again: AgainWord
  readonly differences: readonly Difference[]
  readonly againDifferences: readonly Difference[]
  readonly failure: ScriptFailure | undefined
  readonly reason: string | undefined
  readonly toldAt: string | undefined
  readonly milliseconds: number
  /** Undefined if nothing needs a repair, or no lines were proved. */
  readonly repair?: Repair
}

/**
 * Proved lines that repair the down: appended to it, or in its place. `loses`: the data that they would drop, object by
 * object, empty for none. `notes`: sentences on what they do not restore, or only under conditions; absent for none.
 */
export type Repair = {
  readonly kind: 'append' | 'replace'
  readonly sql: string
  readonly loses: readonly string[]
  readonly notes?: readonly string[]
  /** Afterwards the columns are in a different order. */
  readonly order?: 'other'
  /**
   * Not proved with all rows: with any they fail, with some of them (NULL, equal, longest), or they could not be tried. Absent:
   * the lines hold with rows, or rows do not matter. The notes say why.
   */
  readonly onRows?: 'fails' | 'fails on some' | 'not tried'
  /** The same repair as an edit of one line of a file: `text` replaces it. */
  readonly edit?: LineEdit
}

/** Lines count from 1. `text` takes the place of `line`, or of all lines from `from` to it. */
export type LineEdit = { readonly file: string; readonly from?: number; readonly line: number; readonly text: string }

/** How a change (pull request, push) touches a migration. `rewritten`: only comments, blanks or line ends differ. */
export type MigrationChange = 'added' | 'edited' | 'renamed' | 'rewritten'

/**
 * The report on one migration. `proof` is undefined if nothing was to be proved (`--no-proof`). `scope` `applied`: it
 * is older than the change and ran only to create the state for the new ones. For migrations of the change, `touched`
 * is the kind of change, `does` the schema effects of the up, and `sql` both scripts. `before`: what its proof shows was
 * there before the change, which does not touch it.
 */
export type MigrationReport = {
  readonly id: string
  readonly version: string
  readonly name: string
  readonly kind: 'schema' | 'seed'
  readonly files: readonly string[]
  readonly irreversible: string | undefined
  readonly proof: Proof | undefined
  readonly scope?: 'proved' | 'applied'
  readonly touched?: MigrationChange
  readonly before?: true
  readonly does?: readonly Difference[]
  readonly sql?: { readonly up: string; readonly down: string | undefined }
  /** What its scripts do to a database in use; absent where it was not watched. */
  readonly impact?: MigrationImpact
  /** Where its up makes clients wait: a proved way to the same schema for which they do not. */
  readonly online?: OnlineWay
}

/**
 * Files in the place of those of a migration: the same schema, no client waits, each of them goes back. `files` have paths from
 * the repository root. `migrations` are their ids, in order. `order`: columns of a table come in another order. `behind`: all
 * but the first run after this migration, which is the newest.
 */
export type OnlineWay = {
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly migrations: readonly string[]
  readonly order?: 'other'
  readonly behind?: string
  /** The same as an edit of lines, where it is one file. */
  readonly edit?: LineEdit
}

/**
 * All downs to empty and all ups again. `stoppedAt` is the id of the migration whose script failed or is missing. `before`:
 * the base of the change shows the same, or worse.
 */
export type ChainReport = {
  readonly down: DownWord
  readonly again: AgainWord
  readonly upToDate: 'nothing to do' | 'runs again' | 'not run'
  readonly downs: number
  readonly stoppedAt: string | undefined
  readonly differences: readonly Difference[]
  readonly againDifferences: readonly Difference[]
  readonly failure: ScriptFailure | undefined
  readonly before?: true
  readonly milliseconds: number
}

/**
 * A skipped file or folder, and why. `linked`: a link out of the repository, where there may be a database. `foreign`: a
 * folder of migrations that another tool or another server runs.
 */
export type Ignored = {
  readonly path: string
  readonly reason: string
  readonly linked?: true
  readonly foreign?: true
}

export type DatabaseReport = {
  readonly name: string
  readonly folder: string
  readonly layout: LayoutName
  /** Why this layout was chosen, in a sentence. */
  readonly layoutReason: string
  readonly unit: 'each' | 'range' | 'chain'
  readonly migrations: readonly MigrationReport[]
  readonly chain: ChainReport | undefined
  readonly ignored: readonly Ignored[]
  /** The change does not touch it, so nothing of it ran. */
  readonly untouched?: true
  /** Ids of migrations that the change deletes. */
  readonly deleted?: readonly string[]
  /** Why the database could not be proved; the report has no result for its migrations then. */
  readonly notProved: string | undefined
  readonly milliseconds: number
}

export type ServerReport = {
  readonly version: string
  readonly major: number
  readonly source: 'given' | 'local' | 'package'
}

/**
 * What a change is compared with, as hexadecimal commits. `base`: the merge base. `tip`: the newest commit of the base
 * branch `branch` (or the given name). `head`: the checked commit. `pull`: the number of the pull request. `notSeen`:
 * what could not be read and why, in sentences.
 */
export type ChangeReport = {
  readonly event: 'pull request' | 'merge queue' | 'release' | 'asked'
  readonly base: string
  readonly tip: string
  readonly branch: string
  readonly head: string
  readonly pull: number | undefined
  readonly notSeen: readonly string[]
}

/**
 * A repair, or a file of an online way, that was written to a file, or with `problem` why not. `loses` and `notes` as in the
 * repair.
 */
export type Fixed = {
  readonly database: string
  readonly migration: string
  readonly file: string
  readonly loses: readonly string[]
  readonly notes?: readonly string[]
  readonly online?: true
  readonly problem: string | undefined
}

/** A failure of the environment that belongs to no migration. */
export type RunProblem = { readonly what: string; readonly fix: string }

export type Verdict = 'pass' | 'fail' | 'environment'

export type Counts = {
  readonly databases: number
  readonly migrations: number
  /** Migrations with a proved up, down and second up (a different column order is accepted). */
  readonly proved: number
  readonly errors: number
  readonly warnings: number
  readonly notes: number
  /** Findings that are counted apart: waived, listed as debt, or there before the change. */
  readonly waived: number
  readonly debt: number
  readonly before: number
}

/** The one result of a run. `schema` is the version of this shape. Times are ISO 8601 in UTC and milliseconds. */
export type Report = {
  readonly schema: 1
  readonly tool: { readonly name: string; readonly version: string }
  readonly command: 'check'
  readonly started: string
  readonly milliseconds: number
  readonly verdict: Verdict
  readonly exitCode: 0 | 1 | 3
  readonly server: ServerReport | undefined
  /** Undefined if the whole repository is checked. */
  readonly change?: ChangeReport
  readonly counts: Counts
  readonly databases: readonly DatabaseReport[]
  readonly findings: readonly Finding[]
  /** Known or accepted findings. The verdict, the counts of levels and `findings` exclude them. */
  readonly setAside: readonly Finding[]
  readonly problems: readonly RunProblem[]
  /** The repairs that --fix wrote to the files, after all other results. */
  readonly fixed?: readonly Fixed[]
}
