// A step that the server refused for want of a right: who lacks it, and what gives it. That is no fault of the file.
import { identifier } from './quote.js'

/** PostgreSQL, "Error Codes": insufficient_privilege. */
export const INSUFFICIENT_PRIVILEGE = '42501'

/** `object` is the name in the message as the server writes it, `role` quoted. */
type Giving = (object: string, role: string) => string

/** Privileges by the kind of object, as PostgreSQL's GRANT has them. Of a table or a routine the message does not say which. */
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
 * A sentence of which role lacks what and what gives it; undefined for any other failure, also for what a script raises with
 * that code itself, and for changes of system catalogues. `role` is the one that connected; undefined where the script may have
 * taken another.
 */
export function missingRight(failure: {
  sqlstate: string
  message: string
  role: string | undefined
}): string | undefined {
  const { sqlstate, message } = failure
  if (sqlstate !== INSUFFICIENT_PRIVILEGE) return undefined
  const role = failure.role === undefined ? 'the role that the script takes' : identifier(failure.role)
  const giving = givingOf(message, role)
  const who = failure.role === undefined ? role : `role ${role}`
  return giving && `${who} lacks a right: ${message} (${giving})`
}

/** The words are those of aclcheck_error and its kin in PostgreSQL 14 to 18. */
function givingOf(message: string, role: string): string | undefined {
  const [, kind = '', object = ''] = /^permission denied for ([a-z -]+?) "?(.+?)"?$/.exec(message) ?? []
  const denied = DENIED.find((entry) => entry.kind.test(kind))
  if (denied !== undefined) return denied.giving(object, role)
  const owned = /^must be owner of (.+)$/.exec(message)
  if (owned !== null) return `let ${role} be a member of its owner: GRANT the owner TO ${role}`
  const [, member] = /^must be (?:a )?(?:member of role|able to SET ROLE) "(.+)"$/.exec(message) ?? []
  if (member !== undefined) return `GRANT ${identifier(member)} TO ${role}`
  if (/^permission denied to (?:create|alter|drop|rename) (?:role|user)/.test(message))
    return `ALTER ROLE ${role} CREATEROLE`
  if (/^permission denied to create extension/.test(message))
    return `GRANT CREATE ON the DATABASE TO ${role} where the extension is trusted; else a superuser has to create it`
  if (/^(?:must be superuser|permission denied (?:to|for) )/.test(message))
    return `let a role that may run this step, or give ${role} that right`
  return undefined
}
