// Whether a derived down also holds where its tables have rows, of before the up and of after it.
import { rowsThatViolate, rowsWithNull } from '../catalog/derive/failing-rows.js'
import { isOfRows, needsOf } from '../impact/failing-rows.js'
import { withSchema } from '../impact/relation-name.js'
import { ownScript, type Script } from '../model/migration.js'
import type { AttemptOutcome, RowKind } from '../ports/scratch.js'
import type { ScriptFailure } from '../report/check-report.js'
import { NAME_PATTERN } from '../sql/quote.js'
import { headOf } from '../sql/statements.js'
import type { WorkingCopy } from './scratch-copies.js'

/**
 * `holds`: it ran on tables with rows, or nothing in it depends on rows. `fails`: with any rows. `fails on some`: it holds with
 * natural rows, and fails on awkward ones (NULL, equal, longest). `not tried`: no rows could be made, or the scripts cannot be
 * rolled back. `notes` are sentences that say why. `failing`: which rows, by the statement that fails on them.
 */
export type OnRows =
  | { readonly word: 'holds' }
  | {
      readonly word: 'fails' | 'fails on some' | 'not tried'
      readonly notes: readonly string[]
      readonly failing: ReadonlyMap<string, string>
    }

/** `own` is what the author wrote, and runs before the derived statements. */
export type DownToTry = {
  readonly up: Script
  readonly own: Script | undefined
  readonly statements: readonly string[]
}

const NAME = String.raw`${NAME_PATTERN}(?:\.${NAME_PATTERN})*`
/** Statements of derived downs that rows can make fail. */
const DEPENDS = [
  new RegExp(String.raw`^ALTER TABLE (?:ONLY )?(${NAME}) ADD COLUMN [^]*\bNOT NULL\b`),
  new RegExp(String.raw`^ALTER TABLE (?:ONLY )?(${NAME}) ALTER COLUMN [^]*\b(?:SET NOT NULL|TYPE)\b`),
  new RegExp(String.raw`^ALTER TABLE (?:ONLY )?(${NAME}) ADD CONSTRAINT\b`),
  new RegExp(String.raw`^CREATE UNIQUE INDEX ${NAME_PATTERN} ON (?:ONLY )?(${NAME})`),
]

const MADE = new RegExp(String.raw`^CREATE (?:UNLOGGED )?TABLE (${NAME})`)

const RENAMED = new RegExp(String.raw`^ALTER TABLE (${NAME}) RENAME TO (${NAME_PATTERN})$`)

/** The tables whose rows can make statements fail, as names in SQL form; not those that the statements make. */
export function tablesThatMatter(statements: readonly string[]): readonly string[] {
  const made = new Set(statements.flatMap((statement) => MADE.exec(statement)?.[1] ?? []))
  const found = statements.flatMap((statement) => DEPENDS.flatMap((pattern) => pattern.exec(statement)?.[1] ?? []))
  return [...new Set(found)].filter((table) => !made.has(table))
}

/**
 * Call in the state after the up, which stays. Rows come after the up, and the down runs; then they come before the up, and up,
 * down and up run. Rejects when the server is gone.
 */
export async function tryOnRows(place: WorkingCopy, down: DownToTry): Promise<OnRows> {
  const tables = tablesThatMatter(down.statements)
  if (tables.length === 0) return HOLDS
  const trial = { place, down, tables }
  const after = (await tryMoment(trial, 'after')) ?? HOLDS
  const before = await tryMoment(trial, 'before')
  if (before === undefined || after.word === 'not tried') return after
  if (before.word === 'fails' || after.word === 'holds') return before
  // Rows that came behind the up alone make it fail: those of before it do not.
  return before.word === 'not tried' ? after : { ...after, word: 'fails on some' }
}

const HOLDS: OnRows = { word: 'holds' }

/** `moment`: when the rows come, seen from the up. */
type Trial = { readonly place: WorkingCopy; readonly down: DownToTry; readonly tables: readonly string[] }
type Moment = 'before' | 'after'

/**
 * Awkward rows are beside natural ones: where all of them hold, those do. Undefined where the up takes no rows, so that the down
 * never meets them.
 */
async function tryMoment(trial: Trial, moment: Moment): Promise<OnRows | undefined> {
  const awkward = await tryWith(trial, moment, 'awkward')
  if (awkward?.word === 'holds') return awkward
  const natural = await tryWith(trial, moment, 'natural')
  if (natural?.word !== 'holds') return natural
  // What awkward rows make of the author's own scripts is no fault of the derived statements.
  return awkward?.word === 'fails' ? { ...awkward, word: 'fails on some' } : natural
}

async function tryWith({ place, down, tables }: Trial, moment: Moment, kind: RowKind): Promise<OnRows | undefined> {
  const { up, own } = down
  const derived = scriptOf(down.statements)
  const again = moment === 'before' ? [up, up] : []
  const scripts = [ROWS, ...again, ...(own === undefined ? [] : [own]), derived]
  const tried = await place.attempt(scripts, async (): Promise<AttemptOutcome<OnRows | undefined>> => {
    const answer = (result: OnRows | undefined): AttemptOutcome<OnRows | undefined> => ({ keep: false, result })
    if (moment === 'before' && !(await runDown(place, down)))
      return answer(notTried('the state before the up could not be made in a transaction'))
    const why = await putRows(place, { tables, statements: down.statements, kind })
    if (why !== undefined) return answer(notTried(why))
    if (moment === 'before' && !(await place.run(up, 'up')).ok) return answer(undefined)
    if (own !== undefined && !(await place.run(own, 'down')).ok)
      return answer(notTried('the lines before them fail on rows'))
    const failing = await failingStatements(place, down.statements, kind)
    if (failing.size > 0) return answer(fails(failing))
    if (moment === 'after' || (await place.run(up, 'up')).ok) return answer(HOLDS)
    return answer({
      word: 'fails',
      notes: ['With rows of before it, the up fails when it runs again.'],
      failing: new Map(),
    })
  })
  return tried === 'unfit' ? notTried('they cannot all run in one transaction that is rolled back') : tried.result
}

/** `why`: a clause. */
export const notTried = (why: string): OnRows => ({
  word: 'not tried',
  notes: [`With rows it could not be tried: ${why}.`],
  failing: new Map(),
})

const fails = (failing: ReadonlyMap<string, Failing>): OnRows => ({
  word: 'fails',
  notes: [...failing].map(([statement, { rows, foreseen }]) => foreseen ?? `${headOf(statement)} fails on ${rows}.`),
  failing: new Map([...failing].map(([statement, { rows }]) => [statement, rows])),
})

/** `foreseen`: the sentence with which derived lines say the same. */
type Failing = { readonly rows: string; readonly foreseen: string | undefined }

async function runDown(place: WorkingCopy, { own, statements }: DownToTry): Promise<boolean> {
  return (own === undefined || (await place.run(own, 'down')).ok) && (await place.run(scriptOf(statements), 'down')).ok
}

/** Those that fail on the rows that are there, each with the rows that it fails on. The others have run, where all could. */
async function failingStatements(
  place: WorkingCopy,
  statements: readonly string[],
  kind: RowKind,
): Promise<ReadonlyMap<string, Failing>> {
  const failing = new Map<string, Failing>()
  for (;;) {
    const left = statements.filter((statement) => !failing.has(statement))
    const ran = left.length === 0 ? undefined : await place.run(scriptOf(left), 'down')
    if (ran === undefined || ran.ok) return failing
    const statement = left[(ran.failure.place?.line ?? 1) - 1] ?? ''
    // Behind one that failed, another may fail because its object is missing.
    if (failing.size > 0 && !isOfRows(ran.failure)) return failing
    failing.set(statement, failingOf(ran.failure, kind))
  }
}

function failingOf(failure: ScriptFailure, kind: RowKind): Failing {
  const { sqlstate, table = '', column = '', constraint } = failure
  if (sqlstate === '23502' && kind === 'natural') return { rows: 'any row', foreseen: undefined }
  const foreseen = sqlstate === '23502' ? rowsWithNull(`${table}.${column}`) : constraint && rowsThatViolate(constraint)
  return { rows: needsOf(failure), foreseen }
}

/** Why a table got none, as a clause; undefined where all have rows. */
async function putRows(
  { main }: WorkingCopy,
  {
    tables,
    statements,
    kind,
  }: { readonly tables: readonly string[]; readonly statements: readonly string[]; readonly kind: RowKind },
): Promise<string | undefined> {
  const before = new Map(
    statements.flatMap((statement) => {
      const [, from = '', to = ''] = RENAMED.exec(statement) ?? []
      return from === '' ? [] : [[to, from] as const]
    }),
  )
  const names = tables.flatMap((table) => [table, before.get(lastPart(table)) ?? table])
  const filled = await main.fill({ tables: [...new Set(names)], rows: ROWS_EACH, kind })
  const rows = new Map(filled.map((one) => [withSchema(one.relation), one]))
  for (const table of tables) {
    const found = [table, before.get(lastPart(table)) ?? table].map((name) => rows.get(withSchema(name)))
    if (found.some((one) => one !== undefined && one.rows > 0)) continue
    return `${table} takes no made-up rows${found[0]?.why === undefined ? '' : ` (${found[0].why})`}`
  }
  return undefined
}

const lastPart = (name: string): string => new RegExp(String.raw`${NAME_PATTERN}$`).exec(name)?.[0] ?? name

/** Of natural ones, in each table. */
const ROWS_EACH = 3

/** One message for each statement, whose line is the number of the statement. In one transaction, as a tool that wraps would run it. */
const scriptOf = (statements: readonly string[]): Script => ({
  file: '',
  transaction: 'wrapped',
  checksum: '',
  messages: statements.map((text, at) => ({ text, lines: text.split('\n').map(() => at + 1), column: 1 })),
})

/** Stands for the rows that are put there: they draw numbers of sequences. */
const ROWS = ownScript('', ['INSERT INTO t DEFAULT VALUES'])
