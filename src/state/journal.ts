// Our own record beside the tool's table: what was done to a database, by whom, and from which text.
import type { Direction, Migration, Script } from '../model/migration.js'

/** Schema and table of the journal. No tool looks there, and the snapshot of the catalogue passes the schema over. */
export const JOURNAL = { schema: 'migration_gate', table: 'journal' } as const

/**
 * What became of a step: `started` and nothing behind it means that a step without a transaction never ended; `partial`
 * that it failed and something of it may have stayed; `failed` that nothing stayed; `recorded` that it was written down
 * without being run (baseline); `cleared` that somebody said it is not applied (baseline --clear-dirty).
 */
export const JOURNAL_OUTCOMES = ['started', 'applied', 'undone', 'failed', 'partial', 'recorded', 'cleared'] as const
export type JournalOutcome = (typeof JOURNAL_OUTCOMES)[number]

/**
 * A row as it is read back. `at` is ISO 8601 in UTC, `by` the role and, where known, the person; `up` and `down` are the
 * checksums of both scripts as they were; `before` is the version that was the newest applied one before the step.
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

/** Who acts, for every row of a run. `plan` is the digest of an approved plan. */
export type JournalActor = {
  readonly database: string
  readonly environment: string
  readonly actor: string | undefined
  readonly run: string | undefined
  readonly tool: string
  readonly plan: string | undefined
}

/** A row to be written. `milliseconds` undefined: as long as the transaction that writes it. */
export type JournalEntry = {
  readonly migration: Migration
  readonly direction: Direction
  readonly outcome: JournalOutcome
  readonly before: string | undefined
  readonly milliseconds: number | undefined
}

/** The script as JSON, so that it can be run again when the file is gone. Lines are those of the file at that time. */
export const scriptAsJson = (script: Script): string =>
  JSON.stringify({
    file: script.file,
    transaction: script.transaction,
    checksum: script.checksum,
    messages: script.messages.map(({ text, lines, column }) => ({ text, line: lines[0] ?? 1, column })),
  })

/** What `scriptAsJson` wrote; undefined for what it did not. */
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
 * What the journal says of each version now: its newest row, where a step that failed and left nothing counts for nothing.
 * `rows` in the order in which they were written.
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
