// Columns that get another type: the values that the new type cannot hold as they are.
import { nameIn, wordsIn } from '../../sql/clauses.js'
import { retypesOf, typesMadeIn, type Retype } from '../../sql/effects/retypes.js'
import { statementsIn, type Statement } from '../../sql/statements.js'
import { plainBlock } from '../../sql/effects/code-text.js'
import type { Script } from '../../model/migration.js'
import { lastPart } from '../derive/names.js'
import type { PossibleLoss, Question } from '../data-loss.js'
import type { Change } from './course.js'
import { later } from './dropped.js'
import { keepsValues } from '../type-width.js'
import { valuesConverted } from './questions.js'
import { Relations, type Column, type Table } from './relations.js'
import type { Rehearsed, StepFacts } from './step-facts.js'

/** `table` and `before` are before the step, `now` and `after` after it; `live` is the column's name on the live database. */
type Retyped = {
  readonly table: Table
  readonly now: Table
  readonly before: Column
  readonly after: Column
  readonly live: string
}

/** Of tables whose rows the step writes again: a type that leaves the file as it is changes no value. */
export function retypedLosses(facts: StepFacts): readonly PossibleLoss[] {
  const { rehearsed } = facts
  return rehearsed === undefined
    ? []
    : retypedColumns(facts, rehearsed).map((column) => ({
        kind: 'type',
        table: column.table.identity,
        column: column.before.name,
        before: column.before.type,
        after: column.after.type,
        question: questionOf(facts, column),
      }))
}

/** What these changes mean for later questions. */
export const retypedChanges = (facts: StepFacts): readonly Change[] =>
  facts.rehearsed === undefined
    ? []
    : retypedColumns(facts, facts.rehearsed).flatMap(({ table, before }): readonly Change[] => {
        const live = facts.course.liveTable(table.identity)
        const column = facts.course.liveColumn(table.identity, before.name)
        return live === undefined || column === undefined ? [] : [{ table: live, columns: [column], by: facts.id }]
      })

/** Of the columns of tables that are written again: those whose values the step converts, and may change. */
const retypedColumns = (facts: StepFacts, rehearsed: Rehearsed): readonly Retyped[] =>
  keptColumns(facts, rehearsed).filter((one) => {
    const keeps = one.before.type !== one.after.type && keepsValues(one.before.type, one.after.type)
    return (hasOtherType(one, rehearsed) && !keeps) || usingOf(facts, one) !== undefined
  })

/** Whether a column has another type. A new type may have the name of the former one. */
export function hasOtherType({ before, after }: Pick<Retyped, 'before' | 'after'>, { fates }: Rehearsed): boolean {
  const fate = fates.get(`type ${before.type}`)
  return fate === undefined ? before.type !== after.type : fate.to !== `type ${after.type}`
}

/** The columns that tables with rewritten files keep. */
export function keptColumns(
  { relations, course }: StepFacts,
  { after, fates, rewrites }: Rehearsed,
): readonly Retyped[] {
  const later = new Relations(after)
  return rewrites.flatMap((identity) => {
    const group = `relation ${identity}`
    const table = relations.ofGroup(group)
    const fate = fates.get(group)
    const now = fate !== undefined && fate.to === undefined ? undefined : later.ofGroup(fate?.to ?? group)
    if (table?.kind !== 'table' || now === undefined) return []
    return table.columns.flatMap((before): readonly Retyped[] => {
      const name = fate?.columns.has(before.name) === true ? fate.columns.get(before.name) : before.name
      const column = now.columns.find((one) => one.name === name)
      const live = course.liveColumn(table.identity, before.name)
      if (column === undefined || live === undefined || before.generated) return []
      return [{ table, now, before, after: column, live }]
    })
  })
}

/** The statements of a script, and those of its plain blocks. */
export const statementsOf = ({ messages }: Script): readonly Statement[] =>
  messages.flatMap(statementsIn).flatMap((statement) => plainBlock(statement) ?? [statement])

/** Whether a statement names the table, or one that it inherits from, which gives a partition its types. */
function isOf({ relations }: StepFacts, { table }: Retype, { table: before, now }: Named): boolean {
  const names = [before, now].flatMap((one) => [one.identity, ...ancestorsOf(relations, one)])
  return names.some((one) => nameIn(lastPart(one)) === nameIn(lastPart(table)))
}

function ancestorsOf(relations: Relations, { parents }: Table): readonly string[] {
  return parents.flatMap((parent) => {
    const above = relations.ofGroup(`relation ${parent}`)
    return [parent, ...(above === undefined ? [] : ancestorsOf(relations, above))]
  })
}

type Named = Pick<Retyped, 'table' | 'now' | 'before' | 'after'>

/** The statements of a script about this column. */
const retypesFor = (facts: StepFacts, script: Script, column: Named): readonly Retype[] =>
  statementsOf(script)
    .flatMap((statement) => retypesOf(statement))
    .filter(
      (one) =>
        isOf(facts, one, column) &&
        [column.before.name, column.after.name].some((name) => nameIn(name) === nameIn(one.column)),
    )

const usingOf = (facts: StepFacts, column: Named): string | undefined =>
  retypesFor(facts, facts.script, column).find(({ using }) => using !== undefined)?.using

function questionOf(facts: StepFacts, of: Retyped): Question {
  const { table, before, after, live: column } = of
  const { course, script, back, rehearsed, id } = facts
  const live = course.liveTable(table.identity)
  const found = retypesFor(facts, script, of)
  const [only] = found
  if (live === undefined || rehearsed === undefined) return { why: 'it is not on the live database' }
  if (only === undefined) return { why: 'code that was not looked into converts them' }
  if (found.length > 1) return { why: 'the step converts them more than once' }
  const made = typesMadeIn(textOf(script))
  const using = only.using === undefined ? undefined : withText(only.using, made)
  const words = wordsIn(only.using ?? '')
  if (course.hasOtherNames(words) || renamesOf(facts, words)) return { why: 'a step renames what its USING reads' }
  const by = course.writerOf({ table: live, columns: [column], words })
  if (by !== undefined) return later(by === id ? 'an earlier statement' : by)
  const isNew = made.has(nameIn(lastPart(after.type)))
  const carrier = isNew ? 'text' : after.type
  const way = back && backOf(facts, back, of)
  const backward = isNew && way === undefined ? column : `(${way ?? column}\n)::${before.type}`
  const type = isNew && way === undefined ? 'text' : before.type
  return valuesConverted({
    table: live,
    column,
    type,
    to: using ?? column,
    carrier,
    back: backward,
    fits: using === undefined ? fitsIn(after.type) : undefined,
    texts: [using ?? '', way ?? ''],
  })
}

const textOf = ({ messages }: Script): string => messages.map(({ text }) => text).join('\n')

/** Whether words are names that this step gives to something. */
const renamesOf = ({ rehearsed }: StepFacts, words: ReadonlySet<string>): boolean =>
  [...(rehearsed?.fates ?? [])].some(([group, { to, columns }]) =>
    [...(to === undefined || to === group ? [] : [lastPart(to)]), ...columns.values()].some(
      (name) => name !== undefined && words.has(nameIn(name)),
    ),
  )

/** The expression of the way back for this column; undefined for a plain cast. */
function backOf(facts: StepFacts, back: Script, column: Named): string | undefined {
  const [only, ...more] = retypesFor(facts, back, column)
  if (only?.using === undefined || more.length > 0 || column.before.name !== column.after.name) return undefined
  return withText(only.using, typesMadeIn(textOf(back)))
}

/** The casts to types that the script itself makes as casts to text, because the live database does not have them. */
function withText(expression: string, made: ReadonlySet<string>): string {
  const name = String.raw`(?:(?:"(?:[^"]|"")*"|[\w$]+)\s*\.\s*)*("(?:[^"]|"")*"|[\w$]+)`
  return expression.replaceAll(
    new RegExp(String.raw`(::\s*|\bAS\s+)${name}`, 'gi'),
    (cast, head: string, type: string) => (made.has(nameIn(type)) ? `${head}text` : cast),
  )
}

/** An assignment refuses text that is longer than the type, unless the rest is blanks (PostgreSQL, "Character Types"). */
function fitsIn(type: string): string | undefined {
  const length = /^character(?: varying)?\((\d+)\)$/.exec(type)?.[1]
  return length === undefined ? undefined : `length(rtrim(gate_old::text, ' ')) <= ${length}`
}
