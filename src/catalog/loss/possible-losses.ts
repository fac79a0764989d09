// What a step may delete or overwrite on a live database, with the questions that count it there.
import type { PossibleLoss } from '../data-loss.js'
import { codeLosses } from './code.js'
import type { Change, Course } from './course.js'
import { droppedLosses } from './dropped.js'
import { retypedChanges, retypedLosses, statementsOf } from './retyped.js'
import type { StepFacts } from './step-facts.js'
import { writtenLosses } from './written.js'

/** The losses of a step, and the course of the plan after it. */
export type StepLosses = { readonly losses: readonly PossibleLoss[]; readonly course: Course }

export function possibleLosses(facts: StepFacts): StepLosses {
  const dropped = droppedLosses(facts)
  const gone = new Set(dropped.flatMap((loss) => (loss.kind === 'table' ? [loss.table] : [])))
  const statements = statementsOf(facts.script)
  const written = writtenLosses(facts, statements)
  const retyped = retypedLosses({ ...facts, course: written.course })
  const { losses: byStatements, course, ...seen } = written
  const code = codeLosses({ facts, statements, ...seen })
  const losses = [...dropped, ...retyped, ...byStatements, ...code].filter(
    (loss) => loss.kind === 'table' || loss.kind === 'code' || !gone.has(loss.table),
  )
  const inCode = code.flatMap((loss): readonly Change[] => {
    const live = loss.kind === 'written' ? facts.course.liveTable(loss.table) : undefined
    return live === undefined ? [] : [{ table: live, columns: 'rows', by: facts.id }]
  })
  const named = course.signed(facts.id).changed([...retypedChanges(facts), ...inCode])
  return { losses, course: facts.rehearsed === undefined ? named : named.after(facts.rehearsed.fates) }
}
