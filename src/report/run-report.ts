// What a run on live databases learned, as plain data. Every surface is rendered from this and nothing else.
import type { ApprovalReport } from '../release/gate.js'
import type { Observation } from '../release/observation.js'
import type { Ahead } from '../release/preview.js'
import type { Way } from '../release/recovery.js'
import type { BackupReport } from '../release/backup.js'
import type { Difference } from '../catalog/difference.js'
import type { HistoryRow } from '../state/history.js'
import type { HistoryKind } from '../model/config.js'
import type { Direction, LayoutName } from '../model/migration.js'
import type { Report, RunProblem, ScriptFailure } from './check-report.js'

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
 * `planned`: would be done (`--dry-run`); `undone`: taken back as asked; `recorded`: written down without being run;
 * `failed`: see `left` for what stayed; `unknown`: the answer got lost and the server cannot be asked.
 */
export type StepOutcome = 'planned' | 'applied' | 'undone' | 'recorded' | 'failed' | 'not started' | 'unknown'

/** One migration in one direction. `left` are sentences about what stayed; `fix` is the command that goes on. */
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
 * A migration that is applied; when, by whom and how long where the tool's table or the journal knows. `recorded`: it was
 * written down without being run (baseline), as the journal has it.
 */
export type AppliedReport = {
  readonly id: string
  readonly version: string
  readonly at: string | undefined
  readonly by: string | undefined
  readonly milliseconds: number | undefined
  readonly recorded?: true
}

/** Ids by what they are; `missing`, `repeated` and `dirty` are keys of the tool's table. `drift` undefined: not asked. */
export type StandingReport = {
  readonly applied: readonly AppliedReport[]
  readonly pending: readonly string[]
  readonly late: readonly string[]
  readonly missing: readonly HistoryRow[]
  readonly edited: readonly string[]
  readonly dirty: string | undefined
  readonly repeated: readonly string[]
  readonly drift: readonly Difference[] | undefined
}

/** The table in which the applied versions stand. `exists` is false where none of a known tool was found. */
export type HistoryReport = { readonly kind: HistoryKind; readonly table: string; readonly exists: boolean }

/** `refused`: the state or the rules forbid it; `environment`: server or rights; `not started`: another one failed before. */
export type Stopped = RunProblem & { readonly kind: 'refused' | 'environment' | 'not started' }

/** `restored`: the one that a backup was brought back into; `put back`: the one from before the last restore. */
export type SwappedIn = 'restored' | 'put back'

/**
 * One target. `place` is `host:port/database`. `standing` is the one after the run, undefined when the target was never
 * read. `stopped` says why it was not worked on to its end, where no step says it.
 */
export type TargetReport = {
  readonly name: string
  readonly folder: string
  readonly layout: LayoutName
  readonly place: string | undefined
  readonly version: string | undefined
  readonly environment: string
  readonly history: HistoryReport | undefined
  readonly standing: StandingReport | undefined
  readonly steps: readonly StepReport[]
  readonly notes: readonly string[]
  readonly stopped: Stopped | undefined
  /** Of plan, deploy and rollback: what was known before the first step. */
  readonly ahead?: Ahead
  readonly backup?: BackupReport
  /** Of deploy, rollback and restore: what was looked at after the last step. */
  readonly seen?: readonly Observation[]
  /** Of a restore that was carried out: which database has the live name now. */
  readonly swapped?: SwappedIn
  readonly milliseconds: number
}

/**
 * `pass` (exit code 0); `fail`: refused, failed without a trace, or not up to date (1); `environment`: no server or no
 * right (3); `unfinished`: a target was changed and the run did not end as asked (4); `cancelled` (130).
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
  /** Of plan, deploy and rollback. */
  readonly approval?: ApprovalReport
  readonly ways?: readonly Way[]
  /** Of deploy and rollback: what was done, and what stays with people. */
  readonly checklist?: readonly Observation[]
}

/** Refused before anything was done. */
export const isRefusedReport = ({ approval }: Pick<LiveReport, 'approval'>): boolean =>
  (approval?.refused.length ?? 0) > 0

/** Whatever a command ends with. */
export type AnyReport = Report | LiveReport

export const isLive = (report: AnyReport): report is LiveReport => 'targets' in report
