// The routines in SQL and PL/pgSQL that stored expressions call, and what the names in their bodies mean.
import { identifier, quoted } from '../../../sql/quote.js'
import { namesInBody, type BodyName, type BodyNames } from '../../../sql/names-in-body.js'
import { isDatabaseError } from '../session.js'
import { lastRows, type Link } from '../live/connection.js'

/**
 * `identity` is `public.f(text)`. `path` is its own search_path (`ALTER FUNCTION .. SET`), undefined without one. `body`:
 * what it names; undefined for a body in SQL-standard form (`BEGIN ATOMIC`), whose names the server resolved when it was
 * made. `reads` are OIDs of relations, of such a body. `alone`: whether it can run with an empty search_path, as far as
 * the server's own validator knows. `takesOwn`: an argument has a type that users made; `casts`: such a type becomes one
 * of PostgreSQL's own where an operator is missing.
 */
export type Routine = {
  readonly oid: string
  readonly schema: string
  readonly name: string
  readonly identity: string
  readonly language: string
  readonly extension: string | undefined
  readonly polymorphic: boolean
  readonly takesOwn: boolean
  readonly casts: boolean
  readonly path: readonly string[] | undefined
  readonly body: BodyNames | undefined
  readonly reads: readonly string[]
  readonly alone: Validated
}

/**
 * `no` holds the server's message, which names what does not exist. `here`: whether it exists with the search_path of
 * the live session. `unknown`: the server was not asked, or refused.
 */
export type Validated =
  | { readonly word: 'yes' | 'unknown' }
  | { readonly word: 'no'; readonly message: string; readonly here: boolean }

/**
 * A relation, type, routine or operator that users made. `kind` is pg_class.relkind for a relation. `gives`: it has or
 * returns values of a type that users made. `takes`: it has an argument of such a type.
 */
export type Named = {
  readonly schema: string
  readonly name: string
  readonly oid: string
  readonly kind: string
  readonly gives: boolean
  readonly takes: boolean
}

/**
 * What names mean here. `texts` are routines in SQL, PL/pgSQL and other languages with a text, by OID; `routines` are all
 * that users made, by name. `types` are collations, too. `operators` are those outside of pg_catalog, `builtIn` and
 * `builtInRelations` the names in it. `takesName`: the names of routines that take the name of an object as a text
 * (`nextval`). `path` are the schemas in which the live session searches.
 */
export type NameBook = {
  readonly texts: ReadonlyMap<string, Routine>
  readonly routines: ReadonlyMap<string, readonly Named[]>
  readonly relations: ReadonlyMap<string, readonly Named[]>
  readonly types: ReadonlyMap<string, readonly Named[]>
  readonly operators: ReadonlyMap<string, readonly Named[]>
  readonly builtIn: ReadonlySet<string>
  readonly builtInRelations: ReadonlySet<string>
  readonly takesName: ReadonlySet<string>
  readonly path: readonly string[]
}

/** A chain of calls that is longer than this is not followed to its end. */
const ROUNDS = 20

/**
 * Reads the routines of these OIDs, and all that their bodies name. The link is in a transaction with an empty
 * search_path and check_function_bodies. Rejects as `send` does.
 */
export async function readNames(link: Link, oids: readonly string[], path: readonly string[]): Promise<NameBook> {
  const texts = new Map<string, Routine>()
  const asked = new Set<string>()
  let wanted = oids.length === 0 ? 'false' : `p.oid IN (${oids.join(', ')})`
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = (await readRoutines(link, wanted)).filter(({ oid }) => !texts.has(oid))
    for (const one of fresh) texts.set(one.oid, one)
    const names = [...new Set(fresh.flatMap(({ body }) => routinesOf(body)))].filter((name) => !asked.has(name))
    if (names.length === 0) break
    for (const name of names) asked.add(name)
    wanted = `p.proname IN (${names.map(quoted).join(', ')})`
  }
  for (const [oid, alone] of await validate(link, [...texts.values()], path)) {
    const routine = texts.get(oid)
    if (routine !== undefined) texts.set(oid, { ...routine, alone })
  }
  const bodies = [...texts.values()].flatMap(({ body }) => allBodies(body))
  const objects = await readObjects(link, {
    relations: [...new Set(bodies.flatMap(({ relations }) => relations.map(({ name }) => name)))],
    types: [...new Set(bodies.flatMap(({ types }) => types.map(({ name }) => name)))],
    operators: [...new Set(bodies.flatMap(({ operators }) => operators))],
    routines: [...asked],
  })
  return { ...objects, texts, path }
}

/** A body, and the statements that it builds from text, as far as they are there as text. */
export const allBodies = (body: BodyNames | undefined): readonly BodyNames[] =>
  body === undefined ? [] : [body, ...(body.runsText ? body.texts.map(namesInBody) : [])]

const routinesOf = (body: BodyNames | undefined): readonly string[] =>
  allBodies(body).flatMap(({ routines }) => routines.map(({ name }: BodyName) => name))

function byName<T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>()
  for (const one of all) found.set(one.name, [...(found.get(one.name) ?? []), one])
  return found
}

/** The first OID that is not PostgreSQL's own (FirstNormalObjectId). */
export const FIRST = 16_384

const NOT_OURS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`

async function readRoutines(link: Link, wanted: string): Promise<readonly Routine[]> {
  const rows = lastRows(
    await link.send(`SELECT p.oid, n.nspname, p.proname, p.oid::regprocedure, l.lanname,
      (SELECT e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
        WHERE d.classid = p.tableoid AND d.objid = p.oid AND d.deptype = 'e'),
      EXISTS (SELECT FROM unnest(p.proargtypes) AS a(id) JOIN pg_catalog.pg_type t ON t.oid = a.id WHERE t.typtype = 'p'),
      EXISTS (SELECT FROM unnest(p.proargtypes) AS a(id) WHERE a.id >= ${FIRST}),
      EXISTS (SELECT FROM unnest(p.proargtypes) AS a(id) JOIN pg_catalog.pg_cast c ON c.castsource = a.id WHERE a.id >= ${FIRST} AND c.casttarget < ${FIRST} AND c.castcontext = 'i'),
      (SELECT substr(c, 13) FROM unnest(p.proconfig) AS c WHERE c LIKE 'search\\_path=%'),
      p.prosqlbody IS NOT NULL, p.prosrc,
      (SELECT string_agg(DISTINCT d.refobjid::text, ' ') FROM pg_catalog.pg_depend d
        WHERE p.prosqlbody IS NOT NULL AND d.classid = p.tableoid AND d.objid = p.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass)
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      WHERE ${NOT_OURS} AND l.lanname NOT IN ('internal', 'c') AND (${wanted})`),
  )
  return rows.map(
    ([oid, schema, name, identity, language, extension, polymorphic, takes, casts, path, standard, source, reads]) => ({
      oid: oid ?? '',
      schema: schema ?? '',
      name: name ?? '',
      identity: identity ?? '',
      language: language ?? '',
      extension: extension ?? undefined,
      polymorphic: polymorphic === 't',
      takesOwn: takes === 't',
      casts: casts === 't',
      path: path === null || path === undefined ? undefined : schemasOf(path),
      body: standard === 't' ? undefined : namesInBody(source ?? ''),
      reads: reads ? reads.split(' ') : [],
      alone: { word: 'unknown' },
    }),
  )
}

/** `"$user", public` as a list. Names with commas inside are not split right, and then resolve to nothing. */
const schemasOf = (path: string): readonly string[] =>
  path
    .split(',')
    .map((one) => one.trim().replace(/^"(.*)"$/, '$1'))
    .filter((one) => one !== '')

/** Validators that only read and analyse the body. Those of other languages may run code of it. */
const VALIDATORS: Readonly<Record<string, string>> = {
  sql: 'pg_catalog.fmgr_sql_validator',
  plpgsql: 'pg_catalog.plpgsql_validator',
}

/** Undefined table, function, object or schema (PostgreSQL, "Error Codes"). */
export const MISSING = new Set(['42P01', '42883', '42704', '3F000'])

/**
 * Asks the server's validators, which run nothing, with an empty search_path. For SQL they resolve every name, unless the
 * routine is polymorphic; for PL/pgSQL the declared types. A role that may not run a routine may not ask.
 */
async function validate(
  link: Link,
  routines: readonly Routine[],
  path: readonly string[],
): Promise<ReadonlyMap<string, Validated>> {
  const asked = routines.filter(({ body, path: own }) => body !== undefined && own === undefined)
  const calls = asked.flatMap((one) => {
    const validator = VALIDATORS[one.language]
    return validator === undefined ? [] : [{ oid: one.oid, call: `SELECT ${validator}(${one.oid})` }]
  })
  const whole = await refusalOf(link, calls.map(({ call }) => call).join('; '))
  if (whole === undefined) return new Map(calls.map(({ oid }) => [oid, { word: 'yes' }]))
  const found = new Map<string, Validated>()
  for (const { oid, call } of calls) {
    const refused = await refusalOf(link, call)
    if (refused === undefined) found.set(oid, { word: 'yes' })
    else if (MISSING.has(refused.code)) {
      const here =
        (await refusalOf(link, `SET LOCAL search_path = ${path.map(identifier).join(', ') || "''"}; ${call}`)) ===
        undefined
      found.set(oid, { word: 'no', message: refused.message, here })
    }
  }
  return found
}

/** The refusal of a message of which nothing stays. */
async function refusalOf(
  link: Link,
  text: string,
): Promise<{ readonly code: string; readonly message: string } | undefined> {
  if (text === '') return undefined
  try {
    await link.send(`SAVEPOINT gate; ${text}`)
    return undefined
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return { code: error.code ?? '', message: error.message }
  } finally {
    if (!link.isLost()) await link.send('ROLLBACK TO gate; RELEASE gate')
  }
}

async function readObjects(
  link: Link,
  names: Readonly<Record<'relations' | 'types' | 'operators' | 'routines', readonly string[]>>,
): Promise<Omit<NameBook, 'texts' | 'path'>> {
  const among = (column: string, list: readonly string[]): string =>
    list.length === 0 ? 'false' : `${column} IN (${list.map(quoted).join(', ')})`
  const rows = lastRows(
    await link.send(`SELECT 'relation', n.nspname, c.relname, c.oid, c.relkind::text,
        EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.atttypid >= ${FIRST}), false FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND ${NOT_OURS} AND ${among('c.relname', names.relations)}
    UNION ALL SELECT 'type', n.nspname, t.typname, t.oid, '', true, false FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE ${NOT_OURS} AND ${among('t.typname', names.types)}
    UNION ALL SELECT 'type', n.nspname, c.collname, c.oid, '', false, false FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
      WHERE ${NOT_OURS} AND ${among('c.collname', names.types)}
    UNION ALL SELECT 'built in relation', '', c.relname, 0, '', false, false FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'pg_catalog'::regnamespace AND ${among('c.relname', names.relations)}
    UNION ALL SELECT DISTINCT 'takes name', '', p.proname, 0::oid, '', false, false FROM pg_catalog.pg_proc p
      WHERE ${among('p.proname', names.routines)} AND (p.proname ~ '^to_reg' OR EXISTS (SELECT FROM unnest(p.proargtypes) AS a(id) JOIN pg_catalog.pg_type t ON t.oid = a.id WHERE t.typname ~ '^reg'))
    UNION ALL SELECT 'operator', n.nspname, o.oprname, o.oid, '', o.oprresult >= ${FIRST}, o.oprleft >= ${FIRST} OR o.oprright >= ${FIRST} FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
      WHERE ${NOT_OURS} AND ${among('o.oprname', names.operators)}
    UNION ALL SELECT 'routine', n.nspname, p.proname, p.oid, '', p.prorettype >= ${FIRST}, EXISTS (SELECT FROM unnest(p.proargtypes) AS a(id) WHERE a.id >= ${FIRST}) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE ${NOT_OURS} AND ${among('p.proname', names.routines)}
    UNION ALL SELECT DISTINCT 'built in', '', p.proname, 0::oid, '', false, false FROM pg_catalog.pg_proc p
      WHERE p.pronamespace = 'pg_catalog'::regnamespace AND ${among('p.proname', names.routines)}`),
  ).map(([of, schema = '', name = '', oid = '', kind = '', gives, takes]) => ({
    of,
    named: {
      schema: schema ?? '',
      name: name ?? '',
      oid: oid ?? '',
      kind: kind ?? '',
      gives: gives === 't',
      takes: takes === 't',
    },
  }))
  const only = (word: string): readonly Named[] => rows.filter(({ of }) => of === word).map(({ named }) => named)
  return {
    relations: byName(only('relation')),
    routines: byName(only('routine')),
    types: byName(only('type')),
    operators: byName(only('operator')),
    builtIn: new Set(only('built in').map(({ name }) => name)),
    builtInRelations: new Set(only('built in relation').map(({ name }) => name)),
    takesName: new Set(only('takes name').map(({ name }) => name)),
  }
}
