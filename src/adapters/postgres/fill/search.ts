// Asks the server which values satisfy conditions together.
import { identifier } from '../../../sql/quote.js'
import { attempt, type Asking } from './attempt.js'
import { withOf } from './insert.js'
import type { Cell } from './plan.js'

/** What a variable may be: a cell for each of its columns. `nulls`: how many of them are NULL. */
export type Option = { readonly cells: readonly Cell[]; readonly varies: boolean; readonly nulls: number }

/** Columns that change together. The first option is the natural one. */
export type Variable = { readonly columns: readonly string[]; readonly options: readonly Option[] }

/** `alias` is what the conditions call the table. `fixed`: cells of other columns. `lists` and `joins`: parents of the rows. */
export type Question = {
  readonly alias: string
  readonly fixed: ReadonlyMap<string, Cell>
  readonly variables: readonly Variable[]
  readonly conditions: readonly string[]
  readonly lists: readonly string[]
  readonly joins: string
}

/** The number of the chosen option of each variable. */
export type Solution = readonly number[]

/** As many combinations are looked at: at first few. */
const COMBINATIONS = [100, 2_000]
/** As many solutions are read. */
const SOLUTIONS = 200
/** One by one, where the server cannot judge them together. */
const SINGLY = 300

/** Rows by which an option is judged: it has to hold in each. The first is looked at before the others. */
const SAMPLES = ['(VALUES (1))', '(VALUES (2), (37), (500), (1000))']

/** Solutions without NULL; if there is none, with it, those with fewest first. None where nothing can vary: `CHECK (false)`. */
export async function solve(session: Asking, question: Question): Promise<readonly Solution[]> {
  if (question.variables.length === 0) return []
  const withoutNull = question.variables.map(({ options }) =>
    options.flatMap(({ nulls }, at) => (nulls === 0 ? [at] : [])),
  )
  const all = question.variables.map(({ options }) => [...options.keys()])
  const nulls = (solution: Solution): number =>
    solution.reduce((sum, option, at) => sum + (question.variables[at]?.options[option]?.nulls ?? 0), 0)
  for (const choices of [withoutNull, all])
    for (const most of COMBINATIONS) {
      const found = (await look(session, question, few(question, choices, most))).toSorted(
        (a, b) => nulls(a) - nulls(b),
      )
      if (found.length > 0) return found
    }
  return []
}

/** The first options of each variable, and those with NULL. */
const few = (
  { variables }: Question,
  choices: readonly (readonly number[])[],
  combinations: number,
): readonly (readonly number[])[] => {
  const most = Math.max(2, Math.floor(combinations ** (1 / choices.length)))
  return choices.map((options, at) => {
    const nulls = options.filter((option) => (variables[at]?.options[option]?.nulls ?? 0) > 0)
    return [...new Set([...options.slice(0, Math.max(1, most - nulls.length)), ...nulls])]
  })
}

async function look(
  session: Asking,
  question: Question,
  choices: readonly (readonly number[])[],
): Promise<readonly Solution[]> {
  if (choices.some((options) => options.length === 0)) return []
  const { rows, refusal } = await attempt(session, solutionsText(question, choices))
  return refusal === undefined ? rows.map((row) => row.map(Number)) : singly(session, question, choices)
}

/** A condition that raises an error for one option says nothing of the others. */
async function singly(
  session: Asking,
  question: Question,
  choices: readonly (readonly number[])[],
): Promise<readonly Solution[]> {
  const found: Solution[] = []
  let combinations: readonly Solution[] = [[]]
  for (const options of choices)
    combinations = options.flatMap((option) => combinations.map((one) => [...one, option])).slice(0, SINGLY)
  for (const combination of combinations) {
    const { rows } = await attempt(
      session,
      solutionsText(
        question,
        combination.map((option) => [option]),
      ),
    )
    if (rows.length > 0) found.push(combination)
  }
  return found
}

function solutionsText(
  { alias, fixed, variables, conditions, lists, joins }: Question,
  choices: readonly (readonly number[])[],
): string {
  const chosen = (at: number): string => identifier(`fill option ${at}`)
  const cells = variables.flatMap(({ columns, options }, at) =>
    columns.map((column, which) => {
      const cases = (choices[at] ?? []).map(
        (option) => `WHEN ${option} THEN ${options[option]?.cells[which]?.('s.i') ?? 'NULL'}`,
      )
      return `CASE ${chosen(at)} ${cases.join(' ')} END AS ${identifier(column)}`
    }),
  )
  const others = [...fixed].map(([column, cell]) => `${cell('s.i')} AS ${identifier(column)}`)
  const options = choices.map((some, at) => `unnest(ARRAY[${some.join(', ')}]) AS fill_options_${at}(${chosen(at)})`)
  const names = choices.map((_, at) => chosen(at)).join(', ')
  const judged = conditions.map((one) => `(${one}) IS NOT FALSE`).join(' AND ')
  const hold = SAMPLES.map(
    (rows) =>
      `(SELECT bool_and(${judged}) FROM (SELECT ${[...cells, ...others].join(', ')} FROM ${rows} AS s(i)${joins}) AS ${alias})`,
  )
  return `${withOf(lists)}SELECT ${names} FROM ${options.join(' CROSS JOIN ')}
    WHERE CASE WHEN ${hold[0] ?? 'true'} THEN ${hold[1] ?? 'true'} END ORDER BY ${names} LIMIT ${SOLUTIONS}`
}

/** Which conditions hold in all of these rows. One that raises an error does not. */
export async function holding(
  session: Asking,
  rows: { readonly text: string; readonly alias: string; readonly lists: readonly string[] },
  conditions: readonly string[],
): Promise<readonly boolean[]> {
  if (conditions.length === 0) return []
  const text = (some: readonly string[]): string =>
    `${withOf(rows.lists)}SELECT ${some.map((one) => `coalesce(bool_and((${one}) IS NOT FALSE), true)`).join(', ')} FROM (${rows.text}) AS ${rows.alias}`
  const answer = await attempt(session, text(conditions))
  if (answer.refusal === undefined) return (answer.rows[0] ?? []).map((holds) => holds === 't')
  if (conditions.length === 1) return [false]
  const each = []
  for (const condition of conditions) each.push(...(await holding(session, rows, [condition])))
  return each
}
