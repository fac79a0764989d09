// What a client of a database meets: its relations, functions, enums, roles and rights, as plain data.
import type { Session } from '../session.js'

/** A session of a client: any connection that is not the one that runs the script. */
export type ClientSession = Pick<Session, 'send' | 'query'>

/** `oid` is the text of the number, `relation` the name as a client writes it. */
export type OldTable = { readonly oid: string; readonly relation: string }

/**
 * `number`: attnum. `base`: the type without domain and modifier, in full. `tree`: a digest of the default with OIDs in place
 * of names. `sequence`: the OID of the sequence that feeds it.
 */
export type Column = {
  readonly number: number
  readonly name: string
  readonly type: string
  readonly base: string
  readonly category: string
  readonly notNull: boolean
  readonly default: string | null
  readonly tree: string | null
  readonly identity: '' | 'a' | 'd'
  readonly generated: '' | 's' | 'v'
  readonly sequence: string | null
}

/** `columns`: the key columns by number, 0 for an expression. `partial`: its condition. */
export type Index = {
  readonly name: string
  readonly kind: 'i' | 'I'
  readonly columns: readonly number[]
  readonly unique: boolean
  readonly valid: boolean
  readonly partial: string | null
}

/** `type`: contype. `violated`: a query with a row where some row does not keep a constraint that is not validated. */
export type Constraint = {
  readonly name: string
  readonly type: string
  readonly validated: boolean
  readonly columns: readonly number[]
  readonly referenced: string | null
  readonly child: boolean
  readonly violated: string | null
}

/** `constraint`: that of an internal trigger. `early`: it runs before or instead of an INSERT. `text` digests all of it. */
export type Trigger = {
  readonly name: string
  readonly constraint: string | null
  readonly enabled: string
  readonly early: boolean
  readonly text: string
}

/** `command`: polcmd, `*` for all. `roles` has PUBLIC where it is for all. */
export type Policy = {
  readonly name: string
  readonly permissive: boolean
  readonly command: string
  readonly roles: readonly string[]
  readonly using: string | null
}

/**
 * `name`: as a client writes it with `public` in the search path. `sql`: with its schema. `parent`: of which it is a partition.
 * `view`: a digest of its query.
 */
export type Relation = {
  readonly oid: string
  readonly name: string
  readonly sql: string
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f' | 'S'
  readonly owner: string
  readonly file: string | null
  readonly rowSecurity: boolean
  readonly forced: boolean
  readonly parent: string | null
  readonly view: string | null
  readonly rules: boolean
  readonly columns: readonly Column[]
  readonly indexes: readonly Index[]
  readonly constraints: readonly Constraint[]
  readonly triggers: readonly Trigger[]
  readonly policies: readonly Policy[]
}

/** `types` and `names` are those of the arguments that a caller gives; `required` of them have no default. */
export type Routine = {
  readonly oid: string
  readonly name: string
  readonly sql: string
  readonly kind: string
  readonly types: readonly string[]
  readonly names: readonly string[]
  readonly required: number
  readonly variadic: boolean
  readonly trigger: boolean
  readonly result: string | null
  readonly definer: boolean
  readonly fixedPath: boolean
  readonly text: string
}

/** Something with rights. `grants`: by grantee, or PUBLIC, the privileges that are not the owner's own. */
export type Guarded = {
  readonly kind: 'table' | 'sequence' | 'column' | 'function' | 'schema'
  readonly oid: string
  readonly name: string
  readonly within: string
  readonly owner: string
  readonly grants: Readonly<Record<string, readonly string[]>>
}

export type Role = { readonly name: string; readonly superuser: boolean; readonly passesRowSecurity: boolean }

/** An enum with the columns that are of it. Each label has its OID. `type` is the name as `base` of a column has it. */
export type Enum = {
  readonly name: string
  readonly type: string
  readonly labels: readonly { readonly oid: string; readonly label: string }[]
  readonly columns: readonly { readonly relation: string; readonly column: string }[]
}

/** What losses are found in. */
export type StoredWorld = Pick<World, 'relations' | 'enums' | 'tables'>

/** `tables`: all tables of users. */
export type World = {
  readonly relations: readonly Relation[]
  readonly routines: readonly Routine[]
  readonly guarded: readonly Guarded[]
  readonly roles: readonly Role[]
  readonly memberships: readonly { readonly member: string; readonly of: string }[]
  readonly enums: readonly Enum[]
  readonly tables: readonly Pick<Relation, 'oid' | 'name' | 'sql'>[]
}
