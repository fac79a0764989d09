// A step in one transaction with its rows: all of it is there afterwards, or nothing.
import type { DatabaseError } from 'pg'
import type { Journaling, TargetRan, TargetStep } from '../../ports.js'
import type { Dispatch } from '../dispatch.js'
import { isDatabaseError } from '../session.js'
import { ATTEMPTS, limits, type StepContext } from './context.js'
import { failedLost, failedTogether, failureOf } from './failed.js'
import { insertEntries } from './journal-sql.js'
import { lastRows, LostConnection } from './link.js'
import { guard, markOf, MOVED } from './mark.js'
import { pause, retryAfter } from './pause.js'
import { settle, XID } from './settle.js'

/** Somebody holds a lock, or two wait for each other: the whole transaction may be tried again (SQLSTATE). */
export const WAITS = new Set(['55P03', '40P01'])

const TAIL = '\n;SET CONSTRAINTS ALL IMMEDIATE;'

type Attempt = TargetRan | { readonly end: 'waits'; readonly error: DatabaseError; readonly ran: TargetRan }

/** Two messages: everything up to the answer that names the transaction, then COMMIT. */
export async function runTogether(context: StepContext, step: TargetStep, way: Dispatch): Promise<TargetRan> {
  const started = performance.now()
  const since = (): number => performance.now() - started
  for (let attempt = 1; ; attempt++) {
    const came = await tryOnce(context, step, way)
    if (came.end !== 'waits') return { ...came, milliseconds: since() }
    const { signal } = context.options
    if (attempt >= ATTEMPTS || signal.aborted) return { ...came.ran, milliseconds: since() }
    await pause(retryAfter(attempt, context.options.lockMs), signal)
  }
}

async function tryOnce(context: StepContext, step: TargetStep, way: Dispatch): Promise<Attempt> {
  const { table, record } = step.history
  const mark = context.mark()
  const statements = [
    'BEGIN',
    ...limits(context, 'SET LOCAL'),
    `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
    ...(mark === undefined ? [] : [guard(table, mark)]),
  ]
  const head = `${statements.join(';\n')};\n`
  const mine = way.setsSession && context.options.session === 'reset' ? 'RESET SESSION AUTHORIZATION;RESET ROLE;' : ''
  const tail = `${TAIL}${mine}${record};${insertEntries(entryOf(step))}SELECT ${XID}, ${markOf(table)}`
  const link = context.link()
  try {
    const text = `${head}${way.texts[0] ?? ''}${tail}`
    const [row] = lastRows(await context.watcher.during(() => link.send(text)))
    return await commit(context, step, { xid: row?.[0] ?? '', mark: row?.[1] ?? undefined })
  } catch (error) {
    if (error instanceof LostConnection) return lost(context, error, step)
    if (!isDatabaseError(error)) throw error
    const done = link.completed()
    await link.send('ROLLBACK').catch(() => undefined)
    if (error.code === MOVED && mark !== undefined && done === statements.length - 1)
      return { end: 'moved', milliseconds: 0 }
    const failure = failedTogether(context, {
      ...step,
      error,
      text: way.texts[0] ?? '',
      head,
      headCount: statements.length,
      done,
    })
    const ran: TargetRan = { end: 'failed', failure, left: 'nothing', traces: [], milliseconds: 0 }
    return WAITS.has(error.code ?? '') ? { end: 'waits', error, ran } : ran
  }
}

/** COMMIT was never sent: the server rolls back what it had. */
async function lost(context: StepContext, error: LostConnection, step: TargetStep): Promise<TargetRan> {
  const failure = failedLost(error, step)
  await context.reopen().catch(() => undefined)
  return { end: 'failed', failure, left: 'nothing', traces: [], milliseconds: 0 }
}

async function commit(
  context: StepContext,
  step: TargetStep,
  { xid, mark }: { readonly xid: string; readonly mark: string | undefined },
): Promise<TargetRan> {
  const link = context.link()
  try {
    const answers = await context.watcher.during(() => link.send('COMMIT'))
    if (answers[0]?.command !== 'COMMIT') {
      return failed(
        context,
        step,
        failureOf('25P02', 'the transaction could not be committed: the server rolled it back'),
      )
    }
  } catch (error) {
    if (isDatabaseError(error)) return failed(context, step, error)
    if (!(error instanceof LostConnection)) throw error
    const truth = await settle(context, xid)
    if (truth === 'unknown') return unknownCommit(xid)
    if (truth === 'aborted') {
      return { end: 'failed', failure: failedLost(error, step), left: 'nothing', traces: [], milliseconds: 0 }
    }
  }
  context.setMark(mark)
  return { end: 'done', milliseconds: 0 }
}

export const unknownCommit = (xid: string): TargetRan => ({
  end: 'unknown',
  what: `the connection broke while COMMIT was under way and the server cannot be asked (transaction ${xid})`,
  traces: [],
  milliseconds: 0,
})

/** Refused at its end: no statement of the script is to blame more than another. */
function failed(context: StepContext, { script, direction }: TargetStep, error: DatabaseError): TargetRan {
  const failure = failedTogether(context, { script, direction, error, text: '', head: '', headCount: 0, done: 0 })
  return { end: 'failed', failure, left: 'nothing', traces: [], milliseconds: 0 }
}

/** The row of a step that is done in this very transaction. */
export function entryOf({
  journal,
  migration,
  direction,
}: Pick<TargetStep, 'journal' | 'migration' | 'direction'>): Journaling | undefined {
  if (journal === undefined) return undefined
  const outcome = direction === 'up' ? 'applied' : 'undone'
  const { acting, before } = journal
  return { acting, entries: [{ migration, direction, outcome, before, milliseconds: undefined }] }
}
