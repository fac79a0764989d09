// Failures and losses that rows bring about: each is named with its table, its column and the number of rows, and look-alikes are quiet.
import { expect, test } from '@jest/globals'
import type { Impact } from '../../../src/impact/facts.js'
import { inLanes } from '../../support/lanes.js'
import { serverForTests } from '../../support/live.js'
import { askProgram, type Answer } from './judge.js'
import { sqlstateOf } from './old-tables.js'
import { constraints } from './planted/constraints.js'
import { losses } from './planted/losses.js'
import type { Planted } from './planted/planted.js'
import { harmless } from './planted/quiet.js'
import { values } from './planted/values.js'
import { openStage, type Server } from './stage.js'

const live = serverForTests()

/** What the server says of the script, without the program. */
type Truth = { readonly sqlstate: string | undefined; readonly count: number }

const scriptOf = ({ rule, each }: Planted): readonly string[] =>
  rule === 'down-fails-on-rows' ? (each.down ?? []) : each.up

async function measure(planted: Planted, server: Server): Promise<Truth> {
  const { each, rule, behind = 0, count } = planted
  const stage = await openStage(each.base, server)
  const { script } = stage
  const inTransaction = async (statements: readonly string[], end: string): Promise<void> => {
    if (each.transaction !== false) await script.query('BEGIN')
    for (const sql of statements) await script.query(sql)
    if (each.transaction !== false) await script.query(end)
  }
  try {
    if (rule === 'down-fails-on-rows') await inTransaction(each.up, 'COMMIT')
    await script.query('BEGIN')
    for (const sql of scriptOf(planted).slice(0, behind)) await script.query(sql)
    const { rows } = await script.query<{ count: string }>(`SELECT (${count})::text AS count`)
    await script.query('ROLLBACK')
    const sqlstate = await inTransaction(scriptOf(planted), 'COMMIT').then(
      () => undefined,
      (error: unknown) => sqlstateOf(error),
    )
    await script.query('ROLLBACK')
    return { sqlstate, count: Number(rows[0]?.count) }
  } finally {
    await stage.close()
  }
}

/** What is not as it should be; empty where all is. */
function problemsOf(planted: Planted, truth: Truth, { findings, up, down }: Answer): readonly string[] {
  const { each, rule, table, column } = planted
  const wanted = { table, column, count: truth.count }
  const facts = factsOf(rule, up, down)
  const isFact = facts.some((one) => JSON.stringify(one) === JSON.stringify(wanted))
  const words = [table, ...(column === undefined ? [] : [column]), ...(truth.count === 1 ? [] : [numeral(truth.count)])]
  const isSaid = findings.some((one) => one.rule === rule && words.every((word) => one.message.includes(word)))
  return [
    ...(truth.sqlstate === planted.sqlstate ? [] : [`the server says ${truth.sqlstate ?? 'nothing'}`]),
    ...(isFact ? [] : [`expected ${JSON.stringify(wanted)}, the facts are ${JSON.stringify(facts)}`]),
    ...(isSaid
      ? []
      : [`${words.join(', ')} are not in ${findings.map(({ rule: of, message }) => `${of}: ${message}`).join(' | ')}`]),
  ].map((problem) => `${each.name}: ${problem}`)
}

const numeral = (count: number): string => count.toLocaleString('en-US')

type Fact = {
  readonly table: string | undefined
  readonly column: string | undefined
  readonly count: number | undefined
}

function factsOf(rule: Planted['rule'], up: Impact | undefined, down: Impact | undefined): readonly Fact[] {
  const failure =
    rule === 'fails-on-rows' ? up?.failsOnRows : rule === 'down-fails-on-rows' ? down?.failsOnRows : undefined
  if (failure !== undefined) return [{ table: failure.relation, column: failure.column, count: failure.count }]
  const lost = rule === 'loses-rows' ? up?.lost : rule === 'down-loses-rows' ? down?.notRestored : undefined
  return (lost ?? []).map(({ relation, column, count }) => ({ table: relation, column, count }))
}

test.each([
  ['a constraint refuses them', constraints],
  ['a type does not take their values', values],
  ['they are lost', losses],
] as const)('%s: table, column and number are named', async (_, all) => {
  const cases = all.filter(({ each: { since = 0 } }) => since <= live.cluster.report.major)
  const truths = await inLanes(4, cases, (planted) => measure(planted, live))
  const answers = await askProgram(
    live.server,
    cases.map(({ each }) => each),
  )
  const problems = cases.flatMap((planted, at) => {
    const [truth, answer] = [truths[at], answers.get(planted.each.name)]
    return truth === undefined || answer === undefined ? [planted.each.name] : problemsOf(planted, truth, answer)
  })
  expect(problems.join('\n')).toBe('')
})

const OF_ROWS = new Set([
  'fails-on-rows',
  'down-fails-on-rows',
  'loses-rows',
  'down-loses-rows',
  'up-fails',
  'down-fails',
])

test('look-alikes are quiet', async () => {
  const answers = await askProgram(live.server, harmless)
  const said = [...answers].flatMap(([name, { findings }]) =>
    findings.flatMap(({ rule, level, message }) =>
      OF_ROWS.has(rule) ? [`${name}: ${level} ${rule}: ${message}`] : [],
    ),
  )
  expect(said.join('\n')).toBe('')
})

test('there are enough of both', () => {
  expect(constraints.length + values.length + losses.length).toBeGreaterThanOrEqual(60)
  expect(harmless.length).toBeGreaterThanOrEqual(30)
})
