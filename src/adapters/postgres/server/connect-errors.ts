// Explains why a given server could not be reached, without its password or the text that named it.
import { UserError } from '../../../model/errors.js'
import { identifier } from '../../../sql/quote.js'
import type { Dsn } from './dsn.js'

/** `host:port` as people write it. */
export const placeOf = (dsn: Dsn): string =>
  dsn['host']?.startsWith('/')
    ? `${dsn['host']}/.s.PGSQL.${dsn['port'] ?? ''}`
    : `${dsn['host'] ?? ''}:${dsn['port'] ?? ''}`

export function explainTrouble(error: unknown, dsn: Dsn): UserError {
  const { code, message } = describe(error)
  const [problem, fix] = words({ code, message, dsn })
  return new UserError({ kind: 'environment', what: `The server at ${placeOf(dsn)} ${problem}.`, fix })
}

/** Node tries every address of a name. The joint error has the code of the first failure but no message. */
export function describe(error: unknown): { readonly code: string; readonly message: string } {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return { code, message: error instanceof Error ? error.message : String(error) }
}

function words({ code, message, dsn }: { code: string; message: string; dsn: Dsn }): readonly [string, string] {
  const user = dsn['user'] ?? ''
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return ['refuses connections: nothing listens there', 'Start it, or correct host and port.']
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [
        'is not known: its name has no address here',
        'Correct the host name; in a container use the name of the service.',
      ]
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return ['cannot be reached from here', 'Check host, port and firewall.']
    case 'ECONNRESET':
    case 'EPIPE':
      return ['closed the connection at once', 'See that a PostgreSQL server listens on this port.']
    case 'EACCES':
    case 'EPERM':
      return ['has a socket that this account may not open', 'Run as an account that may, or connect over TCP.']
    case '28P01':
      return [`refuses the password of user "${user}"`, 'Correct user and password.']
    case '28000':
      if (/not permitted to log in/.test(message))
        return [`does not let role "${user}" log in (NOLOGIN)`, 'Name a role that may, or ALTER ROLE it LOGIN.']
      return [
        `does not let user "${user}" in: ${message}`,
        'Correct the user, ask for a line in pg_hba.conf, or set sslmode=require.',
      ]
    case '3D000':
      return [
        `has no database "${dsn['dbname'] ?? ''}"`,
        'Name a database that exists; it serves only to create and drop scratch databases.',
      ]
    case '42501':
      return [
        `does not let user "${user}" connect to "${dsn['dbname'] ?? ''}"`,
        'GRANT CONNECT, or name another database.',
      ]
    case '53300': {
      const [, whose = '', limited = ''] = /^too many connections for (database|role) "(.*)"$/.exec(message) ?? []
      if (whose !== '')
        return [
          `lets no more connections in for ${whose} "${limited}": its CONNECTION LIMIT is reached`,
          `Close some, or raise it: ALTER ${whose.toUpperCase()} ${identifier(limited)} CONNECTION LIMIT.`,
        ]
      return ['has no connection left', 'Close some, or raise max_connections.']
    }
    case '57P03':
      return [
        'is starting up or shutting down, and was not ready in time',
        'Wait for it; a service container needs a health check.',
      ]
  }
  // 55000 has many meanings. At the start of a session it has only this one.
  if (code === '55000' && /not currently accepting connections/.test(message)) {
    const name = dsn['dbname'] ?? ''
    return [
      `has the database "${name}" closed to connections (datallowconn)`,
      `A restore that was interrupted may have left it closed; its swap is done completely or not at all. In another database of this server: ALTER DATABASE ${identifier(name)} ALLOW_CONNECTIONS true;`,
    ]
  }
  if (/timeout/i.test(message)) return ['did not answer in time', 'Check host, port and firewall.']
  if (/client password must be a string/.test(message))
    return [`wants a password for user "${user}"`, 'Set it in the URL or in PGPASSWORD.']
  if (/does not support SSL/.test(message))
    return ['has no TLS, and sslmode asks for it', 'Set sslmode=disable or sslmode=prefer.']
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO)|_CERT/.test(code)) {
    return [
      `has a certificate that cannot be trusted (${code})`,
      'Name its root certificate in sslrootcert, or set sslmode=require.',
    ]
  }
  return [
    `could not be used: ${code === '' ? (message.split('\n')[0] ?? '') : `${message.split('\n')[0] ?? ''} (${code})`}`,
    "Check the address and the server's log.",
  ]
}
