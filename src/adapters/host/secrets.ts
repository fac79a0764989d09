// Finds the secrets in connection strings, and removes them from output.

/**
 * `hide` are texts that must not be shown in any form. `weak`: the password is so short or common that hiding it would also
 * hide harmless words. GitHub drops a job output that contains a masked value.
 */
export type Secrets = { readonly hide: readonly string[]; readonly weak: boolean }

/** Passwords of throw-away servers, as in examples and service containers. */
const TEST_PASSWORDS = new Set([
  'postgres',
  'postgresql',
  'password',
  'password1',
  'passw0rd',
  'secret',
  'changeme',
  'testtest',
  'example',
  'mysecretpassword',
])
const SHORTEST = 8

/** Variables whose whole value is a secret. */
const SECRET_VARIABLES = ['PGPASSWORD', 'BACKUP_AGE_IDENTITY']

/**
 * The secrets of a `postgres://` URL or of `key=value` pairs: the whole text, and the password as written, decoded and
 * encoded. In production every password is hidden, at any length.
 */
export function secretsOf(server: string, weak: 'show' | 'hide' = 'show'): Secrets {
  return hiding(passwordsIn(server), server, weak)
}

/**
 * All secrets of a run: in the given servers, in each variable that looks like a connection string, and in variables whose
 * name marks a secret. A password that is too common to hide makes only its own source weak.
 */
export function secretsIn(options: {
  environment: Readonly<Record<string, string | undefined>>
  servers: readonly string[]
  weak?: 'show' | 'hide'
}): Secrets {
  const { environment, servers, weak = 'show' } = options
  const named = SECRET_VARIABLES.map((name) => environment[name]?.trim() ?? '').filter((value) => value !== '')
  const all = [
    ...[...servers, ...dsnsIn(environment)].map((server) => secretsOf(server, weak)),
    ...named.map((value) => hiding([value], value, weak)),
  ]
  return { hide: [...new Set(all.flatMap(({ hide }) => hide))], weak: all.some(({ weak }) => weak) }
}

function hiding(passwords: readonly string[], whole: string, weak: 'show' | 'hide'): Secrets {
  if (
    weak === 'show' &&
    passwords.some((password) => password.length < SHORTEST || TEST_PASSWORDS.has(password.toLowerCase()))
  ) {
    return { hide: [], weak: true }
  }
  const known = passwords.flatMap((password) => [password, encodeURIComponent(decoded(password))])
  return {
    hide: [...new Set(passwords.length > 0 ? [whole, ...known] : [])].filter((text) => text !== ''),
    weak: false,
  }
}

/** Values of variables that look like a connection string with a password. */
const dsnsIn = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.values(environment).flatMap((value = '') =>
    /^postgres(?:ql)?:\/\/[^/?#]*:[^/?#]*@/i.test(value) || isKeyValue(value) ? [value] : [],
  )

/** libpq's `key=value` text with a password and a server. The config may name any variable. */
const isKeyValue = (value: string): boolean =>
  /(?:^|\s)password\s*=/i.test(value) && /(?:^|\s)(?:host|hostaddr|dbname|user|port|service)\s*=/i.test(value)

/** libpq uses the last of repeated `key=value` pairs, but the earlier ones are secret as well. */
function passwordsIn(server: string): readonly string[] {
  const found = (pattern: RegExp): readonly string[] => [...server.matchAll(pattern)].flatMap((match) => match[1] ?? [])
  const raw = [
    ...found(/^[a-z]+:\/\/[^/?#]*?:([^/?#]*)@/gi),
    ...found(/[?&]password=([^&#]*)/gi),
    ...found(/(?:^|\s)password\s*=\s*'((?:[^'\\]|\\.)*)'/gi).map((text) => text.replaceAll(/\\(.)/g, '$1')),
    ...found(/(?:^|\s)password\s*=\s*([^\s']\S*)/gi),
  ]
  return [...new Set(raw.flatMap((text) => [text, decoded(text)]))].filter((text) => text !== '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Replaces every secret in the text, longest first. */
export function redact(text: string, secrets: Secrets): string {
  const longestFirst = secrets.hide.toSorted((a, b) => b.length - a.length)
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}
