// The certificates that connections of ours trust, as a file for programs of PostgreSQL.
import { randomBytes } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { rootCertificates } from 'node:tls'
import type { Machine } from '../server/machine.js'

/**
 * Where a connection is to be verified and names no roots, the body gets one that names a file with Node's own and those of
 * NODE_EXTRA_CA_CERTS: libpq has none itself. Its usual file counts where there is one. Gone afterwards.
 */
export async function trusting<T>(
  connection: Readonly<Record<string, string>>,
  environment: Machine['environment'],
  body: (connection: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const verified = connection['PGSSLMODE']?.startsWith('verify-') === true
  const usual = path.join(environment['HOME'] ?? '/', '.postgresql/root.crt')
  if (!verified || connection['PGSSLROOTCERT'] !== undefined || (await isThere(usual))) return body(connection)
  const extra = environment['NODE_EXTRA_CA_CERTS']
  const more = extra === undefined ? [] : [await readFile(extra, 'utf8').catch(() => '')]
  const name = `pg-migration-gate-${randomBytes(8).toString('hex')}.pem`
  const file = path.join(environment['RUNNER_TEMP'] ?? tmpdir(), name)
  await writeFile(file, [...rootCertificates, ...more].join('\n'), { mode: 0o600 })
  try {
    return await body({ ...connection, PGSSLROOTCERT: file })
  } finally {
    await rm(file, { force: true })
  }
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )
