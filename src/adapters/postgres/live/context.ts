// What running one step needs of the target that it runs on.
import type { TargetOptions, TargetStep } from '../../../ports/target.js'
import type { Answers } from '../simple-query.js'
import type { Watcher } from './blockers.js'
import type { Link } from './connection.js'

/** After so many attempts at `lockMs` each a step is given up. */
export const ATTEMPTS = 12

/** A message of a step, with what is needed to read its answer. `computed`: the mark before it, where the next is computed. */
export type Sent = {
  readonly text: string
  readonly head: string
  readonly headCount: number
  readonly entry: string
  readonly computed: string | undefined
}

/** A step whose message is on its way already, behind the COMMIT of the step before. */
export type Begun = { readonly step: TargetStep; readonly sent: Sent; readonly answers: Promise<Answers> }

export type StepContext = {
  readonly options: Pick<TargetOptions, 'lockMs' | 'statementMs' | 'session' | 'signal'>
  readonly major: number
  /** The role that connected. */
  readonly role: string
  readonly watcher: Watcher
  /** The session of now; another one after `reopen`. */
  readonly link: () => Link
  /** A new session in place of a lost one, without its locks; rejects when there is none in time. */
  readonly reopen: () => Promise<void>
  /** Takes the locks again that went with a lost session; rejects when somebody else has them now. */
  readonly relock: () => Promise<void>
  /** What the history's rows came to when they were last read; see history-guard.ts. */
  readonly mark: () => string | undefined
  readonly setMark: (mark: string | undefined) => void
  /** Whether the mark after an INSERT may be computed; not any more once the rows turned out to be others. */
  readonly computesMarks: () => boolean
  readonly measureMarks: () => void
  /** The name under which the guard of the history is prepared in the session of now, where it is. */
  readonly guard: () => string | undefined
  /** The step that goes on from here is on its way already. */
  readonly setBegun: (begun: Begun | undefined) => void
}

/** SQL that limits waiting; `SET` or `SET LOCAL`. */
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
