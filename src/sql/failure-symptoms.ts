// What a failure of the server says about the state that the script met: objects that are missing or in the way, rows.
import type { DbObject } from './effects/object-effects.js'
import { plainName, TokenReader } from './token-reader.js'

/**
 * The failure, the statement that failed, and the place in it where the server points (UTF-16 units; undefined for
 * none). `table`: the table that the server named in a field of its own.
 */
export type FailedStatement = {
  readonly sqlstate: string
  readonly message: string
  readonly detail: string | undefined
  readonly table?: string | undefined
  readonly constraint?: string | undefined
  readonly statement: string
  readonly at: number | undefined
}

/**
 * - `missing`, `in the way`: one of these objects;
 * - `dependents`: objects that still depend on what is removed or changed, with what each depends on;
 * - `rows in the way`: rows of a relation that a new constraint refuses, or that refer to deleted ones; a `constraint`
 *   of that name was there before;
 * - `rows missing`: rows of a relation to which those of another one refer;
 * - `row refused`: a new row, by a constraint or by a column that takes no null;
 * - `keys`: a relation has other unique keys; `partitions`: no partition takes a row;
 * - `defined otherwise`: relations or routines have another definition; `column`: a column has another type or rule;
 * - `columns`: a relation has another number of columns;
 * - `raised`: the script itself refuses what it finds.
 *
 * An empty `relation` or `column` stands for those that the statement names.
 */
export type Symptom =
  | { readonly shows: 'missing' | 'in the way' | 'defined otherwise'; readonly objects: readonly DbObject[] }
  | { readonly shows: 'dependents'; readonly lines: readonly Dependent[] }
  | { readonly shows: 'rows in the way'; readonly relation: string; readonly constraint: string }
  | { readonly shows: 'rows missing'; readonly relation: string; readonly from: string; readonly constraint: string }
  | { readonly shows: 'row refused'; readonly relation: string; readonly constraint: string; readonly column: string }
  | { readonly shows: 'keys' | 'partitions' | 'columns'; readonly relation: string }
  | { readonly shows: 'column'; readonly relation: string; readonly columns: readonly string[] }
  | { readonly shows: 'raised' }

export type Dependent = { readonly objects: readonly DbObject[]; readonly on: string; readonly text: string }

/** The words are those of PostgreSQL 14 to 18, in English. Undefined for a fault of the text itself, and for any other. */
export function symptomOf(failed: FailedStatement): Symptom | undefined {
  return (
    missing(failed) ?? inTheWay(failed) ?? dependents(failed) ?? rows(failed) ?? otherwise(failed) ?? raised(failed)
  )
}

const RELATIONS = new Set(['relation', 'table', 'view', 'materialized view', 'sequence', 'foreign table', 'index'])
const ROUTINES = new Set(['function', 'procedure', 'aggregate', 'routine'])

/** The server's word for a kind of object -> ours. */
const kindOf = (word: string): string =>
  RELATIONS.has(word) ? 'relation' : ROUTINES.has(word) ? 'routine' : word === 'domain' ? 'type' : word

/** A name as a message writes it, with `[]` behind that of an array. */
const nameFrom = (written: string): string => plainName(written.replace(/(?:\[\])+$/, '').split('.'))

const MEMBER = /^(constraint|trigger|policy|rule|index|column) "(.+?)" (?:of|for) (?:relation|table|domain) "(.+?)"/

/** A table has a type of its name, and a type of columns is a relation. */
const alternatives = (kind: string, name: string): readonly DbObject[] =>
  kind === 'type' || kind === 'relation'
    ? [
        { kind, name },
        { kind: kind === 'type' ? 'relation' : 'type', name },
      ]
    : [{ kind, name }]

function member(message: string, statement: string): readonly DbObject[] | undefined {
  const [, word = '', name = '', owner = ''] = MEMBER.exec(message) ?? []
  if (word === '') return undefined
  return word === 'index' ? alternatives('relation', name) : [{ kind: word, name, of: inStatement(owner, statement) }]
}

/** A part of a relation in a message comes with its bare name. */
function inStatement(bare: string, statement: string): string {
  const reader = new TokenReader(statement)
  while (!reader.ended) {
    const name = reader.name()
    if (name === undefined) reader.next()
    else if (name.endsWith(`.${bare}`)) return name
  }
  return bare
}

function missing(failed: FailedStatement): Symptom | undefined {
  const objects = missingObjects(failed)
  return objects && { shows: 'missing', objects }
}

function missingObjects({ sqlstate, message, statement, at }: FailedStatement): readonly DbObject[] | undefined {
  if (sqlstate === '42601') return typeOfColumn(message, statement, at)
  const value = /^invalid input value for enum (.+?): "(.*)"$/s.exec(message)
  if (value !== null) return [{ kind: 'value', name: value[2] ?? '', of: typeName(value[1] ?? '') }]
  const label = /^"(.*)" is not an existing enum label$/s.exec(message)
  if (label !== null) return [{ kind: 'value', name: label[1] ?? '', of: alteredType(statement) }]
  const field = /^record "\w+" has no field "(.+)"$/.exec(message)
  if (field !== null) return [{ kind: 'column', name: field[1] ?? '', of: '' }]
  const parameter = /^unrecognized configuration parameter "(.+)"$/.exec(message)
  if (parameter !== null) return [{ kind: 'parameter', name: parameter[1] ?? '' }]
  if (/has no default operator class for access method/.test(message)) return [{ kind: 'operator class', name: '' }]
  if (message.startsWith('operator does not exist: ')) return [{ kind: 'operator', name: '' }]
  const unnamed = /^could not find an? (?:function|procedure|aggregate|routine) named "(.+)"$/.exec(message)
  if (unnamed !== null) return [{ kind: 'routine', name: nameFrom(unnamed[1] ?? '') }]
  if (!/ does not exist\b/.test(message)) return undefined
  const routine = /^(?:function|procedure|aggregate|routine) ([^"(]+)\(/.exec(message)
  if (routine !== null) return [{ kind: 'routine', name: nameFrom(routine[1] ?? '') }]
  const known = member(message, statement)
  if (known !== undefined) return known
  const column = /^column (?:"(.+?)"|(\S+)) /.exec(message)
  if (column !== null) {
    const written = column[1] ?? column[2] ?? ''
    return [{ kind: 'column', name: written.slice(written.lastIndexOf('.') + 1), of: '' }]
  }
  const [, word = '', name = ''] = /^([a-z][a-z -]*) "(.+?)"/.exec(message) ?? []
  return word === '' ? undefined : alternatives(kindOf(word), nameFrom(name))
}

/** Three names of 63 bytes in quotes, with room for blanks. */
const LONGEST_NAME = 500

/**
 * PL/pgSQL up to PostgreSQL 16 reads `a.id%type` as a type of that name where it finds no such column, and then stops at
 * the `%`.
 */
function typeOfColumn(message: string, statement: string, at: number | undefined): readonly DbObject[] | undefined {
  if (at === undefined || !message.startsWith('syntax error at or near "%"')) return undefined
  if (!/^%\s*(?:row)?type\b/i.test(statement.slice(at))) return undefined
  const written = /(?:(?:"[^"]+"|[\w$\u0080-\uffff]+)\s*\.\s*)*(?:"[^"]+"|[\w$\u0080-\uffff]+)\s*$/.exec(
    statement.slice(Math.max(0, at - LONGEST_NAME), at),
  )
  const reader = new TokenReader(written?.[0] ?? '')
  const parts: string[] = []
  while (!reader.ended) {
    const part = reader.identifier()
    if (part === undefined) reader.next()
    else parts.push(part)
  }
  const column = parts.at(-1)
  const relation = plainName(parts.slice(0, -1))
  if (column === undefined || relation === '') return undefined
  const schema = parts.length > 2 ? [{ kind: 'schema', name: parts[0] ?? '' }] : []
  return [{ kind: 'relation', name: relation }, { kind: 'column', name: column, of: relation }, ...schema]
}

const typeName = (written: string): string => new TokenReader(written).name() ?? written

/** The type in ALTER TYPE; empty for any other statement. */
function alteredType(statement: string): string {
  const reader = new TokenReader(statement)
  return reader.take('ALTER', 'TYPE') ? (reader.name() ?? '') : ''
}

function inTheWay({ message, statement }: FailedStatement): Symptom | undefined {
  if (!/ already exists\b/.test(message)) return undefined
  const label = /^enum label "(.*)" already exists$/s.exec(message)
  const routine = /^(?:function|procedure|aggregate|routine) "?([^"(]+)"?[ (]/.exec(message)
  const [, word = '', name = ''] = /^([a-z][a-z -]*) "(.+?)"/.exec(message) ?? []
  const objects =
    label !== null
      ? [{ kind: 'value', name: label[1] ?? '', of: alteredType(statement) }]
      : routine !== null
        ? [{ kind: 'routine', name: inStatement(nameFrom(routine[1]?.trim() ?? ''), statement) }]
        : (member(message, statement) ??
          (word === '' ? [] : alternatives(kindOf(word), inStatement(nameFrom(name), statement))))
  return { shows: 'in the way', objects }
}

/** `2BP01`, and a type that cannot change: the detail lists what depends on it, one a line. */
function dependents({ sqlstate, detail }: FailedStatement): Symptom | undefined {
  if ((sqlstate !== '2BP01' && sqlstate !== '0A000') || detail === undefined) return undefined
  const truncated = /^Table "(.+)" references "(.+)"\.$/.exec(detail)
  const lines = detail.split('\n').flatMap((line): Dependent[] => {
    const [, text = '', on = ''] = /^(.+) depends on (.+)$/.exec(line) ?? []
    const right = /^(?:privileges for|owner of) (.+)$/.exec(line)?.[1]
    const what = text === '' ? right : text
    return what === undefined ? [] : [{ objects: described(what), on, text: what }]
  })
  if (truncated !== null) return { shows: 'keys', relation: nameFrom(truncated[1] ?? '') }
  return lines.length === 0 ? undefined : { shows: 'dependents', lines }
}

/** `default value for column a of table t`, `trigger x on table t`, `view v`: the object, and its owner (pg_describe_object). */
function described(text: string): readonly DbObject[] {
  const [, own = text, owner] =
    /^(.*?) (?:of|on) (?:table|view|materialized view|foreign table|domain) (.+)$/.exec(text) ?? []
  const of = owner === undefined ? undefined : typeName(owner)
  const words = own.replace(/^default value for /, '')
  const [, word = '', written = ''] =
    /^(column|constraint|trigger|policy|rule|table|view|materialized view|foreign table|index|sequence|function|procedure|aggregate|type|composite type|schema|publication|statistics object|server|event trigger) (.+)$/.exec(
      words,
    ) ?? []
  if (word === '') return []
  const name = typeName(written)
  const kind = word === 'composite type' ? 'type' : kindOf(word)
  if (of === undefined) return alternatives(kind, name)
  return [
    { kind, name, of },
    { kind: 'relation', name: of },
  ]
}

function rows({ sqlstate, message, detail, table, constraint = '' }: FailedStatement): Symptom | undefined {
  if (!sqlstate.startsWith('23')) return undefined
  const named = / (?:of|for) (?:relation|table) "(.+?)"/.exec(message)?.[1] ?? ''
  const relation = table === undefined ? named : nameFrom(table)
  const column = /null value in column "(.+?)"/.exec(message)?.[1]
  if (column !== undefined) return { shows: 'row refused', relation, constraint, column }
  if (message.startsWith('no partition of relation')) return { shows: 'partitions', relation }
  const referenced = /is not present in table "(.+)"/.exec(detail ?? '')?.[1]
  if (referenced !== undefined)
    return { shows: 'rows missing', relation: nameFrom(referenced), from: relation, constraint }
  const refused = /^(?:new row|duplicate key value|conflicting key value|value for domain)\b/.test(message)
  if (refused) return { shows: 'row refused', relation, constraint, column: '' }
  return { shows: 'rows in the way', relation, constraint }
}

/** The columns that a message names. */
const columnsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\bcolumns? "(.+?)"(?: and "(.+?)")?/g)].flatMap(([, one, other]) =>
    [one ?? [], other ?? []].flat(),
  )

/** SQLSTATEs of values and types that do not fit: too long, out of range, no conversion, mismatch, identity, not immutable. */
const OF_COLUMNS = new Set(['42P17', '22001', '22003', '22P02', '42804', '42846', '428C9', '55000'])

function otherwise({ sqlstate, message, detail, statement }: FailedStatement): Symptom | undefined {
  const quoted = /"(.+?)"/.exec(message)?.[1]
  switch (sqlstate) {
    case '42830':
      return { shows: 'keys', relation: inStatement(quoted ?? '', statement) }
    case '42P10':
      return { shows: 'keys', relation: '' }
    case '42P16':
      return message.startsWith('multiple primary keys')
        ? { shows: 'keys', relation: inStatement(quoted ?? '', statement) }
        : { shows: 'defined otherwise', objects: made(statement) }
    case '42P13':
      return { shows: 'defined otherwise', objects: made(statement) }
    case '42809':
      return quoted === undefined
        ? { shows: 'defined otherwise', objects: made(statement) }
        : { shows: 'defined otherwise', objects: [{ kind: 'relation', name: inStatement(quoted, statement) }] }
    case '42601':
      return message.startsWith('INSERT has more expressions') ? { shows: 'columns', relation: '' } : undefined
    default: {
      if (!OF_COLUMNS.has(sqlstate)) return undefined
      const [, relation = ''] = /^column "(?:.+?)" of relation "(.+?)"/.exec(message) ?? []
      return {
        shows: 'column',
        relation,
        columns: columnsIn(sqlstate === '42804' ? `${message} ${detail ?? ''}` : message),
      }
    }
  }
}

/** What a CREATE OR REPLACE makes again. */
function made(statement: string): readonly DbObject[] {
  const [, word = '', written = ''] =
    /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:RECURSIVE\s+|TEMP\w*\s+)*(VIEW|FUNCTION|PROCEDURE)\s+(\S[^(\s]*)/i.exec(
      statement,
    ) ?? []
  return word === '' ? [] : [{ kind: word.toUpperCase() === 'VIEW' ? 'relation' : 'routine', name: typeName(written) }]
}

/** RAISE, ASSERT, and SELECT INTO STRICT, which finds no row or too many (PL/pgSQL, class P0). */
const raised = ({ sqlstate }: FailedStatement): Symptom | undefined =>
  sqlstate.startsWith('P0') ? { shows: 'raised' } : undefined
