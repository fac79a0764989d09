// A step that the server refused for a missing privilege: which role lacks it, and how to grant it. The file is not at
// fault.
import { identifier } from './quote.js'

/** PostgreSQL, "Error Codes": insufficient_privilege. */
export const INSUFFICIENT_PRIVILEGE = '42501'

/** `object` is the name in the message as the server writes it, `role` quoted. */
type Giving = (object: string, role: string) => string

/**
 * Privileges by the kind of object, as in PostgreSQL's GRANT. For a table or a routine, the message does not name the
 * privilege.
 */
const DENIED: readonly { readonly kind: RegExp; readonly giving: Giving }[] = [
  { kind: /^schema$/, giving: (name, role) => `GRANT USAGE, CREATE ON SCHEMA ${name} TO ${role}` },
  { kind: /^database$/, giving: (name, role) => `GRANT CREATE ON DATABASE ${name} TO ${role}` },
  { kind: /^tablespace$/, giving: (name, role) => `GRANT CREATE ON TABLESPACE ${name} TO ${role}` },
  {
    kind: /^(?:table|view|materialized view|foreign table|relation)$/,
    giving: (name, role) =>
      `GRANT what the statement needs (SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER) ON ${name} TO ${role}`,
  },
  { kind: /^sequence$/, giving: (name, role) => `GRANT USAGE, SELECT, UPDATE ON SEQUENCE ${name} TO ${role}` },
  {
    kind: /^(?:function|procedure|aggregate|routine)$/,
    giving: (name, role) => `GRANT EXECUTE ON ROUTINE ${name} TO ${role}`,
  },
  { kind: /^(?:type|domain)$/, giving: (name, role) => `GRANT USAGE ON TYPE ${name} TO ${role}` },
  { kind: /^language$/, giving: (name, role) => `GRANT USAGE ON LANGUAGE ${name} TO ${role}` },
  {
    kind: /^foreign-data wrapper$/,
    giving: (name, role) => `GRANT USAGE ON FOREIGN DATA WRAPPER ${name} TO ${role}`,
  },
  { kind: /^foreign server$/, giving: (name, role) => `GRANT USAGE ON FOREIGN SERVER ${name} TO ${role}` },
]

/**
 * A sentence that names the role, the missing privilege and the fix. Undefined for any other failure, for a script that
 * raises that code itself, and for changes of system catalogues. `role` is the role of the connection; undefined where
 * the script may have switched to another.
 */
export function missingRight(failure: {
  sqlstate: string
  message: string
  role: string | undefined
}): string | undefined {
  const { sqlstate, message } = failure
  if (sqlstate !== INSUFFICIENT_PRIVILEGE) return undefined
  const role = failure.role === undefined ? 'the role that the script switches to' : identifier(failure.role)
  const giving = givingOf(message, role)
  const who = failure.role === undefined ? role : `role ${role}`
  return giving && `${who} lacks a privilege: ${message} (${giving})`
}

/** The words are those of aclcheck_error and related functions in PostgreSQL 14 to 18. */
function givingOf(message: string, role: string): string | undefined {
  const [, kind = '', object = ''] = /^permission denied for ([a-z -]+?) "?(.+?)"?$/.exec(message) ?? []
  const denied = DENIED.find((entry) => entry.kind.test(kind))
  if (denied !== undefined) return denied.giving(object, role)
  const owned = /^must be owner of (.+)$/.exec(message)
  if (owned !== null) return `make ${role} a member of its owner: GRANT the owner TO ${role}`
  const [, member] = /^must be (?:a )?(?:member of role|able to SET ROLE) "(.+)"$/.exec(message) ?? []
  if (member !== undefined) return `GRANT ${identifier(member)} TO ${role}`
  if (/^permission denied to (?:create|alter|drop|rename) (?:role|user)/.test(message))
    return `ALTER ROLE ${role} CREATEROLE`
  if (/^permission denied to create extension/.test(message))
    return `GRANT CREATE ON the DATABASE TO ${role} where the extension is trusted; otherwise a superuser has to create it`
  if (/^(?:must be superuser|permission denied (?:to|for) )/.test(message))
    return `run this step as a role that may, or give ${role} that privilege`
  return undefined
}
