// Tables and columns that a step removes, by what the catalogue knows them by.
import type { PossibleLoss } from '../data-loss.js'
import { rowsOf, valuesOf } from './questions.js'
import type { StepFacts } from './step-facts.js'
import type { Table } from './relations.js'

/** What a step made itself is nothing of the live database. */
export function droppedLosses(facts: StepFacts): readonly PossibleLoss[] {
  const { relations, rehearsed, course } = facts
  const gone = [...(rehearsed?.fates ?? [])].flatMap(([group, { to, columns }]) => {
    const table = group.startsWith('relation ') ? relations.ofGroup(group) : undefined
    return table === undefined ? [] : [{ table, to, columns }]
  })
  const tables = gone.flatMap(({ table, to }): readonly PossibleLoss[] => {
    const live = course.liveTable(table.identity)
    if (to !== undefined || live === undefined || table.kind !== 'table' || table.isPartitioned) return []
    const by = course.writerOf({ table: live, columns: [], words: new Set() })
    return [{ kind: 'table', table: table.identity, question: by === undefined ? rowsOf(live) : later(by) }]
  })
  const columns = gone.flatMap(({ table, to, columns: names }) =>
    to === undefined
      ? []
      : [...names].flatMap(([name, now]) => (now === undefined ? columnLosses(facts, table, name) : [])),
  )
  return [...tables, ...columns]
}

/** Why a count of now would not be true when the step runs. */
export const later = (by: string): { readonly why: string } => ({ why: `${by} changes its rows first` })

function columnLosses(facts: StepFacts, table: Table, name: string): readonly PossibleLoss[] {
  const { course, relations } = facts
  const column = table.columns.find((one) => one.name === name)
  if (column === undefined || column.generated || table.isPartitioned) return []
  if (table.kind === 'composite type') {
    return relations.holding(table.identity).flatMap(({ table: holder, column: held }): readonly PossibleLoss[] => {
      const live = course.liveTable(holder.identity)
      const liveColumn = course.liveColumn(holder.identity, held.name)
      if (live === undefined || liveColumn === undefined || holder.isPartitioned) return []
      const question = valuesOf(live, `((${liveColumn}).${name})`)
      return [{ kind: 'column', table: holder.identity, column: `${held.name}.${name}`, question }]
    })
  }
  const live = course.liveTable(table.identity)
  const liveColumn = course.liveColumn(table.identity, name)
  if (table.kind !== 'table' || live === undefined || liveColumn === undefined) return []
  const by = course.writerOf({ table: live, columns: [liveColumn], words: new Set() })
  const question = by === undefined ? valuesOf(live, liveColumn) : later(by)
  return [{ kind: 'column', table: table.identity, column: name, question }]
}
