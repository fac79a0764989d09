// What one statement does to the catalogue, as the stages of an online way.
import { deriveDown } from '../../catalog/derive/down.js'
import { ofKind, text } from '../../catalog/derive/model.js'
import { lastPart } from '../../catalog/derive/names.js'
import { reversed, type Fates } from '../../catalog/identity.js'
import { objectsOf, type Snapshot } from '../../catalog/snapshot.js'
import { literal, NAME_PATTERN } from '../../sql/quote.js'
import { constraintStages, notNullStages } from './constraint-stages.js'
import { courseOf, isOld, isPartitioned, partOf, snapshotName, titled, type Course } from './course.js'
import { fillStage } from './fill.js'
import { goalsOf, type Goals } from './goals.js'
import { indexStages } from './index-stages.js'
import type { StatementEffect } from './online-migration.js'
import { partitionStages } from './partition-stages.js'
import { alone, brief, type Lane, type Stage } from './stage.js'

/** Undefined where no online way is known, or one would not do the same to the rows. */
export function effectStages(effect: StatementEffect): readonly Lane[] | undefined {
  const { before, after, fates, rewritten, rebuilt } = effect
  if (effect.rows === 'moved' || isMadeAgain(effect)) return undefined
  const course = courseOf(before, after, effect.partitionConditions)
  if (rewritten.length === 0) {
    const lanes = between(course, { here: before, goal: after, fates: reversed(fates) })
    return lanes && joined(lanes, rebuiltStages(course, rebuilt))
  }
  const goals = goalsOf(course, after, rewritten)
  return goals && filledStages(course, goals, effect)
}

const joined = (lanes: readonly Lane[], more: readonly Stage[] | undefined): readonly Lane[] | undefined =>
  more === undefined || lanes.length + more.length === 0
    ? undefined
    : [...lanes, ...more.map((stage) => ({ table: undefined, stages: [stage] }))]

/** A table or column that is gone, and another one that has its name: what it held would be kept. */
const isMadeAgain = ({ fates, after }: StatementEffect): boolean =>
  [...fates].some(([group, { to, columns }]) =>
    to === undefined
      ? after.has(group)
      : [...columns].some(([name, now]) => now === undefined && columnsOf(after, to).has(name)),
  )

const columnsOf = (side: Snapshot, group: string): ReadonlySet<string> =>
  new Set(objectsOf(side.get(group)).flatMap(({ kind, identity }) => (kind === 'column' ? [lastPart(identity)] : [])))

/** Indexes that are built again under their names. */
function rebuiltStages(course: Course, indexes: readonly string[]): readonly Stage[] | undefined {
  const names = indexes.map(snapshotName)
  const isExclusion = [...course.after.values()].some((unit) =>
    ofKind(unit, 'constraint').some(
      (one) => names.includes(text(one, 'index') ?? '') && (text(one, 'def') ?? '').startsWith('EXCLUDE'),
    ),
  )
  const isNew = (name: string): boolean => partIn(course, name) === undefined
  if (isExclusion) return undefined
  return names
    .filter((name) => !isNew(name))
    .map((name) => alone(`reindex ${titled(name)}`, `REINDEX INDEX CONCURRENTLY ${name}`))
}

/** An index of the state before. */
const partIn = ({ before }: Course, index: string): string | undefined =>
  [...before.values()].some((unit) => ofKind(unit, 'index').some(({ identity }) => identity === index))
    ? index
    : undefined

/** A column whose values are computed row by row: bare, with its default, filled in batches, required, and then as wanted. */
function filledStages(
  course: Course,
  goals: Goals,
  { before, after, fates }: StatementEffect,
): readonly Lane[] | undefined {
  const none: Fates = new Map()
  const parts = [
    between(course, { here: before, goal: goals.bare, fates: reversed(fates) }),
    between(course, { here: goals.bare, goal: goals.ready, fates: none }),
    [...goals.fills].map(([table, columns]) => ({ table, stages: [fillStage(table, columns)] })),
    between(course, { here: goals.ready, goal: goals.required, fates: none }),
    between(course, { here: goals.required, goal: after, fates: none, standIns: goals.standIns }),
  ]
  return parts.some((lanes) => lanes === undefined) ? undefined : parts.flatMap((lanes) => lanes ?? [])
}

type Between = {
  readonly here: Snapshot
  readonly goal: Snapshot
  readonly fates: Fates
  readonly standIns?: Goals['standIns']
}

/** The stages from one catalogue to another. `fates` lead from the goal to here, as the derivation of downs takes them. */
function between(course: Course, { here, goal, fates, standIns }: Between): readonly Lane[] | undefined {
  const { statements, alone: others } = deriveDown(goal, here, { fates })
  if (others.length > 0) return undefined
  const taken = new Set<string>()
  const gone = new Set([...(standIns?.values() ?? [])].map((name) => `DROP SEQUENCE ${name}`))
  const lanes = dropsLast(statements.filter((sql) => !gone.has(sql))).map((sql) => {
    const stages = statementStages(course, sql, taken)
    return stages && { table: ALTER_TABLE.exec(sql)?.[1], stages }
  })
  if (lanes.some((lane) => lane === undefined)) return undefined
  const positions = [...(standIns ?? [])].map(([sequence, standIn]) => ({
    table: undefined,
    stages: [
      brief(
        `number ${titled(sequence)}`,
        `SELECT setval(${literal(sequence)}, last_value, is_called) FROM ${standIn}`,
        `DROP SEQUENCE ${standIn}`,
      ),
    ],
  }))
  return [...lanes.flatMap((lane) => lane ?? []), ...positions]
}

/** An index goes when the one that takes its place is there, but where both have one name. */
function dropsLast(statements: readonly string[]): readonly string[] {
  const made = new Set(statements.flatMap((sql) => lastPart(CREATE_INDEX.exec(sql)?.[1] ?? '')))
  const isLate = (sql: string): boolean => {
    const [, index] = DROP_INDEX.exec(sql) ?? []
    return index !== undefined && !made.has(lastPart(index))
  }
  return [...statements.filter((sql) => !isLate(sql)), ...statements.filter(isLate)]
}

const NAME = `${NAME_PATTERN}(?:\\.${NAME_PATTERN})*`
const pattern = (text: string): RegExp => new RegExp(`^${text.replaceAll('NAME', NAME)}`, 's')

const ALTER_TABLE = pattern('ALTER TABLE (NAME) ')
const ADD_CONSTRAINT = pattern('ALTER TABLE (NAME) ADD CONSTRAINT (NAME) (.*)$')
const SET_NOT_NULL = pattern('ALTER TABLE (NAME) ALTER COLUMN (NAME) SET NOT NULL$')
const CREATE_INDEX = pattern('CREATE (?:UNIQUE )?INDEX (NAME) ON (NAME) USING ')
const DROP_INDEX = pattern('DROP INDEX (NAME)$')
const ATTACH = pattern('ALTER TABLE (NAME) ATTACH PARTITION (NAME) ')
const PARTITION_OF = pattern('CREATE TABLE (NAME) PARTITION OF (NAME) ')

/** The online form of a derived statement, which has the words of `catalog/derive/`. */
function statementStages(course: Course, sql: string, taken: Set<string>): readonly Stage[] | undefined {
  const [, table = '', name = '', rest = ''] = ADD_CONSTRAINT.exec(sql) ?? []
  if (table !== '' && !/^(?:PRIMARY KEY|UNIQUE) USING INDEX /.test(rest)) {
    const constraint = partOf(course, table, 'constraint', `${table}.${name}`)
    return constraint && constraintStages(course, constraint)
  }
  const [, owner = '', column = ''] = SET_NOT_NULL.exec(sql) ?? []
  if (owner !== '')
    return isOld(course, owner) ? notNullStages(course, owner, column, taken) : [brief(titleOf(sql), sql)]
  const [, index = '', indexed = ''] = CREATE_INDEX.exec(sql) ?? []
  if (index !== '') return newIndex(course, { sql, index, table: indexed })
  const [, dropped = ''] = DROP_INDEX.exec(sql) ?? []
  if (dropped !== '') return [oldIndex(course, sql, dropped)]
  const [, parent = '', attached = ''] = ATTACH.exec(sql) ?? []
  if (parent !== '') return partitionStages(course, { parent, table: attached, sql, taken })
  const [, made = '', of = ''] = PARTITION_OF.exec(sql) ?? []
  if (made !== '') return partitionStages(course, { parent: of, table: made, sql, taken })
  return [brief(titleOf(sql), sql)]
}

/** `change orders`, by the first name behind the kind of object. */
const titleOf = (sql: string): string => `change ${titled(new RegExp(`^[A-Z ]+ (${NAME})`).exec(sql)?.[1] ?? 'more')}`

function newIndex(
  course: Course,
  { sql, index, table }: { readonly sql: string; readonly index: string; readonly table: string },
): readonly Stage[] | undefined {
  if (!isOld(course, table)) return [brief(`index ${titled(index)}`, sql)]
  const [schema = ''] = table.split(lastPart(table))
  const known = partOf(course, table, 'index', `${schema}${lastPart(index)}`)
  return known && indexStages(course, table, known)
}

/** An index of a partitioned table has no CONCURRENTLY. */
function oldIndex(course: Course, sql: string, index: string): Stage {
  const unit = [...course.before.values()].find((one) =>
    ofKind(one, 'index').some(({ identity }) => identity === index),
  )
  const partitioned = unit?.top !== undefined && isPartitioned(course, unit.top.identity)
  return partitioned
    ? brief(`drop ${titled(index)}`, sql)
    : alone(`drop ${titled(index)}`, `DROP INDEX CONCURRENTLY ${index}`)
}
