// What is known about a rollback before it runs. Pure.
import type { JournalRow } from './journal.js'
import type { Migration } from '../model/migration.js'
import { codeOnly, type Statement } from '../sql/statements.js'
import { noOpScript } from '../sql/no-op.js'
import { statementsIn } from '../sql/statements.js'

/** Whether a row belongs to a run: by its id, its URL, or the digest of its plan (8 digits or more). */
const isOfRun = ({ run, plan }: JournalRow, asked: string): boolean =>
  run === asked ||
  run?.endsWith(`/runs/${asked}`) === true ||
  (/^[0-9a-f]{8,64}$/.test(asked) && plan?.startsWith(asked) === true)

/** How many of the newest migrations a run applied; refused if others were applied after them. */
export function stepsOfRun(
  journal: readonly JournalRow[],
  run: string,
  backwards: readonly Migration[],
): number | { readonly refused: string } {
  const applied = journal.filter((row) => row.outcome === 'applied' && row.direction === 'up' && isOfRun(row, run))
  const there = new Set(backwards.map(({ version }) => version))
  const versions = new Set(applied.map(({ version }) => version).filter((version) => there.has(version)))
  if (versions.size === 0) return { refused: `our journal has nothing from run ${run} that is still applied` }
  const other = backwards.findIndex(({ version }) => !versions.has(version))
  const count = other === -1 ? backwards.length : other
  return count === versions.size ? count : { refused: `other migrations were applied after those of run ${run}` }
}

/**
 * Why the down of a migration does not restore everything; undefined if no reason is known. `found` are words for what a
 * look at its effects and its code found; without it, the statements of the up count alone.
 */
export function irreversibleWhy(
  { up, down }: Pick<Migration, 'up' | 'down'>,
  found?: readonly string[],
): string | undefined {
  const idle = down === undefined ? undefined : noOpScript(down.messages)
  if (idle !== undefined) return 'its down does nothing'
  const words = (up?.messages ?? []).flatMap(statementsIn).flatMap((statement) => takes(statement) ?? [])
  const taken = found === undefined ? words : [...words.filter((word) => word.startsWith('DROP')), ...found]
  return taken.length === 0
    ? undefined
    : `its up can remove data that no down restores (${[...new Set(taken)].join(', ')})`
}

/** PostgreSQL, "ALTER TABLE": COLUMN is optional. These are the other words that may follow DROP. */
const DROPS_COLUMN = /\bDROP\s+(?!(?:CONSTRAINT|DEFAULT|NOT|IDENTITY|EXPRESSION)\b)/i

/** How a statement removes rows or their columns; undefined for other statements. */
function takes({ words, text }: Statement): string | undefined {
  const code = codeOnly(text)
  if (words[0] === 'DROP' && (words[1] === 'TABLE' || words[1] === 'SCHEMA')) return `DROP ${words[1]}`
  if (words[0] === 'ALTER' && words[1] === 'TABLE' && DROPS_COLUMN.test(code)) return 'DROP COLUMN'
  return words[0] === 'DELETE' || words[0] === 'TRUNCATE' ? words[0] : undefined
}
