// Our own journal next to the tool's table: what ran, who ran it, and from which text.
import type { Direction, Migration, Script } from '../model/migration.js'

/** Schema and table of the journal. No tool looks there, and snapshots ignore the schema. */
export const JOURNAL = { schema: 'migration_gate', table: 'journal' } as const

/**
 * The outcome of a step. `started` as the last row: a step without a transaction never ended. `partial`: it failed, and
 * a part of it may stay. `failed`: nothing stays. `recorded`: recorded without a run (baseline). `cleared`: recorded as
 * not applied (baseline --clear-dirty).
 */
export const JOURNAL_OUTCOMES = ['started', 'applied', 'undone', 'failed', 'partial', 'recorded', 'cleared'] as const
export type JournalOutcome = (typeof JOURNAL_OUTCOMES)[number]

/**
 * A row of the journal. `at` is ISO 8601 in UTC. `by` is the role and, if known, the person. `up` and `down` are the
 * checksums of both scripts at that time. `before` is the newest applied version before the step.
 */
export type JournalRow = {
  readonly version: string
  readonly id: string
  readonly direction: Direction
  readonly outcome: JournalOutcome
  readonly at: string
  readonly by: string
  readonly milliseconds: number | undefined
  readonly up: string | undefined
  readonly down: string | undefined
  readonly before: string | undefined
  /** The page of the workflow run, and the digest of the approved plan. */
  readonly run: string | undefined
  readonly plan: string | undefined
}

/** The actor of all rows of a run. `plan` is the digest of an approved plan. */
export type JournalActor = {
  readonly database: string
  readonly environment: string
  readonly actor: string | undefined
  readonly run: string | undefined
  readonly tool: string
  readonly plan: string | undefined
}

/** A row to write. `milliseconds` undefined: the duration of the transaction that writes it. */
export type JournalEntry = {
  readonly migration: Migration
  readonly direction: Direction
  readonly outcome: JournalOutcome
  readonly before: string | undefined
  readonly milliseconds: number | undefined
}

/** The script as JSON, so that it can run again without the file. Lines are those of the file at that time. */
export const scriptAsJson = (script: Script): string =>
  JSON.stringify({
    file: script.file,
    transaction: script.transaction,
    checksum: script.checksum,
    messages: script.messages.map(({ text, lines, column }) => ({ text, line: lines[0] ?? 1, column })),
  })

/** Reads the JSON of `scriptAsJson`; undefined for other JSON. */
export function scriptFromJson(text: string): Script | undefined {
  const { file, transaction, checksum, messages } = JSON.parse(text) as Partial<Omit<Script, 'messages'>> & {
    readonly messages?: readonly { readonly text: string; readonly line: number; readonly column: number }[]
  }
  if (file === undefined || transaction === undefined || checksum === undefined || messages === undefined)
    return undefined
  const lines = (first: number, message: string): readonly number[] => message.split('\n').map((_, i) => first + i)
  return {
    file,
    transaction,
    checksum,
    messages: messages.map((one) => ({ text: one.text, lines: lines(one.line, one.text), column: one.column })),
  }
}

/**
 * The newest row of each version. A step that failed and left nothing does not count. `rows` are in the order of
 * writing.
 */
export function latestRows(rows: readonly JournalRow[]): ReadonlyMap<string, JournalRow> {
  const latest = new Map<string, JournalRow>()
  const before = new Map<string, JournalRow | undefined>()
  for (const row of rows) {
    const { version, outcome } = row
    if (outcome === 'failed') {
      const kept = before.get(version)
      if (latest.get(version)?.outcome !== 'started') continue
      if (kept === undefined) latest.delete(version)
      else latest.set(version, kept)
    } else {
      if (outcome === 'started') before.set(version, latest.get(version))
      latest.set(version, row)
    }
  }
  return latest
}
