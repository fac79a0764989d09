// One secret that holds the addresses of all databases -> a variable for each.
import path from 'node:path'
import { dsnVariable } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** The variable that holds them, a line each: `core_db=postgres://...`. */
export const ALL_DSNS = 'DATABASE_DSNS'

/** The addresses in it, for hiding: whatever stands behind the first equals sign of a line. */
export const linesOf = (text = ''): readonly string[] =>
  text.split(/\r\n|\r|\n/).flatMap((line) => line.slice(line.indexOf('=') + 1).trim() || [])

/**
 * What the lines add to the variables; one that is set already stays. Blank lines and lines that begin with `#` count for
 * nothing. Throws a UserError that says which line is wrong, and nothing of what stands in it.
 */
export function dsnsOf(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const lines = (environment[ALL_DSNS] ?? '').split(/\r\n|\r|\n/)
  const found = lines.flatMap((line, i): readonly (readonly [string, string])[] => {
    if (line.trim() === '' || line.trim().startsWith('#')) return []
    const [, name, dsn] = /^\s*([\w.-]+)\s*=\s*(\S.*?)\s*$/.exec(line) ?? []
    if (name !== undefined && dsn !== undefined) return [[dsnVariable(name), dsn]]
    const what = `line ${i + 1} of the variable ${ALL_DSNS} names no database and address`
    throw new UserError({
      kind: 'use',
      what,
      fix: 'Write each line like this: core_db=postgres://user:password@host:5432/core_db',
    })
  })
  return Object.fromEntries(found.filter(([name]) => (environment[name]?.trim() ?? '') === ''))
}

// The root certificate of a server, from a secret that holds its text.
/** The variable with the text (PEM). */
const ROOT_CERTIFICATE = 'DATABASE_CA'

/**
 * Where the text was given and no file is named, it is put into one, for us and for PostgreSQL's own programs alike: the
 * variable that libpq reads is given back. Certificates are no secrets.
 */
export function rootCertificateOf(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const text = environment[ROOT_CERTIFICATE]?.trim() ?? ''
  if (text === '' || (environment['PGSSLROOTCERT'] ?? '') !== '') return {}
  const folder = mkdtempSync(path.join(environment['RUNNER_TEMP'] ?? tmpdir(), 'pg-migration-gate-ca-'))
  const file = path.join(folder, 'root.pem')
  writeFileSync(file, `${text}\n`, { mode: 0o600 })
  return { PGSSLROOTCERT: file }
}
