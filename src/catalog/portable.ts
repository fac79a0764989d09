// A snapshot without what differs between two servers of one schema: their own properties, and how a major writes things.
import { createHash } from 'node:crypto'
import type { TableName } from '../state/history.js'
import { sharedWords } from './describe/cluster.js'
import { namedAlike, plainName, type RanBy } from './portable-roles.js'
import type { Snapshot } from './snapshot.js'

/** A sentence on what `portable` leaves out. */
export const NOT_COMPARED =
  'without owners, tablespaces, roles, grants to roles that the migrations do not create, database settings, extension versions, large objects, the history and the journal: they differ from server to server'

type Definition = Readonly<Record<string, unknown>>
type Row = readonly [string, string, Definition]

/** Units that belong to the server, to one of its roles, or to data. */
const ELSEWHERE = new RegExp(
  `^(?:database|large objects|rights on built-in objects|(?:database|built-in role|default privileges|prepared transaction|${Object.keys(sharedWords).join('|')}) .*)$`,
)

/**
 * How two servers are compared. `histories` are tables of tools that do not count here. `ignore` are patterns of units (`relation public.events_p*`), in which `*` matches any
 * text. `roles` are those that the migrations make, whose grants belong to the schema, or all roles of one server.
 * `ranBy` is for two servers on which different roles ran the same scripts, in databases with different names.
 */
export type View = {
  readonly history: TableName | undefined
  readonly histories?: readonly TableName[]
  readonly ignore?: readonly string[]
  readonly roles?: ReadonlySet<string> | 'all'
  readonly ranBy?: RanBy
}

/** The names of the roles in a snapshot of a whole cluster. */
export const rolesIn = (snapshots: readonly Snapshot[]): ReadonlySet<string> =>
  new Set(
    snapshots.flatMap((snapshot) =>
      [...snapshot.keys()].flatMap((unit) => (unit.startsWith('role ') ? [plainName(unit.slice('role '.length))] : [])),
    ),
  )

/** Leaves out the properties of one server (see NOT_COMPARED) and the history tables with their sequences. */
export function portable(snapshot: Snapshot, view: View): Snapshot {
  const { history, histories = [], ignore = [], roles = new Set() } = view
  const tables = [...(history === undefined ? [] : [history]), ...histories].map(
    ({ schema, name }) => `relation ${schema}.${name}`,
  )
  const own = (unit: string): boolean =>
    tables.some(
      (table) => unit === table || unit === `${table}_seeds` || (unit.startsWith(`${table}_`) && unit.endsWith('_seq')),
    )
  const patterns = ignore.map(patternOf)
  const alike = view.ranBy === undefined ? snapshot : namedAlike(snapshot, view.ranBy)
  return new Map(
    [...alike]
      .filter(([unit]) => {
        const plain = unit.replaceAll('"', '')
        return !ELSEWHERE.test(unit) && !own(plain) && !patterns.some((pattern) => pattern.test(plain))
      })
      .map(([unit, document]) => [unit, withoutServer(document, roles)]),
  )
}

const patternOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )

function withoutServer(document: string, roles: NonNullable<View['roles']>): string {
  const rows = JSON.parse(document) as readonly Row[]
  return JSON.stringify(rows.map(([kind, identity, definition]) => [kind, identity, ofSchema(kind, definition, roles)]))
}

function ofSchema(kind: string, definition: Definition, roles: NonNullable<View['roles']>): Definition {
  const { acl, ...rest } = definition
  const rights = typeof acl === 'string' ? rightsOf(acl, roles) : []
  const kept = Object.entries(rest).filter(([key, value]) => isOfSchema(kind, key, value))
  const written = kept.map(
    ([key, value]) => [key, typeof value === 'string' ? normalizedExpression(value) : value] as const,
  )
  return Object.fromEntries([...written, ...(rights.length > 0 ? [['acl', rights.join(', ')] as const] : [])])
}

/** pg_dump writes `DEFAULT NULL` for a partition without the default of its parent: such a partition has no default. */
const isOfSchema = (kind: string, key: string, value: unknown): boolean =>
  !['owner', 'tablespace'].includes(key) &&
  !(kind === 'extension' && key === 'version') &&
  !(kind === 'column' && key === 'default' && typeof value === 'string' && /^NULL::/.test(value))

/** PostgreSQL, "Privileges": an item of an access list is `grantee=rights/grantor`, a name in quotes where it needs them. */
const ITEM = /("(?:[^"]|"")*"|[^\s,{}"=]+)=([A-Za-z*]*)\/("(?:[^"]|"")*"|[^\s,{}"]+)/g

/**
 * Only grants to the given roles, without the implicit rights of an owner; the grantor is left out, because it differs
 * between servers.
 */
function rightsOf(acl: string, roles: NonNullable<View['roles']>): readonly string[] {
  return [...acl.matchAll(ITEM)]
    .flatMap(([, grantee = '', rights = '', grantor = '']) =>
      grantee !== grantor && (roles === 'all' || roles.has(plainName(grantee))) ? [`${grantee}=${rights}`] : [],
    )
    .toSorted()
}

/** SHA-256 (hex) of a snapshot, the same for the same units in any order. */
export function fingerprint(snapshot: Snapshot): string {
  const hash = createHash('sha256')
  for (const unit of [...snapshot.keys()].toSorted()) hash.update(`${unit}\0${snapshot.get(unit) ?? ''}\0`)
  return hash.digest('hex')
}

const START = '(ARRAY['
const CAST = /^\)::((?:"[^"]+"|[a-z_][\w ]*)(?:\.(?:"[^"]+"|[a-z_]\w*))?(?:\(\d+(?:,\d+)?\))?)\[\]/

/**
 * Turns `(ARRAY[a, b])::text[]` into `ARRAY[(a)::text, (b)::text]`. PostgreSQL writes the first for `varchar IN ('a',
 * 'b')`, and reads that back as the second. So a dump changes the text but not the meaning.
 */
export function normalizedExpression(text: string): string {
  let at = text.indexOf(START)
  if (at < 0) return text
  let done = ''
  let from = 0
  while (at >= 0) {
    const { items, end } = itemsOf(text, at + START.length)
    const cast = CAST.exec(text.slice(end + 1))
    if (cast === null) {
      done += text.slice(from, at + START.length)
      from = at + START.length
    } else {
      done += `${text.slice(from, at)}ARRAY[${items.map((item) => `(${normalizedExpression(item)})::${cast[1] ?? ''}`).join(', ')}]`
      from = end + 1 + cast[0].length
    }
    at = text.indexOf(START, from)
  }
  return done + text.slice(from)
}

/** The texts between commas up to the closing bracket, whose place is `end`. */
function itemsOf(text: string, start: number): { readonly items: readonly string[]; readonly end: number } {
  const items: string[] = []
  let depth = 0
  let from = start
  let at = start
  for (; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (sign === "'" || sign === '"') at = endOfQuoted(text, at, sign)
    else if (sign === '(' || sign === '[') depth++
    else if (depth === 0 && sign === ']') break
    else if (sign === ')' || sign === ']') depth--
    else if (depth === 0 && sign === ',') {
      items.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  return { items: [...items, text.slice(from, at).trim()], end: at }
}

/** A quote inside it is doubled. */
function endOfQuoted(text: string, start: number, quote: string): number {
  let at = start + 1
  while (at < text.length && (text[at] !== quote || text[at + 1] === quote)) at += text[at] === quote ? 2 : 1
  return at
}

/**
 * What is kept where two majors have to write alike: keys of definitions, no expressions, which each major writes in
 * its own way.
 */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  column: ['type', 'notnull', 'identity', 'generated'],
  comment: ['text'],
  extension: ['schema'],
}

/**
 * Only the existing objects, and the types of columns. PostgreSQL 18 also stores every NOT NULL as a constraint (release
 * notes of 18, "E.1.3.4.2. Constraints"), so those are left out.
 */
export const comparableAcrossMajors = (snapshot: Snapshot): Snapshot =>
  new Map(
    [...snapshot].map(([unit, document]) => {
      const rows = (JSON.parse(document) as readonly Row[]).filter(([, , { def }]) => !isNotNull(def))
      return [
        unit,
        JSON.stringify(rows.map(([kind, identity, definition]) => [kind, identity, kept(kind, definition)])),
      ]
    }),
  )

const isNotNull = (def: unknown): boolean => typeof def === 'string' && def.startsWith('NOT NULL')

const kept = (kind: string, definition: Definition): Definition =>
  Object.fromEntries(Object.entries(definition).filter(([key]) => KEPT[kind]?.includes(key) === true))

/** A sentence on what the comparison across majors leaves out. */
export const majorsDifferNote = (live: number, scratch: number): string =>
  `PostgreSQL ${live} and ${scratch} (the scratch server) write definitions differently: only the existing objects and the types of columns were compared; --postgres ${live} compares everything, if this machine has that version`
