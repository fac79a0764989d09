// Objects that must be dropped and made again, even if both sides are equal: they depend on an object that changes.
import type { CatalogueObject } from '../snapshot.js'
import { indexOf, isForeignKey } from './constraints.js'
import { find, isInherited, isSet, keyOf, sameBut, text, type Side, type Unit } from './model.js'
import { lastPart, namesIn, parentOf } from './names.js'
import { isReplaceable as isViewReplaceable } from './relations.js'
import { isReplaceable as isRoutineReplaceable, trackedText } from './routines.js'
import { onlyAdds } from './types.js'

export type Rebuilt = { readonly rebuilt: ReadonlySet<string>; readonly retyped: ReadonlySet<string> }

/** A change under its dependents: each dependent mentions all `names`. */
type Cause = {
  readonly kind: 'view' | 'routine' | 'enum' | 'column' | 'retyped' | 'key' | 'table'
  readonly names: readonly string[]
}

type Both = { readonly goal: Unit; readonly here: Unit }

/** An object on both sides, and its unit. */
type Member = { readonly goal: CatalogueObject; readonly here: CatalogueObject; readonly unit: Both }

/** Only objects on both sides; all others are dropped or made anyway. */
export function findRebuilt(goal: Side, here: Side): Rebuilt {
  const rebuilt = new Set<string>()
  const retyped = new Set<string>()
  const causes: Cause[] = []
  const units = [...goal.values()].flatMap((unit): readonly Both[] => {
    const other = here.get(unit.unit)
    return other === undefined ? [] : [{ goal: unit, here: other }]
  })
  const members: readonly Member[] = units.flatMap((unit) =>
    unit.goal.objects.flatMap((object) => {
      const other = unit.goal === unit.here ? object : find(unit.here, object)
      return other === undefined ? [] : [{ goal: object, here: other, unit }]
    }),
  )
  const take = (member: Member, cause: Cause | undefined): void => {
    rebuilt.add(keyOf(member.goal))
    if (cause !== undefined) causes.push(cause)
  }
  for (const both of units) {
    if (both.goal.top?.kind !== both.here.top?.kind || needsNewTable(both)) {
      if (both.goal.top !== undefined) rebuilt.add(keyOf(both.goal.top))
      if (both.here.top !== undefined) causes.push({ kind: 'table', names: [lastPart(both.here.top.identity)] })
    }
  }
  for (const member of members) {
    if (member.goal === member.here) continue
    const key = keyOf(member.goal)
    if (isRetyped(member)) {
      retyped.add(key)
      causes.push({ kind: 'retyped', names: columnNames(member.goal) })
    }
    if (!rebuilt.has(key) && isNewByItself(member)) take(member, causeOf(member.here))
  }
  for (const { top } of here.values()) {
    const overloads = top?.kind === 'function' && !goal.has(`routine ${top.identity}`)
    if (overloads) causes.push({ kind: 'routine', names: [lastPart(top.identity)] })
  }
  for (const index of lostIndexes(goal, here)) rebuilt.add(keyOf(index))
  for (let cause = causes.shift(); cause !== undefined; cause = causes.shift()) {
    for (const member of members) {
      const key = keyOf(member.goal)
      if (rebuilt.has(key) || !standsOn(member, cause)) continue
      if (member.goal.kind === 'column' && text(member.goal, 'generated') === undefined) {
        if (cause.kind !== 'enum' || retyped.has(key) || isInherited(member.goal)) continue
        retyped.add(key)
        causes.push({ kind: 'retyped', names: columnNames(member.goal) })
      } else take(member, causeOf(member.here))
    }
  }
  return { rebuilt, retyped }
}

const columnNames = ({ identity }: CatalogueObject): readonly string[] => [
  lastPart(parentOf(identity)),
  lastPart(identity),
]

const isRetyped = ({ goal, here }: Member): boolean =>
  goal.kind === 'column' &&
  !isInherited(goal) &&
  (text(goal, 'type') !== text(here, 'type') || text(goal, 'collation') !== text(here, 'collation'))

const needsNewTable = ({ goal, here }: Both): boolean =>
  goal.top?.kind === 'table' &&
  ['partition_by', 'access_method'].some((key) => text(goal.top, key) !== text(here.top, key))

/** Changed in a way that no ALTER supports. */
function isNewByItself({ goal, here, unit }: Member): boolean {
  switch (goal.kind) {
    case 'constraint':
    case 'domain constraint':
      return text(goal, 'def') !== text(here, 'def')
    case 'index':
      return text(goal, 'def') !== text(here, 'def') && text(goal, 'parent') === undefined
    case 'trigger':
    case 'rule':
    case 'statistics':
      return text(goal, 'def') !== text(here, 'def')
    case 'policy':
      return !sameBut(goal, here)
    case 'column':
      return (
        text(goal, 'generated') !== undefined &&
        !sameBut(goal, here, 'acl', 'statistics', 'storage', 'compression', 'notnull', 'options')
      )
    case 'view':
      return text(goal, 'query') !== text(here, 'query') && !isViewReplaceable(unit.goal, unit.here)
    case 'matview':
      return text(goal, 'query') !== text(here, 'query') || isSet(goal, 'unpopulated') !== isSet(here, 'unpopulated')
    case 'function':
    case 'procedure':
    case 'aggregate':
      return text(goal, 'def') !== text(here, 'def') && !isRoutineReplaceable(goal, here)
    case 'enum':
      return text(goal, 'labels') !== text(here, 'labels') && !onlyAdds(goal, here)
    case 'domain':
      return text(goal, 'base') !== text(here, 'base') || text(goal, 'collation') !== text(here, 'collation')
    case 'range':
      return text(goal, 'range') !== text(here, 'range')
    default:
      return false
  }
}

function causeOf(object: CatalogueObject): Cause | undefined {
  switch (object.kind) {
    case 'view':
    case 'matview':
      return { kind: 'view', names: [lastPart(object.identity)] }
    case 'function':
    case 'procedure':
    case 'aggregate':
      return { kind: 'routine', names: [lastPart(object.identity)] }
    case 'enum':
      return { kind: 'enum', names: [lastPart(object.identity)] }
    case 'column':
      return { kind: 'column', names: columnNames(object) }
    case 'constraint':
      return indexOf(object) === undefined ? undefined : { kind: 'key', names: [lastPart(parentOf(object.identity))] }
    default:
      return undefined
  }
}

/** An index that a constraint took over is dropped with it; the down must make it again. */
function lostIndexes(goal: Side, here: Side): readonly CatalogueObject[] {
  return [...here.values()].flatMap((unit) => {
    const gone = unit.objects.filter((one) => one.kind === 'constraint' && find(goal.get(unit.unit), one) === undefined)
    const names = new Set(gone.flatMap((one) => indexOf(one) ?? []))
    return unit.objects.filter((one) => one.kind === 'index' && names.has(lastPart(one.identity)))
  })
}

/** The kinds of dependents for which PostgreSQL would refuse the change, by the kind that changes. */
const DEPENDENTS: Readonly<Record<Cause['kind'], readonly string[]>> = {
  view: ['view', 'matview', 'rule', 'policy', 'function', 'procedure'],
  routine: [
    'view',
    'matview',
    'rule',
    'policy',
    'trigger',
    'constraint',
    'domain constraint',
    'index',
    'column',
    'function',
  ],
  enum: ['view', 'matview', 'rule', 'policy', 'constraint', 'index', 'column', 'function', 'procedure'],
  column: ['view', 'matview', 'rule', 'policy', 'trigger', 'constraint', 'index', 'statistics'],
  retyped: ['view', 'matview', 'rule', 'policy', 'trigger', 'column'],
  key: ['constraint'],
  table: ['view', 'matview', 'rule', 'policy', 'constraint', 'function', 'procedure'],
}

function standsOn(member: Member, cause: Cause): boolean {
  const { here, unit } = member
  if (!DEPENDENTS[cause.kind].includes(here.kind) || isInherited(here)) return false
  if ((cause.kind === 'key' || cause.kind === 'table') && here.kind === 'constraint' && !isForeignKey(here))
    return false
  const words = namesIn(textOf(here, unit.here.unit, cause.kind))
  return cause.names.every((name) => words.has(name))
}

/** The text in which an object mentions others; for a dependent of a table, that includes the table. */
function textOf(object: CatalogueObject, unit: string, cause: Cause['kind']): string {
  switch (object.kind) {
    case 'function':
    case 'procedure':
      return trackedText(object)
    case 'column':
      if (cause === 'enum') return text(object, 'type') ?? ''
      // A plain default can be set again without making the column again.
      return text(object, 'generated') === undefined ? '' : `${text(object, 'default') ?? ''} ${unit}`
    case 'view':
    case 'matview':
      return text(object, 'query') ?? ''
    case 'constraint':
      return cause === 'key' || cause === 'table'
        ? (text(object, 'def') ?? '').replace(/^.*REFERENCES/s, '')
        : `${text(object, 'def') ?? ''} ${unit}`
    default:
      return `${unit} ${Object.values(object.definition)
        .filter((value) => typeof value === 'string')
        .join(' ')}`
  }
}
