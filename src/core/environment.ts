// Failures that are no fault of a migration: something that this server has not.

/** Words that are new in a major; PostgreSQL's release notes are the source. */
const SYNTAX: readonly { readonly major: number; readonly pattern: RegExp; readonly name: string }[] = [
  { major: 18, pattern: /\bVIRTUAL\b/i, name: 'virtual generated columns' },
  { major: 18, pattern: /\bNOT\s+ENFORCED\b/i, name: 'NOT ENFORCED' },
  { major: 18, pattern: /\bWITHOUT\s+OVERLAPS\b/i, name: 'WITHOUT OVERLAPS' },
  { major: 18, pattern: /\buuidv[47]\s*\(/i, name: 'uuidv7()' },
  { major: 17, pattern: /\bJSON_TABLE\b/i, name: 'JSON_TABLE' },
  { major: 17, pattern: /\bMAINTAIN\b/i, name: 'the MAINTAIN privilege' },
  { major: 16, pattern: /\b(?:ANY_VALUE|IS\s+JSON)\b/i, name: 'SQL/JSON and ANY_VALUE' },
  { major: 15, pattern: /\bNULLS\s+(?:NOT\s+)?DISTINCT\b/i, name: 'NULLS NOT DISTINCT' },
  { major: 15, pattern: /\bMERGE\s+INTO\b/i, name: 'MERGE' },
  { major: 15, pattern: /\bsecurity_invoker\b/i, name: 'security_invoker' },
  { major: 15, pattern: /\bSET\s+NULL\s*\(/i, name: 'ON DELETE SET NULL (columns)' },
  { major: 14, pattern: /\b(?:BEGIN\s+ATOMIC|MULTIRANGE\w*|COMPRESSION)\b/i, name: 'syntax of PostgreSQL 14' },
]

const TOO_OLD = new Set(['42601', '42883', '42704', '22023', '0A000'])

/**
 * A sentence when the server lacks what the script needs: an extension, a role, a preloaded library, a later major.
 * Undefined when the failure is the script's own. `statement` is the text that failed.
 */
export function environmentFault(failure: {
  readonly sqlstate: string
  readonly message: string
  readonly statement: string
  readonly major: number
}): string | undefined {
  const { sqlstate, message, statement, major } = failure
  const extension =
    /extension "([^"]+)" (?:is not available|has no installation script)|extension\/([^"/]+)\.control"/.exec(message)
  if (extension !== null) return `extension ${extension[1] ?? extension[2] ?? ''} is not installed on this server`
  if (sqlstate === '58P01') {
    const library = /could not (?:access|load|open) (?:file|library) "([^"]+)"/.exec(message)
    if (library !== null) return `library ${library[1] ?? ''} is not installed on this server`
  }
  if (/must be loaded via "?shared_preload_libraries/.test(message))
    return 'the server does not preload a library that this needs'
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
  if (TOO_OLD.has(sqlstate)) {
    const later = SYNTAX.find((entry) => entry.major > major && entry.pattern.test(statement))
    if (later !== undefined) return `${later.name} needs PostgreSQL ${later.major}, this server is ${major}`
  }
  return undefined
}
