// What a script says that only a later PostgreSQL understands, so that an older server refuses it.
import { kindsWith, nameOf } from './statement-kinds.js'
import { withoutComments } from './statements.js'

const KINDS = kindsWith('since')

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
export function requiredVersion(failure: {
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
  for (const kind of KINDS) {
    if (kind.since === undefined || kind.since <= major || !kind.pattern.test(code)) continue
    // A table that is missing is no clause: of that SQLSTATE only a message can say more.
    if (kind.message === undefined ? sqlstate === '42P01' : !kind.message.test(message)) continue
    return needs(nameOf(kind, ''), kind.since)
  }
  return undefined
}
