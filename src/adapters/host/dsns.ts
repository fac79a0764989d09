// Reads two secrets into variables: all connection strings (one variable for each database), and the root certificate.
import path from 'node:path'
import { dsnVariable } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** The variable with all connection strings, one per line: `core_db=postgres://...`. */
export const ALL_DSNS = 'DATABASE_DSNS'

/** All texts to hide: everything after the first equals sign of each line. */
export const linesOf = (text = ''): readonly string[] =>
  text.split(/\r\n|\r|\n/).flatMap((line) => line.slice(line.indexOf('=') + 1).trim() || [])

/**
 * The variables that the lines add. A variable that is already set stays. Blank lines and lines that begin with `#` are
 * ignored. Throws a UserError with the number of the wrong line, and nothing of its text.
 */
export function dsnsOf(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const lines = (environment[ALL_DSNS] ?? '').split(/\r\n|\r|\n/)
  const found = lines.flatMap((line, i): readonly (readonly [string, string])[] => {
    if (line.trim() === '' || line.trim().startsWith('#')) return []
    const [, name, dsn] = /^\s*([\w.-]+)\s*=\s*(\S.*?)\s*$/.exec(line) ?? []
    if (name !== undefined && dsn !== undefined) return [[dsnVariable(name), dsn]]
    const what = `line ${i + 1} of the variable ${ALL_DSNS} is not name=connection string`
    throw new UserError({
      kind: 'use',
      what,
      fix: 'Write each line like this: core_db=postgres://user:password@host:5432/core_db',
    })
  })
  return Object.fromEntries(found.filter(([name]) => (environment[name]?.trim() ?? '') === ''))
}

/** The variable with the text (PEM) of the root certificate of the servers. */
const ROOT_CERTIFICATE = 'DATABASE_CA'

/**
 * If the text is given and no file is named, writes the text to a file. This program and PostgreSQL's programs read
 * that file. Returns the variable that libpq reads. Certificates are not secret.
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
