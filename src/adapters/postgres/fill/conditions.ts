// Chooses values that satisfy the conditions of a table or a domain, by asking the server.
import { identifier, quoted } from '../../../sql/quote.js'
import { attempt, type Asking } from './attempt.js'
import { candidatesFor } from './candidates.js'
import { parentJoins, parentLists, rowsOf, withOf } from './insert.js'
import { constantsIn, type Constant } from './literals.js'
import type { Naturals, Use, Value } from './natural.js'
import { PARENTS, stridesFor, type Cell, type Obstacle, type Plan } from './plan.js'
import { holding, solve, type Option, type Question, type Solution, type Variable } from './search.js'
import type { Check, Column, Table } from './tables.js'
import type { Type } from './types.js'

/** As many solutions take turns in the rows of a table. */
const TURNS = 24

/** As many rows of a parent are looked at in a search. */
const FEW_PARENTS = 5

/** The plan with other cells, so that all conditions hold; NULL only where they cannot hold without. */
export async function satisfy(
  session: Asking,
  plan: Plan,
  surroundings: { readonly naturals: Naturals; readonly rows: number },
): Promise<Plan | Obstacle> {
  const { table } = plan
  const natural = withNumbered(plan)
  const checks = conditionsOf(table, surroundings.naturals).filter(({ columns }) =>
    columns.every((name) => natural.has(name)),
  )
  const lists = parentLists(plan, { parents: PARENTS })
  const holds = await holding(
    session,
    { lists, alias: table.ownName, text: rowsOf(plan, `generate_series(1, ${surroundings.rows})`, natural) },
    checks.map(({ condition }) => condition),
  )
  let cells = plan.cells
  let kinds = plan.kinds
  for (const failing of connected(checks.filter((_, at) => holds[at] !== true))) {
    const close = new Set(failing.flatMap(({ columns }) => columns))
    const wide = widened(close, checks)
    let found: Choice | undefined
    for (const columns of [close, wide]) {
      const question = questionFor({ plan, natural, checks, columns, naturals: surroundings.naturals })
      found ??= best(question, await solve(session, question), table)
      if (found !== undefined || columns.size === wide.size) break
    }
    if (found === undefined)
      return {
        obstacle: `no made-up row satisfies ${failing.map(({ name }) => (name === null ? 'the bound of the partition' : `the check ${name}`)).join(' and ')}`,
      }
    cells = new Map([...cells, ...found.cells])
    kinds = new Map([...kinds, ...found.kinds])
  }
  const satisfied = { ...plan, cells, kinds }
  const listed = await withLists(session, satisfied, surroundings.rows)
  return { ...listed, strides: stridesFor(listed, surroundings.rows) }
}

/** A list of values is as long as this at most. */
const LISTED = 100

/**
 * Columns of unique keys that turn out to have few different values take these in turn: what varies may come around soon. Only where
 * each of its checks is about that column alone.
 */
async function withLists(session: Asking, plan: Plan, rows: number): Promise<Plan> {
  const { table } = plan
  const unique = table.uniqueKeys.flatMap(({ columns }) => columns)
  const columns = table.columns.filter(({ name }) => {
    const checks = table.checks.filter((check) => check.columns.includes(name))
    return (
      unique.includes(name) &&
      plan.kinds.has(name) &&
      checks.length > 0 &&
      checks.every((check) => check.columns.length === 1)
    )
  })
  if (columns.length === 0) return plan
  const different = columns.map(
    ({ name }) => `array_to_json((array_agg(DISTINCT ${identifier(name)}::text))[1:${LISTED + 1}])`,
  )
  const lists = parentLists(plan, { parents: PARENTS })
  const text = rowsOf({ ...plan, strides: new Map() }, `generate_series(1::bigint, ${rows})`)
  const answer = await attempt(session, `${withOf(lists)}SELECT ${different.join(', ')} FROM (${text}) AS chosen`)
  const cells = new Map(plan.cells)
  const kinds = new Map(plan.kinds)
  for (const [at, { name, format }] of columns.entries()) {
    const values = JSON.parse(answer.rows[0]?.[at] ?? '[]') as readonly (string | null)[]
    if (values.length === 0 || values.length > LISTED) continue
    const list = values.map((value) => quoted(value ?? undefined)).join(', ')
    cells.set(name, (i) => `((ARRAY[${list}])[1 + ${i} % ${values.length}])::${format}`)
    kinds.set(name, values.length)
  }
  return { ...plan, cells, kinds }
}

/** Those of the table, and of the domains of its columns. */
const conditionsOf = (table: Table, naturals: Naturals): readonly Check[] => [
  ...table.checks,
  ...table.columns.flatMap((column) =>
    chainOf(naturals, column).flatMap(({ type, format }) =>
      type.checks.map(({ condition, source }) => ({
        name: type.name,
        columns: [column.name],
        condition: aboutColumn(condition, column, format),
        source,
      })),
    ),
  ),
]

/** The domain and those that it is made of, each with what its checks are about. */
function chainOf({ types }: Naturals, use: Use): readonly { readonly type: Type; readonly format: string }[] {
  const found = []
  for (let type = types.get(use.type); type?.base != null; type = types.get(type.base.type))
    found.push({ type, format: type.base.format })
  return found
}

/** The condition of a domain says VALUE, which is also what a column of that name is called without quotes. */
const aboutColumn = (condition: string, { name }: Column, format: string): string =>
  `(SELECT ${condition} FROM (SELECT ${identifier(name)}::${format} AS value) AS domain_value)`

/** Numbers that the server gives are judged as if they were the row's own. */
function withNumbered({ table, cells }: Plan): ReadonlyMap<string, Cell> {
  const numbered = table.columns.filter((column) => column.numbered && !cells.has(column.name))
  return new Map([...cells, ...numbered.map(({ name, format }): [string, Cell] => [name, (i) => `(${i})::${format}`])])
}

/** Groups of checks that share columns. */
function connected(checks: readonly Check[]): readonly (readonly Check[])[] {
  const groups: (readonly Check[])[] = []
  for (const check of checks) {
    const touching = groups.filter((group) =>
      group.some(({ columns }) => columns.some((name) => check.columns.includes(name))),
    )
    for (const group of touching) groups.splice(groups.indexOf(group), 1)
    groups.push([...touching.flat(), check])
  }
  return groups
}

/** And all columns of the checks that these columns appear in. */
function widened(columns: ReadonlySet<string>, checks: readonly Check[]): ReadonlySet<string> {
  const wider = new Set([
    ...columns,
    ...checks.filter((check) => check.columns.some((name) => columns.has(name))).flatMap((check) => check.columns),
  ])
  return wider.size === columns.size ? wider : widened(wider, checks)
}

type Asked = {
  readonly plan: Plan
  readonly natural: ReadonlyMap<string, Cell>
  readonly checks: readonly Check[]
  readonly columns: ReadonlySet<string>
  readonly naturals: Naturals
}

function questionFor({ plan, natural, checks, columns, naturals }: Asked): Question {
  const touching = checks.filter((check) => check.columns.some((name) => columns.has(name)))
  const constants = touching.flatMap((check) => constantsOf(check))
  const variables: Variable[] = []
  const keyed = new Set<string>()
  for (const { key, shared } of plan.parents) {
    const own = key.columns.filter((name) => !shared.includes(name))
    if (!own.some((name) => columns.has(name))) continue
    own.forEach((name) => keyed.add(name))
    variables.push({ columns: own, options: keyOptions(own, plan, natural) })
  }
  for (const column of plan.table.columns)
    if (columns.has(column.name) && plan.cells.has(column.name) && !keyed.has(column.name))
      variables.push({ columns: [column.name], options: columnOptions(column, { plan, naturals, natural, constants }) })
  const chosen = new Set(variables.flatMap((variable) => variable.columns))
  const needed = new Set(touching.flatMap((check) => check.columns))
  return {
    alias: plan.table.ownName,
    fixed: new Map([...natural].filter(([name]) => needed.has(name) && !chosen.has(name))),
    variables,
    conditions: touching.map(({ condition }) => condition),
    lists: parentLists(plan, { parents: FEW_PARENTS }),
    joins: parentJoins(plan, 's.i'),
  }
}

const constantsOf = ({ condition, source }: Pick<Check, 'condition' | 'source'>): readonly Constant[] =>
  constantsIn(`${condition} ${source}`)

/** A key has a parent, or NULL in all columns that take it. */
function keyOptions(names: readonly string[], plan: Plan, natural: ReadonlyMap<string, Cell>): readonly Option[] {
  const cells = names.map((name) => natural.get(name) ?? ((): string => 'NULL'))
  const nullable = names.map((name) => plan.table.columns.find((column) => column.name === name && !column.notNull))
  const parent: Option = { cells, varies: true, nulls: 0 }
  const nulls = nullable.filter((column) => column !== undefined).length
  if (nulls === 0) return [parent]
  return [
    parent,
    {
      cells: nullable.map((column, at) =>
        column === undefined ? (cells[at] ?? ((): string => 'NULL')) : nullCell(column),
      ),
      varies: false,
      nulls,
    },
  ]
}

const nullCell =
  ({ format }: Column): Cell =>
  () =>
    `NULL::${format}`

function columnOptions(
  column: Column,
  {
    plan,
    naturals,
    natural,
    constants,
  }: Pick<Asked, 'plan' | 'naturals' | 'natural'> & { readonly constants: readonly Constant[] },
): readonly Option[] {
  const ordinal = plan.table.columns.indexOf(column)
  const own = natural.get(column.name)
  // A key without a parent is NULL, and has no kinds.
  const values = !plan.kinds.has(column.name)
    ? []
    : candidatesFor(naturals, column, constants).map(({ sql, varies }): Option => ({
        cells: [(i) => sql(`(${i} + ${ordinal})`)],
        varies,
        nulls: 0,
      }))
  const [first, ...others] = values
  const withNatural = first === undefined || own === undefined ? values : [{ ...first, cells: [own] }, ...others]
  return column.notNull ? withNatural : [...withNatural, { cells: [nullCell(column)], varies: false, nulls: 1 }]
}

type Choice = { readonly cells: ReadonlyMap<string, Cell>; readonly kinds: ReadonlyMap<string, number> }

/** Solutions that take turns; in columns of unique keys those whose values are all different, if there are any. */
function best({ variables }: Question, solutions: readonly Solution[], { uniqueKeys }: Table): Choice | undefined {
  const unique = new Set(uniqueKeys.flatMap(({ columns }) => columns))
  const varied = solutions.filter((solution) =>
    solution.every(
      (option, at) =>
        variables[at]?.options[option]?.varies === true ||
        variables[at]?.columns.some((name) => unique.has(name)) !== true,
    ),
  )
  const some = weighted(variables, diverse(variables, varied.length > 0 ? varied : solutions))
  if (some.length === 0) return undefined
  const cells = new Map<string, Cell>()
  const kinds = new Map<string, number>()
  for (const [at, { columns, options }] of variables.entries())
    for (const [which, name] of columns.entries()) {
      const turns = some.map((solution) => options[solution[at] ?? 0]?.cells[which] ?? ((): string => 'NULL'))
      const varies = some.some((solution) => options[solution[at] ?? 0]?.varies === true)
      cells.set(name, inTurn(turns))
      kinds.set(name, varies ? Infinity : new Set(turns.map((cell) => cell('1'))).size)
    }
  return { cells, kinds }
}

const inTurn = (turns: readonly Cell[]): Cell => {
  const [only] = turns
  if (only !== undefined && new Set(turns.map((cell) => cell('1'))).size === 1) return only
  const others = (i: string, first: string): string =>
    turns.flatMap((cell, at) => (cell(i) === first ? [] : [`WHEN ${at} THEN ${cell(i)}`])).join(' ')
  return (i) => `CASE ${i} % ${turns.length} ${others(i, only?.(i) ?? '')} ELSE ${only?.(i) ?? 'NULL'} END`
}

/** The first, and each that has an option, other than NULL, which none before it has. */
function diverse(variables: readonly Variable[], solutions: readonly Solution[]): readonly Solution[] {
  const seen = new Set<string>()
  return solutions
    .filter((solution) => {
      const options = solution.flatMap((option, at) =>
        variables[at]?.options[option]?.nulls === 0 ? [`${at} ${option}`] : [],
      )
      const isNew = seen.size === 0 || options.some((one) => !seen.has(one))
      for (const one of options) seen.add(one)
      return isNew
    })
    .slice(0, TURNS)
}

/** Solutions with different values in each row get half of the rows, if there are any. */
function weighted(variables: readonly Variable[], solutions: readonly Solution[]): readonly Solution[] {
  const varying = solutions.filter((solution) =>
    solution.every((option, at) => variables[at]?.options[option]?.varies === true),
  )
  const missing = varying.length === 0 ? 0 : Math.max(0, solutions.length - 2 * varying.length)
  return [...solutions, ...Array.from({ length: missing }, (_, at) => varying[at % varying.length] ?? [])]
}

/** A value of a domain that satisfies its checks. Undefined if none is found, or its base is unknown. */
export async function domainValue(session: Asking, naturals: Naturals, use: Use): Promise<Value | undefined> {
  const checks = chainOf(naturals, use).flatMap(({ type }) => type.checks)
  const constants = checks.flatMap((check) => constantsOf(check))
  const options = candidatesFor(naturals, use, constants).map(({ sql, varies }): Option => ({
    cells: [sql],
    varies,
    nulls: 0,
  }))
  const conditions = checks.map(({ condition }) => condition)
  const variables = [{ columns: ['value'], options }]
  const solutions = await solve(session, {
    alias: 'domain_value',
    fixed: new Map(),
    variables,
    conditions,
    lists: [],
    joins: '',
  })
  const isVaried = ([option = 0]: Solution): boolean => options[option]?.varies === true
  const varied = solutions.filter((solution) => isVaried(solution))
  const some = (varied.length > 0 ? varied : solutions).slice(0, varied[0]?.[0] === 0 ? 1 : TURNS)
  const turns = some.flatMap(([option]) => options[option ?? 0]?.cells ?? [])
  return turns.length === 0 ? undefined : { sql: inTurn(turns), kinds: varied.length > 0 ? Infinity : turns.length }
}
