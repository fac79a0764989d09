// The commands that give a file a name that its tool runs.
import type { Problem } from '../model/finding.js'
import type { Move } from '../model/tool.js'
import { moveLines, numberForFile } from './numbers.js'
import type { RuleInput } from './rule.js'
import { keptIn } from './kept-versions.js'

/**
 * With the version of the file, or else with the next free one; `moves` are the paths. The words of the layout where no name is
 * right.
 */
export function rightFix(
  input: RuleInput,
  problem: Problem,
): { readonly fix: string; readonly moves: readonly Move[] } {
  const { place, renaming, fix } = problem
  if (place === undefined || renaming === undefined) return { fix, moves: [] }
  const kept = keptIn(input).get(problem)
  const number = numberForFile(input, problem)
  const next = number === undefined ? undefined : `${number}${renaming.rest}`
  if (kept !== undefined) {
    const moves = movesTo(input, { ...problem, file: place.file }, kept.name)
    const otherwise = next === undefined ? '.' : `; else name it ${next}, which is free.`
    const late = kept.isLate ? [`Only while no database has applied a later version${otherwise}`] : []
    return { fix: [...moveLines(moves), ...late].join('\n'), moves }
  }
  if (next === undefined) return { fix, moves: [] }
  const moves = movesTo(input, { ...problem, file: place.file }, next)
  const [head, tail] = ['If it is a migration, give it the next free version:', 'If not, move it to another folder.']
  return { fix: [head, ...moveLines(moves), tail].join('\n'), moves }
}

/** The file under another name of its folder, and the other direction with it. */
function movesTo(
  { tool: { directions } }: RuleInput,
  { file, half }: { readonly file: string; readonly half?: string },
  name: string,
): readonly Move[] {
  const to = `${file.slice(0, file.lastIndexOf('/') + 1)}${name}`
  const down = half === undefined || directions.in === 'one file' ? undefined : directions.otherFile(to, 'down')
  return [{ from: file, to }, ...(half === undefined || down === undefined ? [] : [{ from: half, to: down }])]
}
