// Where a database stands: the files, the tool's table and our journal held against each other. Pure.
import type { Applied, History, HistoryRow, Rows } from './history.js'
import { latestRows, type JournalRow } from './journal.js'
import type { Migration } from './migration.js'
import { compareNumbers } from './version.js'

/** `at`, `by` and `milliseconds` where the table or the journal knows them. */
export type AppliedMigration = {
  readonly migration: Migration
  readonly at: string | undefined
  readonly by: string | undefined
  readonly milliseconds: number | undefined
}

/** A script that is not what was applied. `said` names who knows: the tool's own checksums, or our journal. */
export type EditedMigration = {
  readonly migration: Migration
  readonly side: 'up' | 'down' | 'both'
  readonly said: 'history' | 'journal'
}

/** Begun and not ended: `key` as the tool or the journal calls it. */
export type Dirty = {
  readonly key: string
  readonly migration: Migration | undefined
  readonly said: 'history' | 'journal'
}

/**
 * All lists are in the tool's order of files. `pending` come after the newest applied one, `late` before it; `missing`
 * are applied and have no file; `repeated` are keys that stand in the table more than once.
 */
export type Standing = {
  readonly applied: readonly AppliedMigration[]
  readonly pending: readonly Migration[]
  readonly late: readonly Migration[]
  readonly missing: readonly HistoryRow[]
  readonly edited: readonly EditedMigration[]
  readonly dirty: Dirty | undefined
  readonly repeated: readonly string[]
}

/** `rows` are those of the tool's table, `journal` ours for this database in the order in which they were written. */
export function standingOf(options: {
  readonly migrations: readonly Migration[]
  readonly history: Pick<History, 'applied' | 'pending' | 'late'>
  readonly rows: Rows
  readonly journal: readonly JournalRow[]
}): Standing {
  const { migrations, history, rows } = options
  const found = history.applied(migrations, rows)
  const journal = latestRows(options.journal)
  const skipped = history.late === 'impossible' ? skippedBelow(found, options.journal) : new Set<Migration>()
  const applied = found.migrations.filter(({ migration }) => !skipped.has(migration))
  const newest = Math.max(-1, ...applied.map(({ migration }) => migrations.indexOf(migration)))
  const open = new Set([...history.pending(migrations, rows), ...skipped])
  return {
    applied: applied.map(({ migration, at }) => withJournal(migration, at, journal.get(migration.version))),
    pending: migrations.filter((one, i) => open.has(one) && i > newest),
    late: migrations.filter((one, i) => open.has(one) && i < newest),
    missing: found.missing,
    edited: editedOf(found, journal),
    dirty: dirtyOf({ found, migrations, journal }),
    repeated: found.repeated,
  }
}

function withJournal(migration: Migration, at: string | undefined, row: JournalRow | undefined): AppliedMigration {
  const known = row !== undefined && (row.outcome === 'applied' || row.outcome === 'recorded') ? row : undefined
  return { migration, at: at ?? known?.at, by: known?.by, milliseconds: known?.milliseconds }
}

/**
 * A table of one row says that everything below it is applied. What we wrote down ourselves tells more: a step of ours led
 * from `before` to a version, so a file between the two was not there then, and has never been run since.
 */
function skippedBelow(found: Applied, journal: readonly JournalRow[]): ReadonlySet<Migration> {
  const done = latestRows(journal)
  const leaps = journal.filter((row) => row.outcome === 'applied' && row.direction === 'up')
  return new Set(
    found.migrations
      .map(({ migration }) => migration)
      .filter(({ version }) => {
        if (done.has(version)) return false
        const above = (before: string | undefined): boolean => before === undefined || compareNumbers(version, before) > 0
        return leaps.some((row) => above(row.before) && compareNumbers(version, row.version) < 0)
      }),
  )
}

function editedOf(found: Applied, journal: ReadonlyMap<string, JournalRow>): readonly EditedMigration[] {
  return found.migrations.flatMap(({ migration }): readonly EditedMigration[] => {
    if (found.edited.includes(migration.version) || found.edited.includes(migration.version.replace(/^0+(?=\d)/, ''))) {
      return [{ migration, side: 'up', said: 'history' }]
    }
    const row = journal.get(migration.version)
    if (row?.outcome !== 'applied') return []
    const up = row.up !== undefined && migration.up !== undefined && row.up !== migration.up.checksum
    const down = row.down !== undefined && migration.down !== undefined && row.down !== migration.down.checksum
    if (!up && !down) return []
    return [{ migration, side: up && down ? 'both' : up ? 'up' : 'down', said: 'journal' }]
  })
}

function dirtyOf(options: {
  readonly found: Applied
  readonly migrations: readonly Migration[]
  readonly journal: ReadonlyMap<string, JournalRow>
}): Dirty | undefined {
  const { found, migrations, journal } = options
  const named = (key: string): Migration | undefined =>
    migrations.find(({ version }) => version === key || compareNumbers(version, key) === 0)
  if (found.dirty !== undefined) return { key: found.dirty, migration: named(found.dirty), said: 'history' }
  // The tool's own table has the last word: it may have finished in the meantime what we began.
  const isApplied = (version: string): boolean => found.migrations.some((one) => one.migration.version === version)
  const open = [...journal.values()].find(
    ({ outcome, version, direction }) =>
      (outcome === 'started' || outcome === 'partial') && isApplied(version) === (direction === 'down'),
  )
  return open === undefined ? undefined : { key: open.version, migration: named(open.version), said: 'journal' }
}
