// The statements of a script for which clients wait, and the facts about one of them that its online way needs.
import { SMALL_TABLE, type Impact } from '../facts.js'
import { heldLocks, longWork } from '../judge/held-locks.js'
import { blockingStatements, massChanges, writtenBy } from '../judge/work.js'
import type { StatementEffect } from './online-migration.js'

/**
 * Numbers of statements. `own`: clients wait for what it does. `apart`: it takes long, and clients wait for that behind a lock
 * of an earlier statement.
 */
export type WaitingStatements = { readonly own: ReadonlySet<number>; readonly apart: ReadonlySet<number> }

export function waitingStatements(impact: Impact): WaitingStatements {
  const judging = { impact, dataSet: false }
  const mass = massChanges(judging).flatMap(({ relations: [relation], statement }) => [
    ...(statement === undefined ? [] : [statement]),
    ...impact.changed
      .filter((change) => change.relation === relation && change.updated + change.deleted >= SMALL_TABLE)
      .map((change) => change.statement),
  ])
  const own = new Set([...blockingStatements(judging), ...mass])
  const long = heldLocks(judging).length === 0 ? [] : longWork(judging)
  return { own, apart: new Set(long.filter((statement) => !own.has(statement))) }
}

/** What a statement did to rows and files. A rewrite that changes values of old columns has moved rows. */
export function rowFacts(
  { changed, rewritten, built, lost }: Impact,
  number: number,
): Pick<StatementEffect, 'rows' | 'rewritten' | 'rebuilt'> {
  const isOwn = ({ statement }: { readonly statement: number }): boolean => statement === number
  const files = [...new Set(rewritten.filter(isOwn).map(({ relation }) => relation))]
  const wrote = changed.some((change) => isOwn(change) && (writtenBy(change) > 0 || change.truncated === true))
  const isChanged = lost.some(({ relation, how }) => how === 'changed' && files.includes(relation))
  return {
    rows: wrote || isChanged ? 'moved' : 'still',
    rewritten: files,
    rebuilt: built.flatMap((one) => (isOwn(one) && one.what === 'rebuilt' ? [one.index] : [])),
  }
}
