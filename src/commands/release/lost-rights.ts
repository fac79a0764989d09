// Rights that people gave in the live database, and that go with an object which a step drops or makes again.
import { portable, type View } from '../../catalog/portable.js'
import { objectsOf, type Snapshot } from '../../catalog/snapshot.js'
import { firstFew } from '../../model/list-words.js'
import type { DryRunResult } from '../../prove/dry-run.js'
import type { Refused } from '../../release/gate.js'
import type { Run } from '../live/run.js'
import type { PlannedTarget } from '../live/target.js'

type Rehearsed = { readonly rehearsal: DryRunResult; readonly live: Snapshot; readonly view: View }

/** Role -> the letters of its rights (PostgreSQL, "Privileges"). */
type Roles = ReadonlyMap<string, string>

/** Object (`table public.users`) -> the rights on it, without those of its owner. */
type Rights = ReadonlyMap<string, Roles>

/**
 * Refuses a step that takes rights from a role which no file gave. Left out: an object that goes for good, if the role has
 * the same rights on everything else in its schema; and rights that the default privileges give again.
 */
export async function lostRights(
  run: Run,
  { target, read, plan }: PlannedTarget,
  { rehearsal, live, view }: Rehearsed,
): Promise<readonly Refused[]> {
  const given = rightsIn(live, view)
  const byHand = difference(given, rightsIn(rehearsal.start, view))
  if (byHand.size === 0) return []
  const refused: Refused[] = []
  for (const [at, { does, remade, after }] of rehearsal.steps.entries()) {
    const id = `${read.config.name}: ${plan.steps[at]?.migration.id ?? ''}`
    const gone = does.filter(({ change }) => change === 'lost').map(({ kind, identity }) => `${kind} ${identity}`)
    const dropped = new Map(
      [...byHand].flatMap(([name, roles]) => {
        const own = gone.includes(name) ? withoutBlanket(name, roles, given) : NO_ROLES
        return own.size === 0 ? [] : [[name, own] as const]
      }),
    )
    if (dropped.size > 0) {
      const what = `${id} drops what roles have rights on that no file gives: ${words(dropped)}`
      const fix = 'Find out who uses it. If it may go, REVOKE the rights in the database first, and make a new plan.'
      refused.push({ rule: 'blocker', what, fix })
    }
    const again = new Map([...byHand].filter(([name]) => remade.some((relation) => isOn(name, relation))))
    if (again.size === 0) continue
    const defaults = await run.world.inspection.defaultRights(target, remade)
    const lost = difference(difference(again, rightsIn(after, view)), byKind(again, defaults))
    if (lost.size > 0) {
      const what = `${id} drops and makes again what roles have rights on that no file gives, so they lose them: ${words(lost)}`
      const fix =
        'GRANT them in the migration, or let the database give them (ALTER DEFAULT PRIVILEGES), and make a new plan.'
      refused.push({ rule: 'blocker', what, fix })
    }
  }
  return refused
}

function rightsIn(snapshot: Snapshot, view: View): Rights {
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

const NO_ROLES: Roles = new Map()

/** The rights of `all` that are not in `others`. */
const difference = (all: Rights, others: Rights): Rights =>
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
function withoutBlanket(name: string, roles: Roles, given: Rights): Roles {
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
const isOn = (object: string, relation: string): boolean =>
  object.endsWith(` ${relation}`) || object.startsWith(`column ${relation}.`)

/** Default rights are by the name of a relation. */
const byKind = (objects: Rights, defaults: ReadonlyMap<string, Roles>): Rights =>
  new Map(
    [...objects.keys()].map((object) => [object, defaults.get(object.slice(object.indexOf(' ') + 1)) ?? NO_ROLES]),
  )

const words = (rights: Rights): string =>
  firstFew([...rights].map(([object, roles]) => `${object} (${[...roles.keys()].join(', ')})`))
