// What the rules about a change have in common.
import type { Direction, Migration } from '../core/migration.js'
import type { Place } from '../core/place.js'
import type { Check, Subject, SubjectChange } from './check.js'
import { shellWord } from '../core/shell.js'
import { startIn, type Said } from './subject.js'

/** Silent where there is nothing to compare with. */
export const changeChecked =
  (judge: (change: SubjectChange, about: { readonly folder: string }) => readonly Said[]): Check['run'] =>
  ({ change, report }: Subject) =>
    change === undefined ? [] : judge(change, { folder: report.folder })

/** Where a migration starts: its up, or what there is of it. */
export const firstPlace = (migration: Migration, direction: Direction = 'up'): Place | undefined =>
  startIn(migration, direction) ??
  startIn(migration, direction === 'up' ? 'down' : 'up') ??
  (migration.code === undefined ? undefined : { file: migration.code, line: 1, column: 1 })

/** The command that brings files back as a branch has them. */
export const takeBack = (branch: string, files: readonly string[]): string =>
  `git checkout ${[branch, '--', ...files].map(shellWord).join(' ')}`
