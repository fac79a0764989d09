// What every check is: a value with an id that never changes, its documentation, and a pure function.
import type { Level } from '../core/finding.js'
import type { LayoutName, Migration } from '../core/migration.js'
import type { Problem } from '../core/problem.js'
import type { DatabaseReport } from '../core/report.js'
import type { SourceFile } from '../core/source.js'

/** What a check may look at. `report` is there once the proof has run (or was left out on purpose). */
export type Subject = {
  readonly database: string
  readonly layout: LayoutName
  readonly naming: string | undefined
  readonly maxFileBytes: number
  readonly files: readonly SourceFile[]
  readonly migrations: readonly Migration[]
  readonly problems: readonly Problem[]
  readonly report: DatabaseReport
}

/** `why`, `bad` and `good` feed the rule's page in docs/checks. A check never reads settings, prints or filters itself. */
export type Check = {
  readonly id: string
  readonly title: string
  readonly level: Level
  readonly why: string
  readonly bad: string
  readonly good: string
  readonly run: (subject: Subject) => readonly Omit<Problem, 'rule'>[]
}
