// Constraints that are added at once and checked while clients go on.
import { lastPart, parentOf } from '../../catalog/derive/names.js'
import { find, ofKind, text } from '../../catalog/derive/model.js'
import type { CatalogueObject } from '../../catalog/snapshot.js'
import { freeName, isOld, isPartitioned, partitionsOf, partOf, titled, unitOf, type Course } from './course.js'
import { buildAlone } from './index-stages.js'
import { brief, reading, type Stage } from './stage.js'

const defOf = (constraint: CatalogueObject): string => text(constraint, 'def') ?? ''

const add = (constraint: CatalogueObject, body: string): string =>
  `ALTER TABLE ${parentOf(constraint.identity)} ADD CONSTRAINT ${lastPart(constraint.identity)} ${body}`

const validate = (table: string, name: string): Stage =>
  reading(`validate ${titled(name)}`, `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`)

/** Undefined where there is no online way: exclusion constraints. */
export function constraintStages(course: Course, constraint: CatalogueObject): readonly Stage[] | undefined {
  const table = parentOf(constraint.identity)
  const def = defOf(constraint)
  const title = `add ${titled(constraint.identity)}`
  if (!isOld(course, table) || constraint.definition['notvalid'] === true) return [brief(title, add(constraint, def))]
  if (/^(?:PRIMARY KEY|UNIQUE)\b/.test(def)) return keyStages(course, constraint)
  if (def.startsWith('CHECK')) return validatedLater(constraint)
  if (!def.startsWith('FOREIGN KEY')) return undefined
  return isPartitioned(course, table) ? onPartitions(course, constraint, constraintStages) : validatedLater(constraint)
}

function validatedLater(constraint: CatalogueObject): readonly Stage[] {
  const [table, name] = [parentOf(constraint.identity), lastPart(constraint.identity)]
  return [brief(`add ${titled(name)}`, add(constraint, `${defOf(constraint)} NOT VALID`)), validate(table, name)]
}

/**
 * The same constraint on each partition first. The one of the partitioned table takes them over and checks nothing: a key
 * (PostgreSQL, `DefineIndex`) as well as a foreign key (`tryAttachPartitionForeignKey`).
 */
function onPartitions(
  course: Course,
  constraint: CatalogueObject,
  stagesOf: (course: Course, constraint: CatalogueObject) => readonly Stage[] | undefined,
): readonly Stage[] | undefined {
  const below = partitionsOf(course, parentOf(constraint.identity)).map(({ top, objects }) => {
    const own = objects.find((one) => one.kind === 'constraint' && isCopyOf(course, one, constraint))
    if (top === undefined || own === undefined) return undefined
    return unitOf(course.before, top.identity) !== undefined && !isThere(course, own) ? stagesOf(course, own) : []
  })
  if (below.some((stages) => stages === undefined)) return undefined
  const title = `add ${titled(constraint.identity)}`
  return [...sideBySide(below.flatMap((stages) => stages ?? [])), brief(title, add(constraint, defOf(constraint)))]
}

/** What is built for each partition first, then what is added, then what is read. */
function sideBySide(stages: readonly Stage[]): readonly Stage[] {
  const of = (kind: Stage['kind']): readonly Stage[] => stages.filter((stage) => stage.kind === kind)
  return [...of('alone'), ...of('brief'), ...of('reading')]
}

const isThere = (course: Course, constraint: CatalogueObject): boolean =>
  ofKind(unitOf(course.before, parentOf(constraint.identity)), 'constraint').some(
    ({ identity }) => identity === constraint.identity,
  )

/** A key of a partition by its index, a foreign key by what it says. */
function isCopyOf(course: Course, own: CatalogueObject, constraint: CatalogueObject): boolean {
  const index = text(own, 'index')
  if (index === undefined) return defOf(own) === defOf(constraint) && text(constraint, 'index') === undefined
  const parent = partOf(course, parentOf(own.identity), 'index', index)
  return parent !== undefined && text(parent, 'parent') === text(constraint, 'index')
}

/** UNIQUE and PRIMARY KEY take over an index of their name. The columns of a primary key are NOT NULL by then. */
export function keyStages(course: Course, constraint: CatalogueObject): readonly Stage[] | undefined {
  const table = parentOf(constraint.identity)
  if (isPartitioned(course, table)) return onPartitions(course, constraint, keyStages)
  const def = defOf(constraint)
  const kind = def.startsWith('UNIQUE') ? 'UNIQUE' : 'PRIMARY KEY'
  const index = partOf(course, table, 'index', text(constraint, 'index') ?? '')
  if (index === undefined) return undefined
  const later = /(?: DEFERRABLE)?(?: INITIALLY DEFERRED)?$/.exec(def)?.[0] ?? ''
  const title = `add ${titled(constraint.identity)}`
  return [buildAlone(index), brief(title, add(constraint, `${kind} USING INDEX ${lastPart(index.identity)}${later}`))]
}

/** SET NOT NULL trusts a valid CHECK, and reads nothing (PostgreSQL, "ALTER TABLE"). */
export function notNullStages(course: Course, table: string, column: string, taken: Set<string>): readonly Stage[] {
  const name = freeName(course, [lastPart(table), column], 'required', taken)
  taken.add(name)
  const title = `${titled(table)} ${titled(column)} not null`
  return [
    brief(`check ${title}`, `ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${column} IS NOT NULL) NOT VALID`),
    { ...validate(table, name), title },
    brief(
      title,
      `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`,
      `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
    ),
  ]
}

/** A condition that a table is read for first, so that what follows reads nothing; dropped by the statement that is given back. */
export function checkedFirst(
  course: Course,
  options: { readonly table: string; readonly condition: string; readonly taken: Set<string> },
): { readonly stages: readonly Stage[]; readonly drop: string } {
  const { table, condition, taken } = options
  const name = freeName(course, [lastPart(table)], 'bounds', taken)
  taken.add(name)
  return {
    stages: [
      brief(
        `check bounds of ${titled(table)}`,
        `ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${condition}) NOT VALID`,
      ),
      validate(table, name),
    ],
    drop: `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
  }
}

/** Constraints that a table gets when it becomes a partition, and that it does not have yet. */
export function inheritedConstraints(course: Course, table: string): readonly CatalogueObject[] {
  const before = unitOf(course.before, table)
  return ofKind(unitOf(course.after, table), 'constraint').filter(
    (one) =>
      one.definition['inherited'] !== undefined &&
      !defOf(one).startsWith('NOT NULL') &&
      before !== undefined &&
      find(before, one) === undefined,
  )
}
