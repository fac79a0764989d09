// The rows that a statement changes or removes, as far as its own text shows: read from it, and not run.
import { clausesOf, listOf, nameIn, outlined, wordsIn, type Clause, type Outlined } from '../clauses.js'
import { NAME_PATTERN } from '../quote.js'
import type { Statement } from '../statements.js'

/** A table as the statement writes it; `name` is how its own clauses refer to it. */
export type Written = { readonly table: string; readonly only: boolean; readonly name: string }

/** One column that an UPDATE sets, and the expression of its new value (`DEFAULT` for its default). */
export type SetColumn = { readonly column: string; readonly value: string }

/**
 * `ctes` is the WITH clause of the statement. `others` are further tables of an UPDATE or DELETE (FROM, USING), `where` is
 * its condition. `sets` is undefined where an assignment is to a part of a column. An `INSERT` only adds
 * rows; an `upsert` also overwrites some (ON CONFLICT DO UPDATE). `why`: the rows cannot be found by a query of their own.
 */
export type RowChange =
  | ({ readonly kind: 'delete' } & Condition)
  | ({ readonly kind: 'update'; readonly sets: readonly SetColumn[] | undefined } & Condition)
  | { readonly kind: 'truncate'; readonly tables: readonly Written[]; readonly cascade: boolean }
  | { readonly kind: 'insert' | 'merge'; readonly table: string }
  | ({ readonly kind: 'upsert'; readonly table: string } & Upsert)

/**
 * `columns` are those that the INSERT names, `source` its rows (a query or VALUES), `keys` the columns of ON CONFLICT.
 * Undefined where they are not plain. `name` is how the clauses refer to the table.
 */
export type Upsert = {
  readonly name: string
  readonly columns: readonly string[] | undefined
  readonly source: string
  readonly keys: readonly string[] | undefined
  readonly sets: readonly SetColumn[] | undefined
  readonly where: string | undefined
}

export type Condition = {
  readonly target: Written
  readonly ctes: string
  readonly others: string | undefined
  readonly where: string | undefined
  readonly why: string | undefined
}

const NAME = String.raw`${NAME_PATTERN}(?:\s*\.\s*${NAME_PATTERN})*`
const TARGET = new RegExp(String.raw`^\s*(ONLY\s+)?(${NAME})\s*(\*)?(?:\s+(?:AS\s+)?(${NAME_PATTERN}))?\s*$`, 'i')

/** What the statement does to rows; empty for one that changes none. DO blocks and functions are not searched. */
export function rowChangesOf(statement: Pick<Statement, 'text' | 'words'>): readonly RowChange[] {
  switch (statement.words[0]) {
    case 'DELETE':
    case 'UPDATE':
    case 'INSERT':
    case 'MERGE':
      return changesOf(outlined(statement.text), '')
    case 'TRUNCATE':
      return truncated(outlined(statement.text))
    case 'COPY':
      return copied(outlined(statement.text))
    case 'WITH':
      return withCtes(outlined(statement.text))
    default:
      return []
  }
}

/** Names in parentheses are behind a name: they are no part of a target. */
function changesOf(whole: Outlined, ctes: string): readonly RowChange[] {
  const { outline } = whole
  if (/^\s*DELETE\s+FROM\b/i.test(outline)) return deleted(whole, ctes)
  if (/^\s*UPDATE\b/i.test(outline)) return updated(whole, ctes)
  const [, verb = '', name] = new RegExp(String.raw`^\s*(INSERT|MERGE)\s+INTO\s+(?:ONLY\s+)?(${NAME})`, 'i').exec(
    whole.text,
  ) ?? [undefined, '', undefined]
  if (name === undefined) return []
  const table = plain(name)
  if (verb.toUpperCase() === 'INSERT') {
    const upsert = /\bDO\s+UPDATE\b/i.test(outline) ? upsertOf(whole, ctes) : undefined
    return [upsert === undefined ? { kind: 'insert', table } : { kind: 'upsert', table, ...upsert }]
  }
  return [{ kind: /\bTHEN\s+(?:UPDATE|DELETE)\b/i.test(outline) ? 'merge' : 'insert', table }]
}

const plain = (name: string): string => name.replaceAll(/\s*\.\s*/g, '.')

const PLAIN_NAME = new RegExp(`^${NAME_PATTERN}$`)

const namesOf = (list: string | undefined): readonly string[] | undefined => {
  const names = list === undefined ? [] : listOf(list)
  return names.length > 0 && names.every((name) => PLAIN_NAME.test(name)) ? names : undefined
}

function upsertOf({ text, outline }: Outlined, ctes: string): Upsert {
  const at = outline.search(/\bON\s+CONFLICT\b/i)
  const head = text.slice(0, at)
  const [into = '', name = '', alias] =
    new RegExp(String.raw`^\s*INSERT\s+INTO\s+(${NAME})(?:\s+AS\s+(${NAME_PATTERN}))?\s*`, 'i').exec(head) ?? []
  const rest = head.slice(into.length)
  const list = rest.startsWith('(') ? rest.slice(1, outline.slice(into.length, at).indexOf(')')) : undefined
  const source = list === undefined ? rest : rest.slice(list.length + 2)
  const [target, ...clauses] = clausesOf({ text: text.slice(at), outline: outline.slice(at) }, [
    'DO\\s+UPDATE\\s+SET',
    'WHERE',
    'RETURNING',
  ])
  const plainTarget = /^ON\s+CONFLICT\s*\(([^()]*)\)\s*$/i.exec(target?.text ?? '')
  const isPlain = clauses[0]?.keyword === 'DO UPDATE SET' && ctes === '' && !/\bOVERRIDING\b/i.test(source)
  return {
    name: alias ?? new RegExp(`${NAME_PATTERN}$`).exec(plain(name))?.[0] ?? name,
    columns: namesOf(list),
    source: source.trim(),
    keys: isPlain ? namesOf(plainTarget?.[1]) : undefined,
    sets: setsOf(clauses.find(({ keyword }) => keyword === 'DO UPDATE SET')?.text ?? ''),
    where: clauses.find(({ keyword }) => keyword === 'WHERE')?.text,
  }
}

function deleted(whole: Outlined, ctes: string): readonly RowChange[] {
  const [head, ...clauses] = clausesOf(whole, ['USING', 'WHERE', 'RETURNING'])
  const target = targetOf(head?.text.replace(/^DELETE\s+FROM\b/i, ''))
  if (target === undefined) return []
  return [{ kind: 'delete', ...conditionOf({ target, ctes, clauses, others: 'USING' }) }]
}

function updated(whole: Outlined, ctes: string): readonly RowChange[] {
  const [head, ...clauses] = clausesOf(whole, ['SET', 'FROM', 'WHERE', 'RETURNING'])
  const target = targetOf(head?.text.replace(/^UPDATE\b/i, ''))
  if (target === undefined) return []
  const sets = setsOf(clauses.find(({ keyword }) => keyword === 'SET')?.text ?? '')
  return [{ kind: 'update', sets, ...conditionOf({ target, ctes, clauses, others: 'FROM' }) }]
}

function targetOf(text: string | undefined): Written | undefined {
  const [, only, name, , alias] = TARGET.exec(text ?? '') ?? []
  if (name === undefined) return undefined
  const table = plain(name)
  const own = new RegExp(`${NAME_PATTERN}$`).exec(table)?.[0] ?? table
  return { table, only: only !== undefined, name: alias ?? own }
}

function conditionOf(of: {
  readonly target: Written
  readonly ctes: string
  readonly clauses: readonly Clause[]
  readonly others: string
}): Condition {
  const { target, ctes, clauses } = of
  const text = (word: string): string | undefined => clauses.find(({ keyword }) => keyword === word)?.text
  const where = text('WHERE')
  const cursor = where !== undefined && /^CURRENT\s+OF\b/i.test(where)
  return { target, ctes, others: text(of.others), where, why: cursor ? 'it goes by a cursor' : undefined }
}

const ASSIGNED = new RegExp(String.raw`^(${NAME_PATTERN})\s*=\s*([^]+)$`)
const ROW_ASSIGNED = /^\(([^()]*)\)\s*=\s*(?:ROW\s*)?\(([^]*)\)$/i

function setsOf(text: string): readonly SetColumn[] | undefined {
  const sets: SetColumn[] = []
  for (const part of listOf(text)) {
    const [, column, value] = ASSIGNED.exec(part) ?? []
    const [, names, values] = ROW_ASSIGNED.exec(part) ?? []
    if (column !== undefined && value !== undefined) sets.push({ column, value: value.trim() })
    else if (names !== undefined && values !== undefined) {
      const columns = listOf(names)
      const all = /^\s*(?:SELECT|WITH|VALUES)\b/i.test(values) ? fieldsOf(values, columns.length) : listOf(values)
      if (all.length !== columns.length) return undefined
      sets.push(...columns.map((name, at) => ({ column: name, value: all[at] ?? '' })))
    } else return undefined
  }
  return sets
}

/** Each column of a subquery with one row as an expression of its own. */
function fieldsOf(query: string, count: number): readonly string[] {
  const names = Array.from({ length: count }, (_, at) => `gate_${at + 1}`)
  return names.map((name) => `(SELECT ${name} FROM (${query}\n) AS gate_fields(${names.join(', ')}))`)
}

function truncated(whole: Outlined): readonly RowChange[] {
  const [, list = ''] =
    /^TRUNCATE\s+(?:TABLE\s+)?([^]*?)(?:\s+(?:RESTART|CONTINUE)\s+IDENTITY\b[^]*)?(?:\s+(?:CASCADE|RESTRICT))?\s*$/i.exec(
      whole.text,
    ) ?? []
  const tables = listOf(list).flatMap((one) => targetOf(one) ?? [])
  const cascade = /\bCASCADE\s*$/i.test(whole.outline)
  return tables.length === 0 ? [] : [{ kind: 'truncate', tables, cascade }]
}

function copied({ text, outline }: Outlined): readonly RowChange[] {
  const [, name] = new RegExp(String.raw`^COPY\s+(${NAME})`, 'i').exec(text) ?? []
  return name === undefined || !/\bFROM\b/i.test(outline) ? [] : [{ kind: 'insert', table: plain(name) }]
}

/** A statement in a WITH clause that changes rows, and the one behind the clause. */
function withCtes(whole: Outlined): readonly RowChange[] {
  const { text, outline } = whole
  const main = /(?<![\w$."])(?:SELECT|INSERT|UPDATE|DELETE|MERGE|VALUES|TABLE)(?![\w$"])/i.exec(outline)
  if (main === null) return []
  const ctes = text.slice(0, main.index)
  const inner = innerTexts(ctes, outline.slice(0, main.index))
  const changes = inner.filter(({ text: own }) => /^\s*(?:INSERT|UPDATE|DELETE|MERGE)\b/i.test(own))
  const names = new Set(inner.map(({ name }) => name))
  const own = changes.flatMap(({ text: body }) => {
    const uses = [...wordsIn(body)].some((word) => names.has(word))
    return changesOf(outlined(body), '').map((change) => (uses ? uncountable(change, PART_OF_WITH) : change))
  })
  const rest = changesOf(
    { text: text.slice(main.index), outline: outline.slice(main.index) },
    changes.length === 0 ? ctes : '',
  )
  const last = wordsIn(text.slice(main.index))
  const depends = changes.length > 0 && [...names].some((name) => last.has(name))
  return [...own, ...rest.map((change) => (depends ? uncountable(change, PART_OF_WITH) : change))]
}

const PART_OF_WITH = 'it uses what another part of its WITH returns'

const uncountable = (change: RowChange, why: string): RowChange =>
  change.kind === 'delete' || change.kind === 'update' ? { ...change, why } : change

/** The queries of a WITH clause, each with its name. */
function innerTexts(text: string, outline: string): readonly { readonly name: string; readonly text: string }[] {
  const pattern = new RegExp(
    String.raw`(${NAME_PATTERN})\s*(?:\(\s*\)\s*)?AS\s*(?:(?:NOT\s+)?MATERIALIZED\s*)?\(`,
    'gi',
  )
  return [...outline.matchAll(pattern)].map((found) => {
    const open = found.index + found[0].length
    const name = text.slice(found.index, found.index + (found[1]?.length ?? 0))
    return { name: nameIn(name), text: text.slice(open, outline.indexOf(')', open)) }
  })
}
