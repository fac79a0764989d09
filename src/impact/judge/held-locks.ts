// Locks that clients wait for while the script goes on with other work.
import { firstFew } from '../../model/list-words.js'
import { SMALL_TABLE, type Change, type Hold, type Impact, type RelationKind } from '../facts.js'
import { rootOf } from '../partitions.js'
import type { LockMode } from '../lock-modes.js'
import { lockWithIndex, lockWords, makesWait, waitWords } from './lock-words.js'
import { countedOf, isLarge, isTogether, isReal, levelFor, relationNamed, type Judging } from './sizes.js'
import { writtenBy, type Waiting } from './work.js'

/** A statement under the lock that takes longer is of concern whatever it does. Milliseconds. */
const LONG = 1_000

/**
 * Work that clients of a locked table may have to wait for. `elsewhere`: what is done, in words that follow "while"; `here`: the
 * same where the locked table is the one worked on, undefined where that is a finding of its own. `waits`: clients of the table
 * that is worked on wait as well.
 */
type OtherWork = {
  readonly relation?: string
  readonly statement: number
  readonly elsewhere: string
  readonly here?: string
  readonly waits: boolean
}

/** Tables that stay locked for clients while other tables are worked on, while many rows are changed, or for long. */
export const heldLocks = (judging: Judging): readonly Waiting[] => {
  const works = otherWork(judging)
  return judging.impact.holds
    .filter(({ kind, mode }) => HAVE_CLIENTS.has(kind) && makesWait(mode, kind))
    .filter(({ relation }) => !isGone(judging.impact, relation))
    .flatMap((hold) => heldLock(judging, hold, works) ?? [])
}

/** The statements that take long whatever is locked, by their numbers. */
export const longWork = (judging: Judging): readonly number[] => otherWork(judging).map(({ statement }) => statement)

/** What clients lock: nothing of theirs names an index. */
const HAVE_CLIENTS: ReadonlySet<RelationKind> = new Set<RelationKind>([
  'table',
  'partitioned table',
  'materialized view',
  'foreign table',
  'view',
])

/** Clients of a table that the script drops or renames fail, however long they wait. */
const isGone = ({ broken }: Impact, name: string): boolean =>
  broken.some(({ relation, sqlstate }) => relation === name && sqlstate === UNDEFINED_TABLE)

const UNDEFINED_TABLE = '42P01'

function heldLock(judging: Judging, hold: Hold, works: readonly OtherWork[]): Waiting | undefined {
  const { relation, kind, mode, from, until = Infinity } = hold
  const meanwhile = works.flatMap((work) => {
    if (work.statement < from || work.statement > until || !isTogether(judging.impact, from, work.statement)) return []
    const done =
      work.relation === relation ? work.here : work.statement > from || !work.waits ? work.elsewhere : undefined
    return done === undefined ? [] : [{ done, level: work.relation && levelFor(judging, work.relation) }]
  })
  if (meanwhile.length === 0) return undefined
  const done = firstFew([...new Set(meanwhile.map((work) => work.done))])
  const waits = `${waitWords(mode, kind) ?? ''} behind ${lockWords(mode)}`
  return {
    rule: 'lock-held',
    relations: [relation],
    said: `${waits} ${untilWords(judging.impact, hold)}, while ${done}`,
    lock: mode,
    statement: from,
    atMost: meanwhile.every(({ level }) => level === 'note') ? 'note' : levelFor(judging, relation),
  }
}

/** All work that is long where tables are large, in the order of the statements. */
function otherWork(judging: Judging): readonly OtherWork[] {
  const { impact } = judging
  const large = <W extends { readonly relation: string; readonly rows: number }>(works: readonly W[]): readonly W[] =>
    works.filter(({ relation, rows }) => isLarge(judging, relation, rows))
  const work = (of: Work, lock: LockMode, done: string): OtherWork => ({
    relation: of.relation,
    statement: of.statement,
    elsewhere: done,
    waits: makesWait(lock, relationNamed(impact, of.relation)?.kind),
  })
  const found = [
    ...large(impact.rewritten).map((of) => work(of, of.under, `${rootOf(impact, of.relation)} is written again`)),
    ...large(impact.built).map((of) =>
      work(of, lockWithIndex(impact, of), `an index of ${rootOf(impact, of.relation)} is built`),
    ),
    ...impact.changed.filter((of) => writtenBy(of) >= SMALL_TABLE).map((of) => changeWork(impact, of)),
  ]
  const isPart = ({ relation, statement }: Work): boolean =>
    found.some((one) => one.relation === relation && one.statement === statement)
  const scans = large(impact.scanned.map((scan) => ({ ...scan, rows: scan.read })))
    .filter((scan) => !isPart(scan))
    .map((of) => work(of, of.under, `${rootOf(impact, of.relation)} is read whole`))
  const known = [...found, ...scans]
  return [...known, ...longStatements(impact, known)].toSorted((a, b) => a.statement - b.statement)
}

type Work = { readonly relation: string; readonly statement: number }

function changeWork(impact: Impact, change: Change): OtherWork {
  const { relation, statement, inserted, updated, deleted } = change
  const verbs = [inserted > 0 && 'inserted', updated > 0 && 'updated', deleted > 0 && 'deleted'].filter(Boolean)
  const known = relationNamed(impact, relation)
  const many = known !== undefined && isReal(known) ? countedOf(writtenBy(change), 'row') : 'many rows'
  const done = `are ${verbs.join(' or ')}`
  return {
    relation,
    statement,
    elsewhere: `${many} of ${relation} ${done}`,
    here: `${many} of it ${done}`,
    waits: false,
  }
}

/** Those that take long for another reason than work that is known. */
const longStatements = ({ statements }: Impact, known: readonly OtherWork[]): readonly OtherWork[] =>
  statements
    .filter(({ number, milliseconds }) => milliseconds > LONG && !known.some(({ statement }) => statement === number))
    .map(({ number, milliseconds }) => {
      const done = `statement ${number} runs for ${(milliseconds / 1_000).toFixed(1)} s`
      return { statement: number, elsewhere: done, waits: false }
    })

/** `until the end of the script (3 more statements)`. */
function untilWords(impact: Impact, { from, until = Infinity }: Hold): string {
  const numbers = impact.statements.map(({ number }) => number).filter((one) => one > from)
  const more = numbers.filter((one) => one <= until && isTogether(impact, from, one)).length
  const end = more === numbers.length ? 'until the end of the script' : 'until the end of its transaction'
  return more === 0 ? end : `${end} (${countedOf(more, 'more statement')})`
}
