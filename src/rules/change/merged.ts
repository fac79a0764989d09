// What the rules about a change have in common.
import { type Direction, type Migration, versionedOf } from '../../model/migration.js'
import type { Place } from '../../model/source.js'
import type { Rule, RuleFinding, RuleInput, ChangeInput } from '../rule.js'
import { shellWord } from '../../model/shell-quote.js'
import { once, startIn } from '../read-input.js'

/**
 * The change, where there is something to compare with. Migrations without a version are not compared: they are meant to
 * change.
 */
export const changeIn = once(({ change }: RuleInput): ChangeInput | undefined =>
  change === undefined
    ? undefined
    : {
        ...change,
        added: versionedOf(change.added),
        edited: change.edited.filter(({ now }) => now.repeat === undefined),
        rewritten: change.rewritten.filter(({ now }) => now.repeat === undefined),
        renamed: change.renamed.filter(({ now }) => now.repeat === undefined),
        deleted: versionedOf(change.deleted),
        base: versionedOf(change.base),
        tip: versionedOf(change.tip),
      },
)

/** Silent where there is nothing to compare with. */
export const runOnChange =
  (judge: (change: ChangeInput, input: RuleInput) => readonly RuleFinding[]): Rule['run'] =>
  (input) => {
    const change = changeIn(input)
    return change === undefined ? [] : judge(change, input)
  }

/** Where a migration starts: its up, or what there is of it. */
export const firstPlace = (migration: Migration, direction: Direction = 'up'): Place | undefined =>
  startIn(migration, direction) ??
  startIn(migration, direction === 'up' ? 'down' : 'up') ??
  (migration.code === undefined ? undefined : { file: migration.code, line: 1, column: 1 })

/** The command that restores every file of a folder that the change deletes; `files` are those of migrations. */
export function restoreAllCommand(base: Base, folder: string, files: readonly string[]): string {
  if (base.moved !== undefined) return restoreCommand(base, files)
  const deleted = `git diff -z --no-renames --name-only --diff-filter=D ${shellWord(`${base.branch}...HEAD`)} -- ${shellWord(folder)}`
  return `${deleted} | xargs -0 -r git checkout ${shellWord(base.branch)} --`
}

/** The command that restores files as the base branch has them, also where their folder has moved since. */
export function restoreCommand({ branch, moved }: Base, files: readonly string[]): string {
  if (moved === undefined) return `git checkout ${[branch, '--', ...files].map(shellWord).join(' ')}`
  const { from, to } = moved
  const source = from === '.' ? branch : `${branch}:${from}`
  const names = files.map((file) => (to === '.' ? file : file.slice(to.length + 1)))
  return `git archive ${[source, ...names].map(shellWord).join(' ')} | tar -x -C ${shellWord(to)}`
}

type Base = Pick<ChangeInput, 'branch' | 'moved'>
