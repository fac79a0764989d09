// From the statements of a migration to the migrations of its online way.
import { refusesTransaction, transactionControl } from '../../sql/transactions.js'
import { splitStatements } from '../../sql/statements.js'
import { batchedChange } from './batched-change.js'
import { effectStages } from './effect-stages.js'
import type { AuthorStatement, OnlineMigration } from './online-migration.js'
import { migrationsOf, type Lane } from './stage.js'

/**
 * The migrations that lead to the same catalogue while clients go on; undefined where no way is known. A guess until it is
 * proved: equal, online and reversible.
 */
export function onlineWay(statements: readonly AuthorStatement[]): readonly OnlineMigration[] | undefined {
  const own = withoutTransaction(statements)
  if (own === undefined || !own.some(({ effect, apart }) => effect !== undefined || apart === true)) return undefined
  const lanes = own.map(lanesOf)
  return lanes.some((one) => one === undefined) ? undefined : migrationsOf(lanes.flatMap((one) => one ?? []))
}

/** Without a BEGIN and COMMIT around all of it; undefined where transactions begin or end elsewhere. */
function withoutTransaction(statements: readonly AuthorStatement[]): readonly AuthorStatement[] | undefined {
  const control = statements.map(({ text }) => splitStatements(text).map(transactionControl)[0])
  const isWhole = control[0] === 'begin' && control.at(-1) === 'commit'
  const inside = isWhole ? statements.slice(1, -1) : statements
  const others = isWhole ? control.slice(1, -1) : control
  return others.some((one) => one !== undefined) ? undefined : inside
}

function lanesOf({ text, effect, apart }: AuthorStatement): readonly Lane[] | undefined {
  if (effect?.rows === 'moved') {
    const stage = batchedChange(text, effect)
    return stage && [{ table: undefined, stages: [stage] }]
  }
  if (effect !== undefined) return effectStages(effect)
  const refuses = splitStatements(text).some((statement) => refusesTransaction(statement) !== undefined)
  const kind = refuses ? 'alone' : apart === true ? 'apart' : 'author'
  return [{ table: undefined, stages: [{ kind, title: FURTHER, statements: [text] }] }]
}

/** The title of a migration that begins with a statement of the author. */
const FURTHER = 'further changes'
