// Runs a step and its rows in one transaction: all of it takes effect, or nothing.
import type { DatabaseError } from 'pg'
import type { Touched } from '../../../impact/facts.js'
import { pause } from '../../../model/pause.js'
import type { JournalEntries, TargetStepResult, TargetStep } from '../../../ports/target.js'
import { planSending } from '../scratch/send-plan.js'
import { isDatabaseError } from '../session.js'
import { doneBefore, type Answers } from '../simple-query.js'
import { ATTEMPTS, limits, type Begun, type Sent, type StepContext } from './context.js'
import { failedLost, failedTogether, failureOf } from './failed.js'
import { insertEntries } from './journal.js'
import { lastRows, LostConnection, type Link } from './connection.js'
import { grown, guard, insertsOneRow, markOf, MOVED, preparedGuard } from './history-rows.js'
import { retryAfter } from './locks.js'
import { settle, XID } from './lost-commit.js'

/** SQLSTATEs for a lock of another session or a deadlock. The whole transaction may be tried again. */
export const WAITS = new Set(['55P03', '40P01'])

const TAIL = '\n;SET CONSTRAINTS ALL IMMEDIATE;'

type Attempt =
  | TargetStepResult
  | { readonly end: 'waits'; readonly error: DatabaseError; readonly ran: TargetStepResult }

/**
 * Two messages: everything up to the answer that names the transaction, then COMMIT. The first message of `next`, if
 * there is one, goes with it, so that the server need not wait for us. `begun` is what was sent ahead for this step.
 */
export async function runTogether(
  context: StepContext,
  step: TargetStep,
  { begun, next }: { readonly begun: Begun | undefined; readonly next: TargetStep | undefined },
): Promise<TargetStepResult> {
  const started = performance.now()
  const since = (): number => performance.now() - started
  for (let attempt = 1; ; attempt++) {
    const came = await tryOnce(context, step, { begun: attempt === 1 ? begun : undefined, next })
    if (came.end !== 'waits') return { ...came, milliseconds: since() }
    const { signal } = context.options
    if (signal.aborted) return { end: 'cancelled', milliseconds: since() }
    if (attempt >= ATTEMPTS) return { ...came.ran, milliseconds: since() }
    await pause(retryAfter(attempt, context.options.lockMs), signal)
  }
}

/** The message of a step while the digest of the history is `mark`. */
function compose(context: StepContext, step: TargetStep, mark: string | undefined): Sent {
  const { table, record } = step.history
  const way = planSending(step.script)
  const prepared = context.guard()
  const statements = [
    'BEGIN',
    ...limits(context, 'SET LOCAL'),
    `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
    ...(mark === undefined ? [] : [prepared === undefined ? guard(table, mark) : preparedGuard(prepared, mark)]),
  ]
  const head = `${statements.join(';\n')};\n`
  const mine = way.setsSession && context.options.session === 'reset' ? 'RESET SESSION AUTHORIZATION;RESET ROLE;' : ''
  const entry = insertEntries(entryOf(step))
  const computed = context.computesMarks() && insertsOneRow(record) ? mark : undefined
  // The script's own role, where it stays, may not see locks.
  const held = way.setsSession && mine === '' ? '' : context.looks.column(table)
  const records =
    computed === undefined
      ? `${record};${entry}SELECT ${XID}, ${markOf(table)}${held}`
      : `${record} RETURNING ${XID}${held}${entry === '' ? '' : `;${entry}`}`
  const text = `${head}${way.texts[0] ?? ''}${TAIL}${mine}${records}`
  return { text, head, headCount: statements.length, entry, computed }
}

async function tryOnce(
  context: StepContext,
  step: TargetStep,
  { begun, next }: { readonly begun: Begun | undefined; readonly next: TargetStep | undefined },
): Promise<Attempt> {
  const mark = context.mark()
  const sent = begun?.sent ?? compose(context, step, mark)
  const link = context.link()
  try {
    const answers = await context.watcher.during(() => begun?.answers ?? link.send(sent.text))
    if (sent.computed === undefined) {
      const [xid, read, held] = lastRows(answers)[0] ?? []
      return await commit(context, step, { xid: xid ?? '', mark: read ?? undefined, held })
    }
    const [xid, held] = answers.at(sent.entry === '' ? -1 : -2)?.rows[0] ?? []
    return await commit(context, step, { xid: xid ?? '', mark: grown(sent.computed, xid ?? '0'), held, next })
  } catch (error) {
    if (error instanceof LostConnection) return lost(context, error, step)
    if (!isDatabaseError(error)) throw error
    const done = doneBefore(error)
    await link.send('ROLLBACK').catch(() => undefined)
    if (error.code === MOVED && mark !== undefined && done === sent.headCount - 1) {
      // The digest may differ from the computed one: a trigger on the history may write its own rows.
      context.measureMarks()
      return { end: 'moved', milliseconds: 0 }
    }
    const text = planSending(step.script).texts[0] ?? ''
    const failure = failedTogether(context, { ...step, ...sent, error, text, done })
    const ran: TargetStepResult = { end: 'failed', failure, left: 'nothing', traces: [], milliseconds: 0 }
    return WAITS.has(error.code ?? '') ? { end: 'waits', error, ran } : ran
  }
}

/** COMMIT was never sent, so the server rolls back the transaction. */
async function lost(context: StepContext, error: LostConnection, step: TargetStep): Promise<TargetStepResult> {
  const failure = failedLost(error, step)
  await context.reopen().catch(() => undefined)
  return { end: 'failed', failure, left: 'nothing', traces: [], milliseconds: 0 }
}

/** `held`: what the transaction holds, as `StepWatch` reads it. */
async function commit(
  context: StepContext,
  step: TargetStep,
  made: {
    readonly xid: string
    readonly mark: string | undefined
    readonly held: string | null | undefined
    readonly next?: TargetStep | undefined
  },
): Promise<TargetStepResult> {
  const { xid, mark, held } = made
  const link = context.link()
  const { committed, begun } = sendCommit(context, made)
  try {
    const answers = await context.watcher.during(() => committed)
    if (answers[0]?.command !== 'COMMIT') {
      await rollBackBegun(link, begun)
      return failed(
        context,
        step,
        failureOf('25P02', 'the transaction could not be committed: the server rolled it back'),
      )
    }
  } catch (error) {
    if (isDatabaseError(error)) {
      await rollBackBegun(link, begun)
      return failed(context, step, error)
    }
    if (!(error instanceof LostConnection)) throw error
    const truth = await settle(context, xid)
    if (truth === 'unknown') return unknownCommit(xid)
    if (truth === 'aborted') {
      return { end: 'failed', failure: failedLost(error, step), left: 'nothing', traces: [], milliseconds: 0 }
    }
    context.setMark(mark)
    return doneWith(context.looks.read(held))
  }
  context.setMark(mark)
  context.setBegun(begun)
  return doneWith(context.looks.read(held))
}

const doneWith = (touched: readonly Touched[] | undefined): TargetStepResult => ({
  end: 'done',
  milliseconds: 0,
  ...(touched && { touched }),
})

/** The guard in the message of `next` lets it run only if this very COMMIT took effect. */
function sendCommit(
  context: StepContext,
  { mark, next }: { readonly mark: string | undefined; readonly next?: TargetStep | undefined },
): { readonly committed: Promise<Answers>; readonly begun: Begun | undefined } {
  const link = context.link()
  if (next === undefined || mark === undefined || context.options.signal.aborted)
    return { committed: link.send('COMMIT'), begun: undefined }
  const sent = compose(context, next, mark)
  const { first, second } = link.sendBoth('COMMIT', sent.text)
  // The code that continues or rolls back the step gets this error.
  second.catch(() => undefined)
  return { committed: first, begun: { step: next, sent, answers: second } }
}

/** Rolls back a step that was sent ahead and is no longer wanted. */
export async function rollBackBegun(link: Link, begun: Begun | undefined): Promise<void> {
  if (begun === undefined) return
  await begun.answers.catch(() => undefined)
  if (!link.isLost()) await link.send('ROLLBACK').catch(() => undefined)
}

/** The outcome of the commit is unknown. `xid` helps people who look at the server later. */
export const unknownCommit = (xid: string): TargetStepResult => ({
  end: 'unknown',
  what: `the connection broke during COMMIT and the server cannot be asked (transaction ${xid})`,
  traces: [],
  milliseconds: 0,
})

/** COMMIT was refused: no single statement of the script is the cause. */
function failed(context: StepContext, { script, direction }: TargetStep, error: DatabaseError): TargetStepResult {
  const failure = failedTogether(context, { script, direction, error, text: '', head: '', headCount: 0, done: 0 })
  return { end: 'failed', failure, left: 'nothing', traces: [], milliseconds: 0 }
}

/** The row of a step that is done in this very transaction. */
export function entryOf({
  journal,
  migration,
  direction,
}: Pick<TargetStep, 'journal' | 'migration' | 'direction'>): JournalEntries | undefined {
  if (journal === undefined) return undefined
  const outcome = direction === 'up' ? 'applied' : 'undone'
  const { acting, before } = journal
  return { acting, entries: [{ migration, direction, outcome, before, milliseconds: undefined }] }
}
