// Our own journal in a live database: its SQL, whether it exists, and its rows.
import type { Rows } from '../../../state/history.js'
import { type JournalRow, JOURNAL, JOURNAL_OUTCOMES, scriptAsJson, scriptFromJson } from '../../../state/journal.js'
import type { RecordedDown, JournalEntries } from '../../../ports/target.js'
import { isDatabaseError } from '../session.js'
import { lastRows, type Link } from './connection.js'
import { quoted } from '../../../sql/quote.js'

/** The functions of a target for its journal. They reject as `send` does. */
type Journal = {
  readonly rows: (database: string) => Promise<readonly JournalRow[]>
  readonly downs: (database: string) => Promise<readonly RecordedDown[]>
  readonly wasProduction: () => Promise<boolean>
  readonly prepare: () => Promise<string | undefined>
}

export function journalOver({
  send,
  write,
}: Pick<Link, 'send'> & { readonly write: (sql: string) => Promise<void> }): Journal {
  const state = async (): Promise<Rows> => {
    try {
      return lastRows(await send(ASK_JOURNAL))
    } catch (error) {
      // The role may not look into the schema: it exists, and this role may not use it.
      if (isDatabaseError(error) && error.code === '42501') return [['t', 'f', 'f', 'f']]
      throw error
    }
  }
  /** No rows when there is no journal, or none for this role. */
  const ask = async (query: string): Promise<Rows> => {
    const [there] = await state()
    return there?.[0] === 't' && there[3] === 't' ? lastRows(await send(query)) : []
  }
  return {
    rows: async (database) => journalOf(await ask(readEntries(database))),
    downs: async (database) => recordedDowns(await ask(readDowns(database))),
    wasProduction: async () => (await ask(READ_PRODUCTION))[0]?.[0] === 't',
    prepare: async () => {
      const [row] = await state()
      const [exists, usable, makable] = row ?? []
      if (exists === 't') return usable === 't' ? undefined : 'this role may not read and write the journal'
      if (makable !== 't') return 'this role may not create the schema migration_gate'
      await write(CREATE_JOURNAL)
      return undefined
    },
  }
}

const TABLE = `${JOURNAL.schema}.${JOURNAL.table}`

/**
 * Append-only: the trigger refuses every statement that removes something, also for the owner. An existing schema stays
 * as it is, because IF NOT EXISTS would need the right to create one.
 */
const CREATE_JOURNAL = `DO $$BEGIN
  IF to_regnamespace('${JOURNAL.schema}') IS NULL THEN CREATE SCHEMA ${JOURNAL.schema}; END IF;
END$$;
CREATE TABLE ${TABLE} (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  database text NOT NULL,
  version text NOT NULL,
  id text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('up', 'down')),
  outcome text NOT NULL CHECK (outcome IN (${JOURNAL_OUTCOMES.map(quoted).join(', ')})),
  before text,
  up_checksum text,
  down_checksum text,
  down_script json,
  role text NOT NULL DEFAULT session_user,
  actor text,
  application text DEFAULT current_setting('application_name'),
  run text,
  tool text NOT NULL,
  environment text NOT NULL,
  plan text,
  started timestamptz NOT NULL DEFAULT transaction_timestamp(),
  milliseconds integer NOT NULL DEFAULT 1000 * extract(epoch FROM clock_timestamp() - transaction_timestamp())
);
CREATE FUNCTION ${JOURNAL.schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN RAISE EXCEPTION ''${TABLE} is append-only''; END';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${TABLE}
  FOR EACH STATEMENT EXECUTE FUNCTION ${JOURNAL.schema}.refuse()`

/** One INSERT for all entries; empty when there is nothing to write. */
export function insertEntries(journaling: JournalEntries | undefined): string {
  if (journaling === undefined || journaling.entries.length === 0) return ''
  const { acting, entries } = journaling
  const rows = entries.map(({ migration, direction, outcome, before, milliseconds }) => {
    const down = migration.down
    const texts = [
      acting.database,
      migration.version,
      migration.id,
      direction,
      outcome,
      before,
      migration.up?.checksum,
      down?.checksum,
      down === undefined ? undefined : scriptAsJson(down),
      acting.actor,
      acting.run,
      acting.tool,
      acting.environment,
      acting.plan,
    ]
    const took = milliseconds === undefined ? 'DEFAULT' : Math.round(milliseconds).toString()
    return `(${[...texts.map(quoted), took].join(', ')})`
  })
  return `INSERT INTO ${TABLE} (database, version, id, direction, outcome, before, up_checksum, down_checksum, down_script,
  actor, run, tool, environment, plan, milliseconds) VALUES ${rows.join(',\n')};`
}

/**
 * Whether the journal exists, and whether the role may read and write it. Else whether the role may create it, or at
 * least read it.
 */
const ASK_JOURNAL = `SELECT to_regclass('${TABLE}') IS NOT NULL,
  CASE WHEN to_regclass('${TABLE}') IS NOT NULL THEN has_table_privilege('${TABLE}', 'SELECT') AND has_table_privilege('${TABLE}', 'INSERT') END,
  CASE WHEN to_regnamespace('${JOURNAL.schema}') IS NULL THEN has_database_privilege(current_database(), 'CREATE')
    ELSE has_schema_privilege('${JOURNAL.schema}', 'CREATE') END,
  CASE WHEN to_regclass('${TABLE}') IS NOT NULL THEN has_table_privilege('${TABLE}', 'SELECT') END`

const iso = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The rows of one database in the order in which they were written. */
const readEntries = (database: string): string =>
  `SELECT version, id, direction, outcome, ${iso('started')}, coalesce(actor || ' as ', '') || role, milliseconds,
  up_checksum, down_checksum, before, run, plan FROM ${TABLE} WHERE database = ${quoted(database)} ORDER BY n`

/** The newest text of each down that was ever applied: version, name, the script as JSON. */
const readDowns = (database: string): string =>
  `SELECT DISTINCT ON (version) version, id, down_script FROM ${TABLE}
  WHERE database = ${quoted(database)} AND outcome = 'applied' AND direction = 'up' ORDER BY version, n DESC`

const READ_PRODUCTION = `SELECT EXISTS (SELECT FROM ${TABLE} WHERE environment = 'production' AND outcome IN ('applied', 'undone', 'recorded'))`

/** The answer to `readEntries`, as values. */
const journalOf = (rows: readonly (readonly (string | null)[])[]): readonly JournalRow[] =>
  rows.map(([version, id, direction, outcome, at, by, milliseconds, up, down, before, run, plan]): JournalRow => ({
    version: version ?? '',
    id: id ?? '',
    direction: direction === 'down' ? 'down' : 'up',
    outcome: JOURNAL_OUTCOMES.find((word) => word === outcome) ?? 'started',
    at: at ?? '',
    by: by ?? '',
    milliseconds: milliseconds === null || milliseconds === undefined ? undefined : Number(milliseconds),
    up: up ?? undefined,
    down: down ?? undefined,
    before: before ?? undefined,
    run: run ?? undefined,
    plan: plan ?? undefined,
  }))

/** The answer to `readDowns`, as values. */
const recordedDowns = (rows: readonly (readonly (string | null)[])[]): readonly RecordedDown[] =>
  rows.map(([version, id, down]) => ({
    version: version ?? '',
    id: id ?? '',
    down: down === null || down === undefined ? undefined : scriptFromJson(down),
  }))
