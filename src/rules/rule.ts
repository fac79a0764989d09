// What every check is: a value with an id that never changes, its documentation, and a pure function.
import type { DatabaseChange } from '../model/change.js'
import type { Level } from '../model/finding.js'
import type { Migration } from '../model/migration.js'
import type { ToolFacts } from '../model/tool.js'
import type { Place, SourceFile } from '../model/source.js'
import type { OpenPull } from '../model/change.js'
import type { Problem } from '../model/finding.js'
import type { DatabaseReport } from '../report/check-report.js'
import type { Waiver } from '../model/waiver.js'

/**
 * What the change does to this stream of migrations, where there is something to compare with. `branch` is the branch (or
 * tag) that it is for, `next` the next version that nobody holds, in the folder's own style (undefined: no number comes after
 * all there are in the order of the tool), `pull` the number of the pull
 * request that is judged, `pulls` the others that are open.
 */
export type SubjectChange = DatabaseChange & {
  readonly branch: string
  readonly next: string | undefined
  readonly pull: number | undefined
  readonly pulls: readonly OpenPull[]
}

/** A waiver that something is wrong with. `wrong` says what, of one that cannot be read. */
export type WaiverState = Pick<Waiver, 'rule' | 'until' | 'reason'> & {
  readonly state: 'unreadable' | 'expired' | 'stale'
  readonly place: Place
  readonly migration: string | undefined
  readonly wrong: string | undefined
}

/** What a check may look at. `report` is there once the proof has run (or was left out on purpose). */
export type Subject = {
  readonly database: string
  /** The tool that reads the files. */
  readonly tool: ToolFacts
  readonly naming: string | undefined
  readonly maxFileBytes: number
  readonly files: readonly SourceFile[]
  readonly migrations: readonly Migration[]
  readonly problems: readonly Problem[]
  readonly report: DatabaseReport
  readonly change?: SubjectChange | undefined
  /** Files whose content is judged; undefined for all. What a change does not touch is nobody's fault now. */
  readonly judged?: ReadonlySet<string> | undefined
  /** There once all other findings are known. */
  readonly waivers?: readonly WaiverState[]
}

/** `why`, `bad` and `good` feed the rule's page in docs/checks. A check never reads settings, prints or filters itself. */
export type Check = {
  readonly id: string
  readonly title: string
  /** `off`: only where the config asks for it. */
  readonly level: Level | 'off'
  readonly why: string
  readonly bad: string
  readonly good: string
  readonly run: (subject: Subject) => readonly Omit<Problem, 'rule'>[]
}
