// What the rules about a change have in common.
import type { Direction, LayoutName, Migration } from '../../model/migration.js'
import { orderWords } from '../../model/file-order.js'
import type { Place } from '../../model/place.js'
import type { ChangeInput, Rule, RuleFinding, RuleInput } from '../rule.js'
import { shellWord } from '../../model/shell-quote.js'
import { startIn, TOOLS } from '../read-input.js'

/** Silent where there is nothing to compare with. */
export const runOnChange =
  (
    judge: (
      change: ChangeInput,
      about: { readonly folder: string; readonly layout: LayoutName },
    ) => readonly RuleFinding[],
  ): Rule['run'] =>
  ({ change, report, layout }: RuleInput) =>
    change === undefined ? [] : judge(change, { folder: report.folder, layout })

/** The next version that is free, as the end of a sentence and as what to do. */
export function nextWords(
  { next, tip }: Pick<ChangeInput, 'next' | 'tip'>,
  layout: LayoutName,
  noun: 'version' | 'one' = 'one',
): { readonly free: string; readonly rename: string } {
  if (next !== undefined)
    return { free: `the next free ${noun} is ${next}`, rename: `Rename its files to version ${next}.` }
  const order = `${TOOLS[layout]} runs files ${orderWords(layout)}`
  const newest = tip.at(-1)?.id ?? 'all others'
  return {
    free: `no number comes after all there are: ${order}`,
    rename: `Give it a name that comes after ${newest}: ${order}.`,
  }
}

/** Where a migration starts: its up, or what there is of it. */
export const firstPlace = (migration: Migration, direction: Direction = 'up'): Place | undefined =>
  startIn(migration, direction) ??
  startIn(migration, direction === 'up' ? 'down' : 'up') ??
  (migration.code === undefined ? undefined : { file: migration.code, line: 1, column: 1 })

/** The command that brings files back as a branch has them. */
export const restoreCommand = (branch: string, files: readonly string[]): string =>
  `git checkout ${[branch, '--', ...files].map(shellWord).join(' ')}`
