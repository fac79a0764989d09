// What a statement does to transactions: opens or ends one, or cannot run inside of one.
import { codeOnly, type Statement } from './statements.js'

export type TransactionControl = 'begin' | 'commit' | 'rollback'

/**
 * BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK, ABORT and PREPARE TRANSACTION (which ends the block as a commit does).
 * Not SAVEPOINT, RELEASE, ROLLBACK TO, COMMIT PREPARED, ROLLBACK PREPARED: they leave the block as it is, or need none.
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

type Rule = { readonly pattern: RegExp; readonly name: string }

const NAME = String.raw`(?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+)`

/** The callers of PreventInTransactionBlock in PostgreSQL's sources, as far as the statement's own text shows them. */
const OUTSIDE: readonly Rule[] = [
  { pattern: /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\b/i, name: 'CREATE INDEX CONCURRENTLY' },
  { pattern: /^DROP\s+INDEX\s+CONCURRENTLY\b/i, name: 'DROP INDEX CONCURRENTLY' },
  {
    pattern:
      /^REINDEX\b(?:\s*\([^)]*\bCONCURRENTLY\b(?!\s+(?:off|false|0)\b)|[^(]*\bCONCURRENTLY\b|\s*\([^)]*\)[^(]*\bCONCURRENTLY\b)/i,
    name: 'REINDEX CONCURRENTLY',
  },
  { pattern: /^REINDEX\s*(?:\([^)]*\)\s*)?(?:VERBOSE\s+)?DATABASE\b/i, name: 'REINDEX DATABASE' },
  { pattern: /^REINDEX\s*(?:\([^)]*\)\s*)?(?:VERBOSE\s+)?SYSTEM\b/i, name: 'REINDEX SYSTEM' },
  { pattern: /^REINDEX\s*(?:\([^)]*\)\s*)?(?:VERBOSE\s+)?SCHEMA\b/i, name: 'REINDEX SCHEMA' },
  { pattern: /^VACUUM\b/i, name: 'VACUUM' },
  { pattern: /^ALTER\s+SYSTEM\b/i, name: 'ALTER SYSTEM' },
  { pattern: /^CREATE\s+DATABASE\b/i, name: 'CREATE DATABASE' },
  { pattern: /^DROP\s+DATABASE\b/i, name: 'DROP DATABASE' },
  {
    pattern: new RegExp(String.raw`^ALTER\s+DATABASE\s+${NAME}\s+SET\s+TABLESPACE\b`, 'i'),
    name: 'ALTER DATABASE SET TABLESPACE',
  },
  { pattern: /^CREATE\s+TABLESPACE\b/i, name: 'CREATE TABLESPACE' },
  { pattern: /^DROP\s+TABLESPACE\b/i, name: 'DROP TABLESPACE' },
  { pattern: /^ALTER\s+TABLE\b[^]*\bDETACH\s+PARTITION\b[^]*\bCONCURRENTLY\b/i, name: 'DETACH PARTITION CONCURRENTLY' },
  { pattern: /^CLUSTER\s*(?:\([^)]*\)\s*|VERBOSE\s*)?$/i, name: 'CLUSTER of all tables' },
  { pattern: /^DISCARD\s+ALL\b/i, name: 'DISCARD ALL' },
  { pattern: /^COMMIT\s+PREPARED\b/i, name: 'COMMIT PREPARED' },
  { pattern: /^ROLLBACK\s+PREPARED\b/i, name: 'ROLLBACK PREPARED' },
  {
    pattern: /^CREATE\s+SUBSCRIPTION\b(?![^]*\b(?:create_slot|connect)\s*=\s*(?:false|off|0|'))/i,
    name: 'CREATE SUBSCRIPTION with a slot',
  },
  { pattern: /^ALTER\s+SUBSCRIPTION\b[^]*\bREFRESH\s+PUBLICATION\b/i, name: 'ALTER SUBSCRIPTION REFRESH PUBLICATION' },
]

const VERBS = new Set('CREATE DROP ALTER REINDEX VACUUM CLUSTER DISCARD COMMIT ROLLBACK DO'.split(' '))

/** A word that every one of these commands holds somewhere: looking for it is cheap. */
const HINT = /concurrently|vacuum|system|database|schema|tablespace|cluster|discard|prepared|subscription|\bdo\b/i

/** In a DO block: COMMIT or ROLLBACK where a PL/pgSQL statement may begin. */
const ENDS_ITS_TRANSACTION =
  /(?:^|;|\b(?:BEGIN|LOOP|THEN|ELSE))\s*(?:COMMIT|ROLLBACK)\s*(?:AND\s+(?:NO\s+)?CHAIN\s*)?;/i

/**
 * Names the command if it cannot run in a transaction block, which also means: not together with other statements in one
 * message. REFRESH MATERIALIZED VIEW CONCURRENTLY, ALTER TYPE ADD VALUE and ANALYZE can (PostgreSQL 12 and later).
 */
export function outsideTransaction(statement: Statement): string | undefined {
  if (!VERBS.has(statement.words[0] ?? '') || !HINT.test(statement.text)) return undefined
  const code = codeOnly(statement.text).trim()
  const rule = OUTSIDE.find(({ pattern }) => pattern.test(code))
  if (rule !== undefined) return rule.name
  return statement.words[0] === 'DO' && ENDS_ITS_TRANSACTION.test(dollarBody(statement.text))
    ? 'DO with COMMIT inside'
    : undefined
}

/** The code inside the first dollar-quoted string, without its own comments and strings. */
export function dollarBody(text: string): string {
  const code = codeOnly(text)
  const tag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(code)
  if (tag === null) return ''
  const start = tag.index + tag[0].length
  return codeOnly(text.slice(start, text.lastIndexOf(tag[0])))
}

/** What the server accepts whole: a slip such as `COMMIT:` must reach it, and fail there. */
const PLAIN_BEGIN =
  /^(?:BEGIN(?:\s+(?:WORK|TRANSACTION))?|START\s+TRANSACTION)(?:[\s,]+(?:ISOLATION\s+LEVEL\s+(?:SERIALIZABLE|REPEATABLE\s+READ|READ\s+(?:UN)?COMMITTED)|READ\s+(?:WRITE|ONLY)|(?:NOT\s+)?DEFERRABLE))*\s*$/i
const PLAIN_COMMIT = /^(?:COMMIT|END)(?:\s+(?:WORK|TRANSACTION))?(?:\s+AND\s+NO\s+CHAIN)?\s*$/i

/**
 * The BEGIN and the COMMIT of a script that is one explicit transaction from its first statement to its last, so that a
 * caller can blank them and wrap the rest itself; undefined when it is anything else (no COMMIT AND CHAIN, no second BEGIN).
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
 * What is said of a script that begins a transaction and does not end it (SQLSTATE 25001). No tool gets by with it, tried
 * with golang-migrate 4.20: it cannot begin the transaction of its own row ("unexpected transaction status"), so the version
 * stays dirty, and what the script did is rolled back when the connection ends.
 */
export const LEFT_OPEN = 'the script leaves its own transaction open, so all of that is rolled back'
