// Failures that are not the fault of a migration: the server lacks an object, or is too old.
import { serverLimit } from './server-limits.js'
import { kindsWith, nameOf } from './statement-kinds.js'
import { withoutComments } from './statements.js'

/**
 * A sentence when the server lacks a requirement of the script: an extension, a role, a preloaded library, a later major.
 * Undefined when the script itself is the cause. `statement` is the text that failed.
 */
export function environmentFault(failure: {
  sqlstate: string
  message: string
  statement: string
  major: number
}): string | undefined {
  const { sqlstate, message } = failure
  const extension =
    /extension "([^"]+)" (?:is not available|has no installation script)|extension\/([^"/]+)\.control"/.exec(message)
  if (extension !== null) return `extension ${extension[1] ?? extension[2] ?? ''} is not installed on this server`
  if (sqlstate === '58P01') {
    const library = /could not (?:access|load|open) (?:file|library) "([^"]+)"/.exec(message)
    if (library !== null) return `library ${library[1] ?? ''} is not installed on this server`
  }
  if (/must be loaded via "?shared_preload_libraries/.test(message))
    return 'the server does not preload a library that this needs'
  const limit = serverLimit(message)
  if (limit !== undefined) return limit
  const role = /^role "([^"]+)" does not exist$/.exec(message)
  if (role !== null) return `role ${role[1] ?? ''} does not exist on this server`
  const database = /^database "([^"]+)" does not exist$/.exec(message)
  if (database !== null)
    return `database ${database[1] ?? ''} does not exist on this server: a scratch database has another name`
  const tablespace = /^tablespace "([^"]+)" does not exist$/.exec(message)
  if (tablespace !== null) return `tablespace ${tablespace[1] ?? ''} does not exist on this server`
  const language = /^language "([^"]+)" does not exist$/.exec(message)
  if (language !== null) return `language ${language[1] ?? ''} is not installed on this server`
  if (sqlstate === '53100') return 'the disk of the scratch server is full'
  if (sqlstate.startsWith('53') || sqlstate.startsWith('58')) return 'the scratch server ran out of resources'
  return requiredVersion(failure)
}

const KINDS = kindsWith('since')

/** Functions by the major that introduced them. */
const FUNCTIONS: Readonly<Record<number, readonly string[]>> = {
  18: ['uuidv4', 'uuidv7', 'casefold', 'array_reverse', 'array_sort', 'crc32', 'crc32c', 'gamma', 'lgamma'],
  17: ['random', 'uuid_extract_version', 'uuid_extract_timestamp', 'to_bin', 'to_oct', 'xmltext'],
  16: ['any_value', 'array_sample', 'array_shuffle', 'date_add', 'date_subtract', 'random_normal', 'erf', 'erfc'],
  15: ['regexp_count', 'regexp_instr', 'regexp_like', 'regexp_substr'],
}

/** Syntax, names of settings and types, values of options, unsupported features, tables in an expression. */
const STATES = new Set(['42601', '42883', '42704', '22023', '0A000', '42P01'])

/** A sentence where a later major than `major` accepts the statement that failed, as far as its words show. */
export function requiredVersion(failure: {
  sqlstate: string
  message: string
  statement: string
  major: number
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
    // A missing table is no clause: for that SQLSTATE only a message can say more.
    if (kind.message === undefined ? sqlstate === '42P01' : !kind.message.test(message)) continue
    return needs(nameOf(kind, ''), kind.since)
  }
  return undefined
}
