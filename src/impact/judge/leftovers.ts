// What a script leaves for later: invalid indexes, unvalidated constraints, foreign keys without an index, orders of locks.
import { firstFew } from '../../model/list-words.js'
import { SMALL_TABLE, type Left } from '../facts.js'
import type { Effect } from './effect.js'
import { groupedBy } from './grouped.js'
import { counted, isLarge, levelFor, relationNamed, type Judging } from './sizes.js'

/** One effect for each relation. That a constraint is not validated yet may be a step of a safe way: it is a note. */
export const leftBehind = ({ impact }: Judging): readonly Effect[] =>
  groupedBy(impact.left, ({ relation }) => relation).map(([relation, left]) => ({
    rule: 'left-invalid',
    relations: relation === '' ? [] : [relation],
    said: firstFew(left.map(leftWords), '; '),
    ...(left.every(({ what }) => what === 'constraint not validated') && { atMost: 'note' as const }),
  }))

const leftWords = ({ what, name }: Left): string => {
  switch (what) {
    case 'invalid index':
      return `the index ${name} is left invalid`
    case 'constraint not validated':
      return `the constraint ${name} is left not validated`
    case 'trigger off':
      return `the trigger ${name} is left switched off`
  }
}

/** Only where the referencing table has many rows by now: a new or small table costs nothing to search. */
export const keysWithoutIndex = (judging: Judging): readonly Effect[] =>
  judging.impact.unindexed
    .filter(({ relation }) => (relationNamed(judging.impact, relation)?.rows ?? 0) >= SMALL_TABLE)
    .map(({ relation, constraint, columns, referenced }) => ({
      rule: 'foreign-key-without-index',
      relations: [relation],
      columns,
      said: `no index begins with ${columns.join(', ')}, so each delete and key update in ${referenced} reads the whole table for the foreign key ${constraint}`,
      atMost: levelFor(judging, relation),
    }))

/** A statement that reads a table so often does it for each row of another one. */
const OFTEN = 10

/**
 * Tables that one statement reads whole again and again, while it changes another one: a cascade without an index. Keys that are
 * known to have none say it already.
 */
export const readForEachRow = (judging: Judging): readonly Effect[] =>
  judging.impact.scanned.flatMap(({ relation, times, read, statement }): readonly Effect[] => {
    const causes = judging.impact.changed.filter((one) => one.statement === statement && one.relation !== relation)
    const [cause] = causes.filter(({ updated, deleted }) => updated + deleted > 0)
    if (judging.impact.unindexed.some((key) => key.relation === relation)) return []
    if (cause === undefined || times < OFTEN || !isLarge(judging, relation, Math.floor(read / times))) return []
    return [
      {
        rule: 'foreign-key-without-index',
        relations: [relation],
        said: `it is read whole ${counted(times)} times while rows of ${cause.relation} are changed: no index serves their foreign key`,
        statement,
        atMost: levelFor(judging, relation),
      },
    ]
  })

/** Tables that are locked one after the other: one effect for each script. */
export function lockOrder({ impact }: Judging): readonly Effect[] {
  const [pair, ...more] = impact.order
  if (pair === undefined) return []
  const others = more.length === 0 ? '' : `; ${more.length} more such ${more.length === 1 ? 'pair' : 'pairs'}`
  return [
    {
      rule: 'lock-order',
      relations: [pair.first, pair.second],
      said: `locked one after the other: a client that takes them the other way round ends in a deadlock${others}`,
      statement: pair.statement,
    },
  ]
}
