// What the rules about a change have in common.
import { type Direction, type Migration, versionedOf } from '../../model/migration.js'
import type { ToolFacts } from '../../model/tool.js'
import type { Place } from '../../model/source.js'
import type { Rule, RuleInput, ChangeInput } from '../rule.js'
import { shellWord } from '../../model/shell-quote.js'
import { startIn } from '../read-input.js'
import type { RuleFinding } from '../rule.js'

/**
 * Silent where there is nothing to compare with. Migrations without a version are not compared: they are meant to
 * change.
 */
export const runOnChange =
  (
    judge: (
      change: ChangeInput,
      about: { readonly folder: string; readonly tool: ToolFacts },
    ) => readonly RuleFinding[],
  ): Rule['run'] =>
  ({ change, report, tool }: RuleInput) =>
    change === undefined ? [] : judge(versioned(change), { folder: report.folder, tool })

const versioned = (change: ChangeInput): ChangeInput => ({
  ...change,
  added: versionedOf(change.added),
  edited: change.edited.filter(({ now }) => now.repeat === undefined),
  rewritten: change.rewritten.filter(({ now }) => now.repeat === undefined),
  renamed: change.renamed.filter(({ now }) => now.repeat === undefined),
  deleted: versionedOf(change.deleted),
  base: versionedOf(change.base),
  tip: versionedOf(change.tip),
})

/** The next version that is free, as the end of a sentence and as what to do. */
export function nextWords(
  { next, tip }: Pick<ChangeInput, 'next' | 'tip'>,
  { title, order: { words } }: ToolFacts,
  noun: 'version' | 'one' = 'one',
): { readonly free: string; readonly rename: string } {
  if (next !== undefined)
    return { free: `the next free ${noun} is ${next}`, rename: `Rename its files to version ${next}.` }
  const order = `${title} runs files ${words}`
  const newest = tip.at(-1)?.id ?? 'all others'
  return {
    free: `no number comes after all existing ones: ${order}`,
    rename: `Give it a name that comes after ${newest}: ${order}.`,
  }
}

/** Where a migration starts: its up, or what there is of it. */
export const firstPlace = (migration: Migration, direction: Direction = 'up'): Place | undefined =>
  startIn(migration, direction) ??
  startIn(migration, direction === 'up' ? 'down' : 'up') ??
  (migration.code === undefined ? undefined : { file: migration.code, line: 1, column: 1 })

/** The command that restores files as a branch has them. */
export const restoreCommand = (branch: string, files: readonly string[]): string =>
  `git checkout ${[branch, '--', ...files].map(shellWord).join(' ')}`
