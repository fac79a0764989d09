// Recorded facts about scripts, as inputs of the rules about a database in use: no server is needed.
import type { Finding } from '../../src/model/finding.js'
import type { Hold, Impact, OldRelation, WatchedStatement } from '../../src/impact/facts.js'
import { NOTHING } from '../../src/impact/not-watched.js'
import { IMPACT_RULES } from '../../src/rules/index.js'
import type { RuleInput } from '../../src/rules/rule.js'
import { runRules } from '../../src/rules/run.js'
import { brief, filesOf, inputOf } from './input.js'

const IDS = new Set(IMPACT_RULES.map(({ id }) => id))

/** Scripts with a lock_timeout: that they have none is a note of a rule of its own. */
const LIMITED = { ...NOTHING, lockTimeout: true }

/** One migration: a statement for each line of `up` and `down`, and what they did where that is not nothing. */
export type Recorded = {
  readonly up?: readonly string[]
  readonly down?: readonly string[]
  readonly impact?: Partial<Impact>
  readonly downImpact?: Partial<Impact>
  /** The migrations carry rows of their own. */
  readonly dataSet?: true
}

/** What all rules find in the migration `00002_a`. */
export function impactFindings(recorded: Recorded): readonly Finding[] {
  return runRules({ input: inputFor(recorded), levels: { 'nothing-to-undo': 'off' } }).filter(({ rule }) =>
    IDS.has(rule),
  )
}

/** The same in brief. */
export const impactOf = (recorded: Recorded): readonly string[] => brief(impactFindings(recorded))

function inputFor({ up = ['SELECT 1'], down = ['SELECT 1'], impact, downImpact, dataSet }: Recorded): RuleInput {
  const lines = (statements: readonly string[]): string => statements.map((one) => `${one};\n`).join('')
  const files = filesOf({
    '00001_first.up.sql': 'CREATE TABLE orders (id int);\n',
    '00001_first.down.sql': 'DROP TABLE orders;\n',
    '00002_a.up.sql': lines(up),
    '00002_a.down.sql': lines(down),
  })
  const input = inputOf(files, { proofs: { '00001_first': {}, '00002_a': {} } })
  const impacts = new Map([
    [
      '00002_a',
      {
        ...(dataSet && { dataSet }),
        up: { ...LIMITED, statements: statementsOf('up', up), ...impact },
        ...(downImpact && { down: { ...LIMITED, statements: statementsOf('down', down), ...downImpact } }),
      },
    ],
  ])
  const migrations = input.report.migrations.map((migration) => {
    const known = impacts.get(migration.id)
    return known === undefined ? migration : { ...migration, impact: known }
  })
  return { ...input, report: { ...input.report, migrations } }
}

const statementsOf = (direction: 'up' | 'down', statements: readonly string[]): readonly WatchedStatement[] =>
  statements.map((head, at) => ({
    number: at + 1,
    place: { file: `migrations/core_db/00002_a.${direction}.sql`, line: at + 1, column: 1 },
    head,
    milliseconds: 1,
  }))

/** The statements of an up, as they are watched. */
export const inOne = (statements: readonly string[]): readonly WatchedStatement[] => statementsOf('up', statements)

/** Each of its statements is a transaction. */
export const apart = (statements: readonly string[]): readonly WatchedStatement[] =>
  statementsOf('up', statements).map((one) => ({ ...one, transaction: one.number }))

/** A table with 20,000 rows of the migrations. */
export const table = (relation: string, change: Partial<OldRelation> = {}): OldRelation => ({
  relation,
  kind: 'table',
  rows: 20_000,
  source: 'migrations',
  ...change,
})

/** A table with rows of the fill. */
export const filled = (relation: string): OldRelation => table(relation, { rows: 1_000, source: 'made up' })

/** A lock that the first statement takes, until the end. */
export const hold = (relation: string, mode: Hold['mode'], change: Partial<Hold> = {}): Hold => ({
  relation,
  kind: 'table',
  mode,
  from: 1,
  label: 'measured',
  ...change,
})

/** Work of the first statement on 20,000 rows. */
export const work = (relation: string, under: Hold['mode'], statement = 1) => ({
  relation,
  rows: 20_000,
  statement,
  under,
})

/** The same, all of it read once. */
export const scan = (relation: string, under: Hold['mode'], statement = 1) => ({
  ...work(relation, under, statement),
  times: 1,
  read: 20_000,
})

/** The build of an index. */
export const build = (relation: string, index: string, under: Hold['mode'], statement = 1) => ({
  ...work(relation, under, statement),
  index,
  what: 'built' as const,
  unique: false,
})

/** Rows that a statement updates. */
export const update = (relation: string, updated: number, statement = 1, under: Hold['mode'] = 'ROW EXCLUSIVE') => ({
  ...work(relation, under, statement),
  inserted: 0,
  updated,
  deleted: 0,
  together: true,
})
