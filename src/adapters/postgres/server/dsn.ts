// Parses the text that names a given server. Follows libpq, section "Connection Strings".
import { userInfo } from 'node:os'
import { UserError } from '../../../model/errors.js'
import type { Machine } from './machine.js'

/** Words of a connection string by their libpq names (`host`, `port`, `user`, `password`, `dbname`, `sslmode` ...). */
export type Dsn = Readonly<Record<string, string>>

/**
 * Reads a `postgres://` URL or `key=value` text. Missing parts come from the PG* variables, then from libpq's defaults.
 * Throws a UserError of kind `use` that never repeats any part of the text, as a password may be anywhere.
 */
export function parseDsn(text: string, machine: Pick<Machine, 'environment'>): Dsn {
  const written = parseWritten(text)
  const named = { ...defaults(machine), ...written }
  if (named['service'] !== undefined && (written['host'] ?? written['hostaddr']) === undefined) {
    throw refused(
      'names its server by a service (service, or PGSERVICE), and pg_service.conf is not read',
      'Write host, port and database of that service.',
    )
  }
  // libpq's default without a host. localhost would be another server.
  const dsn = written['host'] === undefined && named['hostaddr'] ? { ...named, host: named['hostaddr'] } : named
  if (/,/.test(`${dsn['host']}${dsn['port']}`)) throw refused('names more than one host', 'Name one host and one port.')
  if (!/^[0-9]{1,5}$/.test(dsn['port'] ?? '') || Number(dsn['port']) < 1 || Number(dsn['port']) > 65_535) {
    throw refused('has a port that is not a number from 1 to 65535', ENCODE)
  }
  return dsn
}

/** Reads only the parts in the text itself. Throws as `parseDsn` does. */
export function parseWritten(text: string): Dsn {
  const trimmed = text.trim()
  return /^postgres(ql)?:\/\//i.test(trimmed) ? parseUrl(trimmed) : parseWords(trimmed)
}

const ENCODE = 'In a URL write / as %2F, @ as %40, : as %3A, ? as %3F and % as %25 in user and password.'

const refused = (problem: string, fix: string): UserError =>
  new UserError({ kind: 'use', what: `The address of the server (--server) ${problem}.`, fix })

function defaults({ environment }: Pick<Machine, 'environment'>): Dsn {
  const named = {
    host: environment['PGHOST'],
    hostaddr: environment['PGHOSTADDR'],
    service: environment['PGSERVICE'],
    options: environment['PGOPTIONS'],
    port: environment['PGPORT'],
    user: environment['PGUSER'] ?? environment['USER'] ?? accountName(),
    password: environment['PGPASSWORD'],
    sslmode: environment['PGSSLMODE'],
    sslrootcert: environment['PGSSLROOTCERT'],
    sslcert: environment['PGSSLCERT'],
    sslkey: environment['PGSSLKEY'],
  }
  return { host: 'localhost', port: '5432', dbname: 'postgres', ...present(named) }
}

const present = (words: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(words).flatMap(([name, value]) => (value ? [[name, value]] : [])))

function accountName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

/** Does not use `URL`, because passwords with `#` or a raw `@` are common and libpq accepts an empty host. */
function parseUrl(text: string): Dsn {
  const [, start = '', path = '', query = ''] = /^[^:]+:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text) ?? []
  if (path.includes('@')) throw refused('has an @ after the first / or ?', ENCODE)
  const at = start.lastIndexOf('@')
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(at < 0 ? '' : start.slice(0, at)) ?? []
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*):?(.*)$/s.exec(start.slice(at + 1)) ?? []
  const words = query.split('&').map((pair) => /^([^=]*)=?(.*)$/s.exec(pair) ?? [])
  return present({
    user: decode(user),
    password: decode(password),
    host: decode(host).replace(/^\[(.*)\]$/, '$1'),
    port: decode(port),
    dbname: decode(path),
    ...Object.fromEntries(words.map(([, name = '', value = '']) => [decode(name), decode(value)])),
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refused('has a % that starts no encoded character', ENCODE)
  }
}

function parseWords(text: string): Dsn {
  const words: Record<string, string> = {}
  const word = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/sy
  while (word.lastIndex < text.length) {
    const [, name, quoted, plain = ''] = word.exec(text) ?? []
    if (name === undefined) {
      throw refused(
        'is neither a postgres:// URL nor words like host=... port=... dbname=...',
        'Use postgres://user:password@host:5432/database.',
      )
    }
    words[name] = (quoted ?? plain).replace(/\\(.)/gs, '$1')
  }
  return present(words)
}
