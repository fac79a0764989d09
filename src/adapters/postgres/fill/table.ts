// Puts rows into one table: natural ones, then such as its conditions ask for, in other forms, and at last one by one.
import type { DatabaseError } from 'pg'
import { attempt, type Asking } from './attempt.js'
import { satisfy } from './conditions.js'
import { countText, insertText, rowByRowText } from './insert.js'
import { planFor, type Plan, type Surroundings } from './plan.js'
import { refusalWords } from './refusal.js'
import type { Table } from './tables.js'
import { TEXT_FORMS } from './text-values.js'

/** `plan`: the one that rows came from. `obstacle`: why there are not as many as asked. */
export type TableFill = { readonly rows: number; readonly plan?: Plan; readonly obstacle?: string }

/** As often further rows are tried, where unique keys or conditions refused some. */
const ROUNDS = 4

export async function fillTable(session: Asking, table: Table, surroundings: Surroundings): Promise<TableFill> {
  const natural = planFor(table, surroundings)
  if ('obstacle' in natural) return { rows: 0, ...natural }
  const first = await put(session, natural, { surroundings, have: 0, from: 1 })
  if (first.rows >= surroundings.rows) return { rows: first.rows, plan: natural }
  const satisfied = await satisfy(session, natural, surroundings)
  let best: TableFill = { rows: first.rows, plan: natural }
  let { refusal } = first
  if (!('obstacle' in satisfied) && satisfied !== natural) {
    const from = first.rows === 0 ? 1 : 1 + ROUNDS * surroundings.rows
    const second = await put(session, satisfied, { surroundings, have: first.rows, from })
    refusal = second.refusal ?? refusal
    if (second.rows > 0) best = { rows: second.rows, plan: satisfied }
  }
  if (best.rows === 0) {
    const usable = 'obstacle' in satisfied ? natural : satisfied
    const last = (await inOtherForms(session, table, surroundings)) ?? (await rowByRow(session, usable, surroundings))
    if (last.rows === 0) return { rows: 0, obstacle: 'obstacle' in satisfied ? satisfied.obstacle : words(last.refusal ?? refusal) }
    best = { rows: last.rows, plan: last.plan }
  }
  return best.rows >= surroundings.rows ? best : { ...best, obstacle: 'its unique keys or conditions take no more made-up rows' }
}

const words = (refusal: DatabaseError | undefined): string => (refusal === undefined ? 'its unique keys or conditions take no made-up rows' : refusalWords(refusal))

type Put = { readonly rows: number; readonly refusal?: DatabaseError | undefined }

/** Until the table has all rows, or gets no further ones. */
async function put(session: Asking, plan: Plan, at: { readonly surroundings: Surroundings; readonly have: number; readonly from: number }): Promise<Put> {
  const wanted = at.surroundings.rows
  let rows = at.have
  for (let round = 0; round < ROUNDS; round++) {
    const from = at.from + round * wanted
    const numbers = `generate_series(${from}::bigint, ${from + wanted - 1})`
    const answer = await attempt(session, `${immediately(plan.table, `${insertText(plan, numbers, { most: wanted - rows })}`)}; ${countText(plan.table)}`)
    if (answer.refusal !== undefined) return { rows, refusal: answer.refusal }
    const now = Number(answer.rows[0]?.[0])
    if (now >= wanted || now <= rows) return { rows: now }
    rows = now
  }
  return { rows }
}

/** Constraints that wait for the end of the transaction are checked at once, and wait again afterwards. */
function immediately({ deferred }: Table, text: string): string {
  if (deferred.length === 0) return text
  const names = deferred.join(', ')
  return `SET CONSTRAINTS ${names} IMMEDIATE; ${text}; SET CONSTRAINTS ${names} DEFERRED`
}

type Last = Put & { readonly plan: Plan }

/** A generated column, an index or a trigger may cast a text to another type. */
async function inOtherForms(session: Asking, table: Table, surroundings: Surroundings): Promise<Last | undefined> {
  for (const form of TEXT_FORMS.filter((one) => one !== surroundings.naturals.form)) {
    const natural = planFor(table, { ...surroundings, naturals: { ...surroundings.naturals, form } })
    if ('obstacle' in natural) continue
    const plan = await satisfy(session, natural, surroundings)
    if ('obstacle' in plan) continue
    const answer = await put(session, plan, { surroundings, have: 0, from: 1 })
    if (answer.rows > 0) return { ...answer, plan }
  }
  return undefined
}

async function rowByRow(session: Asking, plan: Plan, surroundings: Surroundings): Promise<Last> {
  const text = immediately(plan.table, rowByRowText(plan, 1, surroundings.rows))
  const { rows, refusal } = await attempt(session, `${text}; ${countText(plan.table)}`)
  return { plan, rows: Number(rows[0]?.[0] ?? 0), refusal }
}
