// Names of relations in a sentence: the partitions of a table are counted, and not named one by one.
import { groupedBy } from './judge/grouped.js'

/** `partitionOf` is the root of its partitions. */
export type Named = { readonly relation: string; readonly partitionOf?: string }

/** From so many partitions of one table on they are counted. */
const MANY = 2

/** `events and its 12 partitions`, `12 partitions of events`; in the order of their first members. */
export const foldedNames = (named: readonly Named[]): readonly string[] =>
  groupedBy(named, ({ relation, partitionOf = relation }) => partitionOf).flatMap(([root, group]) => {
    const names = [...new Set(group.map(({ relation }) => relation))]
    const partitions = names.filter((name) => name !== root)
    if (partitions.length < MANY) return names
    return names.length === partitions.length
      ? [`${partitions.length} partitions of ${root}`]
      : [`${root} and its ${partitions.length} partitions`]
  })
