// Replaces names that depend on the role or the database of a run: they differ between servers and mean the same.
import type { Script } from '../model/migration.js'
import { statementsIn } from '../sql/statements.js'
import type { Snapshot } from './snapshot.js'

/**
 * `database` is the name of the live database. `named` are the words of statements about policies and user mappings: a
 * role that a script names is that role everywhere. Undefined where the roles are compared by name alone.
 */
export type RanBy = { readonly database: string; readonly named: ReadonlySet<string> | undefined }

/** The prefix of the databases that a proof makes; 16 random hexadecimal digits follow. */
export const SCRATCH_PREFIX = 'migration_gate_scratch_'

const SCRATCH_NAME = new RegExp(`${SCRATCH_PREFIX}[0-9a-f]{16}`, 'g')
const ABOUT_ROLES = /\bpolicy\b|\buser\s+mapping\b/i

/** A quoted name without its quotes, as in a catalogue. */
export const plainName = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name

/** The words of `RanBy`, in the form in which the server reads them. */
export function rolesNamed(scripts: readonly Script[]): ReadonlySet<string> {
  const statements = scripts
    .flatMap(({ messages }) => messages)
    .filter(({ text }) => ABOUT_ROLES.test(text))
    .flatMap(statementsIn)
    .filter(({ text }) => ABOUT_ROLES.test(text))
  const words = statements.flatMap(({ text }) => text.match(/"(?:[^"]|"")+"|[\w$\u0080-\uffff]+/g) ?? [])
  return new Set(words.map((word) => (word.startsWith('"') ? plainName(word) : word.toLowerCase())))
}

/**
 * The snapshot with `current_user` in place of role names that no script contains: the owner of a table in its policies,
 * and the owner of a foreign server in its user mappings. The name of the live database replaces the name of a scratch
 * database.
 */
export function namedAlike(snapshot: Snapshot, { database, named }: RanBy): Snapshot {
  const alike = (text: string): string => text.replaceAll(SCRATCH_NAME, database)
  return new Map(
    [...snapshot].map(([unit, document]) => {
      const [name, rows] = named === undefined ? [unit, document] : rolesAlike({ unit, document, snapshot, named })
      return [alike(name), rows.replaceAll(SCRATCH_NAME, JSON.stringify(database).slice(1, -1))]
    }),
  )
}

type Definition = Readonly<Record<string, unknown>>
type Row = readonly [string, string, Definition]
const rowsOf = (document: string | undefined): readonly Row[] => JSON.parse(document ?? '[]') as readonly Row[]
const ownerIn = (rows: readonly Row[]): string | undefined => {
  const owner = rows[0]?.[2]['owner']
  return typeof owner === 'string' ? plainName(owner) : undefined
}

const MAPPING = /^user mapping for (.*) on (.*)$/

function rolesAlike(options: {
  unit: string
  document: string
  snapshot: Snapshot
  named: ReadonlySet<string>
}): readonly [string, string] {
  const { unit, document, snapshot, named } = options
  const standsFor = (role: string, owner: string | undefined): boolean => role === owner && !named.has(role)
  if (unit.startsWith('relation ') && document.includes('"policy"')) {
    const rows = rowsOf(document)
    const owner = ownerIn(rows)
    const role = (name: string): string => (standsFor(plainName(name), owner) ? 'current_user' : name)
    const renamed = rows.map(([kind, identity, definition]) => {
      const { roles } = definition
      if (kind !== 'policy' || !Array.isArray(roles)) return [kind, identity, definition]
      return [kind, identity, { ...definition, roles: (roles as readonly string[]).map(role).toSorted() }]
    })
    return [unit, JSON.stringify(renamed)]
  }
  const [, user, server] = MAPPING.exec(unit) ?? []
  if (user === undefined || server === undefined) return [unit, document]
  const home = [...snapshot.keys()].find((one) => one.startsWith('server ') && plainName(one.slice(7)) === server)
  if (!standsFor(user, home === undefined ? undefined : ownerIn(rowsOf(snapshot.get(home))))) return [unit, document]
  const own = `for current_user on ${server}`
  return [
    `user mapping ${own}`,
    JSON.stringify(rowsOf(document).map(([kind, , definition]) => [kind, own, definition])),
  ]
}
