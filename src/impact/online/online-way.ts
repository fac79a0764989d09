// From the statements of a migration to the migrations of its online way.
import { refusesTransaction, transactionControl } from '../../sql/transactions.js'
import { splitStatements } from '../../sql/statements.js'
import { effectStages } from './effect-stages.js'
import type { AuthorStatement, OnlineMigration } from './online-migration.js'
import { alone, migrationsOf, type Stage } from './stage.js'

/**
 * The migrations that lead to the same catalogue while clients go on; undefined where no way is known. A guess until it is
 * proved: equal, online and reversible.
 */
export function onlineWay(statements: readonly AuthorStatement[]): readonly OnlineMigration[] | undefined {
  const own = withoutTransaction(statements)
  if (own === undefined || !own.some(({ effect, apart }) => effect !== undefined || apart === true)) return undefined
  const stages = own.map(stagesOf)
  return stages.some((one) => one === undefined) ? undefined : migrationsOf(stages.flatMap((one) => one ?? []))
}

/** Without a BEGIN and COMMIT around all of it; undefined where transactions begin or end elsewhere. */
function withoutTransaction(statements: readonly AuthorStatement[]): readonly AuthorStatement[] | undefined {
  const control = statements.map(({ text }) => splitStatements(text).map(transactionControl)[0])
  const isWhole = control[0] === 'begin' && control.at(-1) === 'commit'
  const inside = isWhole ? statements.slice(1, -1) : statements
  const others = isWhole ? control.slice(1, -1) : control
  return others.some((one) => one !== undefined) ? undefined : inside
}

function stagesOf({ text, effect, apart }: AuthorStatement): readonly Stage[] | undefined {
  if (effect !== undefined) return effectStages(effect)
  if (splitStatements(text).some((statement) => refusesTransaction(statement) !== undefined)) return [alone('', text)]
  return [{ kind: apart === true ? 'apart' : 'author', title: '', statements: [text] }]
}
