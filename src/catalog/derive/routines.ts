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

/** A range type creates its constructor functions. */
const isOfRange = (routine: CatalogueObject | undefined): boolean =>
  /^ LANGUAGE internal$[^]*\$(?:multi)?range_constructor\d\$/m.test(text(routine, 'def') ?? '')

function drop(routine: CatalogueObject): Step {
  return step(RANK.dropRoutine, `DROP ${routine.kind.toUpperCase()} ${routine.identity}`, {
    removes: [lastPart(routine.identity)],
    frees: trackedText(routine),
  })
}

/** pg_get_functiondef begins with CREATE OR REPLACE, which is also correct for a new function. */
function make(routine: CatalogueObject, replaced: CatalogueObject | undefined): Step {
  if (routine.kind === 'aggregate')
    return noted(`The catalogue holds too little to create the aggregate ${routine.identity} again.`)
  const def = (text(routine, 'def') ?? '').trimEnd()
  return step(RANK.makeRoutine, def, {
    makes: [lastPart(routine.identity)],
    needs: checkedText(routine),
    frees: replaced === undefined ? undefined : trackedText(replaced),
  })
}

/** The dependencies that PostgreSQL tracks for a routine: its signature, and a body that is parsed at creation. */
export function trackedText(routine: CatalogueObject): string {
  const def = text(routine, 'def') ?? ''
  return isAtomic(def) ? def : headOf(def)
}

/** The objects that must exist when a routine is made: PostgreSQL checks an SQL body at creation, others at run time. */
function checkedText(routine: CatalogueObject): string {
  const def = text(routine, 'def') ?? ''
  return isAtomic(def) || /^ LANGUAGE sql\b/m.test(def) ? def : headOf(def)
}

const headOf = (def: string): string => def.split(/^AS /m)[0] ?? def

const isAtomic = (def: string): boolean => /^(?:BEGIN ATOMIC| RETURN |RETURN )/m.test(def) && !/^AS /m.test(def)

/** CREATE OR REPLACE can change everything except argument names and types, results, and the removal of defaults. */
export function isReplaceable(goal: CatalogueObject, here: CatalogueObject): boolean {
  const signature = (routine: CatalogueObject): string =>
    (text(routine, 'def') ?? '')
      .split('\n')
      .slice(0, 2)
      .join('\n')
      .replace(/^CREATE OR REPLACE /, '')
  return goal.kind === here.kind && goal.kind !== 'aggregate' && signature(goal) === signature(here)
}
