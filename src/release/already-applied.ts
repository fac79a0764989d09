// What a step creates although the live database already has it: a person or another tool created it.
import type { Condition, StepAhead } from './preview.js'
import type { Difference } from '../catalog/difference.js'

/** The number of objects of one step that a warning names. */
const NAMED = 5

/**
 * One warning for each such step. `drift` is the live schema compared with the files of the applied migrations. It is
 * no refusal: the step may use IF NOT EXISTS, which only its author can judge.
 */
export function alreadyThere(steps: readonly StepAhead[], drift: readonly Difference[]): readonly Condition[] {
  const there = new Set(drift.filter(({ change }) => change === 'left behind').map(nameOf))
  return steps.flatMap(({ id, does }): readonly Condition[] => {
    const made = does.filter((one) => one.change === 'left behind' && there.has(nameOf(one)))
    if (made.length === 0) return []
    const names = made.slice(0, NAMED).map(({ kind, identity }) => `${kind} ${identity}`)
    const more = made.length > NAMED ? ` and ${made.length - NAMED} more` : ''
    const what = `${id} creates what the live database already has, but no applied migration created: ${names.join(', ')}${more}`
    const fix =
      'Find out who created it. If it is what the step creates, record the step: baseline --to VERSION; else remove it.'
    return [{ kind: 'warns', what, fix }]
  })
}

const nameOf = ({ kind, identity, parent }: Difference): string => JSON.stringify([kind, identity, parent])
