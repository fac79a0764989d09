// Failures that are not the fault of a migration: the server lacks an object, or is too old.
import { requiredVersion, type PointedFailure } from './newer-syntax.js'
import { serverLimit } from './server-limits.js'

/** What the server is short of: memory, disk, connections, files. It can happen to any script at any time. */
export const isShortage = (sqlstate: string): boolean => /^5[38]/.test(sqlstate)

/**
 * A sentence when the server lacks a requirement of the script: an extension, a role, a preloaded library, a later major.
 * Undefined when the script itself is the cause.
 */
export function environmentFault(failure: PointedFailure & { readonly sqlstate: string }): string | undefined {
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
  if (isShortage(sqlstate)) return 'the scratch server ran out of resources'
  return requiredVersion(failure)
}
