// Whether a script has no effect.
import { codeOnly, splitStatements, type Statement } from './statements.js'
import { statementsIn } from './statements.js'
import { dollarBody, transactionControl } from './transactions.js'

/**
 * `empty`: no characters; `comments`: only comments; `select 1`: statements that change nothing (a constant SELECT, a DO
 * block that does nothing), in a transaction or not; `empty transaction`: BEGIN and COMMIT without statements between
 * them.
 */
export type NoOp = 'empty' | 'comments' | 'select 1' | 'empty transaction'

/** `text` is the source of the statements; it distinguishes `empty` and `comments`. Undefined: the script has an effect. */
export function noOpOf(statements: readonly Statement[], text = ''): NoOp | undefined {
  if (statements.length === 0) return text.trim() === '' ? 'empty' : 'comments'
  const inside = statements.filter((s) => transactionControl(s) === undefined)
  if (inside.length === 0) return 'empty transaction'
  return inside.every(changesNothing) ? 'select 1' : undefined
}

/** A tool's own marker line is neither SQL nor a comment of the author. */
const MARKER = /^--\s*(?:migrate:(?:up|down)|\+goose|\+migrate)\b.*$/gm

/** As `noOpOf`, for the messages of a script (no messages, or blank ones, are `empty`). */
export const noOpScript = (messages: readonly { readonly text: string }[]): NoOp | undefined => {
  const plain = messages.map((message) => {
    const text = message.text.replaceAll(MARKER, '')
    return { text, statements: text === message.text ? statementsIn(message) : splitStatements(text) }
  })
  return noOpOf(
    plain.flatMap(({ statements }) => statements),
    plain.map(({ text }) => text).join('\n'),
  )
}

/** Functions without a lasting effect that people put into a SELECT to fill a file. */
const HARMLESS =
  /\b(?:now|version|current_database|current_user|current_schema|clock_timestamp|random|coalesce|count)\s*\(/gi

/** A call is a name before a parenthesis; its effect is unknown, so it counts as one. */
const CALL = /[\w"$\u0080-\uffff]\s*\(/

function changesNothing(statement: Statement): boolean {
  const code = codeOnly(statement.text)
  switch (statement.words[0]) {
    case 'SELECT':
      return !/\b(?:FROM|INTO)\b/i.test(code) && !CALL.test(code.replaceAll(HARMLESS, ',(').replace(/^SELECT\s*/i, ''))
    case 'VALUES':
      return !CALL.test(code.replace(/^VALUES\s*/i, '').replaceAll(HARMLESS, ',('))
    case 'DO':
      return /^DO\b[^]*\$\s*(?:LANGUAGE\s+plpgsql\s*)?$/i.test(code.trim()) && idleBlock(dollarBody(statement.text))
    default:
      return false
  }
}

/** BEGIN .. END with NULL and RAISE of any level below an exception. */
const idleBlock = (body: string): boolean =>
  /^\s*BEGIN\s*(?:(?:NULL|RAISE\s+(?:NOTICE|INFO|LOG|DEBUG|WARNING)\b[^;]*)\s*;\s*)*END\s*;?\s*$/i.test(body)
