// Reports an empty history while our journal has applied migrations: the table was emptied, dropped or not copied.
import type { JournalRow } from './journal.js'
import { firstFew } from '../model/list-words.js'
import type { Migration } from '../model/migration.js'
import { onwards, type Refusal } from './refusals.js'
import { shellWord } from '../model/shell-quote.js'

/** Why the run is refused, and both recovery commands. `about` as in PlanInput. */
export function lostRefusal(options: {
  readonly database: string
  readonly about: string
  readonly lost: readonly JournalRow[]
  readonly production?: boolean
}): Refusal {
  const { about, lost } = options
  const newest = lost.at(-1)
  const command = (version: string): string => `pg-migration-gate baseline ${about} --to ${shellWord(version)}`
  return {
    kind: 'plan',
    what: `${options.database}: ${lostWords(lost)}`,
    fix: `If the database has them: ${command(newest?.version ?? '0')}. If it has none of them, because another tool rolled them back: ${command('0')}, ${onwards(options.production)}.`,
  }
}

/** The same as a note, which does not stop the run. */
export function lostWords(lost: readonly JournalRow[]): string {
  const newest = lost.at(-1)
  const when = newest === undefined ? '' : `, the newest on ${newest.at.slice(0, 10)} by ${newest.by}`
  const ids = firstFew(
    lost.map(({ id }) => id),
    ', ',
  )
  return `the history is empty, but our journal has ${ids} as applied${when}: the table was emptied or dropped, or another tool rolled them back`
}

/** A version that only the journal knows. */
export const migrationOfRow = ({ version, id }: JournalRow): Migration => ({
  id,
  version,
  name: id,
  kind: 'schema',
  up: undefined,
  down: undefined,
  code: undefined,
  irreversible: undefined,
})
