// The result of a run on live databases, as plain data. Every output is rendered from it alone.
import type { ApprovalReport } from '../release/gate.js'
import type { Preview } from '../release/preview.js'
import type { BackupReport } from '../release/backup.js'
import type { Difference } from '../catalog/difference.js'
import type { Existing } from '../state/existing-tables.js'
import type { HistoryRow } from '../state/history.js'
import type { HistoryKind } from '../model/config.js'
import type { Direction, LayoutName } from '../model/migration.js'
import type { Report, RunProblem, ScriptFailure } from './check-report.js'
import type { Loss } from '../catalog/data-loss.js'

/** The commands that work on live databases and end with a LiveReport. */
export const LIVE_COMMANDS = [
  'up',
  'down',
  'redo',
  'status',
  'baseline',
  'seed',
  'plan',
  'deploy',
  'rollback',
  'restore',
] as const
export type LiveCommand = (typeof LIVE_COMMANDS)[number]

/**
 * `planned`: would run (`--dry-run`). `undone`: rolled back as asked. `recorded`: recorded without a run, with direction
 * `down` as not applied. `failed`: `left` describes what stayed. `unknown`: the answer of the server was lost, and it cannot be asked.
 */
export type StepOutcome = 'planned' | 'applied' | 'undone' | 'recorded' | 'failed' | 'not started' | 'unknown'

/** One migration in one direction. `left`: sentences about what stayed. `fix`: the recovery command. */
export type StepReport = {
  readonly id: string
  readonly version: string
  readonly direction: Direction
  readonly outcome: StepOutcome
  readonly milliseconds: number
  readonly failure: ScriptFailure | undefined
  readonly left: readonly string[]
  readonly fix: string | undefined
}

/**
 * An applied migration: when, by whom and how long, if the tool's table or the journal has it. `recorded`: the journal
 * says that it was recorded without a run (baseline).
 */
export type AppliedReport = {
  readonly id: string
  readonly version: string
  readonly at: string | undefined
  readonly by: string | undefined
  readonly milliseconds: number | undefined
  readonly recorded?: true
}

/**
 * Ids by status. `missing`, `repeated` and `dirty` are keys of the tool's table. `drift` undefined: not requested.
 * `existing`: what the database holds although nothing is applied, from `status`.
 */
export type StatusReport = {
  readonly applied: readonly AppliedReport[]
  readonly pending: readonly string[]
  readonly late: readonly string[]
  readonly missing: readonly HistoryRow[]
  readonly edited: readonly string[]
  readonly dirty: string | undefined
  readonly repeated: readonly string[]
  readonly drift: readonly Difference[] | undefined
  readonly existing?: Existing
}

/** The table of applied versions. `exists` is false if the database has no history table. */
export type HistoryReport = { readonly kind: HistoryKind; readonly table: string; readonly exists: boolean }

/**
 * `refused`: the state or the rules forbid it. `environment`: server or rights. `not started`: another database failed
 * before.
 */
export type Stopped = RunProblem & { readonly kind: 'refused' | 'environment' | 'not started' }

/** `restored`: the database from the backup. `put back`: the database from before the last restore. */
export type SwappedIn = 'restored' | 'put back'

/**
 * One target. `place` is `host:port/database`. `standing` is the migration status after the run, undefined if it was
 * never read. `stopped`: why the work on it ended early, if no step says so.
 */
export type TargetReport = {
  readonly name: string
  readonly folder: string
  readonly layout: LayoutName
  readonly place: string | undefined
  readonly version: string | undefined
  readonly environment: string
  readonly history: HistoryReport | undefined
  readonly standing: StatusReport | undefined
  readonly steps: readonly StepReport[]
  readonly notes: readonly string[]
  readonly stopped: Stopped | undefined
  /** For plan, deploy and rollback: what was known before the first step. */
  readonly ahead?: Preview
  readonly backup?: BackupReport
  /** For deploy, rollback and restore: the checks after the last step. */
  readonly seen?: readonly Observation[]
  /** For an executed restore: which database has the live name now. */
  readonly swapped?: SwappedIn
  readonly milliseconds: number
}

/**
 * `pass` (exit code 0). `fail` (1): refused, failed without effects, or not up to date. `environment` (3): no server or
 * no right. `unfinished` (4): a target was changed, but not as asked. `cancelled` (130).
 */
export type LiveVerdict = 'pass' | 'fail' | 'environment' | 'unfinished' | 'cancelled'

export type LiveCounts = {
  readonly databases: number
  readonly done: number
  readonly failed: number
  readonly waiting: number
}

/** The one result of a run. `schema` is the version of this shape. Times are ISO 8601 in UTC and milliseconds. */
export type LiveReport = {
  readonly schema: 1
  readonly tool: Report['tool']
  readonly command: LiveCommand
  readonly started: string
  readonly milliseconds: number
  readonly verdict: LiveVerdict
  readonly exitCode: 0 | 1 | 3 | 4 | 130
  readonly counts: LiveCounts
  readonly targets: readonly TargetReport[]
  /** For plan, deploy and rollback. */
  readonly approval?: ApprovalReport
  readonly ways?: readonly Way[]
  /** For deploy and rollback: what was done, and what people have to do. */
  readonly checklist?: readonly Observation[]
}

/** Refused before any change. */
export const isRefusedReport = ({ approval }: Pick<LiveReport, 'approval'>): boolean =>
  (approval?.refused.length ?? 0) > 0

/** The report of any command. */
export type AnyReport = Report | LiveReport

export const isLive = (report: AnyReport): report is LiveReport => 'targets' in report

/** A line of a checklist with its evidence. `open`: people have to do it. */
export type Observation = { readonly what: string; readonly result: 'held' | 'broken' | 'open'; readonly seen: string }

/**
 * The dry run of the downs on a copy of the live structure: whether all of them ran, and why not. `losses`: the counted
 * loss of live rows.
 */
export type Tried = {
  readonly result: 'ran' | 'failed' | 'unknown'
  readonly why: string | undefined
  readonly losses: readonly Loss[]
}

/** A command that continues or rolls back: its effect, and its text to copy. */
export type Way = { readonly what: string; readonly command: string; readonly tried?: Tried }
