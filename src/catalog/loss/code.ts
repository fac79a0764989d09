// Rows that code changes: blocks, called functions and procedures, triggers. Read as text, and by the locks that it took.
import { callsIn, nameIn } from '../../sql/clauses.js'
import { readCode } from '../../sql/code-text.js'
import type { Statement } from '../../sql/statements.js'
import { lastPart } from '../derive/names.js'
import type { PossibleLoss } from '../data-loss.js'
import type { Relations, Table } from './relations.js'
import type { StepFacts } from './step-facts.js'

/** A piece of code: what it is for people, and its text with that of all functions that it may call. */
type Code = {
  readonly what: string
  readonly tables: readonly string[]
  readonly isOpen: boolean
  readonly changes: boolean
}

/** `indirect`: a statement writes through a view or a rule. `fired` are tables and the events of statements on them, for their triggers. `known` need no second mention. */
export type CodeInput = {
  readonly facts: StepFacts
  readonly statements: readonly Statement[]
  readonly fired: readonly { readonly table: Table; readonly event: string }[]
  readonly known: ReadonlySet<string>
  readonly indirect: boolean
}

export function codeLosses({ facts, statements, fired, known, indirect }: CodeInput): readonly PossibleLoss[] {
  const codes = [
    ...statements.flatMap((statement) => codeOf(facts, statement)),
    ...triggersOf(fired).flatMap(({ table, name, routine }) => triggerCode(facts, { table, name, routine })),
  ]
  const schemas = [facts.schema, 'public']
  const found = codes.flatMap(({ what, tables }) =>
    tables.flatMap((name) => {
      const table = facts.relations.named(name, schemas)
      return table === undefined || facts.course.liveTable(table.identity) === undefined ? [] : [{ table, what }]
    }),
  )
  const named = new Set([...known, ...found.map(({ table }) => table.identity)])
  const mayChange = indirect || codes.some(({ changes, isOpen }) => changes || isOpen)
  const locked = (facts.rehearsed?.written ?? []).flatMap((identity) => {
    const table = facts.relations.ofGroup(`relation ${identity}`)
    const isNews = table?.kind === 'table' && !named.has(identity) && !isBelow(facts.relations, table, named)
    return isNews && mayChange && facts.course.liveTable(identity) !== undefined
      ? [{ table, what: 'code that was not looked into' }]
      : []
  })
  const losses = [...found, ...locked].map(({ table, what }): PossibleLoss => {
    return { kind: 'written', verb: 'code', table: table.identity, question: { why: `${what} changes them` } }
  })
  const open = codes
    .filter(({ isOpen }) => isOpen)
    .map(({ what }): PossibleLoss => {
      return { kind: 'code', code: what, question: { why: 'not looked into' } }
    })
  return unique([...losses, ...open])
}

/** A partition is locked with the table that a statement names. */
function isBelow(relations: Relations, table: Table, named: ReadonlySet<string>): boolean {
  return table.parents.some((parent) => {
    const above = relations.ofGroup(`relation ${parent}`)
    return named.has(parent) || (above !== undefined && isBelow(relations, above, named))
  })
}

const unique = (losses: readonly PossibleLoss[]): readonly PossibleLoss[] => [
  ...new Map(
    losses.map((one) => [
      JSON.stringify(one.kind === 'written' ? [one.table] : one.kind === 'code' ? [one.code] : one),
      one,
    ]),
  ).values(),
]

/** What a statement runs besides itself. */
function codeOf(facts: StepFacts, { text, words }: Statement): readonly Code[] {
  const [word = ''] = words
  if (word === 'DO') return [read(facts, 'a DO block', text)]
  if (word === 'EXECUTE') return [{ what: 'a prepared statement', tables: [], isOpen: true, changes: true }]
  const runs = ['SELECT', 'CALL', 'WITH', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'VALUES', 'PERFORM', 'CREATE', 'ALTER']
  if (!runs.includes(word) || isDefinition(words)) return []
  return callsIn(text).flatMap((name) => calledCode(facts, name, new Set()))
}

/** The body of a routine runs when it is called, and an expression of a constraint or index when rows are there. */
const isDefinition = (words: readonly string[]): boolean =>
  (words[0] === 'CREATE' &&
    !/^CREATE (?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED) )*(?:TABLE|MATERIALIZED)\b/.test(words.join(' '))) ||
  (words[0] === 'ALTER' && words[1] !== 'TABLE')

/** A function by its name: code of the user is read, code of an extension or in another language is not. */
function calledCode(facts: StepFacts, name: string, seen: ReadonlySet<string>): readonly Code[] {
  const what = `function ${name}`
  if (facts.rehearsed?.foreign.has(name) === true) return [{ what, tables: [], isOpen: true, changes: true }]
  return facts.relations.routines(name).map((def) => readRoutine(facts, what, def, new Set([...seen, name])))
}

const READABLE = /^ LANGUAGE (?:sql|plpgsql)\b/m

function readRoutine(facts: StepFacts, what: string, def: string, seen: ReadonlySet<string>): Code {
  if (!READABLE.test(def)) return { what, tables: [], isOpen: !/^ LANGUAGE internal\b/m.test(def), changes: true }
  // A function that says that it changes nothing cannot (PostgreSQL, "Function Volatility Categories").
  if (/^[^$]*\b(?:IMMUTABLE|STABLE)\b/.test(def)) return { what, tables: [], isOpen: false, changes: false }
  return read(facts, what, def.replace(/^CREATE[^]*?(?=^AS |^BEGIN ATOMIC|^ ?RETURN )/m, ''), seen)
}

function read(facts: StepFacts, what: string, text: string, seen: ReadonlySet<string> = new Set()): Code {
  const own = readCode(text)
  const called = own.calls.filter((name) => !seen.has(name)).flatMap((name) => calledCode(facts, name, seen))
  return {
    what,
    tables: [...own.tables, ...called.flatMap(({ tables }) => tables)],
    isOpen: own.built || called.some(({ isOpen }) => isOpen),
    changes: own.changes || called.some(({ changes }) => changes),
  }
}

function triggersOf(fired: CodeInput['fired']): readonly { table: Table; name: string; routine: string }[] {
  return fired.flatMap(({ table, event }) =>
    table.triggers.flatMap(({ name, events, routine }) => (events.includes(event) ? [{ table, name, routine }] : [])),
  )
}

/** What a trigger sets in the rows themselves is a change of their table. */
function triggerCode(facts: StepFacts, of: { table: Table; name: string; routine: string }): readonly Code[] {
  const { table, name, routine } = of
  const what = `trigger ${name}`
  return facts.relations.routines(routine).map((def): Code => {
    const code = readRoutine(facts, what, def, new Set([nameIn(lastPart(routine))]))
    return /\bNEW\.\S+\s*:?=/i.test(def) ? { ...code, tables: [...code.tables, table.identity], changes: true } : code
  })
}
