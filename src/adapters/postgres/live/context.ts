// What a step needs from its target while it runs.
import type { TargetOptions, TargetStep } from '../../../ports/target.js'
import type { Answers } from '../simple-query.js'
import type { Watcher } from './blockers.js'
import type { Link } from './connection.js'
import type { StepWatch } from './step-watch.js'

/** A step gives up after this many attempts of `lockMs` each. */
export const ATTEMPTS = 12

/**
 * A message of a step, with what is needed to read its answer. `computed` is the digest before it, if the next one is
 * computed.
 */
export type Sent = {
  readonly text: string
  readonly head: string
  readonly headCount: number
  readonly entry: string
  readonly computed: string | undefined
}

/** A step whose message is already sent, behind the COMMIT of the step before. */
export type Begun = { readonly step: TargetStep; readonly sent: Sent; readonly answers: Promise<Answers> }

export type StepContext = {
  readonly options: Pick<TargetOptions, 'lockMs' | 'statementMs' | 'session' | 'signal'>
  readonly major: number
  /** The role that connected. */
  readonly role: string
  readonly watcher: Watcher
  /** The current session. `reopen` replaces it. */
  readonly link: () => Link
  /** Opens a new session in place of a lost one, without its locks. Rejects when none opens in time. */
  readonly reopen: () => Promise<void>
  /** Takes the locks of a lost session again. Rejects when another session holds them now. */
  readonly relock: () => Promise<void>
  /** The digest of the history's rows when they were last read; see history-rows.ts. */
  readonly mark: () => string | undefined
  readonly setMark: (mark: string | undefined) => void
  /** Whether the digest after an INSERT may be computed. False once the rows turned out to be different. */
  readonly computesMarks: () => boolean
  readonly measureMarks: () => void
  /** The name of the prepared guard of the history in the current session, if there is one. */
  readonly guard: () => string | undefined
  /** Notes that the following step is already sent. */
  readonly setBegun: (begun: Begun | undefined) => void
  /** What the steps lock and rewrite. */
  readonly looks: StepWatch
}

/** SQL that limits waiting, with `SET` or `SET LOCAL`. */
export function limits(
  context: StepContext,
  how: 'SET' | 'SET LOCAL',
  lockMs = context.options.lockMs,
): readonly string[] {
  const { statementMs } = context.options
  return [
    `${how} lock_timeout = ${Math.round(lockMs)}`,
    ...(statementMs === undefined ? [] : [`${how} statement_timeout = ${Math.round(statementMs)}`]),
  ]
}
