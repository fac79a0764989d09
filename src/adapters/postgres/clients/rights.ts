// Who may do what, before a script and after it. Pure.
import type { Access, Broken } from '../../../impact/facts.js'
import type { Guarded, Role, World } from './world.js'

export const PUBLIC = 'PUBLIC'

/** The roles whose rights a role has: its own, those it is a member of, and PUBLIC. */
function rolesOf(world: World, role: string): ReadonlySet<string> {
  const found = new Set([role])
  if (role !== PUBLIC)
    for (const one of found) for (const { member, of } of world.memberships) if (member === one) found.add(of)
  return found.add(PUBLIC)
}

const isSuperuser = (world: World, name: string): boolean =>
  world.roles.some((role) => role.name === name && role.superuser)

/** Asks for one right at a time, with the right on the schema that it needs. */
export function rightsIn(world: World): (role: string, object: Guarded, privilege: string) => boolean {
  const byName = new Map(world.guarded.map((one) => [keyOf(one), one]))
  const known = new Map<string, ReadonlySet<string>>()
  const rolesKnown = (role: string): ReadonlySet<string> => {
    const roles = known.get(role) ?? rolesOf(world, role)
    known.set(role, roles)
    return roles
  }
  const grantedOn = (role: string, { owner, grants }: Guarded, privilege: string): boolean => {
    const roles = rolesKnown(role)
    return roles.has(owner) || [...roles].some((one) => grants[one]?.includes(privilege))
  }
  return (role, object, privilege) => {
    if (isSuperuser(world, role)) return true
    const schema = byName.get(`schema ${object.within}`)
    if (object.kind === 'schema') return grantedOn(role, object, privilege)
    if (object.kind === 'column') {
      const table = byName.get(`table ${object.within}`)
      return grantedOn(role, object, privilege) || (table !== undefined && grantedOn(role, table, privilege))
    }
    return grantedOn(role, object, privilege) && (schema === undefined || grantedOn(role, schema, 'USAGE'))
  }
}

const keyOf = ({ kind, name }: Pick<Guarded, 'kind' | 'name'>): string => `${kind} ${name}`

/** What a client does with a privilege. Others are no statement of a client. */
const STATEMENTS: Readonly<Record<string, string>> = {
  SELECT: 'select',
  INSERT: 'insert',
  UPDATE: 'update',
  DELETE: 'delete',
  EXECUTE: 'call',
  USAGE: 'call',
}

/** What a role with explicit rights could do with an object that is still there, and no longer can. */
export function lostRights(before: World, after: World): readonly Broken[] {
  const could = rightsIn(before)
  const can = rightsIn(after)
  const now = new Map(after.guarded.map((one) => [keyOf(one), one]))
  const roles = new Set(after.roles.map(({ name }) => name).concat(PUBLIC))
  const left = before.memberships.filter(
    (one) => !after.memberships.some(({ member, of }) => member === one.member && of === one.of),
  )
  return before.guarded.flatMap((object) => {
    const same = now.get(keyOf(object))
    if (same === undefined || object.kind === 'schema') return []
    const holders = Object.keys(object.grants).concat(object.owner)
    const members = left.filter(({ of }) => holders.includes(of)).map(({ member }) => member)
    const asked = [...new Set([...holders, ...members])].filter((role) => roles.has(role) && !isSuperuser(before, role))
    return asked.flatMap((role) =>
      Object.keys(STATEMENTS)
        .filter(
          (privilege) => applies(object, privilege) && could(role, object, privilege) && !can(role, same, privilege),
        )
        .map((privilege) => refusedTo(role, object, privilege)),
    )
  })
}

function applies({ kind }: Guarded, privilege: string): boolean {
  if (kind === 'function') return privilege === 'EXECUTE'
  if (kind === 'sequence') return privilege === 'USAGE'
  return privilege !== 'EXECUTE' && privilege !== 'USAGE'
}

/** insufficient_privilege (PostgreSQL, "Error Codes"). */
const DENIED = '42501'

function refusedTo(role: string, object: Guarded, privilege: string): Broken {
  const relation = object.kind === 'column' ? object.within : object.name
  return {
    client: `${STATEMENTS[privilege] ?? ''} ${object.kind === 'sequence' ? `nextval(${relation})` : relation}`,
    ...(object.kind !== 'function' && { relation }),
    sqlstate: DENIED,
    message: `permission denied for ${object.kind} ${object.name}`,
    role,
  }
}

/**
 * What a role other than the owner may do after a script and could not before, on objects that are older than the script. Of a
 * new object only what everyone may do counts.
 */
export function gainedRights(before: World, after: World): readonly Access[] {
  const could = rightsIn(before)
  const can = rightsIn(after)
  const old = new Map(
    before.guarded.flatMap((one) => [[keyOf(one), one] as const, [`${one.kind} ${one.oid}`, one] as const]),
  )
  const gained = after.guarded.flatMap((object): readonly Access[] => {
    const was = old.get(`${object.kind} ${object.oid}`) ?? old.get(keyOf(object)) ?? columnOf(object, before)
    const relation = relationOf(was ?? object)
    return Object.entries(object.grants).flatMap(([role, privileges]) => {
      if (isSuperuser(after, role)) return []
      // A new function may be executed by PUBLIC without a GRANT.
      if (was === undefined && (role !== PUBLIC || object.kind === 'function')) return []
      const more = privileges.filter(
        (privilege) => can(role, object, privilege) && (was === undefined || !could(role, was, privilege)),
      )
      const one = role === PUBLIC ? {} : { role }
      return more.length === 0 ? [] : [{ ...relation, what: mayNow(role, more, object), ...one }]
    })
  })
  return [...gained, ...newOwners(before, after, old), ...newMembers(before, after), ...strongerRoles(before, after)]
}

/** A column without rights of its own is as its table. */
function columnOf(object: Guarded, world: World): Guarded | undefined {
  if (object.kind !== 'column') return undefined
  const table = world.guarded.find(({ kind, name }) => kind === 'table' && name === object.within)
  return table === undefined ? undefined : { ...object, grants: {} }
}

const relationOf = ({ kind, name, within }: Guarded): Pick<Access, 'relation'> =>
  kind === 'table' || kind === 'sequence' ? { relation: name } : kind === 'column' ? { relation: within } : {}

const PREPOSITIONS: Readonly<Record<string, string>> = {
  SELECT: 'SELECT from',
  INSERT: 'INSERT into',
  DELETE: 'DELETE from',
}

function mayNow(role: string, privileges: readonly string[], object: Guarded): string {
  const on = object.kind === 'schema' ? `schema ${object.name}` : object.name
  const [only] = privileges
  if (privileges.length === 1 && only !== undefined && only in PREPOSITIONS)
    return `${role} may ${PREPOSITIONS[only]} ${on}`
  return `${role} may ${privileges.join(', ')} on ${on}`
}

function newOwners(before: World, after: World, old: ReadonlyMap<string, Guarded>): readonly Access[] {
  return after.guarded.flatMap((object) => {
    const was = old.get(`${object.kind} ${object.oid}`)
    if (was === undefined || was.owner === object.owner || object.kind === 'column') return []
    if (isSuperuser(after, object.owner) || rolesOf(before, object.owner).has(was.owner)) return []
    return [{ ...relationOf(was), what: `${object.owner} owns ${object.name}` }]
  })
}

/** A role that is new gets nothing that it had not before by being a member. */
function newMembers(before: World, after: World): readonly Access[] {
  const known = new Set(before.roles.map(({ name }) => name))
  return after.memberships
    .filter(({ member, of }) => known.has(member) && !isSuperuser(after, member) && !rolesOf(before, member).has(of))
    .map(({ member, of }) => ({ what: `${member} may do what ${of} may` }))
}

function strongerRoles(before: World, after: World): readonly Access[] {
  const was = new Map(before.roles.map((role): readonly [string, Role] => [role.name, role]))
  return after.roles.flatMap(({ name, superuser, passesRowSecurity }) => {
    const role = was.get(name)
    if (role === undefined || role.superuser) return []
    if (superuser) return [{ what: `${name} is a superuser` }]
    return passesRowSecurity && !role.passesRowSecurity ? [{ what: `${name} passes row security` }] : []
  })
}

/** SECURITY DEFINER functions that are new or changed, and leave the search_path to the caller. */
export function unsafeDefiners(before: World, after: World): readonly Access[] {
  const was = new Map(before.routines.map((one) => [one.oid, one]))
  return after.routines
    .filter((one) => one.definer && !one.fixedPath)
    .filter((one) => {
      const old = was.get(one.oid)
      return old === undefined || !old.definer || old.fixedPath || old.text !== one.text
    })
    .map((one) => ({ what: `${one.name} runs with the rights of its owner, without a fixed search_path` }))
}
