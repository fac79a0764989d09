// Syntax, settings and functions that came with a later major version, and how an older server refuses them.
import { NAME_PATTERN } from './quote.js'
import { scan } from './scan.js'

/**
 * What a later major accepts. An older server stops at a place: `at` matches the text from there on, `before` the text in
 * front of it. Without them the `message` alone shows it. A fault elsewhere in the statement is a fault on every server.
 */
type NewerSyntax = {
  readonly since: number
  readonly name: string
  readonly before?: RegExp
  readonly at?: RegExp
  readonly message?: RegExp
}

/** Code in balanced parentheses, three deep, with the strings blanked. */
const FLAT = String.raw`[^()]`
const NESTED = String.raw`(?:${FLAT}|\((?:${FLAT}|\((?:${FLAT}|\(${FLAT}*\))*\))*\))*`

/** The text in front of a place inside the parentheses of a call. */
const inCall = (name: string): RegExp => new RegExp(String.raw`\b(?:${name})\s*\(${NESTED}$`, 'i')

/** A quoted name or a plain identifier, which does not begin with a digit. */
const COLUMN_NAME = String.raw`(?:"(?:[^"]|"")+"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)`
const NOT_A_COLUMN =
  '(?!(?:CHECK|DEFAULT|PRIMARY|UNIQUE|REFERENCES|GENERATED|COLLATE|CONSTRAINT|DEFERRABLE|INITIALLY|NOT|NO)\\b)'

/** The text in front of a statement, also in a body or behind the queries of its WITH. */
const STATEMENT_START =
  /(?:^|;|\b(?:BEGIN|THEN|ELSE|LOOP|ATOMIC)|\bAS\s*(?:(?:NOT\s+)?MATERIALIZED\s*)?\(|(?:^|;)\s*WITH\b[^;]*\))\s*$/i

const SYNTAX_ERROR = /^syntax error/
const NOT_KNOWN = /^(?:syntax error|"[^]*" is not a known variable)/

const setting = (name: string): RegExp => new RegExp(`^unrecognized configuration parameter "${name}"`)
const option = (name: string): RegExp => new RegExp(`^option "${name}" not recognized`)

/** From the release notes of each major, each row tried on servers. The newest major comes first. */
const NEWER: readonly NewerSyntax[] = [
  { since: 18, name: 'virtual generated columns', at: /^VIRTUAL\b/i },
  {
    since: 18,
    name: 'a generated column without STORED',
    before: new RegExp(String.raw`\bGENERATED\s+ALWAYS\s+AS\s*\(${NESTED}\)\s*$`, 'i'),
    at: /^(?:[,);]|$|(?:NOT|NULL|CHECK|UNIQUE|PRIMARY|REFERENCES|CONSTRAINT)\b)/i,
  },
  { since: 18, name: 'NOT ENFORCED', before: /\bNOT\s+$/i, at: /^ENFORCED\b/i },
  {
    since: 18,
    name: 'a NOT NULL constraint of a table',
    before: new RegExp(String.raw`(?:\bCONSTRAINT\s+${NAME_PATTERN}|\bADD|[(,])\s*$`, 'i'),
    at: new RegExp(String.raw`^NOT\s+NULL\s+${NOT_A_COLUMN}${COLUMN_NAME}`, 'i'),
  },
  { since: 18, name: 'WITHOUT OVERLAPS', at: /^WITHOUT\s+OVERLAPS\b/i },
  {
    since: 18,
    name: 'PERIOD in a foreign key',
    before: /[(,]\s*PERIOD\s+$/i,
    at: new RegExp(String.raw`^${COLUMN_NAME}\s*\)`, 'i'),
  },
  {
    since: 18,
    name: 'old and new in RETURNING',
    message: /^missing FROM-clause entry for table "(?:old|new)"/,
    before: /\bRETURNING\b[^;]*$/i,
    at: /^(?:old|new)\s*\./i,
  },
  { since: 18, name: 'old and new in RETURNING', before: /\bRETURNING\s+$/i, at: /^WITH\s*\(/i },
  { since: 18, name: 'REJECT_LIMIT in COPY', message: option('reject_limit') },
  {
    since: 17,
    name: 'JSON_TABLE',
    before: inCall('JSON_TABLE'),
    at: /^(?:COLUMNS|PASSING|AS|ERROR)\b/i,
  },
  {
    since: 17,
    name: 'this SQL/JSON function',
    before: inCall('JSON_(?:QUERY|VALUE|EXISTS|SERIALIZE|SCALAR)|JSON'),
    at: /^(?:RETURNING|PASSING|WITH|WITHOUT|DEFAULT|NULL|ERROR|EMPTY|KEEP|OMIT|FORMAT|TRUE|FALSE|UNKNOWN)\b/i,
  },
  {
    since: 17,
    name: 'this SQL/JSON function',
    message: /^function json_(?:query|value|exists|serialize|scalar)\(.*\) does not exist/,
  },
  { since: 17, name: 'the MAINTAIN privilege', message: /^unrecognized privilege type "maintain"/ },
  { since: 17, name: 'RETURNING in MERGE', before: /\bMERGE\s+INTO\b[^;]*$/i, at: /^RETURNING\b/i },
  {
    since: 17,
    name: 'WHEN NOT MATCHED BY SOURCE',
    before: /\bNOT\s+MATCHED\s+$/i,
    at: /^BY\s+(?:SOURCE|TARGET)\b/i,
  },
  // PostgreSQL 14 stops in front of these, at the MERGE.
  { since: 17, name: 'RETURNING in MERGE', before: STATEMENT_START, at: /^MERGE\s+INTO\b[^;]*\bRETURNING\b/i },
  {
    since: 17,
    name: 'WHEN NOT MATCHED BY SOURCE',
    before: STATEMENT_START,
    at: /^MERGE\s+INTO\b[^;]*\bNOT\s+MATCHED\s+BY\b/i,
  },
  {
    since: 17,
    name: 'RETURNING in MERGE',
    message: NOT_KNOWN,
    before: /\bMERGE\s+INTO\s+$/i,
    at: /^[^;]*\bRETURNING\b/i,
  },
  { since: 17, name: 'SET EXPRESSION', before: /\bSET\s+$/i, at: /^EXPRESSION\s+AS\b/i },
  { since: 17, name: 'AT LOCAL', before: /\bAT\s+$/i, at: /^LOCAL\b/i },
  { since: 17, name: 'transaction_timeout', message: setting('transaction_timeout') },
  { since: 17, name: 'ON_ERROR in COPY', message: option('on_error') },
  { since: 17, name: 'LOG_VERBOSITY in COPY', message: option('log_verbosity') },
  { since: 17, name: 'the collation provider builtin', message: /^unrecognized collation provider: builtin/ },
  {
    since: 16,
    name: 'a subquery in FROM without an alias',
    message: /^(?:subquery|VALUES) in FROM must have an alias/,
  },
  {
    since: 16,
    name: 'this SQL/JSON syntax',
    before: inCall('JSON_(?:ARRAY|OBJECT)(?:AGG)?'),
    at: /^(?:SELECT|VALUE|ABSENT|NULL|RETURNING|WITH|WITHOUT|FORMAT|ORDER|:(?!:))/i,
  },
  { since: 16, name: 'this SQL/JSON syntax', before: /\bIS\s+(?:NOT\s+)?$/i, at: /^JSON\b/i },
  {
    since: 16,
    name: 'this SQL/JSON syntax',
    message: /^function json_(?:array|object)(?:agg)?\(.*\) does not exist/,
  },
  {
    since: 16,
    name: 'STORAGE in CREATE TABLE',
    before: /\bCREATE\b[^;]*$/i,
    at: /^STORAGE\s+(?:PLAIN|EXTERNAL|EXTENDED|MAIN|DEFAULT)\b/i,
  },
  { since: 16, name: 'STORAGE DEFAULT', before: /\bSET\s+STORAGE\s+$/i, at: /^DEFAULT\b/i },
  {
    since: 16,
    name: 'WITH INHERIT or SET in GRANT',
    before: /\bGRANT\b[^;]*(?:\bWITH|,)\s+$/i,
    at: /^(?:INHERIT|SET)\s+(?:TRUE|FALSE|OPTION)\b/i,
  },
  { since: 16, name: 'WITH ADMIN TRUE in GRANT', before: /\bGRANT\b[^;]*\bADMIN\s+$/i, at: /^(?:TRUE|FALSE)\b/i },
  {
    since: 16,
    name: 'this way to write a number',
    message: /^trailing junk after numeric literal/,
    at: /^(?:\d+_\d|0(?:x[\da-f]|o[0-7]|b[01]))/i,
  },
  {
    since: 16,
    name: 'this way to write a number',
    // PostgreSQL 14 reads a number and a name, and stops behind them.
    before: /(?<![\w.])(?:\d+(?:_\d+)+|0(?:x[\da-f]+|o[0-7]+|b[01]+))\s*$/i,
    at: /^/,
  },
  { since: 16, name: 'system_user', message: /^column "system_user" does not exist/ },
  { since: 16, name: 'DEFAULT in COPY', message: option('default') },
  { since: 15, name: 'NULLS NOT DISTINCT', at: /^NULLS\s+(?:NOT\s+)?DISTINCT\b/i },
  { since: 15, name: 'MERGE', before: STATEMENT_START, at: /^MERGE\s+INTO\b/i },
  // PL/pgSQL reads the INTO of a statement that it does not know as its own.
  { since: 15, name: 'MERGE', message: NOT_KNOWN, before: /\bMERGE\s+INTO\s+$/i, at: /^/ },
  { since: 15, name: 'security_invoker', message: /^unrecognized parameter "security_invoker"/ },
  {
    since: 15,
    name: 'ON DELETE SET NULL (columns)',
    before: /\bON\s+DELETE\s+SET\s+(?:NULL|DEFAULT)\s*$/i,
    at: /^\(/,
  },
  { since: 15, name: 'SET ACCESS METHOD', before: /\bSET\s+$/i, at: /^ACCESS\s+METHOD\b/i },
  { since: 15, name: 'a publication of schemas', at: /^TABLES\s+IN\s+SCHEMA\b/i },
  {
    since: 15,
    name: 'a publication of rows or columns',
    before: /\bPUBLICATION\b[^;]*\bTABLE\b[^;]*$/i,
    at: /^(?:\(|WHERE\b)/i,
  },
  { since: 15, name: 'an unlogged sequence', message: /^unlogged sequences are not supported/ },
  { since: 15, name: 'GRANT ON PARAMETER', before: /\bON\s+PARAMETER\s+$/i, at: /^/ },
  { since: 15, name: 'GRANT ALTER SYSTEM', before: /\b(?:GRANT|REVOKE)\s+ALTER\s+$/i, at: /^SYSTEM\b/i },
]

/** Functions by the major that introduced them. */
const FUNCTIONS: Readonly<Record<number, readonly string[]>> = {
  18: ['uuidv4', 'uuidv7', 'casefold', 'array_reverse', 'array_sort', 'crc32', 'crc32c', 'gamma', 'lgamma'],
  17: ['random', 'uuid_extract_version', 'uuid_extract_timestamp', 'to_bin', 'to_oct', 'xmltext'],
  16: ['any_value', 'array_sample', 'array_shuffle', 'date_add', 'date_subtract', 'random_normal', 'erf', 'erfc'],
  15: ['regexp_count', 'regexp_instr', 'regexp_like', 'regexp_substr'],
}

/**
 * A failure of a statement. `at` is the offset (UTF-16 units) in the statement at which the server points; undefined where
 * it points nowhere.
 */
export type PointedFailure = {
  readonly message: string
  readonly statement: string
  readonly at: number | undefined
  readonly major: number
}

/** A sentence where a later major than `major` accepts what the server stopped at. */
export function requiredVersion({ message, statement, at, major }: PointedFailure): string | undefined {
  const needs = (name: string, since: number): string => `${name} needs PostgreSQL ${since}, this server is ${major}`
  const absent = /^function (\w+)\(.*\) does not exist/.exec(message)?.[1] ?? ''
  const since = Object.entries(FUNCTIONS).find(([, names]) => names.includes(absent))?.[0]
  if (since !== undefined && Number(since) > major) return needs(`${absent}()`, Number(since))
  // The words of a message show a missing setting or option; a syntax error only says where the parser stopped.
  const code = at === undefined ? undefined : codeIn(statement, at)
  const found = NEWER.find((one) => one.since > major && stopsAt(one, message, code))
  return found && needs(found.name, found.since)
}

/** The code in front of the place, and from it on, as far as it is looked at. */
type Split = { readonly before: string; readonly after: string }

/** How much of the code around a place the table looks at, in UTF-16 units to each side. */
const AROUND = 10_000

/** Where the place is in a body or a string, only that one counts. Strings and comments are blank. */
function codeIn(statement: string, at: number): Split {
  const { regions } = scan(statement)
  const around = regions.find(
    ({ kind, start, end }) => (kind === 'dollar' || kind === 'string') && start < at && at < end,
  )
  if (around !== undefined) {
    const edge = around.kind === 'dollar' ? statement.indexOf('$', around.start + 1) + 1 : around.start + 1
    if (edge <= at) return codeIn(statement.slice(edge, around.end - (edge - around.start)), at - edge)
  }
  const from = Math.max(0, at - AROUND)
  let code = statement.slice(from, at + AROUND)
  for (const { kind, start, end } of regions) {
    if (kind === 'identifier' || end <= from || start >= at + AROUND) continue
    const first = Math.max(0, start - from)
    const last = Math.min(code.length, end - from)
    code = `${code.slice(0, first)}${' '.repeat(last - first)}${code.slice(last)}`
  }
  return { before: code.slice(0, at - from), after: code.slice(at - from) }
}

function stopsAt({ before, at, message }: NewerSyntax, said: string, code: Split | undefined): boolean {
  const placed = before !== undefined || at !== undefined
  if (!(message ?? (placed ? SYNTAX_ERROR : /^/)).test(said)) return false
  if (!placed) return true
  return code !== undefined && (before?.test(code.before) ?? true) && (at?.test(code.after) ?? true)
}
