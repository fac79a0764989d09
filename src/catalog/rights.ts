// Rights of roles on objects, as data: who has which, and what is left of them.
import { firstFew } from '../model/list-words.js'
import { portable, type View } from './portable.js'
import { objectsOf, type Snapshot } from './snapshot.js'

/** Role -> the letters of its rights (PostgreSQL, "Privileges"). */
export type Roles = ReadonlyMap<string, string>

/** Object (`table public.users`) -> the rights on it, without those of its owner. */
type Rights = ReadonlyMap<string, Roles>

/** The rights in a catalogue, of every role. */
export function rightsIn(snapshot: Snapshot, view: View): Rights {
  const objects = [...portable(snapshot, { ...view, roles: 'all' }).values()].flatMap(objectsOf)
  return new Map(
    objects.flatMap(({ kind, identity, definition: { acl } }) =>
      typeof acl === 'string' ? [[`${kind} ${identity}`, rolesIn(acl)] as const] : [],
    ),
  )
}

const rolesIn = (acl: string): Roles =>
  new Map(
    acl.split(', ').map((item) => {
      const at = item.lastIndexOf('=')
      return [item.slice(0, at), item.slice(at + 1).replaceAll('*', '')] as const
    }),
  )

export const NO_ROLES: Roles = new Map()

/** The rights of `all` that are not in `others`. */
export const withoutRights = (all: Rights, others: Rights): Rights =>
  new Map(
    [...all].flatMap(([name, roles]) => {
      const left = [...roles].filter(([role, letters]) => !covers(others.get(name)?.get(role), letters))
      return left.length === 0 ? [] : [[name, new Map(left)] as const]
    }),
  )

const covers = (has: string | undefined, letters: string): boolean =>
  has !== undefined && letters.split('').every((letter) => has.includes(letter))

const RELATION = /^(?:table|view|matview|foreign table) (.*)\.[^.]*$/

/** Without the roles that have the same rights on all other relations of the schema: they are not about this one. */
export function withoutBlanket(name: string, roles: Roles, given: Rights): Roles {
  const schema = RELATION.exec(name)?.[1]
  if (schema === undefined) return roles
  const others = [...given].filter(([other]) => other !== name && RELATION.exec(other)?.[1] === schema)
  return new Map(
    [...roles].filter(
      ([role, letters]) => others.length === 0 || !others.every(([, theirs]) => covers(theirs.get(role), letters)),
    ),
  )
}

/** Whether an object is a relation of that name or one of its columns. */
export const isOn = (object: string, relation: string): boolean =>
  object.endsWith(` ${relation}`) || object.startsWith(`column ${relation}.`)

/** Default rights are by the name of a relation. */
export const byKind = (objects: Rights, defaults: ReadonlyMap<string, Roles>): Rights =>
  new Map(
    [...objects.keys()].map((object) => [object, defaults.get(object.slice(object.indexOf(' ') + 1)) ?? NO_ROLES]),
  )

export const rightsWords = (rights: Rights): string =>
  firstFew([...rights].map(([object, roles]) => `${object} (${[...roles.keys()].join(', ')})`))
