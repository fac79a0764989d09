// Whether a derived down also holds where its tables have rows: tried on two rows in each, where rows can be made.
import type { Script } from '../model/migration.js'
import { identifier, literal, NAME_PATTERN } from '../sql/quote.js'
import type { AttemptOutcome, Scratch } from '../ports/scratch.js'
import type { WorkingCopy } from './scratch-copies.js'

/**
 * `holds`: it ran on tables with rows, or nothing in it depends on rows. `fails`: not with rows. `not tried`: no rows could
 * be made, or the scripts cannot be rolled back.
 */
export type OnRows = 'holds' | 'fails' | 'not tried'

const NAME = String.raw`${NAME_PATTERN}(?:\.${NAME_PATTERN})*`
/** Statements of derived downs that rows can make fail. */
const DEPENDS = [
  new RegExp(String.raw`^ALTER TABLE (?:ONLY )?(${NAME}) ADD COLUMN [^]*\bNOT NULL\b`),
  new RegExp(String.raw`^ALTER TABLE (?:ONLY )?(${NAME}) ALTER COLUMN [^]*\b(?:SET NOT NULL|TYPE)\b`),
  new RegExp(String.raw`^ALTER TABLE (?:ONLY )?(${NAME}) ADD CONSTRAINT\b`),
  new RegExp(String.raw`^CREATE UNIQUE INDEX ${NAME_PATTERN} ON (?:ONLY )?(${NAME})`),
]

const MADE = new RegExp(String.raw`^CREATE (?:UNLOGGED )?TABLE (${NAME})`)

/** The tables whose rows can make statements fail, as names in SQL form; not those that the statements make. */
export function tablesThatMatter(statements: readonly string[]): readonly string[] {
  const made = new Set(statements.flatMap((statement) => MADE.exec(statement)?.[1] ?? []))
  const found = statements.flatMap((statement) => DEPENDS.flatMap((pattern) => pattern.exec(statement)?.[1] ?? []))
  return [...new Set(found)].filter((table) => !made.has(table))
}

/**
 * Call in the state after the up, which stays. `own` is what the author wrote and runs first: where it fails on rows, the
 * derived lines cannot be tried. Rejects when the server is gone.
 */
export async function tryOnRows(
  place: WorkingCopy,
  down: { readonly own: Script | undefined; readonly derived: Script; readonly statements: readonly string[] },
): Promise<OnRows> {
  const tables = tablesThatMatter(down.statements)
  if (tables.length === 0) return 'holds'
  const scripts = [ROWS, ...(down.own === undefined ? [] : [down.own]), down.derived]
  const tried = await place.attempt(scripts, async (): Promise<AttemptOutcome<OnRows>> => {
    for (const table of tables) if (!(await putRows(place.main, table))) return { keep: false, result: 'not tried' }
    if (down.own !== undefined && !(await place.run(down.own, 'down')).ok) return { keep: false, result: 'not tried' }
    const { ok } = await place.run(down.derived, 'down')
    return { keep: false, result: ok ? 'holds' : 'fails' }
  })
  return tried === 'unfit' ? 'not tried' : tried.result
}

/** Stands for the rows that are put there: they draw numbers of sequences. */
const ROWS: Script = {
  file: '',
  transaction: 'wrapped',
  checksum: '',
  messages: [{ text: 'INSERT INTO t DEFAULT VALUES', lines: [1], column: 1 }],
}

/** Two rows, and rows for its keys; false where the table takes none, or has another name until the down. */
async function putRows(main: Scratch, table: string): Promise<boolean> {
  const there = await main.read(`SELECT to_regclass(${literal(table)}) IS NOT NULL`)
  return there[0]?.[0] === 't' && putInto(main, table, [])
}

/** `category` is the letter of its type. `parent` is the table of its foreign key. `isDue`: an INSERT has to name it. */
type Column = {
  readonly name: string
  readonly type: string
  readonly category: string
  readonly parent: string
  readonly isDue: boolean
}

const columnsOf = (table: string): string => `
  SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), t.typcategory,
    coalesce((SELECT k.confrelid::regclass::text FROM pg_catalog.pg_constraint k
      WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND a.attnum = ANY (k.conkey) LIMIT 1), ''),
    a.attnotnull AND NOT a.atthasdef
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = ${literal(table)}::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
  ORDER BY a.attnum`

/** First with a value in every column that can have one, then with the columns that are due. */
async function putInto(main: Scratch, table: string, path: readonly string[]): Promise<boolean> {
  const columns = (await main.read(columnsOf(table))).map(
    ([name = '', type = '', category = '', parent = '', due]): Column => ({
      name,
      type,
      category,
      parent,
      isDue: due === 't',
    }),
  )
  const due = columns.filter(({ isDue }) => isDue)
  for (const { parent } of due) {
    if (parent === '' || parent === table || path.includes(parent)) continue
    if (!(await putInto(main, parent, [...path, table]))) return false
  }
  if (due.some((column) => valueOf(column) === undefined)) return false
  const all = columns.filter((column) => column.isDue || (column.parent === '' && valueOf(column) !== undefined))
  for (const named of [all, due]) {
    // A refused row must not end the transaction.
    await main.read(`DO $gate$ BEGIN ${insertInto(table, named)}; EXCEPTION WHEN OTHERS THEN NULL; END $gate$`)
    const found = await main.read(`SELECT EXISTS (SELECT FROM ${table})`)
    if (found[0]?.[0] === 't') return true
  }
  return false
}

function insertInto(table: string, columns: readonly Column[]): string {
  if (columns.length === 0) return `INSERT INTO ${table} DEFAULT VALUES`
  const names = columns.map(({ name }) => identifier(name)).join(', ')
  const values = columns.map((column) => valueOf(column) ?? 'NULL').join(', ')
  return `INSERT INTO ${table} (${names}) SELECT ${values} FROM generate_series(1, 2) n ON CONFLICT DO NOTHING`
}

/** A value by the category of its type (PostgreSQL, "pg_type"), another one for each `n`. */
const valueOf = ({ type, category }: Column): string | undefined =>
  (VALUES[category] ?? OTHERS[type])?.replaceAll('%', type)

const VALUES: Readonly<Record<string, string>> = {
  A: `'{}'::%`,
  B: 'true::%',
  D: `('2000-01-01 00:00'::timestamp + n * interval '1 day')::%`,
  E: 'pg_catalog.enum_first(NULL::%)',
  I: `('10.0.0.' || n)::%`,
  N: 'n::%',
  R: `'empty'::%`,
  S: 'n::text::%',
  T: `(n * interval '1 minute')::%`,
  V: `n::int::bit(8)::%`,
}

const OTHERS: Readonly<Record<string, string>> = {
  uuid: 'pg_catalog.md5(n::text)::uuid',
  json: `'{}'::json`,
  jsonb: `'{}'::jsonb`,
  bytea: `pg_catalog.decode(pg_catalog.md5(n::text), 'hex')`,
}
