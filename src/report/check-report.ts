// Everything a run learned, as plain data. Every surface is rendered from this and nothing else.
import type { Difference } from '../catalog/difference.js'
import type { Finding } from '../model/finding.js'
import type { Direction, LayoutName } from '../model/migration.js'
import type { Place } from '../model/source.js'

/**
 * What the server said when a script failed. `place` is undefined when the server gave no position. `environment` says
 * in a sentence why this is no fault of the migration (extension not installed, role missing, server too old).
 */
export type ScriptFailure = {
  readonly direction: Direction
  readonly sqlstate: string
  readonly message: string
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly place: Place | undefined
  /** The line of the file that `place` names, as it stands there. */
  readonly line: string | undefined
  readonly environment: string | undefined
}

/** `not run`: a code migration, a step behind `--no-proof`, or an up that is missing. */
export type UpWord = 'ok' | 'failed' | 'not run'
export type DownWord = 'same' | 'column-order' | 'differs' | 'failed' | 'missing' | 'empty' | 'irreversible' | 'not run'
export type AgainWord = 'same' | 'column-order' | 'differs' | 'failed' | 'skipped'

/**
 * What the proof of one migration showed. `reason` says why something was not run, or what a failure may follow from.
 * `toldAt` names the last migration of a group that was proved as one (unit `range` or `chain`): the words hold for the
 * whole group, the differences stand there and nowhere else. Times are milliseconds.
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
  /** Undefined where nothing is to be repaired, or no lines were found that hold. */
  readonly repair?: Repair
}

/**
 * Lines that were seen to make the down right: appended to it, or in its place. `loses` says in words what data they
 * would drop, object by object; empty for none. `notes` are sentences on what they cannot bring back, or do only under
 * conditions; absent for none.
 */
export type Repair = {
  readonly kind: 'append' | 'replace'
  readonly sql: string
  readonly loses: readonly string[]
  readonly notes?: readonly string[]
  /** Columns stand in another order then. */
  readonly order?: 'other'
  /** The same as an edit of one line of a file: `text` in its place. */
  readonly edit?: LineEdit
}

/** `line` counts from 1. */
export type LineEdit = { readonly file: string; readonly line: number; readonly text: string }

/** What a change (pull request, push) did to a migration that it touches. */
export type MigrationChange = 'added' | 'edited' | 'renamed'

/**
 * What is said about each migration. `proof` is undefined when nothing was to be proved (`--no-proof`). `scope` is
 * `applied` for one that stood before the change and was only run, so that what is new has its state. Of migrations that
 * the change touches, `touched` says how, `does` what the up does to the schema, object by object, and `sql` is the text of
 * both directions.
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
  readonly does?: readonly Difference[]
  readonly sql?: { readonly up: string; readonly down: string | undefined }
}

/** All downs to empty and all ups again. `stoppedAt` is the id of the migration whose script failed or is missing. */
export type ChainReport = {
  readonly down: DownWord
  readonly again: AgainWord
  readonly upToDate: 'nothing to do' | 'runs again' | 'not run'
  readonly downs: number
  readonly stoppedAt: string | undefined
  readonly differences: readonly Difference[]
  readonly againDifferences: readonly Difference[]
  readonly failure: ScriptFailure | undefined
  readonly milliseconds: number
}

/** A file or folder that is passed over, and why. `linked`: a link out of the repository, where there may be a database. */
export type Ignored = { readonly path: string; readonly reason: string; readonly linked?: true }

export type DatabaseReport = {
  readonly name: string
  readonly folder: string
  readonly layout: LayoutName
  /** Why this layout was taken, in a sentence. */
  readonly layoutReason: string
  readonly unit: 'each' | 'range' | 'chain'
  readonly migrations: readonly MigrationReport[]
  readonly chain: ChainReport | undefined
  readonly ignored: readonly Ignored[]
  /** The change does not touch it, so that nothing of it was run. */
  readonly untouched?: true
  /** Ids of migrations that the change deletes. */
  readonly deleted?: readonly string[]
  /** Why the database could not be proved at all; no statement about its migrations then. */
  readonly notProved: string | undefined
  readonly milliseconds: number
}

export type ServerReport = {
  readonly version: string
  readonly major: number
  readonly source: 'given' | 'local' | 'package'
}

/**
 * What a change is compared with. `base` is the commit that it started from (the merge base), `tip` the newest commit of the
 * base branch `branch` (or the name that was asked for), `head` the commit that is judged: hexadecimal digits each.
 * `pull` is the number of the pull request.
 * `notSeen` says in sentences what could not be looked at, and why.
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

/** A repair that was written into a file, or with `problem` why it was not. `loses` and `notes` as in the repair. */
export type Fixed = {
  readonly database: string
  readonly migration: string
  readonly file: string
  readonly loses: readonly string[]
  readonly notes?: readonly string[]
  readonly problem: string | undefined
}

/** A failure of the surroundings that belongs to no migration. */
export type RunProblem = { readonly what: string; readonly fix: string }

export type Verdict = 'pass' | 'fail' | 'environment'

export type Counts = {
  readonly databases: number
  readonly migrations: number
  /** Migrations whose up, down and up again were all seen to hold (column order tolerated). */
  readonly proved: number
  readonly errors: number
  readonly warnings: number
  readonly notes: number
  /** Findings that count apart: accepted with a reason, listed as debt, or in a migration that stood before the change. */
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
  /** Undefined where the whole repository is judged. */
  readonly change?: ChangeReport
  readonly counts: Counts
  readonly databases: readonly DatabaseReport[]
  readonly findings: readonly Finding[]
  /** Known or accepted: no part of the verdict, of the counts of levels, or of `findings`. */
  readonly setAside: readonly Finding[]
  readonly problems: readonly RunProblem[]
  /** What was asked to be mended in the files, after everything else was found. */
  readonly fixed?: readonly Fixed[]
}
