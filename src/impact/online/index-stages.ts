// Indexes that are built while clients go on.
import { lastPart } from '../../catalog/derive/names.js'
import { ofKind, text } from '../../catalog/derive/model.js'
import type { CatalogueObject } from '../../catalog/snapshot.js'
import { isOld, isPartitioned, partitionsOf, titled, type Course } from './course.js'
import { alone, brief, type Stage } from './stage.js'

const defOf = (index: CatalogueObject): string => text(index, 'def') ?? ''

/** `CREATE INDEX CONCURRENTLY ...` of a definition as the catalogue prints it. */
export const concurrently = (def: string): string => def.replace(/^(CREATE (?:UNIQUE )?INDEX) /, '$1 CONCURRENTLY ')

/** An index on a table without partitions. */
export const buildAlone = (index: CatalogueObject): Stage =>
  alone(`build ${titled(index.identity)}`, concurrently(defOf(index)))

/**
 * A partitioned index: one on each partition first, under the name that it will have. CREATE INDEX on the partitioned table
 * takes over indexes that match, and builds nothing (PostgreSQL, "CREATE INDEX").
 */
export function indexStages(course: Course, table: string, index: CatalogueObject): readonly Stage[] {
  if (!isPartitioned(course, table)) return [buildAlone(index)]
  const below = partitionsOf(course, table).flatMap(({ top, objects }) => {
    const own = objects.find((one) => one.kind === 'index' && text(one, 'parent') === index.identity)
    return top === undefined || own === undefined || !isOld(course, top.identity)
      ? []
      : indexStages(course, top.identity, own)
  })
  return [...below, brief(`index ${titled(index.identity)}`, defOf(index).replace(/ ON ONLY /, ' ON '))]
}

/** Indexes that a table gets when it becomes a partition, and that it does not have yet. Those of constraints are left out. */
export function inheritedIndexes(course: Course, table: string): readonly CatalogueObject[] {
  const after = course.after.get(`relation ${table}`)
  const before = new Set(ofKind(course.before.get(`relation ${table}`), 'index').map(({ identity }) => identity))
  const backed = new Set(
    ofKind(after, 'constraint').flatMap((one) => {
      const index = text(one, 'index')
      return index === undefined ? [] : [lastPart(index)]
    }),
  )
  return ofKind(after, 'index').filter(
    (one) => text(one, 'parent') !== undefined && !before.has(one.identity) && !backed.has(lastPart(one.identity)),
  )
}
