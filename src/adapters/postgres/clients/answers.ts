// What the catalogue says of answers that are others than before: defaults, NULLs, partitions, enums, policies. Pure.
import type { Access, Answer, Broken } from '../../../impact/facts.js'
import { PUBLIC } from './rights.js'
import type { Column, Enum, Index, Policy, Relation, World } from './world.js'
import { columnNow, identifierShown as shown, type Moved } from './writes.js'

/** Of the columns that are still there. A view in the place of a table has no defaults and constraints of its own. */
export function changedColumns(before: Relation, now: Relation): readonly Answer[] {
  if (now.kind === 'v' && before.kind !== 'v') return []
  const reading = { client: `select ${before.name}`, relation: before.name }
  const writing = { client: `insert ${before.name}`, relation: before.name }
  return before.columns.flatMap((column): readonly Answer[] => {
    const later = columnNow(before, now, column)
    if (later === undefined) return []
    const name = shown(column.name)
    const found: Answer[] = []
    if (column.notNull && !later.notNull) found.push({ ...reading, what: `${name} may be NULL` })
    const otherwise = otherDefault(column, later)
    if (otherwise !== undefined) found.push({ ...writing, what: otherwise })
    if (column.generated !== later.generated)
      found.push({ ...writing, what: later.generated === '' ? `${name} is no longer computed` : `${name} is computed` })
    return found
  })
}

/** A default that is new where there was none changes no row that a client meant to write. Numbers given by a sequence are alike. */
function otherDefault(before: Column, after: Column): string | undefined {
  const name = shown(before.name)
  if (before.identity !== '' && after.identity === '' && after.sequence === null)
    return `${name} gets no number by itself`
  if (before.default === null || before.generated !== after.generated) return undefined
  if (before.tree === after.tree || before.default === after.default) return undefined
  if (before.sequence !== null && (after.identity !== '' || after.sequence !== null)) return undefined
  if (after.default === null)
    return after.identity === '' ? `${name} has no default` : `the default of ${name} is another one`
  if (before.type !== after.type && bare(before.default) === bare(after.default)) return undefined
  return `the default of ${name} is another one`
}

/** A constant without the casts that a change of type writes around it. */
const bare = (expression: string): string =>
  expression.replaceAll(/::[\w ."]+(?:\(\d+(?:,\d+)?\))?(?:\[\])?/g, '').replaceAll(/[()']/g, '')

/**
 * Unique keys that the table had: a client names their columns in ON CONFLICT, which fails where no unique index has them
 * (PostgreSQL, "INSERT": unique index inference). A view in the place of the table passes them on to its own table.
 */
export function lostKeys(before: Relation, now: Relation): readonly Answer[] {
  if (now.kind === 'v') return []
  const left = now.indexes.filter(isArbiter).map((index) => arbiterOf(now, index))
  const had = before.indexes.filter(isArbiter).map((index) => ({ index, arbiter: arbiterOf(before, index) }))
  const lost = had.filter(({ index, arbiter }) => {
    const isThere = index.columns.every((number) => {
      const column = before.columns.find((one) => one.number === number)
      return column !== undefined && columnNow(before, now, column)?.name === column.name
    })
    return isThere && !left.includes(arbiter)
  })
  return lost.map(({ index }) => ({
    client: `insert ${before.name}`,
    relation: before.name,
    what: `ON CONFLICT (${namesOf(before, index).map(shown).join(', ')}) fails (42P10): no unique index has these columns now`,
  }))
}

const isArbiter = ({ unique, valid, columns }: Index): boolean => unique && valid && columns.every((one) => one > 0)

const namesOf = (relation: Relation, { columns }: Index): readonly string[] =>
  columns.map((number) => relation.columns.find((column) => column.number === number)?.name ?? '')

/** The columns count in any order. */
const arbiterOf = (relation: Relation, index: Index): string =>
  JSON.stringify([namesOf(relation, index).toSorted(), index.partial])

/** Old partitions that are in their table no longer, though they are still there. */
export function detachedPartitions(before: World, moved: Moved): readonly Answer[] {
  const names = new Map(before.relations.map(({ oid, name }) => [oid, name]))
  return before.relations.flatMap((partition) => {
    const of = partition.parent === null ? undefined : names.get(partition.parent)
    const now = moved(partition)
    if (of === undefined || now?.oid !== partition.oid || now.parent === partition.parent) return []
    return [
      {
        client: `select ${of}`,
        relation: of,
        what: `the rows of ${partition.name} are not in it: the partition is detached`,
      },
    ]
  })
}

export function changedEnums(
  before: readonly Enum[],
  after: readonly Enum[],
): { readonly broken: readonly Broken[]; readonly answers: readonly Answer[] } {
  const columns = new Map(
    after.flatMap((one) =>
      one.columns.map(({ relation, column }) => [JSON.stringify([relation, column]), one] as const),
    ),
  )
  const pairs = before.flatMap((old) =>
    old.columns.flatMap(({ relation, column }) => {
      const now = columns.get(JSON.stringify([relation, column]))
      return now === undefined ? [] : [{ old, now, relation, column }]
    }),
  )
  const broken = pairs.flatMap(({ old, now, relation }) => {
    const labels = new Set(now.labels.map(({ label }) => label))
    return old.labels
      .filter(({ label }) => !labels.has(label))
      .map(({ label }): Broken => ({
        client: `insert ${relation}`,
        relation,
        sqlstate: INVALID_TEXT,
        message: `invalid input value for enum ${old.name}: ${JSON.stringify(label)}`,
      }))
  })
  const answers = pairs.flatMap(({ old, now, relation, column }): readonly Answer[] => {
    const order = (one: Enum, other: Enum): string =>
      JSON.stringify(
        one.labels
          .map(({ label }) => label)
          .filter((label) => other.labels.some((labelled) => labelled.label === label)),
      )
    if (order(old, now) === order(now, old)) return []
    return [{ client: `select ${relation}`, relation, what: `the labels of ${shown(column)} are in another order` }]
  })
  return { broken, answers }
}

/** invalid_text_representation (PostgreSQL, "Error Codes"). */
const INVALID_TEXT = '22P02'

/** Whether the policies show all rows to everyone, some, or none, where row security is on. */
function admitted({ policies }: Relation): 'all' | 'some' | 'none' {
  const reading = policies.filter(({ command }) => command === '*' || command === 'r')
  const permissive = reading.filter((policy) => policy.permissive)
  if (permissive.length === 0) return 'none'
  return permissive.some(admitsAll) && reading.every((policy) => policy.permissive) ? 'all' : 'some'
}

const admitsAll = ({ using, roles }: Policy): boolean => (using === null || using === 'true') && roles.includes(PUBLIC)

/** Row security that is on now. `measured`: what the roles with rights on the table see was counted. */
export function rowSecurityOn(before: Relation, now: Relation, measured: boolean): readonly Answer[] {
  const isNew = (now.rowSecurity && !before.rowSecurity) || (now.rowSecurity && now.forced && !before.forced)
  const rows = admitted(now)
  if (!isNew || rows === 'all' || (rows === 'some' && measured)) return []
  const others = now.forced ? 'clients' : 'clients that do not own it'
  const what =
    rows === 'none'
      ? `row security is on, and no policy admits a row: ${others} see none`
      : `row security is on: ${others} see what its policies admit`
  return [{ client: `select ${before.name}`, relation: before.name, what }]
}

/** Row security that is off now, and policies that let everyone through. */
export function openedRows(before: Relation, now: Relation): readonly Access[] {
  const relation = before.name
  if (!before.rowSecurity) return []
  if (!now.rowSecurity) return [{ relation, what: `row security of ${relation} is off` }]
  const known = new Map(before.policies.map((policy) => [policy.name, policy]))
  const wider = now.policies.filter((policy) => {
    const old = known.get(policy.name)
    return policy.permissive && admitsAll(policy) && !(old?.permissive && admitsAll(old) && covers(old, policy))
  })
  const dropped = before.policies.filter(
    (policy) => !policy.permissive && !now.policies.some(({ name }) => name === policy.name),
  )
  const forced =
    before.forced && !now.forced ? [{ relation, what: `its owner passes the row security of ${relation}` }] : []
  return [
    ...wider.map(({ name }) => ({
      relation,
      what: `policy ${shown(name)} of ${relation} admits every row to everyone`,
    })),
    ...dropped.map(({ name }) => ({ relation, what: `restrictive policy ${shown(name)} of ${relation} is gone` })),
    ...forced,
  ]
}

const covers = (old: Policy, policy: Policy): boolean => old.command === '*' || old.command === policy.command
