// Sends a script part by part, as a tool does that opens no transaction, and reads the change of each part.
import type { Looked } from '../../../ports/scratch.js'
import type { SnapshotChange } from '../../../catalog/snapshot.js'
import { literal } from '../../../sql/quote.js'
import { AFTER_INDEX, changeQuery, readsByLocks, type AnswerContext } from '../guided-snapshots/change-query.js'
import { isDatabaseError } from '../session.js'
import type { Answers } from '../simple-query.js'
import type { SendFailure } from './locate-failure.js'
import type { Segment } from './segments.js'
import { snapshotFailure } from './snapshot-failure.js'
import { CHECK_CONSTRAINTS, planSending, type SendPlan } from './send-plan.js'

/** The effects of one transaction. `rows`: whether it wrote rows of tables. */
export type SendResult = { readonly change: SnapshotChange; readonly rows: 'moved' | 'still'; readonly looked?: Looked }

/** What decides how the answer about a change is read. */
export type ChangePlan = Pick<SendPlan, 'renames' | 'unknownChanges' | 'writesRows'>

/** The scratch database that the segments run in. */
export type SegmentContext = AnswerContext & {
  readonly options: { readonly session: 'reset' | 'shared' }
  readonly readChange: (answer: Answers[number] | undefined, plan: ChangePlan) => Promise<SendResult>
}

/** A failure names the message; the segments before it are committed. */
export async function sendSegments(
  segments: readonly Segment[],
  context: SegmentContext,
): Promise<SendResult | SendFailure> {
  const change = new Map<string, string | undefined>()
  let rows: SendResult['rows'] = 'still'
  let index = 0
  try {
    for (const segment of segments) {
      index = segment.first
      const result =
        segment.kind === 'index'
          ? await sendIndexStatement(segment, context)
          : await sendTransaction(segment, context, (at) => (index = at))
      for (const [unit, document] of result.change) change.set(unit, document)
      if (result.rows === 'moved') rows = 'moved'
    }
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    await context.send('ROLLBACK')
    const failed = snapshotFailure(error, segments.find((segment) => segment.kind === 'transaction')?.script)
    if (failed !== undefined) throw failed
    return { error, index, position: error.position === undefined ? undefined : Number(error.position) }
  }
  return { change, rows }
}

async function sendTransaction(
  { script, first, own }: Extract<Segment, { kind: 'transaction' }>,
  context: SegmentContext,
  begins: (index: number) => void,
): Promise<SendResult> {
  const plan = planSending(script)
  await context.send('BEGIN')
  for (const [at, { text }] of script.messages.entries()) {
    begins(first + at + (own ? 1 : 0))
    await context.send(text)
  }
  const answers = await context.send(`${CHECK_CONSTRAINTS}${changeQuery(plan, 'guided', context)}COMMIT`)
  return context.readChange(answers.at(-2), plan)
}

/** Locks and counters of such a statement are gone when it ends. So its table is locked once more, and read. */
async function sendIndexStatement(
  { message: { text }, names }: Extract<Segment, { kind: 'index' }>,
  context: SegmentContext,
): Promise<SendResult> {
  const found = `to_regclass(${literal(names.name)})`
  const query =
    names.of === 'table'
      ? `SELECT ${found}::text WHERE ${found} IS NOT NULL`
      : `SELECT indrelid::regclass::text FROM pg_index WHERE indexrelid = ${found}`
  const table = (await context.send(query)).at(-1)?.rows[0]?.[0]
  await context.send(text)
  if (!readsByLocks(context)) return { change: await context.readAll(), rows: 'still' }
  if (typeof table !== 'string') return { change: new Map(), rows: 'still' }
  const lock = `LOCK TABLE ONLY ${table} IN SHARE UPDATE EXCLUSIVE MODE`
  try {
    const answers = await context.send(`BEGIN;${lock};${changeQuery(AFTER_INDEX, 'guided', context)}COMMIT`)
    return await context.readChange(answers.at(-2), INDEX)
  } catch (error) {
    // LOCK takes no materialized view.
    if (!isDatabaseError(error)) throw error
    await context.send('ROLLBACK')
    return { change: await context.readAll(), rows: 'still' }
  }
}

const INDEX: ChangePlan = { renames: false, unknownChanges: false, writesRows: false }
