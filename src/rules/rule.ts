// A rule: a value with an id that never changes, its documentation, and a pure function.
import type { ChecksumKeeper, DatabaseChange } from '../model/change.js'
import type { Level } from '../model/finding.js'
import type { Migration } from '../model/migration.js'
import type { ToolFacts } from '../model/tool.js'
import type { Place, SourceFile } from '../model/source.js'
import type { OpenPull } from '../model/change.js'
import type { Problem } from '../model/finding.js'
import type { DatabaseReport } from '../report/check-report.js'
import type { UpEffects } from '../catalog/up-effect.js'
import type { Waiver } from '../model/waiver.js'

/**
 * What the change does to this stream of migrations, where there is a base branch to compare with. `branch` is the branch
 * (or tag) that the change is for. `baseTexts` are the texts of all files of the base by the paths that they have or would
 * have here. `pull` is the number of the pull request under review, `pulls` are the other open ones. `checksums` is the tool that
 * keeps a checksum of each applied up, as far as files show it.
 */
export type ChangeInput = DatabaseChange & {
  readonly checksums: ChecksumKeeper | undefined
  readonly branch: string
  readonly baseTexts: ReadonlyMap<string, string>
  /** Where the folder of the database was on the base, and where it is; undefined where that is the same. */
  readonly moved: { readonly from: string; readonly to: string } | undefined
  readonly pull: number | undefined
  readonly pulls: readonly OpenPull[]
}

/** A waiver that has a problem. `wrong` says what is wrong with one that cannot be read. */
export type WaiverState = Pick<Waiver, 'rule' | 'until' | 'reason'> & {
  readonly state: 'unreadable' | 'expired' | 'stale'
  readonly place: Place
  readonly migration: string | undefined
  readonly wrong: string | undefined
}

/** What a rule reads: one stream of migrations (or seeds) of one database, and all that the run knows of it. */
export type RuleInput = {
  readonly database: string
  /** The folder of the stream, from the repository root. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** The tool that reads the files. */
  readonly tool: ToolFacts
  readonly naming: string | undefined
  readonly maxFileBytes: number
  readonly files: readonly SourceFile[]
  readonly migrations: readonly Migration[]
  readonly problems: readonly Problem[]
  /** The results of the proof; migrations without a `proof` were not proved. */
  readonly report: DatabaseReport
  /** What the ups did to the catalogue, and the catalogue after each, by migration id: of migrations whose up ran in the proof. */
  readonly effects: UpEffects
  readonly change?: ChangeInput | undefined
  /** The files that the change touches: rules about file contents read no others. Undefined for all files. */
  readonly judged?: ReadonlySet<string> | undefined
  /** Set only for the rules about waivers, which run after all others. */
  readonly waivers?: readonly WaiverState[]
}

/** A file whose findings are the same offence: those of the rules `by`, else of all that `one-offence.ts` lists later. */
export type Same = { readonly file: string; readonly by?: readonly string[] }

/**
 * What a rule returns: the runner adds its id, its level and the database. `atMost`: this finding has no higher level, whatever
 * that of the rule is.
 */
export type RuleFinding = Omit<Problem, 'rule' | 'twin' | 'half' | 'renaming'> & {
  readonly same?: readonly Same[]
  readonly atMost?: Level
}

/** `title`, `why`, `bad` and `good` make the rule's page in docs/checks. A rule never reads settings, prints or filters. */
export type Rule = {
  readonly id: string
  readonly title: string
  /** `off`: runs only where the config asks for it. */
  readonly level: Level | 'off'
  readonly why: string
  readonly bad: string
  readonly good: string
  readonly run: (input: RuleInput) => readonly RuleFinding[]
}
