// Fixes a failure that comes from where a tool cuts a file into statements, or from the transaction around them.
import type { ScriptFailure } from '../../report/check-report.js'
import { refusesTransaction } from '../../sql/transactions.js'
import type { Script } from '../../model/migration.js'
import type { RuleInput } from '../rule.js'
import { outsideFix } from '../files/outside-transaction.js'
import { statementsOf } from '../read-input.js'

/** As the tools read the two lines: in any case, with any blanks. */
const BLOCK = /^\s*--\s*\+\w+\s+Statement(Begin|End)\b/i

/** The server reached a quote or a comment that the tool cut in two; undefined where it did not, or could not. */
export function cutFix(input: RuleInput, failure: ScriptFailure): string | undefined {
  const { title, statementBlock } = input.tool
  if (statementBlock === undefined || !failure.message.startsWith('unterminated')) return undefined
  if (failure.place === undefined || inBlock(input, failure.place)) return undefined
  const { begin, end } = statementBlock
  return `${title} ends a statement at each semicolon at the end of a line, in quotes as well: put this one between ${begin} and ${end}.`
}

/** For active_sql_transaction (25001): the statement runs only outside of a transaction, and is in one. */
export function transactionFix(input: RuleInput, failure: ScriptFailure): string {
  const script = scriptOf(input, failure)
  const line = failure.place?.line ?? Infinity
  const own = script && statementsOf(script).filter(({ statement }) => refusesTransaction(statement) !== undefined)
  const alone = (own?.findLast(({ place }) => place().line <= line) ?? own?.[0])?.alone ?? true
  return outsideFix(input.tool.transactions, failure.direction, {
    wrapped: script === undefined || script.transaction === 'wrapped',
    alone,
  })
}

const scriptOf = ({ migrations }: RuleInput, { place, direction }: ScriptFailure): Script | undefined =>
  migrations.find((migration) => migration[direction]?.file === place?.file)?.[direction]

function inBlock({ files }: RuleInput, { file, line }: { readonly file: string; readonly line: number }): boolean {
  const text = files.find(({ path }) => path === file)?.text ?? ''
  const last = text
    .split('\n')
    .slice(0, line)
    .findLast((one) => BLOCK.test(one))
  return /begin/i.test(last ?? '')
}
