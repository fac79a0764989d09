// Which statements reach past their own database: roles, tablespaces, other databases, settings of the whole server.
import { codeOnly, withoutComments, type Statement } from './statements.js'

type Rule = { readonly pattern: RegExp; readonly name: (found: string) => string }

const upper = (found: string): string => found.toUpperCase().replaceAll(/\s+/g, ' ').trim()

/** On the start of a statement's code. The shared catalogues of PostgreSQL are the source of this list. */
const STATEMENTS: readonly Rule[] = [
  { pattern: /^(?:CREATE|ALTER|DROP)\s+(?:ROLE|GROUP|USER(?!\s+MAPPING\b))\b/i, name: upper },
  { pattern: /^(?:CREATE|ALTER|DROP)\s+(?:TABLESPACE|DATABASE|SUBSCRIPTION)\b/i, name: upper },
  { pattern: /^ALTER\s+SYSTEM\b/i, name: upper },
  { pattern: /^(?:REASSIGN|DROP)\s+OWNED\b/i, name: upper },
  {
    pattern: /^(?:COMMENT|SECURITY\s+LABEL(?:\s+FOR\s+\S+)?)\s+ON\s+(?:ROLE|TABLESPACE|DATABASE|SUBSCRIPTION)\b/i,
    name: upper,
  },
  { pattern: /^(?:GRANT|REVOKE)\b[^]*\bON\s+(?:DATABASE|TABLESPACE|PARAMETER)\b/i, name: (found) => privilege(found) },
  { pattern: /^(?:GRANT|REVOKE)\b(?![^]*\bON\b)/i, name: (found) => `${upper(found)} of a role` },
]

const privilege = (found: string): string => {
  const words = upper(found).split(' ')
  return `${words[0] ?? ''} ON ${words.at(-1) ?? ''}`
}

const FUNCTIONS =
  /\bpg_(?:(?:create|drop)_(?:logical_|physical_)?replication_slot|replication_origin_(?:create|drop))\b/gi

/** In the body of DO or of a routine, where statements are also built from strings; names may be %I, quotes or variables. */
const IN_BODY: readonly Rule[] = [
  {
    pattern:
      /(?<![\w"])(?:(?:CREATE|ALTER|DROP)\s+(?:ROLE|GROUP|USER(?!\s+MAPPING\b)|TABLESPACE|DATABASE|SUBSCRIPTION)|ALTER\s+SYSTEM|(?:REASSIGN|DROP)\s+OWNED)(?=\s)/gi,
    name: upper,
  },
  { pattern: /(?<![\w"])(?:GRANT|REVOKE)\b[^;]*?\bON\s+(?:DATABASE|TABLESPACE|PARAMETER)\b/gi, name: privilege },
  {
    pattern: /(?<![\w"])(?:GRANT|REVOKE)\b(?:(?!\bON\b)[^;])*\b(?:TO|FROM)\b/gi,
    name: (found) => `${found.slice(0, 6).toUpperCase().trim()} of a role`,
  },
  { pattern: FUNCTIONS, name: (found) => found },
]
const OWN_DATABASE = ['ALTER DATABASE', 'GRANT ON DATABASE', 'REVOKE ON DATABASE']
const SUSPECT =
  /\b(?:ROLE|USER|GROUP|TABLESPACE|DATABASE|SUBSCRIPTION|SYSTEM|OWNED|PARAMETER|GRANT|REVOKE|pg_\w*(?:replication)\w*)\b/i

/** Whether a text can hold such a statement at all: most do not, and need not be taken apart. */
export const maybeClusterWide = (text: string): boolean => SUSPECT.test(text)

const RAISE = /\bRAISE\b(?:'(?:[^']|'')*'|[^;'])*;/gi
const HAS_BODY = /^(?:DO\b|CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b)/i

/**
 * Names what the statement changes outside of its own database, undefined when it stays inside. DO blocks and routine
 * bodies are searched as text, so a role that is made there is found, and now and then one that would never be made.
 */
export function clusterWide(statement: Statement): string | undefined {
  if (!SUSPECT.test(statement.text)) return undefined
  const code = codeOnly(statement.text).trim()
  for (const { pattern, name } of STATEMENTS) {
    const found = pattern.exec(code)
    if (found !== null) return name(found[0])
  }
  const called = code.match(FUNCTIONS)
  if (called !== null) return called[0]
  return HAS_BODY.test(code) ? inBody(statement.text) : undefined
}

/** What is built with current_database() stays in the scratch database, which goes away with all that hangs on it. */
function inBody(text: string): string | undefined {
  const body = bodyOf(text).replaceAll(RAISE, ' ')
  const own = /\bcurrent_database\s*\(/i.test(body) ? OWN_DATABASE : []
  const found = IN_BODY.flatMap(({ pattern, name }) => [...body.matchAll(pattern)].map((match) => name(match[0])))
  const first = found.find((name) => !own.includes(name))
  return first === undefined ? undefined : `${first} in a body`
}

/** Comments are blanked inside the dollar quotes too; strings stay, since EXECUTE builds statements from them. */
function bodyOf(text: string): string {
  const tag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(codeOnly(text))
  if (tag === null) return withoutComments(text)
  const start = tag.index + tag[0].length
  return withoutComments(text.slice(start, text.lastIndexOf(tag[0])))
}
