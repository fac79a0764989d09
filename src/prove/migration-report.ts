// What a report says of a migration.
import { type Difference, sameness } from '../catalog/difference.js'
import { type Direction, filesOf, type Migration, type Refusal, type Script } from '../model/migration.js'
import type { DownWord, MigrationReport, Proof, ScriptFailure } from '../report/check-report.js'
import { noOpScript } from '../sql/no-op.js'

/**
 * What is known of a migration from its files, and its proof where there is one. With `touched` also its text and what it
 * `does` to the schema, as far as that is known.
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

/** No reviewer reads more than this of one script. */
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

// Small pieces of what a proof says.
/** A migration of which nothing was run; `reason` is a sentence. */
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

/** Why an up was not run. */
export function withoutUp(migration: Migration): Proof {
  if (migration.code !== undefined) return notRun(`${migration.code} is code; this step cannot be run here`)
  if (migration.refused === undefined) return notRun('there is no up')
  return { ...notRun(''), up: 'failed', reason: undefined, failure: refusal(migration.refused, 'up') }
}

/** What the tool says of a script it does not even send; there is no SQLSTATE then. */
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

/** A down without any effect that leaves something undone is `empty`, whatever it is made of. */
export function downOutcome(differences: readonly Difference[], downs: readonly Script[]): DownWord {
  const word = sameness(differences)
  return word === 'differs' && downs.every((down) => noOpScript(down.messages) !== undefined) ? 'empty' : word
}

/** SQLSTATEs of something that is not there: schema, table, column, function, other object. */
const ABSENT = new Set(['3F000', '42P01', '42703', '42883', '42704'])

/** A failure for want of something that a step which could not run here may have made: it cannot be judged. */
export function excused(failure: ScriptFailure, unjudged: string | undefined): ScriptFailure {
  if (unjudged === undefined || failure.environment !== undefined || !ABSENT.has(failure.sqlstate)) return failure
  return { ...failure, environment: `${unjudged} was not run here, and this may need what it makes` }
}
