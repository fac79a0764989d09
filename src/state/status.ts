// The migration status of a database: the files compared with the tool's table and our journal. Pure.
import type { Applied, History, HistoryRow, Rows } from './history.js'
import { latestRows, type JournalRow } from './journal.js'
import type { Direction, Migration } from '../model/migration.js'
import { compareNumbers } from '../model/version.js'

/** `at`, `by` and `milliseconds`: if the table or the journal has them. `recorded`: recorded without a run. */
export type AppliedMigration = {
  readonly migration: Migration
  readonly at: string | undefined
  readonly by: string | undefined
  readonly milliseconds: number | undefined
  readonly recorded?: true
}

/**
 * A script that differs from the applied one. `said`: the source, the tool's checksums or our journal. `differs`: in
 * what, if known.
 */
export type EditedMigration = {
  readonly migration: Migration
  readonly side: 'up' | 'down' | 'both'
  readonly said: 'history' | 'journal'
  readonly differs: 'line ends' | 'unknown'
}

/**
 * A step that began and did not end. `key`: its name in the tool's table or the journal. `direction`: if the journal
 * has it.
 */
export type Dirty = {
  readonly key: string
  readonly migration: Migration | undefined
  readonly direction: Direction | undefined
  /** The next one above: golang-migrate's mark may also be from its down. */
  readonly above?: Migration
  readonly said: 'history' | 'journal'
}

/**
 * All lists are in the tool's order of files. `pending` come after the newest applied one, `late` before it. `missing`
 * are applied and have no file. `repeated` are keys that the table has more than once.
 */
export type MigrationStatus = {
  readonly applied: readonly AppliedMigration[]
  readonly pending: readonly Migration[]
  readonly late: readonly Migration[]
  readonly missing: readonly HistoryRow[]
  readonly edited: readonly EditedMigration[]
  readonly dirty: Dirty | undefined
  readonly repeated: readonly string[]
  /** The applied migrations in the order of a rollback. */
  readonly backwards: readonly Migration[]
  /** Versions that the tool's table marks as rolled back, and that its up never applies again (goose before 3.5). */
  readonly rolledBack: readonly string[]
  /** Applied according to our journal, while the tool's table has no row at all. */
  readonly lost: readonly JournalRow[]
}

/** `rows`: of the tool's table. `journal`: our rows for this database, in the order of writing. */
export function migrationStatus(options: {
  readonly migrations: readonly Migration[]
  readonly history: Pick<History, 'applied' | 'pending' | 'late' | 'keyOf'>
  readonly rows: Rows
  readonly journal: readonly JournalRow[]
}): MigrationStatus {
  const { migrations, history, rows } = options
  const found = history.applied(migrations, rows)
  const journal = latestRows(options.journal)
  const skipped = history.late === 'impossible' ? skippedBelow(found, options.journal) : new Set<Migration>()
  const dirty = dirtyOf({ found, migrations, journal, keyOf: history.keyOf })
  // golang-migrate's one row names the version whose up began; whether it is applied is unknown.
  const open = dirty?.said === 'history' && dirty.direction !== 'down' ? dirty.migration : undefined
  const applied = found.migrations.filter(({ migration }) => !skipped.has(migration) && migration !== open)
  const there = new Set(applied.map(({ migration }) => migration))
  const newest = migrations.findLastIndex((migration) => there.has(migration))
  const waiting = new Set([...history.pending(migrations, rows), ...skipped])
  // A one-row table must never go backwards, also if it names a version without a file.
  const farthest = history.late === 'impossible' ? found.missing.map(({ key }) => key) : []
  const isLate = (one: Migration, i: number): boolean =>
    i < newest || farthest.some((key) => compareNumbers(one.version, key) < 0)
  return {
    applied: applied.map(({ migration, at }) => withJournal(migration, at, journal.get(migration.version))),
    pending: migrations.filter((one, i) => waiting.has(one) && !isLate(one, i)),
    late: migrations.filter((one, i) => waiting.has(one) && isLate(one, i)),
    missing: found.missing,
    edited: editedOf({ found, journal, keyOf: history.keyOf }),
    dirty,
    repeated: found.repeated,
    backwards: (found.backwards ?? found.migrations.map(({ migration }) => migration).toReversed()).filter(
      (migration) => !skipped.has(migration),
    ),
    rolledBack: found.rolledBack ?? [],
    lost: lostOf(found, journal),
  }
}

function withJournal(migration: Migration, at: string | undefined, row: JournalRow | undefined): AppliedMigration {
  const known = row !== undefined && (row.outcome === 'applied' || row.outcome === 'recorded') ? row : undefined
  const seen = { migration, at: at ?? known?.at, by: known?.by }
  // A recording takes as long as its transaction, which says nothing about the migration.
  if (known?.outcome === 'recorded') return { ...seen, milliseconds: undefined, recorded: true }
  return { ...seen, milliseconds: known?.milliseconds }
}

/**
 * A one-row table says that everything below its version is applied. Our journal knows more: a step led from `before`
 * to a version. A file between the two did not exist then, and has not run since.
 */
function skippedBelow(found: Applied, journal: readonly JournalRow[]): ReadonlySet<Migration> {
  const done = latestRows(journal)
  const leaps = journal.filter((row) => row.outcome === 'applied' && row.direction === 'up')
  return new Set(
    found.migrations
      .map(({ migration }) => migration)
      .filter(({ version }) => {
        if (done.has(version)) return false
        const above = (before: string | undefined): boolean =>
          before === undefined || compareNumbers(version, before) > 0
        return leaps.some((row) => above(row.before) && compareNumbers(version, row.version) < 0)
      }),
  )
}

type Seen = {
  readonly found: Applied
  readonly journal: ReadonlyMap<string, JournalRow>
  readonly keyOf: History['keyOf']
}

/** Different line ends are an edit only for the tool's own checksum. */
function editedOf({ found, journal, keyOf }: Seen): readonly EditedMigration[] {
  return found.migrations.flatMap(({ migration }): readonly EditedMigration[] => {
    const key = keyOf(migration)
    if (found.edited.includes(key)) {
      const differs = found.lineEndsOnly?.includes(key) === true ? 'line ends' : 'unknown'
      return [{ migration, side: 'up', said: 'history', differs }]
    }
    const row = journal.get(migration.version)
    if (row?.outcome !== 'applied') return []
    const up = row.up !== undefined && migration.up !== undefined && row.up !== migration.up.checksum
    const down = row.down !== undefined && migration.down !== undefined && row.down !== migration.down.checksum
    if (!up && !down) return []
    return [{ migration, side: up && down ? 'both' : up ? 'up' : 'down', said: 'journal', differs: 'unknown' }]
  })
}

/** The tool's own table takes precedence: the tool may have completed what we began. */
function dirtyOf({
  found,
  migrations,
  journal,
  keyOf,
}: Seen & { readonly migrations: readonly Migration[] }): Dirty | undefined {
  const isApplied = (version: string): boolean => found.migrations.some((one) => one.migration.version === version)
  const begun = [...journal.values()].filter(({ outcome }) => outcome === 'started' || outcome === 'partial')
  const open =
    found.dirty === undefined
      ? begun.find(({ version, direction }) => isApplied(version) === (direction === 'down'))
      : begun.at(-1)
  const said = found.dirty === undefined ? 'journal' : 'history'
  if (open !== undefined) {
    const migration = migrations.find(({ version }) => version === open.version)
    return { key: open.version, migration, direction: open.direction, said }
  }
  if (found.dirty === undefined) return undefined
  if (found.dirtyFrom === 'down') return { key: found.dirty, migration: migrations[0], direction: 'down', said }
  const at = migrations.findIndex((one) => keyOf(one) === found.dirty)
  const above = found.dirtyFrom === 'either' && at >= 0 ? migrations[at + 1] : undefined
  return { key: found.dirty, migration: migrations[at], direction: undefined, said, ...(above && { above }) }
}

/**
 * Migrations that the journal has as applied, oldest first, if the table has no row; otherwise none. `latest`: the
 * newest journal row of each version. The result is the same if a tool rolled everything back.
 */
function lostOf(found: Applied, latest: ReadonlyMap<string, JournalRow>): readonly JournalRow[] {
  const rows = found.migrations.length + found.missing.length + (found.rolledBack?.length ?? 0)
  if (rows > 0 || found.dirty !== undefined) return []
  return [...latest.values()]
    .filter(({ direction, outcome }) => direction === 'up' && (outcome === 'applied' || outcome === 'recorded'))
    .toSorted((a, b) => compareNumbers(a.version, b.version))
}
