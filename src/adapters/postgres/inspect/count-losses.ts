// Counts what a step would lose on a live database: one query for each loss, in a transaction that cannot write.
import type { Loss, LossAbout, Question } from '../../../catalog/data-loss.js'
import { UserError } from '../../../model/errors.js'
import type { Inspection } from '../../../ports/inspect.js'
import type { Target } from '../../../ports/target.js'
import { quoted } from '../../../sql/quote.js'

/** Rejects with a UserError when the connection is gone. A question that the server refuses has no numbers. */
export const countLosses: Inspection['count'] = async (target, losing, limitMs) => {
  const losses: Loss[] = []
  for (const { question, ...about } of losing) losses.push(await countOne(target, { about, question }, limitMs))
  return losses
}

type Counted = { readonly rows: number | undefined; readonly values: number | undefined; readonly why?: string }

async function countOne(
  target: Target,
  { about, question }: { readonly about: LossAbout; readonly question: Question },
  limitMs: number,
): Promise<Loss> {
  if ('why' in question) return { ...about, rows: undefined, values: undefined, why: question.why }
  const counted = await answerOf(target, question, limitMs).catch((error: unknown): Counted => {
    const state = error instanceof UserError ? /SQLSTATE (\w{5})/.exec(error.message)?.[1] : undefined
    if (state === undefined) throw error
    // Nothing is lost of what is not there. The step itself fails then, or does nothing.
    const isAbsent = state === '42P01' && (about.kind === 'table' || about.kind === 'column')
    return isAbsent ? { rows: 0, values: 0 } : { rows: undefined, values: undefined, why: refusalWords(state, about) }
  })
  const hasValues =
    about.kind === 'column' || about.kind === 'type' || (about.kind === 'written' && about.column !== undefined)
  return { ...about, ...counted, ...(!hasValues && { values: undefined }) }
}

/** Read-only, and with a time limit. If a policy hides rows, the server refuses to count, instead of counting too few. */
async function answerOf(
  target: Target,
  { sql, calls, settings }: Extract<Question, { readonly sql: string }>,
  limitMs: number,
): Promise<Counted> {
  const volatile = calls.length === 0 ? undefined : await volatileOf(target, calls)
  if (volatile !== undefined) {
    return { rows: undefined, values: undefined, why: `its result is another one each time: ${volatile}()` }
  }
  const limits = `SET LOCAL row_security = off; SET LOCAL statement_timeout = ${Math.round(limitMs)}`
  try {
    const [row] = await target.read(['BEGIN READ ONLY', limits, ...settings, sql].join('; '))
    return { rows: numberOf(row?.[0]), values: numberOf(row?.[1]) }
  } finally {
    await target.read('ROLLBACK')
  }
}

/** The first function of these names that may give another result each time, or does more than that. */
async function volatileOf(target: Target, names: readonly string[]): Promise<string | undefined> {
  const [row] = await target.read(
    `SELECT min(proname) FROM pg_catalog.pg_proc WHERE provolatile = 'v' AND proname = ANY (ARRAY[${names.map(quoted).join(', ')}]::text[])`,
  )
  return row?.[0] ?? undefined
}

const numberOf = (text: string | null | undefined): number | undefined =>
  text === null || text === undefined ? undefined : Number(text)

/** Without the message of the server, which may hold values (PostgreSQL, "Error Codes"). */
function refusalWords(state: string, { kind }: LossAbout): string {
  if (state === '57014') return 'it took too long'
  if (state === '42501') return 'the role may not read it'
  if (state.startsWith('22') || state.startsWith('23')) {
    return kind === 'type'
      ? `some values do not fit, so the step fails (${state})`
      : `some values make the step fail (${state})`
  }
  return `the live database cannot be asked now (${state})`
}
