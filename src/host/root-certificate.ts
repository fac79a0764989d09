// The root certificate of a server, from a secret that holds its text.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

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
