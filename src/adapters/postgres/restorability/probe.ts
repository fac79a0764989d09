// Runs routines and constraints with made-up values on a scratch copy of the schema, as a restore would run them.
import type { ClientConfig } from 'pg'
import { identifier, quoted } from '../../../sql/quote.js'
import { splitStatements } from '../../../sql/statements.js'
import { isDatabaseError } from '../session.js'
import { openLink, lastRows, type Link } from '../live/connection.js'
import { MISSING } from './routines.js'

/**
 * `lost`: with an empty search_path it does not find something, which it finds with that of the live session. `ran`: it
 * ran at least once with an empty one. `unknown`: neither, or it is not there.
 */
export type RoutineAnswer = { readonly word: 'lost'; readonly message: string } | { readonly word: 'ran' | 'unknown' }

/** What a check constraint says of made-up values while all tables are empty: always false, never, or now and then. */
export type CheckAnswer = 'never false' | 'always false' | 'unknown'

export type Probe = {
  /** `identity` is `public.f(text)`. */
  readonly routine: (identity: string) => Promise<RoutineAnswer>
  /** `definition` is `CHECK (..)` of the table or domain. */
  readonly check: (of: { readonly kind: 'table' | 'domain'; readonly name: string; readonly definition: string }) => Promise<CheckAnswer>
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
    if (text !== EMPTIES_PATH) await refusalOf(link, text)
  }
  // So that names that are asked for have their schemas.
  await link.send(`RESET ALL; SET search_path = ''`)
  return {
    routine: (identity) => askRoutine(link, identity, live),
    check: (of) => askCheck(link, of, live),
    close: () => link.close(),
  }
}

async function refusalOf(link: Link, text: string): Promise<{ readonly code: string; readonly message: string } | undefined> {
  try {
    await link.send(text)
    return undefined
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return { code: error.code ?? '', message: error.message }
  }
}

/** Nothing of it stays. */
async function attempt(link: Link, path: string, text: string): Promise<Awaited<ReturnType<typeof refusalOf>>> {
  const refused = await refusalOf(
    link,
    `BEGIN; SET LOCAL search_path = ${path}; SET LOCAL statement_timeout = ${CALL_MS}; ${text}`,
  )
  await link.send('ROLLBACK')
  return refused
}

async function askRoutine(link: Link, identity: string, live: string): Promise<RoutineAnswer> {
  const calls = await callsOf(link, identity)
  let ran = false
  for (const call of calls) {
    const refused = await attempt(link, "''", call)
    if (refused === undefined) ran = true
    else if (MISSING.has(refused.code) && !MISSING.has((await attempt(link, live, call))?.code ?? ''))
      return { word: 'lost', message: refused.message }
  }
  return { word: ran ? 'ran' : 'unknown' }
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
  return [...(values ?? []).map((value) => `${quoted(value)}::${written}`), ...(values ? [] : [`NULL::${written}`, `NULL::${written}`]), `NULL::${written}`]
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
  const answers: (string | null | undefined)[] = []
  for (const at of [0, 1]) {
    const list = values.map((one) => `${one.of[at] ?? 'NULL'} AS ${identifier(one.name)}`)
    // In a domain, VALUE is a word of the grammar.
    const text = `SELECT ${of.kind === 'table' ? expression : expression.replaceAll(/\bVALUE\b/g, '"value"')} FROM (SELECT ${list.join(', ')}) AS made_up`
    try {
      const found = await link.send(`BEGIN; SET LOCAL search_path = ${live}; SET LOCAL statement_timeout = ${CALL_MS}; ${text}`)
      answers.push(lastRows(found)[0]?.[0])
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      answers.push(undefined)
    } finally {
      await link.send('ROLLBACK')
    }
  }
  if (answers.every((one) => one === 'f')) return 'always false'
  return answers.every((one) => one === 't' || one === null) ? 'never false' : 'unknown'
}
