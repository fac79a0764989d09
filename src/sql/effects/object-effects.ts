// What SQL text makes, removes, renames and changes, as far as the text shows: for questions about whose fault a failure is.
import { statementsInBody } from '../body-statements.js'
import { splitStatements } from '../statements.js'
import { plainName, TokenReader } from '../token-reader.js'
import { writesIn } from './written-tables.js'

/**
 * An object as the messages of the server name it. `name` is as `plainName`. `kind` is `relation` for tables, views,
 * indexes and sequences, `type` for types and domains, `routine` for functions, procedures and aggregates, and the
 * server's own word for others. `of`: the relation of a column, constraint, trigger, policy or rule; the type of a value.
 */
export type DbObject = { readonly kind: string; readonly name: string; readonly of?: string }

/**
 * `columns`: the text of a view or a copy of a table does not list them. `keys`: a relation got a key or a unique index, or lost a constraint. `constraint`: it
 * got one without a name. `column`: the type, default or rule of a column changed.
 * `partitions`: a table got one. Rows: `adds` new ones, `alters` (or deletes) those that are there.
 */
export type Effect =
  | { readonly does: 'makes'; readonly object: DbObject; readonly columns?: 'unknown' }
  | { readonly does: 'removes'; readonly object: DbObject }
  | { readonly does: 'renames'; readonly object: DbObject; readonly to: string }
  | { readonly does: 'keys' | 'constraint' | 'partitions'; readonly relation: string }
  | { readonly does: 'column'; readonly relation: string; readonly column: string }
  | { readonly does: 'adds' | 'alters'; readonly relation: string }

/**
 * Effects in the order of the text. `calls` are the names of called routines, `bodies` what the text's own routines do
 * when they are called. `dynamic`: it runs statements that it puts together itself.
 */
export type TextEffects = {
  readonly effects: readonly Effect[]
  readonly calls: readonly string[]
  readonly bodies: ReadonlyMap<string, TextEffects>
  readonly dynamic: boolean
}

type Found = {
  readonly effects: Effect[]
  readonly calls: Set<string>
  readonly bodies: Map<string, TextEffects>
  dynamic: boolean
  depth: number
}

const nothing = (depth = 0): Found => ({ effects: [], calls: new Set(), bodies: new Map(), dynamic: false, depth })

const finished = ({ effects, calls, bodies, dynamic }: Found): TextEffects => ({
  effects,
  calls: [...calls],
  bodies,
  dynamic,
})

/** Reads SQL text: statement after statement, and what is in DO blocks. Never fails. */
export function effectsOf(texts: readonly string[]): TextEffects {
  const found = nothing()
  for (const text of texts) for (const { text: one } of splitStatements(text)) readStatement(one, found)
  return finished(found)
}

/** The words of CREATE, ALTER and DROP, longer ones first, and the kind of object. */
const KINDS = {
  'MATERIALIZED VIEW': 'relation',
  'FOREIGN TABLE': 'relation',
  'FOREIGN DATA WRAPPER': 'foreign-data wrapper',
  'EVENT TRIGGER': 'event trigger',
  'CONSTRAINT TRIGGER': 'trigger',
  'TEXT SEARCH CONFIGURATION': 'text search configuration',
  'TEXT SEARCH DICTIONARY': 'text search dictionary',
  'TEXT SEARCH PARSER': 'text search parser',
  'TEXT SEARCH TEMPLATE': 'text search template',
  'OPERATOR CLASS': 'operator class',
  'OPERATOR FAMILY': 'operator family',
  'ACCESS METHOD': 'access method',
  TABLE: 'relation',
  VIEW: 'relation',
  INDEX: 'relation',
  SEQUENCE: 'relation',
  TYPE: 'type',
  DOMAIN: 'type',
  FUNCTION: 'routine',
  PROCEDURE: 'routine',
  ROUTINE: 'routine',
  AGGREGATE: 'routine',
  SCHEMA: 'schema',
  EXTENSION: 'extension',
  ROLE: 'role',
  USER: 'role',
  GROUP: 'role',
  TRIGGER: 'trigger',
  POLICY: 'policy',
  RULE: 'rule',
  PUBLICATION: 'publication',
  SUBSCRIPTION: 'subscription',
  SERVER: 'server',
  COLLATION: 'collation',
  CONVERSION: 'conversion',
  STATISTICS: 'statistics object',
  LANGUAGE: 'language',
} as const

type Phrase = keyof typeof KINDS
const PHRASES = Object.keys(KINDS) as readonly Phrase[]

/** Words between CREATE and the kind of object. */
const MODIFIERS = new Set(
  'OR REPLACE TEMP TEMPORARY GLOBAL LOCAL UNLOGGED RECURSIVE UNIQUE TRUSTED PROCEDURAL DEFAULT'.split(' '),
)

function readStatement(text: string, found: Found): void {
  const reader = new TokenReader(text)
  switch (reader.word) {
    case 'CREATE':
      readCreate(reader, found)
      break
    case 'ALTER':
      readAlter(reader, found.effects)
      break
    case 'DROP':
      readDrop(reader, found.effects)
      break
    case 'DO':
      while (!reader.ended) {
        const body = reader.literal()
        if (body === undefined) reader.next()
        else readBody(body, found)
      }
      break
    case 'EXECUTE':
      readExecute(reader, found)
      break
    case 'SELECT':
      readInto(reader, found.effects)
      break
    default:
  }
  if (QUERIES.test(text)) {
    readCalls(text, found.calls)
    for (const { verb, table } of writesIn(text)) {
      const relation = nameIn(table)
      if (verb === 'INSERT' || verb === 'COPY' || verb === 'MERGE') found.effects.push({ does: 'adds', relation })
      if (verb !== 'INSERT' && verb !== 'COPY') found.effects.push({ does: 'alters', relation })
    }
  }
}

const QUERIES = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|WITH|PERFORM|CALL|VALUES|\w+\s*:?=)/i

const nameIn = (written: string): string => new TokenReader(written).name() ?? written

function readCalls(text: string, calls: Set<string>): void {
  const reader = new TokenReader(text)
  while (!reader.ended) {
    const name = reader.name()
    if (name === undefined) reader.next()
    else if (reader.word === '(') calls.add(name)
  }
}

/** SELECT .. INTO makes a table. */
function readInto(reader: TokenReader, effects: Effect[]): void {
  if (!reader.skipTo('INTO')) return
  reader.next()
  reader.takeOne('TEMPORARY', 'TEMP', 'UNLOGGED')
  reader.take('TABLE')
  const name = reader.name()
  if (name !== undefined) effects.push({ does: 'makes', object: { kind: 'relation', name }, columns: 'unknown' })
}

function readCreate(reader: TokenReader, found: Found): void {
  const { effects } = found
  reader.next()
  let unique = false
  while (MODIFIERS.has(reader.word)) {
    unique ||= reader.word === 'UNIQUE'
    reader.next()
  }
  const phrase = reader.takeOne(...PHRASES)
  if (phrase === undefined || (phrase === 'USER' && reader.word === 'MAPPING')) return
  reader.take('CONCURRENTLY')
  reader.take('IF', 'NOT', 'EXISTS')
  const kind = KINDS[phrase]
  if (phrase === 'INDEX') {
    const name = reader.word === 'ON' ? undefined : reader.name()
    if (!reader.take('ON')) return
    reader.take('ONLY')
    const relation = reader.name()
    if (relation === undefined) return
    if (name !== undefined) effects.push({ does: 'makes', object: { kind, name: beside(relation, name) } })
    if (unique) effects.push({ does: 'keys', relation })
    return
  }
  if (kind === 'trigger' || kind === 'policy' || kind === 'rule') {
    const name = reader.name()
    reader.skipTo(kind === 'rule' ? 'TO' : 'ON')
    reader.next()
    const of = reader.name()
    if (name !== undefined && of !== undefined) effects.push({ does: 'makes', object: { kind, name, of } })
    return
  }
  if (phrase === 'SCHEMA') reader.take('AUTHORIZATION')
  const name = reader.name()
  if (name === undefined) return
  const listed = kind !== 'relation' || (phrase !== 'MATERIALIZED VIEW' && phrase !== 'VIEW' && reader.word === '(')
  effects.push({ does: 'makes', object: { kind, name }, ...(!listed && { columns: 'unknown' }) })
  if (phrase === 'TABLE' && reader.take('PARTITION', 'OF')) {
    const relation = reader.name()
    if (relation !== undefined) effects.push({ does: 'partitions', relation })
  }
  if (phrase === 'TABLE') readParts(reader, name, effects)
  if (kind === 'routine' && reader.skipTo('AS')) {
    reader.next()
    const body = reader.literal()
    if (body !== undefined) found.bodies.set(name, effectsOfBody(body, found.depth))
  }
}

/** Named constraints, and columns, of a table that is made. */
function readParts(reader: TokenReader, of: string, effects: Effect[]): void {
  if (!reader.take('(')) return
  do {
    if (reader.take('CONSTRAINT')) {
      const name = reader.identifier()
      if (name !== undefined) effects.push({ does: 'makes', object: { kind: 'constraint', name, of } })
    } else if (!TABLE_PARTS.has(reader.word)) {
      const name = reader.identifier()
      if (name !== undefined) effects.push({ does: 'makes', object: { kind: 'column', name, of } })
    }
    reader.skipTo(',', ')')
  } while (reader.take(','))
}

/** What begins a part of a table that is no column. */
const TABLE_PARTS = new Set('PRIMARY UNIQUE FOREIGN CHECK EXCLUDE LIKE NOT PERIOD'.split(' '))

const KEYS = new Set(['PRIMARY', 'UNIQUE', 'EXCLUDE'])

/** An index is in the schema of its table. */
function beside(relation: string, name: string): string {
  const dot = relation.lastIndexOf('.')
  return dot === -1 ? name : `${relation.slice(0, dot)}.${name}`
}

function readDrop(reader: TokenReader, effects: Effect[]): void {
  reader.next()
  const phrase = reader.takeOne(...PHRASES)
  if (phrase === undefined || (phrase === 'USER' && reader.word === 'MAPPING')) return
  const kind = KINDS[phrase]
  reader.take('CONCURRENTLY')
  reader.take('IF', 'EXISTS')
  do {
    const name = reader.name()
    if (name === undefined) return
    reader.skipParentheses()
    if (kind === 'trigger' || kind === 'policy' || kind === 'rule') {
      reader.take('ON')
      const of = reader.name()
      if (of !== undefined) effects.push({ does: 'removes', object: { kind, name, of } })
      return
    }
    effects.push({ does: 'removes', object: { kind, name } })
  } while (reader.take(','))
}

function readAlter(reader: TokenReader, effects: Effect[]): void {
  reader.next()
  const phrase = reader.takeOne(...PHRASES)
  if (phrase === undefined || (phrase === 'USER' && reader.word === 'MAPPING')) return
  const kind = KINDS[phrase]
  reader.take('IF', 'EXISTS')
  reader.take('ONLY')
  const name = reader.name()
  if (name === undefined) return
  reader.take('*')
  reader.skipParentheses()
  const of = reader.take('ON') ? reader.name() : undefined
  const object: DbObject = of === undefined ? { kind, name } : { kind, name, of }
  do {
    readAction(reader, object, effects)
  } while (reader.skipTo(',') && reader.take(','))
}

/** What the owner of an attribute or a column is called: a type of columns is a relation, too (`pg_class`). */
const COLUMN_WORDS = ['COLUMN', 'ATTRIBUTE'] as const

function readAction(reader: TokenReader, object: DbObject, effects: Effect[]): void {
  const { kind, name: owner } = object
  const part = (does: 'makes' | 'removes', what: string): void => {
    const name = reader.identifier()
    if (name !== undefined) effects.push({ does, object: { kind: what, name, of: owner } })
  }
  const action = reader.takeOne('RENAME', 'SET SCHEMA', 'ADD', 'DROP', 'ALTER', 'ATTACH PARTITION')
  switch (action) {
    case 'RENAME':
      readRename(reader, object, effects)
      return
    case 'SET SCHEMA': {
      const schema = reader.identifier()
      const bare = owner.slice(owner.lastIndexOf('.') + 1)
      if (schema !== undefined) effects.push({ does: 'renames', object, to: plainName([schema, bare]) })
      return
    }
    case 'ADD':
      if (reader.take('VALUE')) {
        reader.take('IF', 'NOT', 'EXISTS')
        const name = reader.literal()
        if (name !== undefined) effects.push({ does: 'makes', object: { kind: 'value', name, of: owner } })
      } else if (reader.take('CONSTRAINT')) {
        part('makes', 'constraint')
        if (KEYS.has(reader.word)) effects.push({ does: 'keys', relation: owner })
      } else if (TABLE_PARTS.has(reader.word)) {
        effects.push({ does: 'constraint', relation: owner })
        if (KEYS.has(reader.word)) effects.push({ does: 'keys', relation: owner })
      } else if (kind === 'relation' || COLUMN_WORDS.some((word) => word === reader.word)) {
        reader.takeOne(...COLUMN_WORDS)
        reader.take('IF', 'NOT', 'EXISTS')
        part('makes', 'column')
      }
      return
    case 'DROP':
      if (reader.take('CONSTRAINT')) {
        effects.push({ does: 'keys', relation: owner })
        reader.take('IF', 'EXISTS')
        part('removes', 'constraint')
      } else if (kind === 'relation' || COLUMN_WORDS.some((word) => word === reader.word)) {
        reader.takeOne(...COLUMN_WORDS)
        reader.take('IF', 'EXISTS')
        part('removes', 'column')
      }
      return
    case 'ALTER': {
      if (kind !== 'relation' || reader.word === 'CONSTRAINT') return
      reader.take('COLUMN')
      const column = reader.identifier()
      if (column !== undefined) effects.push({ does: 'column', relation: owner, column })
      return
    }
    case 'ATTACH PARTITION':
      effects.push({ does: 'partitions', relation: owner })
      return
    case undefined:
  }
}

function readRename(reader: TokenReader, object: DbObject, effects: Effect[]): void {
  const { name: owner, kind } = object
  if (reader.take('TO')) {
    const to = reader.identifier()
    if (to !== undefined) effects.push({ does: 'renames', object, to: beside(owner, to) })
    return
  }
  if (reader.take('VALUE')) {
    const name = reader.literal()
    reader.take('TO')
    const to = reader.literal()
    if (name !== undefined && to !== undefined)
      effects.push({ does: 'renames', object: { kind: 'value', name, of: owner }, to })
    return
  }
  const what = reader.take('CONSTRAINT') ? 'constraint' : 'column'
  if (what === 'column' && reader.takeOne(...COLUMN_WORDS) === undefined && kind !== 'relation') return
  const name = reader.identifier()
  reader.take('TO')
  const to = reader.identifier()
  if (name !== undefined && to !== undefined)
    effects.push({ does: 'renames', object: { kind: what, name, of: owner }, to })
}

/** EXECUTE of a text that is written out is read; of one that is put together, only that it is there. */
function readExecute(reader: TokenReader, found: Found): void {
  reader.next()
  const text = reader.literal()
  if (text !== undefined && (reader.ended || reader.word === 'USING' || reader.word === 'INTO')) {
    for (const { text: one } of splitStatements(text)) readStatement(one, found)
  } else if (text === undefined || /\b(?:CREATE|ALTER|DROP|RENAME)\b/i.test(text)) found.dynamic = true
}

function effectsOfBody(body: string, depth: number): TextEffects {
  const found = nothing(depth)
  readBody(body, found)
  return finished(found)
}

/** How deep bodies are in bodies, before we stop reading. */
const DEEPEST = 20

/** The statements in PL/pgSQL or SQL. Branches count as if all of them ran. */
function readBody(body: string, found: Found): void {
  if (found.depth >= DEEPEST) return
  found.depth++
  for (const statement of statementsInBody(body)) readStatement(statement, found)
  found.depth--
}
