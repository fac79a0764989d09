// Names of relations in a sentence: the partitions of a table are counted, and not named one by one.
import type { Impact } from './facts.js'
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

/** The same of relations that a script touches. */
export const foldedRelations = (impact: Pick<Impact, 'relations'>, names: readonly string[]): readonly string[] =>
  foldedNames(names.map((name) => impact.relations.find(({ relation }) => relation === name) ?? { relation: name }))

/** The root of a partition; the relation itself where it is none. */
export const rootOf = ({ relations }: Pick<Impact, 'relations'>, name: string): string =>
  relations.find(({ relation }) => relation === name)?.partitionOf ?? name
