// Whether the rows that a statement finds can be counted on the live database before the step, and under which names.
import { nameIn, withNames, wordsIn } from '../../sql/clauses.js'
import type { Condition } from '../../sql/effects/row-changes.js'
import { lastPart } from '../derive/names.js'
import type { PossibleLoss, Question } from '../data-loss.js'
import { EARLIER, type Change } from './course.js'
import { later } from './dropped.js'
import type { Table, Trigger } from './relations.js'
import type { StepFacts, Writing } from './step-facts.js'

/** What a statement loses, and what it means for the questions behind it. */
export type Found = {
  readonly losses: readonly PossibleLoss[]
  readonly changes: readonly Change[]
  /** Live names of tables that get new rows. */
  readonly filled: readonly string[]
  /** Tables whose rows the statement writes: by itself, and by UPDATEs of foreign keys that a DELETE sets off. */
  readonly tables: readonly Table[]
  readonly updated?: readonly Table[]
}

/** `live` is the live name of the table, `whole` stands for a change of whole rows of it. */
export type Asked<C> = { readonly change: C; readonly table: Table; readonly live: string; readonly whole: Change }

/**
 * The condition, and a function for other texts, with the live names of the columns of the table. Only where the statement
 * reads no other table: elsewhere a name may be that of another one.
 */
export function withLiveNames<C extends Condition>(
  { course }: Writing,
  change: C,
  table: Table,
): { readonly change: C; readonly named: (text: string) => string } {
  const names = new Map(
    table.columns.flatMap(({ name }) => {
      const live = course.liveColumn(table.identity, name)
      return live === undefined || live === name ? [] : [[nameIn(name), live] as const]
    }),
  )
  if (names.size === 0 || !readsOnlyTarget(change)) return { change, named: (text) => text }
  const named = (text: string): string => (wordsIn(text).has('select') ? text : withNames(text, names))
  return { change: change.where === undefined ? change : { ...change, where: named(change.where) }, named }
}

const readsOnlyTarget = ({ ctes, others, where }: Condition): boolean =>
  ctes === '' && others === undefined && !wordsIn(where ?? '').has('select')

export type Reading = {
  readonly table: Table
  readonly live: string
  readonly columns: readonly string[]
  readonly event: string
  readonly value?: string
}

/** Why the rows cannot be counted before the step; undefined where they can. */
export function whyNot(
  { facts, course }: Writing,
  change: Condition,
  { table, live, columns, event, value }: Reading,
): Extract<Question, { readonly why: string }> | undefined {
  if (change.why !== undefined) return { why: change.why }
  if (table.kind !== 'table') return { why: `${table.identity} is a ${table.kind}` }
  if (table.rules.length > 0) return { why: `${table.identity} has rules that rewrite statements` }
  const deciding = table.triggers.find((trigger) => decides(facts, trigger, event))
  if (deciding !== undefined) return { why: `trigger ${deciding.name} decides row by row` }
  const words = wordsIn([change.ctes, change.others ?? '', change.where ?? '', value ?? ''].join(' '))
  const isAlone = readsOnlyTarget(change) && !wordsIn(value ?? '').has('select')
  const isMade = table.columns.some(
    ({ name }) => words.has(nameIn(name)) && course.liveColumn(table.identity, name) === undefined,
  )
  if (isAlone && isMade) return { why: 'it reads a column that a step makes' }
  if ((!isAlone && course.hasOtherNames(words)) || isNameOfStep(facts, words, change)) {
    return { why: 'a step gives other names to what it reads' }
  }
  const by = course.writerOf({ table: live, columns, words })
  return by === undefined ? undefined : later(by)
}

/** A trigger before a row can keep the row as it is (PostgreSQL, "Trigger Procedures"). */
const decides = ({ relations }: StepFacts, { timing, events, routine }: Trigger, event: string): boolean =>
  timing === 'BEFORE' &&
  events.includes(event) &&
  relations
    .routines(routine)
    .some(
      (def) =>
        /\bRETURN\s+NULL\b/i.test(def) ||
        (event === 'UPDATE' && /\bRETURN\s+OLD\b/i.test(def) && !/\bTG_OP\b/i.test(def)),
    )

/** Whether a statement uses names that this step gives to something that exists. */
function isNameOfStep({ rehearsed }: StepFacts, words: ReadonlySet<string>, { target }: Condition): boolean {
  const own = new Set([...words, nameIn(lastPart(target.table))])
  return [...(rehearsed?.fates ?? [])].some(([group, { to, columns }]) =>
    [...(to === undefined || to === group ? [] : [to]), ...columns.values()].some(
      (name) => name !== undefined && own.has(nameIn(lastPart(name))),
    ),
  )
}

/** Partitions and heirs lose or change rows with the table. */
export const below = ({ facts, course }: Writing, table: Table): readonly Change[] =>
  facts.relations.below(table.identity).flatMap(({ identity }): readonly Change[] => {
    const live = course.liveTable(identity)
    return live === undefined ? [] : [{ table: live, columns: 'rows', by: EARLIER }]
  })
