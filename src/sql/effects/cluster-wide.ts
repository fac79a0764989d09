// Statements that change more than their own database: roles, tablespaces, other databases, settings of the whole server.
import { kindsWith, nameOf, nameOfKind } from '../statement-kinds.js'
import { codeOnly, dollarQuoted, withoutComments, type Statement, statementsIn } from '../statements.js'

const FUNCTIONS =
  /\bpg_(?:(?:create|copy|drop)_(?:logical_|physical_)?replication_slot|replication_(?:slot|origin)_\w+)\b/gi

const IN_BODY = kindsWith('inBody')
const OWN_DATABASE = ['ALTER DATABASE', 'GRANT ON DATABASE', 'REVOKE ON DATABASE']
const SUSPECT =
  /\b(?:ROLE|USER|GROUP|TABLESPACE|DATABASE|SUBSCRIPTION|SYSTEM|OWNED|PARAMETER|GRANT|REVOKE|pg_\w*(?:replication)\w*)\b/i

/** Whether a text can hold such a statement at all: most do not, and need no parsing. */
const maybeClusterWide = (text: string): boolean => SUSPECT.test(text)

const RAISE = /\bRAISE\b(?:'(?:[^']|'')*'|[^;'])*;/gi
const HAS_BODY = /^(?:DO\b|CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b)/i

/**
 * Names the object that the statement changes outside its own database, undefined when there is none. DO blocks and
 * routine bodies are searched as text. So a role that is made there is found, and now and then a role that is never made.
 */
export function clusterWideChange(statement: Statement): string | undefined {
  if (!SUSPECT.test(statement.text)) return undefined
  const code = codeOnly(statement.text).trim()
  const name = nameOfKind(code, 'clusterWide')
  if (name !== undefined) return name
  const called = code.match(FUNCTIONS)
  if (called !== null) return called[0]
  return HAS_BODY.test(code) ? inBody(statement.text) : undefined
}

/**
 * Statements built with current_database() stay in the scratch database, which is dropped with everything that depends on
 * it.
 */
function inBody(text: string): string | undefined {
  const body = bodyOf(text).replaceAll(RAISE, ' ')
  const own = /\bcurrent_database\s*\(/i.test(body) ? OWN_DATABASE : []
  const statements = IN_BODY.flatMap((kind) =>
    kind.inBody === undefined
      ? []
      : [...body.matchAll(kind.inBody)].map((match) => ({ name: nameOf(kind, match[0]), at: match.index })),
  )
  const calls = [...body.matchAll(FUNCTIONS)].map((match) => ({ name: match[0], at: match.index }))
  const found = [...statements, ...calls].sort((a, b) => a.at - b.at)
  const first = found.find(({ name }) => !own.includes(name))
  return first === undefined ? undefined : `${first.name} in a body`
}

/** Comments are blanked inside the dollar quotes too; strings stay, because EXECUTE builds statements from them. */
const bodyOf = (text: string): string => withoutComments(dollarQuoted(text) ?? text)

/** Whether a script changes objects of the whole server (roles, tablespaces, settings), as far as its text shows. */
export const reachesCluster = (
  scripts: readonly { readonly messages: readonly { readonly text: string }[] }[],
): boolean =>
  scripts.some((script) =>
    script.messages.some(
      (message) =>
        maybeClusterWide(message.text) &&
        statementsIn(message).some((statement) => clusterWideChange(statement) !== undefined),
    ),
  )
