// Work on existing tables that clients wait for: rewrites, index builds, scans, and many changed rows.
import { firstFew } from '../../model/list-words.js'
import { SMALL_TABLE, type Change, type Impact, type RelationKind } from '../facts.js'
import { stronger, type LockMode } from '../lock-modes.js'
import type { Effect, ImpactRule } from './effect.js'
import { groupedBy } from './grouped.js'
import { lockWithIndex, lockWords, makesWait, waitWords } from './lock-words.js'
import { countedOf, growth, isLarge, isTogether, isReal, levelFor, relationNamed, type Judging } from './sizes.js'

/**
 * An effect about waiting clients, before what one statement does to several relations is joined: `ofMany` is the sentence
 * for all of them.
 */
export type Waiting = Effect & { readonly lock?: LockMode; readonly ofMany?: string }

/** Something that is done to a relation under a lock, in words that follow "while"; `inAll`: for several relations. */
type Blocking = {
  readonly relation: string
  readonly rows: number
  readonly statement: number
  readonly under: LockMode
  readonly done: string
  readonly inAll: string
}

/** All work for which clients wait, one effect for each rule and relation. */
export const blockingWork = (judging: Judging): readonly Waiting[] => [
  ...blocking(judging, 'table-rewrite', rewrites(judging.impact)),
  ...blocking(judging, 'blocking-index-build', builds(judging.impact)),
  ...blocking(judging, 'blocking-scan', scans(judging.impact)),
]

/** The statements that do such work, by their numbers. */
export const blockingStatements = (judging: Judging): readonly number[] =>
  [rewrites(judging.impact), builds(judging.impact), scans(judging.impact)].flatMap((works) =>
    waitedFor(judging, works).map(({ statement }) => statement),
  )

const rewrites = (impact: Impact): readonly Blocking[] =>
  impact.rewritten.map((work) =>
    relationNamed(impact, work.relation)?.kind === 'materialized view'
      ? { ...work, done: 'it is filled again', inAll: 'they are filled again' }
      : { ...work, done: 'all of it is written again', inAll: 'all of them are written again' },
  )

/** A rewrite builds all indexes of its table again: they are a part of it, and it is the worse effect. */
const builds = (impact: Impact): readonly Blocking[] => {
  const works = impact.built.map((work) => ({ ...work, under: lockWithIndex(impact, work) }))
  return works.map((work) => {
    const verb = work.what === 'built' ? 'built' : 'built again'
    const { kind } = relationNamed(impact, work.relation) ?? {}
    const own = works.filter(({ relation, under }) => relation === work.relation && makesWait(under, kind))
    const names = [...new Set(own.map(({ index }) => index))]
    const done = `the ${names.length > 1 ? 'indexes' : 'index'} ${firstFew(names)} ${names.length > 1 ? 'are' : 'is'} ${verb}`
    return { ...work, done, inAll: `their indexes are ${verb}` }
  })
}

/** What a statement reads because it changes rows is about the change (`lock-held`, `mass-change`). */
const scans = (impact: Impact): readonly Blocking[] =>
  impact.scanned
    .filter(({ relation, statement }) => !changedBy(impact, relation, statement))
    .map((work) => ({
      ...work,
      rows: Math.min(work.rows, work.read),
      done: 'all its rows are read',
      inAll: 'all their rows are read',
    }))

const changedBy = ({ changed }: Impact, relation: string, statement: number): boolean =>
  changed.some((change) => change.relation === relation && change.statement === statement && writtenBy(change) > 0)

/** Rows that a change writes; TRUNCATE writes none. */
export const writtenBy = ({ inserted, updated, deleted, truncated }: Change): number =>
  truncated === true ? 0 : inserted + updated + deleted

function blocking(judging: Judging, rule: ImpactRule, works: readonly Blocking[]): readonly Waiting[] {
  const kindOf = (relation: string): RelationKind | undefined => relationNamed(judging.impact, relation)?.kind
  return groupedBy(waitedFor(judging, works), ({ relation }) => relation).map(([relation, own]) => {
    const first = own.reduce((one, other) => (other.statement < one.statement ? other : one))
    const lock = own.map(({ under }) => under).reduce(stronger)
    const times = own.length > 1 && rule !== 'blocking-index-build' ? `, ${own.length} times` : ''
    const waits = `${waitWords(lock, kindOf(relation)) ?? ''} behind ${lockWords(lock)} while`
    return {
      rule,
      relations: [relation],
      said: `${waits} ${first.done}${times}`,
      ofMany: `${waits} ${first.inAll}${times}`,
      lock,
      statement: first.statement,
      atMost: levelFor(judging, relation),
    }
  })
}

const waitedFor = (judging: Judging, works: readonly Blocking[]): readonly Blocking[] =>
  works.filter(
    ({ relation, rows, under }) =>
      makesWait(under, relationNamed(judging.impact, relation)?.kind) && isLarge(judging, relation, rows),
  )

/** With the growth of the time, once it is known which relations the sentence is about. */
export const withGrowth = (judging: Judging, effect: Effect): Effect =>
  ['table-rewrite', 'blocking-index-build', 'blocking-scan'].includes(effect.rule)
    ? { ...effect, said: `${effect.said}; ${growth(judging, effect.relations)}`, brief: effect.said }
    : effect

const GROWS = 'clients that change the same rows wait until its end; the time grows with the table'

/** More of a table than this is mass: 1 of so many rows. */
const SHARE = 10

/**
 * Tables of which at least 1,000 rows and more than 10 % are updated or deleted in one transaction. Of made-up rows only a
 * change of all of them is certain.
 */
export const massChanges = (judging: Judging): readonly Waiting[] =>
  groupedBy(judging.impact.changed, ({ relation }) => relation).flatMap(([relation, changes]): readonly Waiting[] => {
    const known = relationNamed(judging.impact, relation)
    const groups = inOneTransaction(judging.impact, changes)
    const [most] = groups.map(sumOf).toSorted((a, b) => b.count - a.count)
    if (most === undefined || most.count < SMALL_TABLE) return []
    const rows = Math.max(known?.rows ?? 0, most.rows)
    if (most.count * SHARE <= rows) return []
    const isCertain = known === undefined || isReal(known) || most.count >= rows
    const real = known !== undefined && isReal(known)
    const all = most.count >= rows
    const many = real
      ? `${countedOf(Math.min(most.count, rows), 'row')}${all ? ', all that it has,' : ''}`
      : all
        ? 'all rows'
        : 'many rows'
    const brief = `${many} are ${most.verb} in one transaction`
    return [
      {
        rule: 'mass-change',
        relations: [relation],
        said: `${brief}: ${GROWS}`,
        brief,
        ofMany: `many of their rows are ${most.verb} in one transaction: ${GROWS}`,
        statement: most.statement,
        atMost: isCertain ? levelFor(judging, relation) : 'note',
      },
    ]
  })

/** The changes of each transaction. */
const inOneTransaction = (impact: Impact, changes: readonly Change[]): readonly (readonly Change[])[] => {
  const counted = changes.filter(({ together, truncated }) => together && truncated !== true)
  return counted
    .filter((first, at) => counted.findIndex((one) => isTogether(impact, one.statement, first.statement)) === at)
    .map((first) => counted.filter(({ statement }) => isTogether(impact, statement, first.statement)))
}

type Sum = {
  readonly count: number
  readonly rows: number
  readonly statement: number | undefined
  readonly verb: string
}

function sumOf(changes: readonly Change[]): Sum {
  const updated = changes.reduce((sum, change) => sum + change.updated, 0)
  const deleted = changes.reduce((sum, change) => sum + change.deleted, 0)
  const largest = changes.toSorted((a, b) => b.updated + b.deleted - (a.updated + a.deleted))[0]
  return {
    count: updated + deleted,
    rows: Math.max(0, ...changes.map(({ rows }) => rows)),
    statement: largest?.statement,
    verb: deleted === 0 ? 'updated' : updated === 0 ? 'deleted' : 'updated or deleted',
  }
}
