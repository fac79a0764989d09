// How many rows a role sees where row security decides it, counted as that role.
import type { Access, Answer, Broken } from '../../../impact/facts.js'
import { rightsIn } from './rights.js'
import { tryAll } from './attempts.js'
import type { ClientSession, Relation, World } from './world.js'
import { insertOf, type Moved, type WriteMemory } from './writes.js'

/** By relation and role: the rows that it sees; undefined where it is refused. `all` is what this session sees. */
export type Seen = { readonly relation: Relation; readonly role: string | undefined; readonly rows: number | undefined }

const MOST_ROLES = 6
const MOST_ROWS = 10

/** Roles with a right on the table that row security applies to. */
function rolesBehind(world: World, relation: Relation, privilege: string): readonly string[] {
  const object = world.guarded.find(({ kind, oid }) => kind === 'table' && oid === relation.oid)
  if (object === undefined) return []
  const can = rightsIn(world)
  return world.roles
    .filter(({ name, superuser, passesRowSecurity }) => {
      if (superuser || passesRowSecurity || (name === relation.owner && !relation.forced)) return false
      return (name in object.grants || name === relation.owner) && can(name, object, privilege)
    })
    .map(({ name }) => name)
    .slice(0, MOST_ROLES)
}

/** Counts the rows of the relations under row security, as this session and as each role that may read them. */
export async function countSeen(
  session: ClientSession,
  world: World,
  relations: readonly Relation[],
): Promise<readonly Seen[]> {
  const asked = relations
    .filter(({ rowSecurity }) => rowSecurity)
    .flatMap((relation) => [undefined, ...rolesBehind(world, relation, 'SELECT')].map((role) => ({ relation, role })))
  const outcomes = await tryAll(
    session,
    asked.map(({ relation, role }) => ({
      text: `SELECT ARRAY[count(*)::text] FROM ${relation.sql}`,
      rows: true,
      ...(role !== undefined && { role }),
    })),
  )
  return asked.flatMap((one, i) => {
    const outcome = outcomes[i]
    if (outcome === undefined || outcome.unprepared) return []
    return [{ ...one, rows: outcome.refusal === undefined ? Number(outcome.rows[0]?.[0]) : undefined }]
  })
}

/** `before` without a line of a table: each role saw all of it, as it was not under row security. */
export function compareSeen(
  before: readonly Seen[],
  after: readonly Seen[],
  was: (now: Relation) => Relation | undefined,
): { readonly answers: readonly Answer[]; readonly access: readonly Access[]; readonly measured: ReadonlySet<string> } {
  const found = after.flatMap(({ relation, role, rows }) => {
    const old = was(relation)
    const total = after.find((one) => one.relation === relation && one.role === undefined)?.rows
    if (old === undefined || role === undefined || total === undefined) return []
    const then = before.find((one) => one.relation === old && one.role === role)
    const before0 = old.rowSecurity ? before.find((one) => one.relation === old && one.role === undefined)?.rows : total
    const saw = then === undefined ? (old.rowSecurity ? undefined : total) : then.rows
    return saw === undefined || before0 !== total ? [] : [{ old, role, rows, saw, total }]
  })
  return {
    answers: found.flatMap(({ old, role, rows, saw, total }) => {
      if (rows !== undefined && rows >= saw) return []
      const sees = rows === undefined ? 'is refused by a policy' : `sees ${rows} of ${total} rows`
      return [{ client: `select ${old.name}`, relation: old.name, what: `${role} ${sees}` }]
    }),
    access: found.flatMap(({ old, role, rows, saw, total }) =>
      rows !== undefined && rows > saw
        ? [{ relation: old.name, what: `${role} sees ${rows} of ${total} rows of ${old.name}, not ${saw}` }]
        : [],
    ),
    measured: new Set(found.map(({ old }) => old.oid)),
  }
}

/**
 * Inserts rows of before as each role that could, where row security is new: what is refused is every one of them. Policies refuse
 * with the SQLSTATE of a lacking right.
 */
export async function refusedByPolicies(
  session: ClientSession,
  world: World,
  memories: readonly WriteMemory[],
  moved: Moved,
): Promise<readonly Broken[]> {
  const asked = memories.flatMap(({ relation, sample, accepted }) => {
    const now = moved(relation)
    const rows = accepted.find(({ kind }) => kind === 'insert')?.rows ?? []
    if (now?.rowSecurity !== true || relation.rowSecurity || rows.length === 0) return []
    return rolesBehind(world, now, 'INSERT').map((role) => ({ relation, sample, role, rows: rows.slice(0, MOST_ROWS) }))
  })
  const attempts = asked.map((one) =>
    one.rows.map((row) => ({ ...insertOf({ ...one, kind: 'insert' }, [row], moved), role: one.role })),
  )
  const outcomes = await tryAll(session, attempts.flat())
  let at = 0
  return asked.flatMap(({ relation, role, rows }) => {
    const own = outcomes.slice(at, (at += rows.length))
    const [refusal] = own.map((outcome) => (outcome?.unprepared === false ? outcome.refusal : undefined))
    if (refusal === undefined || own.some((outcome) => outcome?.refusal?.sqlstate !== '42501')) return []
    return [{ client: `insert ${relation.name}`, relation: relation.name, role, ...refusal }]
  })
}
