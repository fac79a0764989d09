// Translates libpq's sslmode into options for pg and Node's TLS.
import { readFileSync } from 'node:fs'
import type { ClientConfig } from 'pg'
import { UserError } from '../../../model/errors.js'
import type { Dsn } from './dsn.js'

/** What to offer the server, in this order, until it accepts one. */
export type Offers = readonly (false | Exclude<ClientConfig['ssl'], boolean | undefined>)[]

const refused = (what: string, cause?: unknown): UserError =>
  new UserError({ kind: 'use', what, fix: 'Use sslmode disable, prefer, require, verify-ca or verify-full.', cause })

/**
 * `prefer` (also the default) and `allow` use encryption if the server has it; `require` insists on it. None of them
 * checks the certificate unless a root certificate is named. Unix sockets are never encrypted.
 */
export function tlsOffers(dsn: Dsn): Offers {
  const mode = dsn['sslmode'] ?? 'prefer'
  const certificates = dsn['host']?.startsWith('/') ? {} : readCertificates(dsn)
  const trusting = { ...certificates, rejectUnauthorized: false }
  const anyName = { ...certificates, checkServerIdentity: () => undefined }
  if (dsn['host']?.startsWith('/')) return [false]
  switch (mode) {
    case 'disable':
      return [false]
    case 'allow':
    case 'prefer':
      return [trusting, false]
    case 'no-verify':
      return [trusting]
    case 'require':
      return ['ca' in certificates ? anyName : trusting]
    case 'verify-ca':
      return [anyName]
    case 'verify-full':
      return [{ ...certificates }]
    default:
      throw refused('The address of the server (--server) has an sslmode that does not exist.')
  }
}

function readCertificates(dsn: Dsn): Readonly<Record<string, string>> {
  const files = { ca: dsn['sslrootcert'], cert: dsn['sslcert'], key: dsn['sslkey'] }
  const named = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(named.filter(([, path]) => path !== 'system').map(([name, path]) => [name, readPem(path)]))
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError({
      kind: 'use',
      what: 'A certificate or key that the address of the server (--server) names cannot be read.',
      fix: 'Check sslrootcert, sslcert and sslkey.',
      cause,
    })
  }
}
