// Small pieces of what a proof says.
import { emptiness } from '../core/sql-empty.js'
import { sameness, type Difference } from '../core/difference.js'
import type { Direction, Migration, Refusal, Script } from '../core/migration.js'
import type { DownWord, Proof, ScriptFailure } from '../core/report.js'

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
export function downWord(differences: readonly Difference[], downs: readonly Script[]): DownWord {
  const word = sameness(differences)
  return word === 'differs' && downs.every((down) => emptiness(down.messages) !== undefined) ? 'empty' : word
}

/** SQLSTATEs of something that is not there: schema, table, column, function, other object. */
const ABSENT = new Set(['3F000', '42P01', '42703', '42883', '42704'])

/** A failure for want of something that a step which could not run here may have made: it cannot be judged. */
export function excused(failure: ScriptFailure, unjudged: string | undefined): ScriptFailure {
  if (unjudged === undefined || failure.environment !== undefined || !ABSENT.has(failure.sqlstate)) return failure
  return { ...failure, environment: `${unjudged} was not run here, and this may need what it makes` }
}
