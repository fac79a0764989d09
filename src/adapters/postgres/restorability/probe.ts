// Runs routines and constraints with made-up values on a scratch copy of the schema, as a restore would run them.
import type { ClientConfig } from 'pg'
import { identifier, quoted } from '../../../sql/quote.js'
import { splitStatements } from '../../../sql/statements.js'
import { isDatabaseError } from '../session.js'
import { openLink, lastRows, type Link } from '../live/connection.js'
import { MISSING } from './routines.js'

/**
 * `lost`: with an empty search_path it does not find something; `here`: it does with that of the live session. `differs`:
 * it gives something else with that. `ran`: it ran at least once with an empty one. `not run`: it did not, or it is not
 * there.
 */
export type RoutineAnswer =
  | { readonly word: 'lost'; readonly message: string; readonly here: boolean }
  | { readonly word: 'differs' | 'ran' | 'not run' }

/** What a check constraint says of made-up values while all tables are empty: always false, never, or now and then. */
export type CheckAnswer = 'never false' | 'always false' | 'unknown'

export type Probe = {
  /** `identity` is `public.f(text)`. */
  readonly routine: (identity: string) => Promise<RoutineAnswer>
  /** Whether a statement of a restore does not find something with an empty search_path, on tables without rows. */
  readonly fails: (statement: string) => Promise<boolean>
  /** `definition` is `CHECK (..)` of the table or domain. */
  readonly check: (of: {
    readonly kind: 'table' | 'domain'
    readonly name: string
    readonly definition: string
  }) => Promise<CheckAnswer>
  readonly close: () => Promise<void>
}

/** What pg_dump writes at the start. */
const EMPTIES_PATH = `SELECT pg_catalog.set_config('search_path', '', false)`

/** One call of a user's routine may take this long. */
const CALL_MS = 2_000

/**
 * `schema`: the text of a dump of the part before the rows. What the scratch server does not accept, such as a missing
 * extension, is left out. `path`: where a session on the live database searches.
 */
export async function openProbe(config: ClientConfig, schema: string, path: readonly string[]): Promise<Probe> {
  const link = await openLink(config)
  const live = path.map(identifier).join(', ') || "''"
  for (const { text } of splitStatements(schema)) {
    if (text === EMPTIES_PATH) continue
    await link.send(text).catch((error: unknown) => {
      if (!isDatabaseError(error)) throw error
    })
  }
  // So that names that are asked for have their schemas.
  await link.send(`RESET ALL; SET search_path = ''`)
  return {
    routine: (identity) => askRoutine(link, identity, live),
    fails: async (statement) =>
      isMissing(await attempt(link, "''", statement)) && !isMissing(await attempt(link, live, statement)),
    check: (of) => askCheck(link, of, live),
    close: () => link.close(),
  }
}

type Refusal = { readonly code: string; readonly message: string }

const isMissing = (answer: Attempt): boolean => 'code' in answer && MISSING.has(answer.code)

/** The rows of the last statement, or the refusal. */
type Attempt = { readonly rows: string } | Refusal

/** Nothing of it stays. */
async function attempt(link: Link, path: string, text: string): Promise<Attempt> {
  try {
    const answers = await link.send(
      `BEGIN; SET LOCAL search_path = ${path}; SET LOCAL statement_timeout = ${CALL_MS}; ${text}`,
    )
    return { rows: JSON.stringify(lastRows(answers)) }
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return { code: error.code ?? '', message: error.message }
  } finally {
    if (!link.isLost()) await link.send('ROLLBACK')
  }
}

async function askRoutine(link: Link, identity: string, live: string): Promise<RoutineAnswer> {
  let ran = false
  for (const call of await callsOf(link, identity)) {
    const empty = await attempt(link, "''", call)
    if ('code' in empty) {
      if (MISSING.has(empty.code))
        return { word: 'lost', message: empty.message, here: !isMissing(await attempt(link, live, call)) }
      continue
    }
    ran = true
    if (await givesOther(link, call, live)) return { word: 'differs' }
  }
  return { word: ran ? 'ran' : 'not run' }
}

/** Twice the same with the live search_path, and something else with an empty one in between. */
async function givesOther(link: Link, call: string, live: string): Promise<boolean> {
  const each = [live, "''", live].map((path) => `SET LOCAL search_path = ${path}; ${call}`)
  try {
    const answers = await link.send(`BEGIN; SET LOCAL statement_timeout = ${CALL_MS}; ${each.join('; ')}`)
    const [first, empty, again] = answers
      .filter(({ command }) => command === 'SELECT')
      .map(({ rows }) => JSON.stringify(rows))
    return first === again && first !== empty
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return false
  } finally {
    if (!link.isLost()) await link.send('ROLLBACK')
  }
}

/** Calls with different values; none if it cannot be called like this, such as a trigger function. */
async function callsOf(link: Link, identity: string): Promise<readonly string[]> {
  const rows = lastRows(
    await link.send(`SELECT p.prokind, p.oid::pg_catalog.regproc, a.id
      FROM pg_catalog.pg_proc p LEFT JOIN LATERAL unnest(p.proargtypes) WITH ORDINALITY AS a(id, at) ON true
      WHERE p.oid = pg_catalog.to_regprocedure(${quoted(identity)}) AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) ORDER BY a.at`),
  )
  const [kind, name] = rows[0] ?? []
  if (kind !== 'f' || name === undefined || name === null) return []
  const args: (readonly string[])[] = []
  for (const [, , type] of rows) if (type !== null && type !== undefined) args.push(await valuesOf(link, type))
  const variants = args.length === 0 ? [0] : [0, 1, 2]
  return variants.map((at) => `SELECT * FROM ${name}(${args.map((values) => values[at] ?? 'NULL').join(', ')})`)
}

/** By pg_type.typcategory (PostgreSQL, "pg_type"), without quotes. */
const VALUES: Readonly<Record<string, readonly [string, string]>> = {
  A: ['{}', '{NULL}'],
  B: ['true', 'false'],
  D: ['2000-01-01', '2024-02-29'],
  I: ['127.0.0.1', '10.0.0.1'],
  N: ['1', '0'],
  R: ['empty', 'empty'],
  S: ['a', ''],
  T: ['1 day', '0'],
  V: ['1', '0'],
}
const BY_NAME: Readonly<Record<string, readonly [string, string]>> = {
  json: ['{}', '[]'],
  jsonb: ['{}', '[]'],
  uuid: ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000000'],
  bytea: ['\\x00', ''],
}
/** What a polymorphic argument becomes. */
const POLYMORPHIC: Readonly<Record<string, string>> = {
  anyelement: 'text',
  anynonarray: 'text',
  anycompatible: 'text',
  anycompatiblenonarray: 'text',
  anyarray: 'text[]',
  anycompatiblearray: 'text[]',
  anyrange: 'int4range',
  anycompatiblerange: 'int4range',
}

/** Two values and NULL, as SQL. */
async function valuesOf(link: Link, type: string): Promise<readonly string[]> {
  const [row] = lastRows(
    await link.send(`SELECT t.typname, t.typcategory, pg_catalog.format_type(t.oid, NULL),
      (SELECT e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder LIMIT 1)
      FROM pg_catalog.pg_type t WHERE t.oid = ${type}`),
  )
  const [typname, category, whole, label] = row ?? []
  const written = POLYMORPHIC[typname ?? ''] ?? whole ?? 'text'
  const known = POLYMORPHIC[typname ?? '']
  const letter = known === undefined ? (category ?? '') : known.endsWith('[]') ? 'A' : known === 'text' ? 'S' : 'R'
  const values = label ? [label, label] : (BY_NAME[typname ?? ''] ?? VALUES[letter])
  return [
    ...(values ?? []).map((value) => `${quoted(value)}::${written}`),
    ...(values ? [] : [`NULL::${written}`, `NULL::${written}`]),
    `NULL::${written}`,
  ]
}

async function askCheck(link: Link, of: Parameters<Probe['check']>[0], live: string): Promise<CheckAnswer> {
  const expression = of.definition.replace(/^CHECK /, '').replace(/ NO INHERIT$/, '')
  const columns =
    of.kind === 'table'
      ? `SELECT a.attname, a.atttypid FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass(${quoted(of.name)}) AND a.attnum > 0 AND NOT a.attisdropped`
      : `SELECT 'value', t.typbasetype FROM pg_catalog.pg_type t WHERE t.oid = pg_catalog.to_regtype(${quoted(of.name)})`
  const values: { readonly name: string; readonly of: readonly string[] }[] = []
  for (const [name, type] of lastRows(await link.send(columns)))
    values.push({ name: name ?? '', of: await valuesOf(link, type ?? '') })
  if (values.length === 0) return 'unknown'
  const answers: (string | undefined)[] = []
  for (const at of [0, 1]) {
    const list = values.map((one) => `${one.of[at] ?? 'NULL'} AS ${identifier(one.name)}`)
    // In a domain, VALUE is a word of the grammar.
    const text = `SELECT ${of.kind === 'table' ? expression : expression.replaceAll(/\bVALUE\b/g, '"value"')} FROM (SELECT ${list.join(', ')}) AS made_up`
    const answer = await attempt(link, live, text)
    answers.push('rows' in answer ? answer.rows : undefined)
  }
  if (answers.every((one) => one === '[["f"]]')) return 'always false'
  return answers.every((one) => one === '[["t"]]' || one === '[[null]]') ? 'never false' : 'unknown'
}
