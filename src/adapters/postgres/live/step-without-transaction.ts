// Runs a step that no single transaction holds: its messages as the tool sends them, between a mark before and a row
// after.
import type { DatabaseError } from 'pg'
import type { JournalOutcome } from '../../../state/journal.js'
import { LEFT_OPEN, refusesTransaction, transactionControl } from '../../../sql/transactions.js'
import { pause } from '../../../model/pause.js'
import { splitStatements, type Statement } from '../../../sql/statements.js'
import type { TargetStepResult, TargetStep } from '../../../ports/target.js'
import type { SendPlan } from '../scratch/send-plan.js'
import { isDatabaseError } from '../session.js'
import { doneBefore } from '../simple-query.js'
import { ATTEMPTS, limits, type StepContext } from './context.js'
import { failedApart, failedLost, failureOf } from './failed.js'
import { insertEntries } from './journal.js'
import { lastRows, type Link, LostConnection } from './connection.js'
import { guard, markOf, MOVED } from './history-rows.js'
import { retryAfter } from './locks.js'
import { settle, XID } from './lost-commit.js'
import { entryOf, unknownCommit, WAITS } from './step-in-transaction.js'

/**
 * First the mark of the tool (golang-migrate's dirty) and of our journal, in their own transaction. Then the script,
 * then the row. A failure that left nothing removes its marks. Any other failure keeps them.
 */
export async function runApart(context: StepContext, step: TargetStep, way: SendPlan): Promise<TargetStepResult> {
  const started = performance.now()
  const ended = (ran: TargetStepResult): TargetStepResult => ({ ...ran, milliseconds: performance.now() - started })
  const marked = await markStart(context, step).catch((error: unknown) => lostAtStart(context, step, error))
  if (marked !== undefined) return ended(marked)
  const before = await invalidIndexes(context.link())
  const sent = await sendMessages(context, step, way)
  if (sent.end === 'lost') return ended(await afterLoss(context, step, before))
  if (sent.end === 'failed') return ended(await afterFailure(context, step, { ...sent, before }))
  const took = performance.now() - started
  return ended(await recordEnd(context, step, { inside: sent.end === 'inside', took, attempt: 1 }))
}

async function markStart(context: StepContext, step: TargetStep): Promise<TargetStepResult | undefined> {
  const { table, begin } = step.history
  const mark = context.mark()
  const head = ['BEGIN', ...limits(context, 'SET LOCAL'), `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`]
  const guards = mark === undefined ? [] : [guard(table, mark)]
  const sql = [...head, ...guards, ...(begin === undefined ? [] : [begin])].join(';\n')
  const link = context.link()
  for (let attempt = 1; ; attempt++) {
    try {
      const text = `${sql};${entry(step, 'started', 0)}SELECT ${markOf(table)};COMMIT`
      const answers = await context.watcher.during(() => link.send(text))
      context.setMark(answers.at(-2)?.rows[0]?.[0] ?? '')
      return undefined
    } catch (error) {
      // Nothing of the script was sent yet. A mark that may remain makes the next run look.
      if (!isDatabaseError(error)) throw error
      await link.send('ROLLBACK').catch(() => undefined)
      if (error.code === MOVED) return { end: 'moved', milliseconds: 0 }
      const { lockMs, signal } = context.options
      const waits = WAITS.has(error.code ?? '')
      if (waits && signal.aborted) return { end: 'cancelled', milliseconds: 0 }
      if (waits && attempt < ATTEMPTS) {
        await pause(retryAfter(attempt, lockMs), signal)
        continue
      }
      const failure = failedApart(context, { ...step, error, index: 0, done: -1 })
      return { end: 'failed', failure, left: 'nothing', traces: [], milliseconds: 0 }
    }
  }
}

/** Removes the marks, which may exist or not: nothing of the script was sent. */
async function lostAtStart(context: StepContext, step: TargetStep, error: unknown): Promise<TargetStepResult> {
  if (!(error instanceof LostConnection)) throw error
  try {
    await context.reopen()
    await context.relock()
  } catch {
    const what = `the connection broke before ${step.script.file} was sent; the history may have a mark that it began`
    return { end: 'unknown', what, traces: [], milliseconds: 0 }
  }
  await writeEnd(context, step, 'failed')
  return { end: 'failed', failure: failedLost(error, step), left: 'nothing', traces: [], milliseconds: 0 }
}

type Sent =
  | { readonly end: 'inside' | 'outside' | 'lost' }
  | { readonly end: 'failed'; readonly error: DatabaseError; readonly index: number; readonly done: number }

/** `inside`: a transaction is open at the end, as the tool would have it. */
async function sendMessages(context: StepContext, { script }: TargetStep, way: SendPlan): Promise<Sent> {
  const { lockMs } = context.options
  const link = context.link()
  let index = 0
  try {
    if (script.transaction === 'wrapped') await link.send('BEGIN')
    for (const text of way.texts) {
      // Other sessions do not queue behind these commands while they wait, and giving up would leave half an index.
      const patient = splitStatements(text).some((statement) => refusesTransaction(statement) !== undefined)
      await link.send(limits(context, 'SET', patient ? ATTEMPTS * lockMs : lockMs).join(';'))
      await sendOne(context, text, { retry: index === 0 && !patient && script.transaction !== 'wrapped' })
      index++
    }
  } catch (error) {
    if (error instanceof LostConnection) return { end: 'lost' }
    if (!isDatabaseError(error)) throw error
    return { end: 'failed', error, index, done: doneBefore(error) }
  }
  const state = link.transaction()
  if (state === 'idle') return { end: 'outside' }
  if (state === 'open' && script.transaction === 'wrapped') return { end: 'inside' }
  const error = failureOf('25001', LEFT_OPEN)
  return { end: 'failed', error, index: way.texts.length - 1, done: -1 }
}

/** If the first message is refused for a lock, it has done nothing, and may be sent again. */
async function sendOne(context: StepContext, text: string, { retry }: { readonly retry: boolean }): Promise<void> {
  const { signal } = context.options
  for (let attempt = 1; ; attempt++) {
    try {
      await context.watcher.during(() => context.link().send(text))
      return
    } catch (error) {
      const waits = isDatabaseError(error) && WAITS.has(error.code ?? '') && doneBefore(error) === 0
      if (!waits || !retry || attempt >= ATTEMPTS || signal.aborted) throw error
      await context.link().send('ROLLBACK')
      await pause(retryAfter(attempt, context.options.lockMs), signal)
    }
  }
}

async function afterFailure(
  context: StepContext,
  step: TargetStep,
  options: {
    readonly error: DatabaseError
    readonly index: number
    readonly done: number
    readonly before: readonly string[]
  },
): Promise<TargetStepResult> {
  const { error, index, done, before } = options
  const { script } = step
  const link = context.link()
  const failure = failedApart(context, { ...step, error, index, done })
  // Rolls back a transaction that the script or the tool opened and did not end, too.
  const open = link.transaction() !== 'idle'
  await link.send('ROLLBACK')
  const ends = script.messages.some(({ text }) => splitStatements(text).some(mayCommit))
  const whole = script.transaction === 'wrapped' ? !ends : index === 0 && !ends
  const traces = await tracesOf(link, before)
  const nothing = traces.length === 0 && (whole || (open && index === 0 && done <= 0))
  const stays =
    nothing || index === 0 || script.transaction === 'wrapped'
      ? []
      : [`the statements before it in the file are done and stay`]
  await writeEnd(context, step, nothing ? 'failed' : 'partial')
  return {
    end: 'failed',
    failure,
    left: nothing ? 'nothing' : 'partial',
    traces: [...stays, ...traces],
    milliseconds: 0,
  }
}

/** A procedure may commit by itself, and so may a block. */
const mayCommit = (statement: Statement): boolean =>
  transactionControl(statement) !== undefined ||
  statement.words[0] === 'CALL' ||
  refusesTransaction(statement) === 'DO with COMMIT inside'

async function writeEnd(context: StepContext, step: TargetStep, outcome: 'failed' | 'partial'): Promise<void> {
  const forget = outcome === 'failed' && step.history.begin !== undefined ? (step.history.forget ?? '') : ''
  const sql = `${forget}${forget === '' ? '' : ';'}${entry(step, outcome, 0)}`
  if (sql === '') return
  await context
    .link()
    .send(`RESET SESSION AUTHORIZATION;RESET ROLE;BEGIN;${sql}COMMIT`)
    .catch(() => context.link().send('ROLLBACK'))
}

async function afterLoss(context: StepContext, step: TargetStep, before: readonly string[]): Promise<TargetStepResult> {
  const what = `the connection broke while ${step.script.file} was running; only the database shows how far it came`
  const traces = await context.reopen().then(
    () => tracesOf(context.link(), before).catch(() => []),
    () => [],
  )
  return { end: 'unknown', what, traces, milliseconds: 0 }
}

/**
 * The script is done. A connection that breaks from here on does not undo it, so the row is written again if necessary.
 */
async function recordEnd(
  context: StepContext,
  step: TargetStep,
  { inside, took, attempt }: { readonly inside: boolean; readonly took: number; readonly attempt: number },
): Promise<TargetStepResult> {
  const { table, record } = step.history
  const link = context.link()
  let xid: string | undefined
  try {
    const reset = context.options.session === 'reset' ? 'RESET SESSION AUTHORIZATION;RESET ROLE;' : ''
    const rows = entryOf(step)
    const timed = rows && { ...rows, entries: rows.entries.map((one) => ({ ...one, milliseconds: took })) }
    const text = `${inside ? '' : 'BEGIN;'}${reset}${record};${insertEntries(timed)}SELECT ${XID}, ${markOf(table)}`
    const [row] = lastRows(await link.send(text))
    xid = row?.[0] ?? undefined
    await link.send('COMMIT')
    context.setMark(row?.[1] ?? undefined)
    return { end: 'done', milliseconds: 0 }
  } catch (error) {
    if (isDatabaseError(error)) {
      await link.send('ROLLBACK').catch(() => undefined)
      const failure = failedApart(context, { ...step, error, index: step.script.messages.length - 1, done: -1 })
      const traces = inside ? [] : ['the script is done and stays; only its row in the history could not be written']
      return { end: 'failed', failure, left: inside ? 'nothing' : 'partial', traces, milliseconds: 0 }
    }
    if (!(error instanceof LostConnection)) throw error
    const truth = xid === undefined ? 'aborted' : await settle(context, xid)
    if (truth === 'committed') return { end: 'done', milliseconds: 0 }
    if (truth === 'unknown') return unknownCommit(xid ?? '')
    const back = await context.reopen().then(
      () => true,
      () => false,
    )
    if (back && !inside && attempt < 3) return recordEnd(context, step, { inside, took, attempt: attempt + 1 })
    return { end: 'unknown', what: `the connection broke after ${step.script.file}`, traces: [], milliseconds: 0 }
  }
}

/** One row of the journal, as SQL; empty when there is no journal. */
function entry({ journal, migration, direction }: TargetStep, outcome: JournalOutcome, milliseconds: number): string {
  if (journal === undefined) return ''
  const { acting, before } = journal
  return insertEntries({ acting, entries: [{ migration, direction, outcome, before, milliseconds }] })
}

/**
 * All that the catalogue shows of what such a step may have left: indexes that a CREATE INDEX CONCURRENTLY or REINDEX
 * CONCURRENTLY began and did not finish.
 */
const INVALID = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT i.indisvalid AND c.relkind = 'i' ORDER BY 1`

/** The invalid indexes, by names that are valid SQL as they are. */
export const invalidIndexes = async (link: Link): Promise<readonly string[]> =>
  lastRows(await link.send(INVALID)).map(([name]) => name ?? '')

/** Sentences about the indexes that are invalid now and were not `before`. */
export async function tracesOf(link: Link, before: readonly string[]): Promise<readonly string[]> {
  const now = await invalidIndexes(link)
  return now
    .filter((name) => !before.includes(name))
    .map((name) => `the index ${name} exists and is invalid: DROP INDEX CONCURRENTLY ${name};`)
}
