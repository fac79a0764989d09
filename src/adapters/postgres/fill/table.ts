// Puts rows into one table: natural ones, then such as its conditions ask for, in other forms, and at last one by one.
import type { DatabaseError } from 'pg'
import { attempt, inTime, type Asking } from './attempt.js'
import { satisfy } from './conditions.js'
import { countText, insertText, rowByRowText } from './insert.js'
import { planFor, type Plan, type Surroundings } from './plan.js'
import { refusalWords } from './refusal.js'
import type { Table } from './tables.js'
import { TEXT_FORMS } from './text-values.js'

/** `plan`: the one that rows came from. `obstacle`: why there are not as many as asked. */
type TableFill = { readonly rows: number; readonly plan?: Plan; readonly obstacle?: string }

/** As often further rows are tried, where unique keys or conditions refused some. */
const ROUNDS = 10

export const TOO_LONG = 'its rows take too long'

const NO_MORE = 'its unique keys or conditions take no more made-up rows'

/** As it was after the last rows that were put in. */
type Progress = { rows: number; plan?: Plan }

/** Within `patience` milliseconds, and the time of one statement. */
export async function fillTable(
  session: Asking,
  table: Table,
  surroundings: Surroundings,
  patience: number,
): Promise<TableFill> {
  const progress: Progress = { rows: 0 }
  const obstacle = await inTime(session, patience, (limited) => inStages(limited, { table, surroundings, progress }))
  return { ...progress, ...(obstacle === '' ? {} : { obstacle: obstacle ?? TOO_LONG }) }
}

type Work = { readonly table: Table; readonly surroundings: Surroundings; readonly progress: Progress }

/** Why there are not as many rows as asked; empty if there are. */
async function inStages(session: Asking, work: Work): Promise<string> {
  const { table, surroundings, progress } = work
  const natural = planFor(table, surroundings)
  if ('obstacle' in natural) return natural.obstacle
  let refusal = await put(session, natural, work, 1)
  if (progress.rows >= surroundings.rows) return ''
  const satisfied = await satisfy(session, natural, surroundings)
  if (!('obstacle' in satisfied))
    refusal = (await put(session, satisfied, work, progress.rows === 0 ? 1 : 1 + ROUNDS * surroundings.rows)) ?? refusal
  if (progress.rows === 0) await inOtherForms(session, work)
  if (progress.rows === 0)
    refusal = (await rowByRow(session, 'obstacle' in satisfied ? natural : satisfied, work)) ?? refusal
  if (progress.rows >= surroundings.rows) return ''
  if (progress.rows > 0) return NO_MORE
  return 'obstacle' in satisfied ? satisfied.obstacle : refusal === undefined ? NO_MORE : refusalWords(refusal)
}

/** Until the table has all rows, or gets no further ones. The refusal that ended it, if any. */
async function put(
  session: Asking,
  plan: Plan,
  { surroundings, progress }: Work,
  first: number,
): Promise<DatabaseError | undefined> {
  const wanted = surroundings.rows
  for (let round = 0; round < ROUNDS; round++) {
    const from = first + round * wanted
    const numbers = `generate_series(${from}::bigint, ${from + wanted - 1})`
    // A unique key leaves rows out behind a limit: then there may be more rows than asked.
    const most = plan.table.uniqueKeys.length === 0 ? { most: wanted - progress.rows } : {}
    const text = immediately(plan.table, insertText(plan, numbers, most))
    const { rows, refusal } = await attempt(session, `${text}; ${countText(plan.table)}`)
    if (refusal !== undefined) return refusal
    const now = Number(rows[0]?.[0])
    if (now <= progress.rows) return undefined
    Object.assign(progress, { rows: now, plan })
    if (now >= wanted) return undefined
  }
  return undefined
}

/** Constraints that wait for the end of the transaction are checked at once, and wait again afterwards. */
function immediately({ deferred }: Table, text: string): string {
  if (deferred.length === 0) return text
  const names = deferred.join(', ')
  return `SET CONSTRAINTS ${names} IMMEDIATE; ${text}; SET CONSTRAINTS ${names} DEFERRED`
}

/** A generated column, an index or a trigger may cast a text to another type. */
async function inOtherForms(session: Asking, work: Work): Promise<void> {
  const { table, surroundings, progress } = work
  for (const form of TEXT_FORMS.filter((one) => one !== surroundings.naturals.form)) {
    const natural = planFor(table, { ...surroundings, naturals: { ...surroundings.naturals, form } })
    if ('obstacle' in natural) return
    const plan = await satisfy(session, natural, surroundings)
    if (!('obstacle' in plan)) await put(session, plan, work, 1)
    if (progress.rows > 0) return
  }
}

async function rowByRow(
  session: Asking,
  plan: Plan,
  { surroundings, progress }: Work,
): Promise<DatabaseError | undefined> {
  const text = immediately(plan.table, rowByRowText(plan, 1, surroundings.rows))
  const { rows, refusal } = await attempt(session, `${text}; ${countText(plan.table)}`)
  if (refusal === undefined) Object.assign(progress, { rows: Number(rows[0]?.[0]), plan })
  return refusal
}
