// The files that a tool leaves out and that keep their own version under another name.
import { numberOf } from '../model/change.js'
import type { Problem, Renaming } from '../model/finding.js'
import { compareNumbers, versionKey } from '../model/version.js'
import { stayingIn, versionsElsewhere } from './change/fresh.js'
import { changeIn } from './change/merged.js'
import { once } from './read-input.js'
import type { RuleInput } from './rule.js'

/** `isLate`: later versions may be applied, and the tool then never runs this one. */
export type Kept = NonNullable<Renaming['kept']> & { readonly isLate: boolean }

/** By the problem of the file. Without those whose version is taken elsewhere, or late in a change that can take another one. */
export const keptIn = once((input: RuleInput): ReadonlyMap<Problem, Kept> => {
  const change = changeIn(input)
  const elsewhere = new Set((change === undefined ? [] : versionsElsewhere(change, input.folder)).map(versionKey))
  const standing =
    change === undefined ? input.migrations.filter(({ repeat }) => repeat === undefined) : stayingIn(input)
  const found = new Map<Problem, Kept>()
  for (const problem of input.problems) {
    const kept = problem.renaming?.kept
    if (kept === undefined) continue
    const isOld = change === undefined || change.baseTexts.has(problem.place?.file ?? '')
    const isThere = problem.migration !== undefined || (kept.runs === true && isOld)
    const isLate = !isThere && standing.some((one) => compareNumbers(kept.version, numberOf(one)) <= 0)
    const isTaken =
      (!isThere && elsewhere.has(versionKey(kept.version))) ||
      [...found.values()].some((other) => isClash(input, other.name, kept.name))
    if (!isTaken && (change === undefined || !isLate)) found.set(problem, { ...kept, isLate })
  }
  return found
})

/** Whether two new names have one version without being the two directions of one migration. */
function isClash({ tool: { directions } }: RuleInput, a: string, b: string): boolean {
  const [left, right] = [a, b].map((name) => versionKey(/^\D*\d+/.exec(name)?.[0] ?? ''))
  if (left !== right) return false
  return (
    directions.in === 'one file' ||
    (['up', 'down'] as const).every((direction) => directions.otherFile(a, direction) !== b)
  )
}
