// From the statements of a migration to the migrations of its online way.
import { codeOnly, splitStatements, type Statement } from '../../sql/statements.js'
import { dollarBody, refusesTransaction, transactionControl } from '../../sql/transactions.js'
import { batchedChange } from './batched-change.js'
import { effectStages } from './effect-stages.js'
import type { AuthorStatement, OnlineMigration } from './online-migration.js'
import { migrationsOf, type Lane } from './stage.js'

/**
 * The migrations that lead to the same catalogue while clients go on; undefined where no way is known. A guess until it is
 * proved: equal, online and reversible.
 */
export function onlineWay(statements: readonly AuthorStatement[]): readonly OnlineMigration[] | undefined {
  const own = withoutTransaction(statements.map((one) => ({ ...one, statement: splitStatements(one.text)[0] })))
  if (own === undefined || !own.some(({ effect, apart }) => effect !== undefined || apart === true)) return undefined
  const lanes: Lane[] = []
  const settings: string[] = []
  for (const one of own) {
    if (isSetting(one.text)) {
      settings.push(one.text)
      continue
    }
    const found = isBound(one) ? undefined : lanesOf(one)
    if (found === undefined) return undefined
    lanes.push(...found.map((lane) => ({ ...lane, settings: [...settings] })))
  }
  return migrationsOf(lanes)
}

type Own = AuthorStatement & { readonly statement: Statement | undefined }

/** Without a BEGIN and COMMIT around all of it; undefined where transactions begin or end elsewhere. */
function withoutTransaction(statements: readonly Own[]): readonly Own[] | undefined {
  const control = statements.map(({ statement }) => statement && transactionControl(statement))
  const isWhole = control[0] === 'begin' && control.at(-1) === 'commit'
  const inside = isWhole ? statements.slice(1, -1) : statements
  const others = isWhole ? control.slice(1, -1) : control
  return others.some((one) => one !== undefined) ? undefined : inside
}

/** A statement that sets the session: what follows it, run by itself, needs it in front. */
export function isSetting(text: string): boolean {
  const [first = '', second] = splitStatements(text)[0]?.words ?? []
  const isCall = /^SELECT\s+(?:pg_catalog\s*\.\s*)?set_config\s*\([^;]*$/i.test(text.trim())
  return isCall || (['SET', 'RESET'].includes(first) && second !== 'CONSTRAINTS')
}

/**
 * What means something only together with the statements around it, or changes what neither the catalogue nor the rows show: it is
 * not taken apart.
 */
const isBound = ({ statement, text, effect }: Own): boolean =>
  ['LOCK', 'SAVEPOINT', 'RELEASE', 'ROLLBACK', 'COPY', 'DECLARE', 'SET'].includes(statement?.words[0] ?? '') ||
  (effect !== undefined && /\b(?:setval|restart)\b/i.test(codeOnly(text) + dollarBody(text)))

function lanesOf({ text, statement, effect, apart }: Own): readonly Lane[] | undefined {
  if (effect?.rows === 'moved') {
    const stage = batchedChange(text, effect)
    return stage && [{ table: undefined, stages: [stage] }]
  }
  if (effect !== undefined) return effectStages(effect)
  const refuses = statement !== undefined && refusesTransaction(statement) !== undefined
  const kind = refuses ? 'alone' : apart === true ? 'apart' : 'author'
  return [{ table: undefined, stages: [{ kind, title: FURTHER, statements: [text] }] }]
}

/** The title of a migration that begins with a statement of the author. */
const FURTHER = 'further changes'
