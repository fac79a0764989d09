// The effect of a statement on transactions: it opens or ends one, or cannot run inside one.
import { hasEffect, nameOfKind } from './statement-kinds.js'
import { codeOnly, dollarQuoted, type Statement } from './statements.js'

export type TransactionControl = 'begin' | 'commit' | 'rollback'

/**
 * BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK, ABORT and PREPARE TRANSACTION (which ends the block as a commit does).
 * Not SAVEPOINT, RELEASE, ROLLBACK TO, COMMIT PREPARED, ROLLBACK PREPARED: they do not end the block, or need none.
 */
export function transactionControl(statement: Pick<Statement, 'words'>): TransactionControl | undefined {
  const [first, second, third] = statement.words
  switch (first) {
    case 'BEGIN':
      return 'begin'
    case 'START':
      return second === 'TRANSACTION' ? 'begin' : undefined
    case 'COMMIT':
      return second === 'PREPARED' ? undefined : 'commit'
    case 'END':
      return 'commit'
    case 'PREPARE':
      return second === 'TRANSACTION' ? 'commit' : undefined
    case 'ABORT':
      return 'rollback'
    case 'ROLLBACK':
      return second === 'TO' || second === 'PREPARED' || third === 'TO' ? undefined : 'rollback'
    default:
      return undefined
  }
}

/** Every one of these commands contains one of these words: the search for it is cheap. */
const HINT = /concurrently|vacuum|system|database|schema|tablespace|cluster|discard|prepared|subscription|\bdo\b/i

/** In a DO block: COMMIT or ROLLBACK where a PL/pgSQL statement may begin. */
const ENDS_ITS_TRANSACTION =
  /(?:^|;|\b(?:BEGIN|LOOP|THEN|ELSE))\s*(?:COMMIT|ROLLBACK)\s*(?:AND\s+(?:NO\s+)?CHAIN\s*)?;/i

/**
 * Names the command if it cannot run in a transaction block. Then it cannot share a message with other statements.
 * REFRESH MATERIALIZED VIEW CONCURRENTLY, ALTER TYPE ADD VALUE and ANALYZE can (PostgreSQL 12 and later).
 */
export function refusesTransaction(statement: Statement): string | undefined {
  const isBlock = statement.words[0] === 'DO'
  if (!HINT.test(statement.text) || (hasEffect(statement, 'rows') && !isBlock)) return undefined
  if (isBlock) return ENDS_ITS_TRANSACTION.test(dollarBody(statement.text)) ? 'DO with COMMIT inside' : undefined
  return nameOfKind(codeOnly(statement.text).trim(), 'refusesTransaction')
}

/** The code inside the first dollar-quoted string, without its own comments and strings. */
export const dollarBody = (text: string): string => codeOnly(dollarQuoted(text) ?? '')

/** The complete forms that the server accepts: a slip such as `COMMIT:` does not match, and fails on the server. */
const PLAIN_BEGIN =
  /^(?:BEGIN(?:\s+(?:WORK|TRANSACTION))?|START\s+TRANSACTION)(?:[\s,]+(?:ISOLATION\s+LEVEL\s+(?:SERIALIZABLE|REPEATABLE\s+READ|READ\s+(?:UN)?COMMITTED)|READ\s+(?:WRITE|ONLY)|(?:NOT\s+)?DEFERRABLE))*\s*$/i
const PLAIN_END = /^(?:COMMIT|END|ROLLBACK|ABORT)(?:\s+(?:WORK|TRANSACTION))?(?:\s+AND\s+(?:NO\s+)?CHAIN)?\s*$/i
const PLAIN_COMMIT = /^(?:COMMIT|END)(?:\s+(?:WORK|TRANSACTION))?(?:\s+AND\s+NO\s+CHAIN)?\s*$/i

export type Controlled<S> = S & { readonly kind: TransactionControl }

/**
 * Those of a script's statements that open or end a transaction. A tool that cuts a body into statements leaves its END
 * among them: one without a BEGIN, or with more words than the server accepts, ends no transaction.
 */
export function transactionControls<S extends { readonly statement: Statement }>(
  statements: readonly S[],
): readonly Controlled<S>[] {
  let open = false
  return statements.flatMap((one) => {
    const kind = transactionControl(one.statement)
    if (kind === undefined) return []
    const text = codeOnly(one.statement.text).trim()
    const isPlain = one.statement.words[0] === 'PREPARE' || (kind === 'begin' ? PLAIN_BEGIN : PLAIN_END).test(text)
    if (!isPlain || (one.statement.words[0] === 'END' && !open)) return []
    open = kind === 'begin'
    return [{ ...one, kind }]
  })
}

/**
 * The BEGIN and the COMMIT of a script that is one explicit transaction from its first statement to its last. A caller
 * can blank them and wrap the rest itself. Undefined for any other script (no COMMIT AND CHAIN, no second BEGIN).
 */
export function wholeFileTransaction(
  statements: readonly Statement[],
): { readonly begin: Statement; readonly commit: Statement } | undefined {
  const begin = statements[0]
  const commit = statements.at(-1)
  if (begin === undefined || commit === undefined || statements.length < 2) return undefined
  if (transactionControl(begin) !== 'begin' || transactionControl(commit) !== 'commit') return undefined
  if (!PLAIN_BEGIN.test(codeOnly(begin.text)) || !PLAIN_COMMIT.test(codeOnly(commit.text))) return undefined
  return statements.slice(1, -1).some((s) => transactionControl(s) !== undefined) ? undefined : { begin, commit }
}

/**
 * The message for a script that begins a transaction and does not end it (SQLSTATE 25001). No tool accepts it, tried with
 * golang-migrate 4.20: it cannot begin the transaction of its own row ("unexpected transaction status"). So the version
 * stays dirty, and the work of the script is rolled back when the connection ends.
 */
export const LEFT_OPEN = 'the script leaves its own transaction open, so all of it is rolled back'
