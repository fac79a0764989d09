// The report of a migration: from its files, and from its proof where there is one.
import { type Difference, sameness } from '../catalog/difference.js'
import { type Direction, filesOf, type Migration, type Refusal, type Script } from '../model/migration.js'
import type { DownWord, MigrationReport, Proof, ScriptFailure } from '../report/check-report.js'
import { noOpScript } from '../sql/no-op.js'
import { effectsIn, type UpChange } from '../catalog/up-effect.js'

/**
 * The facts about a migration from its files, and its proof where there is one. With `touched` also its text and its
 * effects on the schema, as far as they are known.
 */
export function reportOf(
  migration: Migration,
  proof: Proof | undefined,
  { touched, does }: { readonly touched: boolean; readonly does?: readonly Difference[] | undefined },
): MigrationReport {
  const { id, version, name, kind, irreversible, up, down, code } = migration
  const files = filesOf({ up, down, code })
  return {
    id,
    version,
    name,
    kind,
    files,
    irreversible: irreversible?.reason,
    proof,
    ...(touched && { ...(does && { does }), sql: { up: textOf(up) ?? '', down: textOf(down) } }),
  }
}

/** The longest text of one script in a report. */
const MOST_CHARACTERS = 64 * 1024

/** As the tool sends it, message by message. */
function textOf(script: Script | undefined): string | undefined {
  if (script === undefined) return undefined
  const text = script.messages
    .map((message) => message.text.trim())
    .filter((message) => message !== '')
    .join('\n\n')
  if (text.length <= MOST_CHARACTERS) return text
  const shown = text.slice(0, MOST_CHARACTERS)
  return `${shown}\n-- (cut here: these are ${shown.length} of ${text.length} characters)`
}

/** The proof of a migration that was not run; `reason` is a sentence. */
export const notRun = (reason: string): Proof => ({
  up: 'not run',
  down: 'not run',
  again: 'skipped',
  differences: [],
  againDifferences: [],
  failure: undefined,
  reason,
  toldAt: undefined,
  milliseconds: 0,
})

/** The proof of a migration without an up that could run. */
export function withoutUp(migration: Migration): Proof {
  if (migration.code !== undefined) return notRun(`${migration.code} is code; this step cannot be run here`)
  if (migration.refused === undefined) return notRun('there is no up')
  return { ...notRun(''), up: 'failed', reason: undefined, failure: refusal(migration.refused, 'up') }
}

/** The error of the tool for a script that it does not send; there is no SQLSTATE then. */
export const refusal = (refused: Refusal, direction: Direction): ScriptFailure => ({
  direction,
  sqlstate: '',
  message: refused.message,
  detail: undefined,
  hint: undefined,
  place: refused.place,
  line: undefined,
  environment: undefined,
})

/** A down without any effect that leaves differences is `empty`, whether it has statements or not. */
export function downOutcome(differences: readonly Difference[], downs: readonly Script[]): DownWord {
  const word = sameness(differences)
  return word === 'differs' && downs.every((down) => noOpScript(down.messages) !== undefined) ? 'empty' : word
}

/** `change` is the change of the ups in the catalogue; undefined where they did not all run. */
export type StepResult = { readonly proof: Proof; readonly change: UpChange | undefined }

/** `scope` as in `ProveOptions`: undefined where all is proved. */
export type ReportScope = {
  readonly scope: number | undefined
  readonly touched: (migration: Migration) => boolean
}

/** A migration in the scope, where there is one. */
export const provedReport = (
  migration: Migration,
  result: Partial<StepResult> | undefined,
  { scope, touched }: ReportScope,
): MigrationReport => ({
  ...reportOf(migration, result?.proof, { touched: touched(migration), does: effectsOf(migration, result, touched) }),
  ...(scope !== undefined && { scope: 'proved' as const }),
})

/** The effects of the up, for the report of a migration that the change touches. */
const effectsOf = (
  migration: Migration,
  result: Partial<StepResult> | undefined,
  touched: ReportScope['touched'],
): readonly Difference[] => (result?.change === undefined || !touched(migration) ? [] : effectsIn(result.change))

/** The migrations that were only run. */
export const appliedReports = (migrations: readonly Migration[]): readonly MigrationReport[] =>
  migrations.map((migration) => ({ ...reportOf(migration, undefined, { touched: false }), scope: 'applied' }))

/** The result applies to every member of a group; the differences and effects appear at the last one. */
export function reportGroup(
  group: readonly Migration[],
  { proof, change }: StepResult,
  reported: ReportScope,
): readonly MigrationReport[] {
  const last = group.at(-1)
  if (last === undefined) return []
  const others = group.slice(0, -1).map((migration) =>
    provedReport(
      migration,
      {
        proof: {
          ...proof,
          differences: [],
          againDifferences: [],
          failure: undefined,
          milliseconds: 0,
          toldAt: last.id,
        },
      },
      reported,
    ),
  )
  return [...others, provedReport(last, { proof, change }, reported)]
}
