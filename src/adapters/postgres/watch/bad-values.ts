// Values that a statement cannot cast or store: of which table and column, and in how many rows.
import { withSchema } from '../../../impact/relation-name.js'
import { listOf, outlined } from '../../../sql/clauses.js'
import { identifier, literal, NAME_PATTERN } from '../../../sql/quote.js'
import { namedRelations } from './alone.js'
import { isTable, type OldRelation } from './old-relations.js'
import { undone, type Asking, type RefusedRows, type RefusedStatement } from './refused-statement.js'

/** The server names neither table nor column: it is the table without whose rows the statement runs. */
export async function badValues(
  session: Asking,
  text: string,
  { tables, error }: Pick<RefusedStatement, 'tables' | 'error'>,
): Promise<RefusedRows> {
  const holding = tables.filter(isTable)
  const named = namedRelations(text, holding)
  const found = (await cause(session, text, named)) ?? (await cause(session, text, holding))
  if (found === undefined) return {}
  const { relation, changed } = found
  const table = withSchema(relation)
  for (const column of changed) {
    const value = valueOf(text, column.name)
    const count = await countRefused(session, { table, column, value: value ?? identifier(column.name) })
    const where = value === undefined ? tooLarge(column, `failing.${identifier(column.name)}`) : undefined
    if (count !== undefined) return { relation, column: column.name, ...(where !== undefined && { where }), count }
  }
  if (changed.length > 0) return { relation }
  return { relation, ...(await countWritten(session, { table, text, code: error.code ?? '' })) }
}

/**
 * A condition for values that a narrower type does not hold, where the value alone says it. Blanks at the end are cut without an
 * error, and fractions are rounded first (PostgreSQL, "Character Types", "Numeric Types").
 */
function tooLarge({ type }: Changed, value: string): string | undefined {
  const [, length] = TEXT_WITH_LENGTH.exec(type) ?? []
  if (length !== undefined) return `pg_catalog.length(pg_catalog.rtrim(${value}::text, ' ')) > ${length}`
  const [least, most] = BOUNDS[type] ?? []
  return least === undefined || most === undefined
    ? undefined
    : `pg_catalog.round(${value}::numeric) NOT BETWEEN ${least} AND ${most}`
}

const TEXT_WITH_LENGTH = /^(?:character varying|character)\((\d+)\)$/

/** A column whose type the statement changes, with the new one. */
type Changed = { readonly name: string; readonly type: string }

/** Undefined where it is none of these tables, or could be more than one. */
async function cause(
  session: Asking,
  text: string,
  tables: readonly OldRelation[],
): Promise<{ readonly relation: string; readonly changed: readonly Changed[] } | undefined> {
  const causes: { readonly relation: string; readonly changed: readonly Changed[] }[] = []
  for (const { relation } of tables) {
    const table = withSchema(relation)
    const before = await undone(session, () => columnTypes(session, table))
    const after = await undone(session, async () => {
      await session.send(`TRUNCATE ${table} CASCADE`)
      await session.send(text)
      return columnTypes(session, table)
    })
    if (before === undefined || after === undefined) continue
    const changed = [...after].flatMap(([name, type]) =>
      before.has(name) && before.get(name) !== type ? [{ name, type }] : [],
    )
    causes.push({ relation, changed })
  }
  const [only, ...more] = causes
  return more.length === 0 ? only : undefined
}

async function columnTypes({ send }: Asking, table: string): Promise<ReadonlyMap<string, string>> {
  await send(`SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)`)
  const answer = await send(
    `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass(${literal(table)}) AND attnum > 0 AND NOT attisdropped`,
  )
  return new Map((answer.at(-1)?.rows ?? []).map(([name, type]) => [String(name), String(type)]))
}

const RETYPED = new RegExp(
  String.raw`^(?:ALTER TABLE .*? )?ALTER (?:COLUMN )?(${NAME_PATTERN}) (?:SET DATA )?TYPE .*? USING (.*)$`,
  'is',
)

/** What the statement makes of the column by USING; undefined where it takes it as it is. */
function valueOf(text: string, column: string): string | undefined {
  for (const action of listOf(outlined(text).text)) {
    const [, name = '', value] = RETYPED.exec(action.replaceAll(/\s+/g, ' ').trim().replace(/;$/, '')) ?? []
    const plain = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
    if (plain === column && value !== undefined) return value
  }
  return undefined
}

/**
 * The rows whose value is refused one by one: an assignment in PL/pgSQL casts as ALTER TABLE does. Undefined where there are none,
 * or they cannot be asked.
 */
async function countRefused(
  session: Asking,
  { table, column, value }: { readonly table: string; readonly column: Changed; readonly value: string },
): Promise<number | undefined> {
  const body = `#variable_conflict use_column
    DECLARE gate_value ${column.type}; gate_row record; gate_refused bigint := 0;
    BEGIN
      FOR gate_row IN SELECT tableoid AS part, ctid AS place FROM ${table} LOOP
        BEGIN
          SELECT ${value} INTO gate_value FROM ${table} WHERE ctid = gate_row.place AND tableoid = gate_row.part;
        EXCEPTION WHEN data_exception THEN gate_refused := gate_refused + 1;
        END;
      END LOOP;
      RETURN gate_refused;
    END`
  const count = await undone(session, async () => {
    await session.send(`CREATE FUNCTION pg_temp.gate_refused() RETURNS bigint LANGUAGE plpgsql AS ${literal(body)}`)
    return Number((await session.send('SELECT pg_temp.gate_refused()')).at(-1)?.rows[0]?.[0])
  })
  return count === 0 ? undefined : count
}

/** Wider types by SQLSTATE, and of which types. */
const WIDER: Readonly<Record<string, { readonly of: RegExp; readonly type: string }>> = {
  '22001': { of: TEXT_WITH_LENGTH, type: 'text' },
  '22003': { of: /^(?:smallint|integer|bigint)$/, type: 'numeric' },
}

const BOUNDS: Readonly<Record<string, readonly [least: string, most: string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
}

/** The rows that the statement writes with a longer or greater value, where wider columns take them. */
async function countWritten(
  session: Asking,
  { table, text, code }: { readonly table: string; readonly text: string; readonly code: string },
): Promise<Pick<RefusedRows, 'column' | 'count'>> {
  const wider = WIDER[code]
  const types = wider && (await undone(session, () => columnTypes(session, table)))
  const narrow = [...(types ?? [])].filter(([, type]) => wider?.of.test(type) === true)
  if (wider === undefined || narrow.length === 0) return {}
  const counts = await undone(session, async () => {
    for (const [name] of narrow) {
      const alter = `ALTER TABLE ${table} ALTER COLUMN ${identifier(name)} TYPE ${wider.type}`
      // A view or an identity may hold a column as it is.
      await session.send(`DO ${literal(`BEGIN ${alter}; EXCEPTION WHEN others THEN NULL; END`)}`)
    }
    await session.send(text)
    const asked = narrow.map(
      ([name, type]) => `count(*) FILTER (WHERE ${tooLarge({ name, type }, identifier(name)) ?? 'false'})`,
    )
    return (await session.send(`SELECT ${asked.join(', ')} FROM ${table}`)).at(-1)?.rows[0]?.map(Number)
  })
  const at = counts?.findIndex((count) => count > 0) ?? -1
  const column = narrow[at]?.[0]
  return column === undefined ? {} : { column, count: counts?.[at] ?? 0 }
}
