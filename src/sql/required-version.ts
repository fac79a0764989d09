// What a script says that only a later PostgreSQL understands, so that an older server refuses it.
import { withoutComments } from './statements.js'

type Later = {
  readonly major: number
  readonly name: string
  /** In the statement that failed. */
  readonly pattern: RegExp
  /** In what the server said, where the statement alone does not tell. */
  readonly message?: RegExp
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)`
const NOT_NULL_OF = String.raw`\bNOT\s+NULL\s+(?!(?:CHECK|DEFAULT|PRIMARY|UNIQUE|REFERENCES|GENERATED|COLLATE|CONSTRAINT|DEFERRABLE|INITIALLY|NOT|NO)\b)${NAME}`

/** The newest first. PostgreSQL's release notes ("Migration to Version", "Changes") are the source; each row is tried on servers. */
const LATER: readonly Later[] = [
  { major: 18, name: 'virtual generated columns', pattern: /\bVIRTUAL\b/i },
  {
    major: 18,
    name: 'a generated column without STORED',
    pattern:
      /^(?![^]*\bSTORED\b)[^]*\bGENERATED\s+ALWAYS\s+AS\s*\((?!\s*(?:START|INCREMENT|MINVALUE|MAXVALUE|CACHE|SEQUENCE)\b)/i,
    message: /^syntax error/,
  },
  { major: 18, name: 'NOT ENFORCED', pattern: /\bNOT\s+ENFORCED\b/i },
  {
    major: 18,
    name: 'a NOT NULL constraint of a table',
    pattern: new RegExp(String.raw`(?:\bCONSTRAINT\s+${NAME}|\bADD|[(,])\s*${NOT_NULL_OF}`, 'i'),
    message: /^syntax error at or near "NOT"/,
  },
  { major: 18, name: 'WITHOUT OVERLAPS', pattern: /\bWITHOUT\s+OVERLAPS\b/i },
  { major: 18, name: 'PERIOD in a foreign key', pattern: new RegExp(String.raw`[(,]\s*PERIOD\s+${NAME}\s*\)`, 'i') },
  {
    major: 18,
    name: 'old and new in RETURNING',
    pattern: /\bRETURNING\b/i,
    message: /^missing FROM-clause entry for table "(?:old|new)"/,
  },
  { major: 17, name: 'JSON_TABLE', pattern: /\bJSON_TABLE\s*\(/i },
  {
    major: 17,
    name: 'this SQL/JSON function',
    pattern: /\bJSON_(?:QUERY|VALUE|EXISTS|SERIALIZE|SCALAR)\s*\(/i,
  },
  {
    major: 17,
    name: 'the MAINTAIN privilege',
    pattern: /\bMAINTAIN\b/i,
    message: /^unrecognized privilege type "maintain"/,
  },
  { major: 17, name: 'RETURNING in MERGE', pattern: /\bMERGE\s+INTO\b[^]*\bRETURNING\b/i },
  { major: 17, name: 'WHEN NOT MATCHED BY SOURCE', pattern: /\bNOT\s+MATCHED\s+BY\s+(?:SOURCE|TARGET)\b/i },
  { major: 17, name: 'SET EXPRESSION', pattern: /\bSET\s+EXPRESSION\s+AS\b/i },
  { major: 17, name: 'transaction_timeout', pattern: /\btransaction_timeout\b/i },
  {
    major: 16,
    name: 'a subquery in FROM without an alias',
    pattern: /^/,
    message: /^(?:subquery|VALUES) in FROM must have an alias/,
  },
  {
    major: 16,
    name: 'this SQL/JSON syntax',
    pattern: /\bJSON_(?:ARRAY|OBJECT)(?:AGG)?\s*\(|\bIS\s+(?:NOT\s+)?JSON\b/i,
  },
  {
    major: 16,
    name: 'STORAGE in CREATE TABLE',
    pattern: /\bCREATE\b[^]*\bSTORAGE\s+(?:PLAIN|EXTERNAL|EXTENDED|MAIN|DEFAULT)\b/i,
  },
  { major: 16, name: 'WITH INHERIT or SET in GRANT', pattern: /\bGRANT\b[^]*\bWITH\s+(?:INHERIT|SET)\b/i },
  {
    major: 16,
    name: 'this way to write a number',
    pattern: /\b\d+_\d|\b0(?:x[\da-f]|o[0-7]|b[01])/i,
    message: /^(?:trailing junk after numeric literal|syntax error)/,
  },
  { major: 15, name: 'NULLS NOT DISTINCT', pattern: /\bNULLS\s+(?:NOT\s+)?DISTINCT\b/i },
  { major: 15, name: 'MERGE', pattern: /\bMERGE\s+INTO\b/i },
  { major: 15, name: 'security_invoker', pattern: /\bsecurity_invoker\b/i },
  { major: 15, name: 'ON DELETE SET NULL (columns)', pattern: /\bSET\s+(?:NULL|DEFAULT)\s*\(/i },
  { major: 15, name: 'SET ACCESS METHOD', pattern: /\bSET\s+ACCESS\s+METHOD\b/i },
  { major: 15, name: 'a publication of schemas', pattern: /\bTABLES\s+IN\s+SCHEMA\b/i },
  { major: 15, name: 'a publication of rows or columns', pattern: /\bPUBLICATION\b[^]*\bTABLE\b[^]*\(/i },
]

/** Functions by the major that brought them. */
const FUNCTIONS: Readonly<Record<number, readonly string[]>> = {
  18: ['uuidv4', 'uuidv7', 'casefold', 'array_reverse', 'array_sort', 'crc32', 'crc32c', 'gamma', 'lgamma'],
  17: ['random', 'uuid_extract_version', 'uuid_extract_timestamp', 'to_bin', 'to_oct', 'xmltext'],
  16: ['any_value', 'array_sample', 'array_shuffle', 'date_add', 'date_subtract', 'random_normal', 'erf', 'erfc'],
  15: ['regexp_count', 'regexp_instr', 'regexp_like', 'regexp_substr'],
}

/** Syntax, names of settings and types, values of options, what is not supported yet, tables in an expression. */
const STATES = new Set(['42601', '42883', '42704', '22023', '0A000', '42P01'])

/** A sentence where a later major than `major` would take the statement that failed, as far as its words show. */
export function laterSyntax(failure: {
  readonly sqlstate: string
  readonly message: string
  readonly statement: string
  readonly major: number
}): string | undefined {
  const { sqlstate, message, statement, major } = failure
  if (!STATES.has(sqlstate)) return undefined
  const code = withoutComments(statement)
  const needs = (name: string, since: number): string => `${name} needs PostgreSQL ${since}, this server is ${major}`
  const absent = /^function (\w+)\(.*\) does not exist/.exec(message)?.[1] ?? ''
  const since = Object.entries(FUNCTIONS).find(([, names]) => names.includes(absent))?.[0]
  if (since !== undefined && Number(since) > major) return needs(`${absent}()`, Number(since))
  const later = LATER.find(
    (one) => one.major > major && one.pattern.test(code) && (one.message?.test(message) ?? sqlstate !== '42P01'),
  )
  return later && needs(later.name, later.major)
}
