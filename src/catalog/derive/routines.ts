// Functions, procedures and aggregates.
import type { CatalogueObject } from '../snapshot.js'
import { lastPart } from './names.js'
import { text, type Pair } from './model.js'
import { RANK, noted, step, type Step } from './step.js'

export function routineSteps({ goal, here, fate }: Pair): readonly Step[] {
  const wanted = goal?.top
  const now = here?.top
  if (isOfRange(wanted ?? now)) return []
  const isGone = now !== undefined && (fate === 'dropped' || fate === 'rebuilt')
  const isMade = wanted !== undefined && (fate === 'made' || fate === 'rebuilt')
  const isChanged = fate === 'kept' && text(wanted, 'def') !== text(now, 'def')
  return [
    ...(isGone ? [drop(now)] : []),
    ...(isMade || (isChanged && wanted !== undefined) ? [make(wanted, isChanged ? now : undefined)] : []),
  ]
}

/** A range type brings the functions that make its values. */
const isOfRange = (routine: CatalogueObject | undefined): boolean =>
  /^ LANGUAGE internal$[^]*\$(?:multi)?range_constructor\d\$/m.test(text(routine, 'def') ?? '')

function drop(routine: CatalogueObject): Step {
  return step(RANK.dropRoutine, `DROP ${routine.kind.toUpperCase()} ${routine.identity}`, {
    removes: [lastPart(routine.identity)],
    frees: trackedText(routine),
  })
}

/** pg_get_functiondef begins with CREATE OR REPLACE; where nothing is replaced it says more than is meant, and harms nothing. */
function make(routine: CatalogueObject, replaced: CatalogueObject | undefined): Step {
  if (routine.kind === 'aggregate')
    return noted(`The aggregate ${routine.identity} cannot be made again from what the catalogue tells.`)
  const def = (text(routine, 'def') ?? '').trimEnd()
  return step(RANK.makeRoutine, def, {
    makes: [lastPart(routine.identity)],
    needs: checkedText(routine),
    frees: replaced === undefined ? undefined : trackedText(replaced),
  })
}

/** What PostgreSQL knows that a routine uses: its signature, and the body where that is parsed once and for all. */
export function trackedText(routine: CatalogueObject): string {
  const def = text(routine, 'def') ?? ''
  return isAtomic(def) ? def : headOf(def)
}

/** What must be there when a routine is made: a body in SQL is checked then, others when they run. */
function checkedText(routine: CatalogueObject): string {
  const def = text(routine, 'def') ?? ''
  return isAtomic(def) || /^ LANGUAGE sql\b/m.test(def) ? def : headOf(def)
}

const headOf = (def: string): string => def.split(/^AS /m)[0] ?? def

const isAtomic = (def: string): boolean => /^(?:BEGIN ATOMIC| RETURN |RETURN )/m.test(def) && !/^AS /m.test(def)

/** CREATE OR REPLACE may change everything but names and types of arguments, results, and defaults it would take away. */
export function isReplaceable(goal: CatalogueObject, here: CatalogueObject): boolean {
  const signature = (routine: CatalogueObject): string =>
    (text(routine, 'def') ?? '')
      .split('\n')
      .slice(0, 2)
      .join('\n')
      .replace(/^CREATE OR REPLACE /, '')
  return goal.kind === here.kind && goal.kind !== 'aggregate' && signature(goal) === signature(here)
}
