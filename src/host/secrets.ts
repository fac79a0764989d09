// The secrets in a server's address, and how to keep them out of what is printed.

/**
 * `hide` are texts that must not be shown in any form. `weak` says that the password is so short or so common that hiding it
 * would also hide harmless words: a masked value in a job output makes GitHub drop that output.
 */
export type Secrets = { readonly hide: readonly string[]; readonly weak: boolean }

/** Passwords of throw-away servers, as examples and service containers have them. */
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

/**
 * The secrets of a `postgres://` URL or of `key=value` pairs: the whole, and the password as written, decoded and encoded.
 * In production every password is hidden, however short.
 */
export function secretsOf(server: string, weak: 'show' | 'hide' = 'show'): Secrets {
  const passwords = passwordsIn(server)
  if (
    weak === 'show' &&
    passwords.some((password) => password.length < SHORTEST || TEST_PASSWORDS.has(password.toLowerCase()))
  ) {
    return { hide: [], weak: true }
  }
  const known = passwords.flatMap((password) => [password, encodeURIComponent(decoded(password))])
  return {
    hide: [...new Set(passwords.length > 0 ? [server, ...known] : [])].filter((text) => text !== ''),
    weak: false,
  }
}

/** The same for several addresses; one whose password is too common to hide makes only itself weak. */
export function secretsOfAll(servers: readonly string[], weak: 'show' | 'hide' = 'show'): Secrets {
  const all = servers.map((server) => secretsOf(server, weak))
  return { hide: [...new Set(all.flatMap(({ hide }) => hide))], weak: all.some(({ weak }) => weak) }
}

/** Values of variables that look like the address of a database with a password. */
export const dsnsIn = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(environment).flatMap(([name, value = '']) =>
    /^postgres(?:ql)?:\/\/[^/?#]*:[^/?#]*@/i.test(value) ||
    (/DSN$|DATABASE_URL/i.test(name) && /\bpassword\s*=/i.test(value))
      ? [value]
      : [],
  )

function passwordsIn(server: string): readonly string[] {
  const userinfo = /^[a-z]+:\/\/[^/?#]*?:([^/?#]*)@/i.exec(server)?.[1]
  const parameter = /[?&]password=([^&#]*)/i.exec(server)?.[1]
  const pair = /(?:^|\s)password\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))/i.exec(server)
  const quoted = pair?.[1]?.replaceAll(/\\(.)/g, '$1')
  const raw = [userinfo, parameter, quoted, pair?.[2]].flatMap((text) => (text === undefined ? [] : [text]))
  return [...new Set(raw.flatMap((text) => [text, decoded(text)]))].filter((text) => text !== '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The text with every secret replaced, longest first. */
export function redact(text: string, secrets: Secrets): string {
  const longestFirst = secrets.hide.toSorted((a, b) => b.length - a.length)
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}
