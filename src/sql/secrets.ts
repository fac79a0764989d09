// Passwords and keys in text: their places, and the text without them.

/** `kind` names the kind of secret in words. `start` and `end` are the offsets (UTF-16 units) of the secret part alone. */
export type Secret = { readonly kind: string; readonly start: number; readonly end: number }

type Pattern = { readonly kind: string; readonly pattern: RegExp }

/** The first group is the secret; without a group the whole match is. The forms are those that the issuers document. */
const PATTERNS: readonly Pattern[] = [
  {
    kind: 'password of a role',
    pattern:
      /\b(?:CREATE|ALTER)\s+(?:ROLE|GROUP|USER(?!\s+MAPPING\b))\b[^;]*?\bPASSWORD\s+[Ee]?(?:''(?=[^'\n]+'')|'(?!')|\$\w*\$)([^'\n]+?)(?='|\$\w*\$|$)/dgim,
  },
  { kind: 'password of a user mapping', pattern: /\bOPTIONS\s*\([^)]*?\bpassword\s+'([^'\n]+)'/dgi },
  {
    kind: 'password in a connection string',
    pattern: /'[^'\n]*\b(?:host|hostaddr|dbname|user)\s*=[^'\n]*?\bpassword\s*=\s*([^\s'&]+)/dgi,
  },
  {
    kind: 'password in a connection string',
    pattern: /'[^'\n]*?\bpassword\s*=\s*([^\s'&]+)[^'\n]*\b(?:host|hostaddr|dbname|user)\s*=/dgi,
  },
  { kind: 'password in a URL', pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/'"]*:([^\s@/'"]+)@[\w.[\]-]/dgi },
  { kind: 'private key', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/dg },
  { kind: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/dg },
  {
    kind: 'AWS secret key',
    pattern: /\baws_?secret_?(?:access_?)?key\b['"\s:=,]{1,8}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/dgi,
  },
  { kind: 'Google API key', pattern: /\bAIza[\w-]{35}(?![\w-])/dg },
  { kind: 'Google client secret', pattern: /\bGOCSPX-[\w-]{20,}/dg },
  { kind: 'GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})\b/dg },
  { kind: 'GitLab token', pattern: /\bglpat-[\w-]{20,}/dg },
  { kind: 'Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/dg },
  { kind: 'Slack webhook', pattern: /\bhooks\.slack\.com\/services\/(T\w+\/B\w+\/\w{16,})/dg },
  { kind: 'Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/dg },
  { kind: 'SendGrid key', pattern: /\bSG\.[\w-]{16,}\.[\w-]{16,}/dg },
]

/**
 * Placeholders, which are not secrets: `${X}`, `$X`, `{{X}}`, `<password>`, `%s`, `:x`, `***`. Sample keys of the
 * issuers' manuals are not secrets either.
 */
const STAND_IN =
  /^(?:\$\{|\$[A-Z_][A-Z0-9_]*$|\{\{|<.*>$|%[A-Za-z(]|:\w+$|@\w+@$|\*+$|[xX]{3,}$|\.{3})|EXAMPLE(?:KEY)?$/

/** In the order of the text; each place is listed once. */
export function findSecrets(text: string): readonly Secret[] {
  const found = PATTERNS.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const [start, end] = match.indices?.[1] ?? match.indices?.[0] ?? [0, 0]
      return STAND_IN.test(text.slice(start, end)) ? [] : [{ kind, start, end }]
    }),
  )
  const sorted = found.sort((a, b) => a.start - b.start || b.end - a.end)
  return sorted.filter((secret, i) => !sorted.slice(0, i).some((earlier) => secret.start < earlier.end))
}

/** The text with every secret as `***`, for messages that show a line of a file. */
export function withoutSecrets(text: string): string {
  let out = ''
  let at = 0
  for (const { start, end } of findSecrets(text)) {
    out += `${text.slice(at, start)}***`
    at = end
  }
  return out + text.slice(at)
}
