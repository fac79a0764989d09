// Partitions that are attached or made without a table being read under a strong lock.
import { text } from '../../catalog/derive/model.js'
import { checkedFirst, constraintStages, inheritedConstraints } from './constraint-stages.js'
import { isOld, partitionsOf, titled, type Course } from './course.js'
import { indexStages, inheritedIndexes } from './index-stages.js'
import { brief, type Stage } from './stage.js'

/**
 * The default partition is read for rows of the new one, unless a valid CHECK leaves those out; the new one for rows outside
 * of its bounds, unless a valid CHECK says that there are none (PostgreSQL, "ALTER TABLE ... ATTACH PARTITION"). `sql`
 * attaches `table` to `parent`, or makes it as a partition. Undefined where a condition is not known.
 */
export function partitionStages(
  course: Course,
  options: { readonly parent: string; readonly table: string; readonly sql: string; readonly taken: Set<string> },
): readonly Stage[] | undefined {
  const { parent, table, sql, taken } = options
  const condition = plainCondition(course.conditions.get(table))
  const isDefault = text(course.after.get(`relation ${table}`)?.top, 'partition_bound') === 'DEFAULT'
  const others = partitionsOf(course, parent).filter(
    ({ top }) => top !== undefined && top.identity !== table && isOld(course, top.identity),
  )
  const standby = others.find(({ top }) => text(top, 'partition_bound') === 'DEFAULT')?.top?.identity
  if (condition === undefined && (standby !== undefined || (isOld(course, table) && !isDefault))) return undefined
  const checks = [
    ...(standby === undefined ? [] : [{ table: standby, condition: `NOT (${condition ?? ''})` }]),
    ...(isOld(course, table) && condition !== undefined ? [{ table, condition }] : []),
  ].map((one) => checkedFirst(course, { ...one, taken }))
  const keys = isOld(course, table)
    ? inheritedConstraints(course, table).map((one) => constraintStages(course, one))
    : []
  if (keys.some((stages) => stages === undefined)) return undefined
  const indexes = isOld(course, table)
    ? inheritedIndexes(course, table).flatMap((index) => indexStages(course, table, index))
    : []
  return [
    ...indexes,
    ...keys.flatMap((stages) => stages ?? []),
    ...checks.flatMap(({ stages }) => stages),
    brief(`attach ${titled(table)}`, sql, ...checks.map(({ drop }) => drop)),
  ]
}

/** That of a hash partition holds the number of its table in one database. */
const plainCondition = (condition: string | undefined): string | undefined =>
  condition?.includes('satisfies_hash_partition') === true ? undefined : condition
