// Judges the facts about a script: its effects on a database in use, each of them once.
import { LEVELS, type Level } from '../../model/finding.js'
import { firstFew } from '../../model/list-words.js'
import type { Direction } from '../../model/migration.js'
import type { MigrationImpact } from '../facts.js'
import { brokenClients, changedAnswers, openedAccess } from './clients.js'
import { foldedRelations, rootOf } from '../partitions.js'
import { WAITING_RULES, type Effect, type JudgedEffect } from './effect.js'
import { groupedBy } from './grouped.js'
import { heldLocks } from './held-locks.js'
import { keysWithoutIndex, leftBehind, lockOrder, readForEachRow } from './leftovers.js'
import { losses, notRestored, rowFailure } from './rows.js'
import type { Judging } from './sizes.js'
import { blockingWork, massChanges, withGrowth, type Waiting } from './work.js'

/**
 * All effects of a script of a migration. A relation has one effect about
 * waiting, the worst, and none where the script is certain to fail on its rows. Effects of a down are notes, but that it fails:
 * it runs in a bad hour, and seldom. What it breaks for clients is what it is for.
 */
export function judge({ up, down, dataSet }: MigrationImpact, direction: Direction): readonly JudgedEffect[] {
  const own = direction === 'up' ? up : down
  if (own === undefined) return []
  // What the up dropped is no relation that the down locks.
  const others = up?.relations.filter(({ relation }) => !own.relations.some((one) => one.relation === relation)) ?? []
  const judging = { impact: { ...own, relations: [...own.relations, ...others] }, dataSet: dataSet === true }
  const failure = rowFailure(judging, direction === 'up' ? 'fails-on-rows' : 'down-fails-on-rows')
  const fails = failure.some(({ atMost }) => atMost === undefined) ? (failure[0]?.relations ?? []) : []
  const waiting = waitingEffects(judging).filter(({ relations: [relation = ''] }) => !fails.includes(relation))
  const beside = [...joined(judging, waiting), ...leftBehind(judging)]
  const effects =
    direction === 'up'
      ? [
          ...failure,
          ...beside,
          ...losses(judging),
          ...brokenClients(judging),
          ...changedAnswers(judging),
          ...keysWithoutIndex(judging),
          ...readForEachRow(judging),
          ...openedAccess(judging),
          ...lockOrder(judging),
        ]
      : [...failure, ...beside.map(asNote), ...notRestored(judging), ...lockOrder(judging)]
  return withoutPartitions(judging, effects)
}

/** What a script does in the same words to several partitions of a table, or to the table as well, is one effect. */
const withoutPartitions = ({ impact }: Judging, effects: readonly Effect[]): readonly JudgedEffect[] =>
  groupedBy(effects, (effect) => {
    const { rule, relations, said, statement, atMost } = effect
    const roots = relations.map((relation) => rootOf(impact, relation))
    return JSON.stringify([rule, [...new Set(roots)], said, statement, atMost])
  }).map(([, group]) => {
    const relations = [...new Set(group.flatMap((effect) => effect.relations))]
    const about = relations.length === 0 ? '' : `${firstFew(foldedRelations(impact, relations))}: `
    return { ...group[0], relations, about }
  })

const asNote = (effect: Effect): Effect => ({ ...effect, atMost: 'note' })

/** The worst of each relation, with the lesser ones beside it. */
function waitingEffects(judging: Judging): readonly Waiting[] {
  const rank = ({ rule }: Effect): number => WAITING_RULES.indexOf(rule)
  const all = [...blockingWork(judging), ...heldLocks(judging), ...massChanges(judging)]
  return groupedBy(all, ({ relations: [relation = ''] }) => relation).flatMap(([, effects]) => {
    const [worst, ...others] = effects.toSorted((a, b) => rank(a) - rank(b))
    if (worst === undefined) return []
    // What reads the table to build or write it is a part of that.
    const isPart = ({ rule, statement }: Effect): boolean => rule !== 'lock-held' && statement === worst.statement
    return [{ ...worst, beside: others.filter((one) => !isPart(one)).map(({ said }) => said) }]
  })
}

/**
 * What one statement does to several relations is one effect: a foreign key reads two tables, a partitioned table has many. The
 * relation that the statement names first comes first.
 */
const joined = (judging: Judging, effects: readonly Waiting[]): readonly Effect[] =>
  groupedBy(effects, ({ rule, statement, lock }) => JSON.stringify([rule, statement, lock])).map(([, group]) => {
    const head = judging.impact.statements.find(({ number }) => number === group[0].statement)?.head ?? ''
    const place = ({ relations: [name = ''] }: Effect): number => {
      const at = head.indexOf(name.slice(name.lastIndexOf('.') + 1))
      return at < 0 ? head.length : at
    }
    const ordered = group.toSorted((a, b) => place(a) - place(b))
    const { lock: _, ofMany, ...first } = ordered[0] ?? group[0]
    return withGrowth(judging, {
      ...first,
      ...(group.length > 1 && ofMany !== undefined && { said: ofMany, brief: ofMany }),
      relations: ordered.flatMap(({ relations }) => relations),
      atMost: group.map(({ atMost }) => atMost).reduce(stricter),
      beside: [...new Set(ordered.flatMap(({ beside = [] }) => beside))],
    })
  })

/** The level of two joined effects: the one that is lowered less. */
const stricter = (one: Level | undefined, other: Level | undefined): Level | undefined =>
  one === undefined || other === undefined ? undefined : LEVELS.indexOf(one) < LEVELS.indexOf(other) ? one : other
