// Rows that code changes: blocks, called functions and procedures, triggers. Read as text, and by the locks that it took.
import { callsIn, nameIn, outlined } from '../../sql/clauses.js'
import { readCode, type CodeWrite } from '../../sql/effects/code-text.js'
import { NAME_PATTERN } from '../../sql/quote.js'
import type { Statement } from '../../sql/statements.js'
import { lastPart } from '../derive/names.js'
import type { PossibleLoss } from '../data-loss.js'
import type { Relations, Rule, Table } from './relations.js'
import type { StepFacts } from './step-facts.js'
import { isMade } from './updated.js'

/** A piece of code: what it is for people, and its text with that of all functions that it may call. */
type Code = {
  readonly what: string
  readonly writes: readonly CodeWrite[]
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
  const own = statements.flatMap((statement) => routineIn(statement) ?? [])
  const looking: Looking = {
    foreign: facts.rehearsed?.foreign ?? NONE,
    routines: (name) => [
      ...facts.relations.routines(name),
      ...own.flatMap((one) => (one.name === nameIn(lastPart(name)) ? one.text : [])),
    ],
  }
  const codes = [
    ...statements.flatMap((statement) => codeOf(looking, statement)),
    ...triggersOf(fired).flatMap((trigger) => triggerCode(looking, trigger)),
    ...rulesOf(fired).map(({ name, does }) => read(looking, `rule ${name}`, does)),
  ]
  const schemas = [facts.schema, 'public']
  const found = codes.flatMap(({ what, writes }) =>
    writes.flatMap(({ table: name, columns }) => {
      const table = facts.relations.named(name, schemas)
      if (table === undefined || facts.course.liveTable(table.identity) === undefined) return []
      return [{ table, what, onlyFills: onlyFills(facts, table, columns) }]
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
  const losses = [...found.filter((one) => !one.onlyFills), ...locked].map(({ table, what }): PossibleLoss => {
    return { kind: 'written', verb: 'code', table: table.identity, question: { why: `${what} changes them` } }
  })
  const open = codes
    .filter(({ isOpen }) => isOpen)
    .map(({ what }): PossibleLoss => {
      return { kind: 'code', code: what, question: { why: 'not looked into' } }
    })
  return unique([...losses, ...open])
}

/** Whether only columns are set that a step has made, and no trigger or rule does more than that. */
function onlyFills(facts: StepFacts, table: Table, columns: readonly string[] | undefined): boolean {
  if (columns === undefined || table.rules.length > 0) return false
  if (table.triggers.some(({ events }) => events.includes('UPDATE'))) return false
  return columns.every((column) => isMade(facts, table, column))
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

/** `routines` are the definitions that a name may mean: those before the step, and those that the step itself makes. */
type Looking = {
  readonly foreign: ReadonlySet<string>
  readonly routines: (name: string) => readonly string[]
}

const NONE: ReadonlySet<string> = new Set()

const MAKES_ROUTINE = new RegExp(
  String.raw`^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\s+(?:${NAME_PATTERN}\s*\.\s*)?(${NAME_PATTERN})`,
  'i',
)

function routineIn({ text }: Statement): { readonly name: string; readonly text: string } | undefined {
  const [, name] = MAKES_ROUTINE.exec(text) ?? []
  return name === undefined ? undefined : { name: nameIn(name), text }
}

/** What a statement runs besides itself. */
function codeOf(facts: Looking, { text, words }: Statement): readonly Code[] {
  const [word = ''] = words
  if (word === 'DO') return [read(facts, 'a DO block', text)]
  if (word === 'EXECUTE') return [{ what: 'a prepared statement', writes: [], isOpen: true, changes: true }]
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
function calledCode(facts: Looking, name: string, seen: ReadonlySet<string>): readonly Code[] {
  const what = `function ${name}`
  if (facts.foreign.has(name) || CHANGES_LARGE_OBJECTS.has(name))
    return [{ what, writes: [], isOpen: true, changes: true }]
  return facts.routines(name).map((def) => readRoutine(facts, what, def, new Set([...seen, name])))
}

/** PostgreSQL, "Server-Side Functions" of large objects. */
const CHANGES_LARGE_OBJECTS = new Set(['lo_unlink', 'lo_put', 'lo_truncate', 'lo_truncate64', 'lowrite'])

const READABLE = new Set(['sql', 'plpgsql'])

/** PostgreSQL, "CREATE FUNCTION": without LANGUAGE it is SQL. */
function languageOf(def: string): string {
  const { text, outline } = outlined(def)
  const at = outline.search(/\bLANGUAGE\b/i)
  return (at === -1 ? 'sql' : (/^LANGUAGE\s+['"]?(\w+)/i.exec(text.slice(at))?.[1] ?? '')).toLowerCase()
}

function readRoutine(facts: Looking, what: string, def: string, seen: ReadonlySet<string>): Code {
  const language = languageOf(def)
  if (!READABLE.has(language)) return { what, writes: [], isOpen: language !== 'internal', changes: true }
  // A function that says that it changes nothing cannot (PostgreSQL, "Function Volatility Categories").
  if (/^[^$]*\b(?:IMMUTABLE|STABLE)\b/.test(def)) return { what, writes: [], isOpen: false, changes: false }
  return read(facts, what, def.replace(/^CREATE[^]*?(?=^AS |^BEGIN ATOMIC|^ ?RETURN )/m, ''), seen)
}

function read(facts: Looking, what: string, text: string, seen: ReadonlySet<string> = new Set()): Code {
  const own = readCode(text)
  const called = own.calls.filter((name) => !seen.has(name)).flatMap((name) => calledCode(facts, name, seen))
  return {
    what,
    writes: [...own.writes, ...called.flatMap(({ writes }) => writes)],
    isOpen: own.built || called.some(({ isOpen }) => isOpen),
    changes: own.changes || called.some(({ changes }) => changes),
  }
}

function triggersOf(fired: CodeInput['fired']): readonly { table: Table; name: string; routine: string }[] {
  return fired.flatMap(({ table, event }) =>
    table.triggers.flatMap(({ name, events, routine }) => (events.includes(event) ? [{ table, name, routine }] : [])),
  )
}

const rulesOf = (fired: CodeInput['fired']): readonly Rule[] =>
  fired.flatMap(({ table, event }) => table.rules.filter((rule) => rule.event === event))

/** What a trigger sets in the rows themselves is a change of their table. */
function triggerCode(facts: Looking, of: { table: Table; name: string; routine: string }): readonly Code[] {
  const { table, name, routine } = of
  const what = `trigger ${name}`
  return facts.routines(routine).map((def): Code => {
    const code = readRoutine(facts, what, def, new Set([nameIn(lastPart(routine))]))
    if (!/\bNEW\.\S+\s*:?=/i.test(def)) return code
    return { ...code, writes: [...code.writes, { table: table.identity, columns: undefined }], changes: true }
  })
}
