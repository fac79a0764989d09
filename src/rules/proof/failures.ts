// Turns the messages of the server about failed scripts into findings.
import { LEFT_OPEN, refusesTransaction } from '../../sql/transactions.js'
import type { Migration, Script } from '../../model/migration.js'
import type { Place } from '../../model/source.js'
import type { ScriptFailure } from '../../report/check-report.js'
import { withoutSecrets } from '../../sql/secrets.js'
import type { RuleFinding, RuleInput } from '../rule.js'
import { extensionFix } from './extension-names.js'
import { badByte } from '../files/not-utf8.js'
import { hasVariable } from '../files/psql-command.js'
import { placeIn, startOf, statementsOf } from '../read-input.js'
import { holeIn } from '../files/template.js'
import { withoutComments } from '../../sql/statements.js'
import { outsideFix } from '../files/outside-transaction.js'

const LINE = 160

/** The server's words, the SQLSTATE and the line of the file, without secrets, on one line. */
export function failureWords({ message, sqlstate, line }: ScriptFailure): string {
  const state = sqlstate === '' ? '' : ` (SQLSTATE ${sqlstate})`
  const words = `${withoutSecrets(message).replaceAll(/\s+/g, ' ')}${state}`
  if (line === undefined || line.trim() === '') return words
  const shown = withoutSecrets(line).trim()
  return `${words} in: ${shown.length > LINE ? `${shown.slice(0, LINE)}...` : shown}`
}

/** At the byte that the server could not read, else where it reports the failure, else where the script starts. */
export function failurePlace(
  input: RuleInput,
  failure: ScriptFailure,
  migration: Migration | undefined,
): Place | undefined {
  const script = migration?.[failure.direction]
  if (script === undefined) return failure.place
  const file = BAD_BYTES.has(failure.sqlstate) ? input.files.find(({ path }) => path === script.file) : undefined
  const bad = file === undefined ? undefined : badByte(file)
  return file === undefined || bad === undefined ? (failure.place ?? startOf(script)) : placeIn(file, bad.offset)
}

/** protocol_violation (a NUL in the message) and character_not_in_repertoire. */
const BAD_BYTES = new Set(['08P01', '22021'])

type Fix = { readonly states: readonly string[]; readonly up: string; readonly down: string }

const both = (states: readonly string[], fix: string): Fix => ({ states, up: fix, down: fix })

/** What to do, by SQLSTATE (appendix A of PostgreSQL's manual). */
const FIXES: readonly Fix[] = [
  {
    states: ['42P01', '42703', '42704', '3F000'],
    up: 'Create the object before this step, or correct the name. What exists outside of the migrations belongs in a setup file.',
    down: 'It no longer exists, or never did: correct the name, or remove the statement if another one drops it already.',
  },
  {
    states: ['42P07', '42701', '42710', '42723', '42P06'],
    up: 'It exists already: an earlier step made it, or a down does not remove it.',
    down: 'It still exists: the up does not remove it, so the down has nothing to restore.',
  },
  both(['2BP01'], 'Drop what depends on it first: undo the statements of the up in reverse order.'),
  both(
    ['42804'],
    'State how the values become the other type (USING column::type). Drop a default before, and set it again after.',
  ),
  both(['42883'], 'Correct the call at this place, or cast its arguments.'),
  both(['42601'], 'Correct the syntax at this place.'),
  both(['55P04'], 'A new enum value can be used only after its commit: add it in a separate migration.'),
  both(['23505', '23503', '23502', '23514'], 'Fix the rows first, in the same script, before the constraint is added.'),
]

/** SQLSTATEs of a missing object, which an earlier step that did not run may make. */
const ABSENT = ['42P01', '42703', '42704', '42883', '3F000']

const SYNTAX = '42601'
/** Inside the body of a function or a block, where `holeIn` does not look. */
const IN_BODY = /\{\{[^{}]*\}\}|\{%[^{}]*%\}/
/** Where a psql variable begins; only psql puts its value in. */
const AT_VARIABLE = /at or near ":"/

/** Whether the server failed on a script that another program should have filled in. */
export const refusesTemplate = (migration: Migration | undefined, failure: ScriptFailure): boolean =>
  templateFix(migration, failure) !== undefined

/** What to do about a script that another program should have filled in; undefined for any other failure. */
function templateFix(migration: Migration | undefined, failure: ScriptFailure): string | undefined {
  const script = migration?.[failure.direction]
  if (failure.sqlstate !== SYNTAX || script === undefined) return undefined
  if (IN_BODY.test(failure.line ?? '') || holeIn(script) !== undefined)
    return 'The file is a template: fill it in first, and check the result.'
  return AT_VARIABLE.test(failure.message) && hasVariable(script)
    ? 'The file is a template with variables of psql: fill them in first, and check the result.'
    : undefined
}

export type Failed = {
  readonly input: RuleInput
  readonly migration: Migration | undefined
  readonly failure: ScriptFailure | undefined
  readonly what: string
  readonly why: string
  /** What the failure may follow from, in the words of the proof. */
  readonly reason?: string | undefined
}

/**
 * A failure as a finding; nothing where the environment is at fault, or where the tool refuses the file (`unparsable`).
 * One that follows from an earlier failure names that: it is no fault of its own.
 */
export function failed({ input, migration, failure, what, why, reason }: Failed): readonly RuleFinding[] {
  if (failure === undefined || failure.environment !== undefined) return []
  if (failure.sqlstate === '' && migration?.module === undefined) return []
  const place = failurePlace(input, failure, migration)
  const line = failure.place === undefined || place?.line === failure.place.line ? failure.line : undefined
  const words = failureWords({ ...failure, line })
  const { follows } = failure
  return [
    follows === undefined
      ? {
          migration: migration?.id,
          place,
          message: `${what}: ${words}`,
          why,
          fix: templateFix(migration, failure) ?? failureFix(input, failure),
        }
      : {
          migration: migration?.id,
          place,
          message: `not judged, because its ${what}: ${words}`,
          why: `It ${reason ?? `follows from ${follows}`}.`,
          fix: `Repair ${follows} first, and run the check again.`,
          follows,
        },
  ]
}

/** How to fix a failure, with the server's own hint where it gave one. */
export function failureFix(input: RuleInput, failure: ScriptFailure): string {
  const owned = failure.direction === 'up' ? extensionFix(failure.message) : undefined
  const known =
    owned ??
    quotesFix(input, failure) ??
    cutFix(input, failure) ??
    FIXES.find(({ states }) => states.includes(failure.sqlstate))?.[failure.direction]
  const fix =
    failure.message === LEFT_OPEN
      ? 'End the transaction in the file: COMMIT;'
      : failure.sqlstate === '25001'
        ? transactionFix(input, failure)
        : (known ?? 'Fix the statement at this place and run the check again.')
  const other =
    failure.direction === 'up' && ABSENT.includes(failure.sqlstate)
      ? sharedSessionFix(input, failure.place?.file)
      : undefined
  const hint = failure.hint === undefined ? '' : `\nThe server's hint: ${withoutSecrets(failure.hint)}`
  return `${other === undefined ? fix : `${fix} ${other}`}${hint}`
}

/**
 * What sets the search_path for all later scripts of a session: SET without LOCAL, and set_config whose third argument
 * is not true (PostgreSQL, "SET").
 */
const SETS_PATH =
  /^\s*set\s+(?:session\s+)?search_path\b|\bset_config\s*\(\s*'search_path'\s*,[^()]*,\s*'?(?:false|f)\b/im

/**
 * A sentence that names the newest script before the one in this file that sets the search_path; undefined where there
 * is none. A tool that runs all scripts in one session keeps that setting.
 */
export function sharedSessionFix(input: RuleInput, file: string | undefined): string | undefined {
  const at = input.migrations.findIndex(({ up }) => up !== undefined && up.file === file)
  const setter = input.migrations
    .slice(0, Math.max(0, at))
    .findLast(({ up }) => up?.messages.some(({ text }) => SETS_PATH.test(withoutComments(text))) === true)
  return setter === undefined
    ? undefined
    : `Or ${setter.id} sets the search_path that this needs. For a tool that runs all in one session, set session: shared for the database in migration-gate.yml.`
}

/** As the tools read the two lines: in any case, with any blanks. */
const BLOCK = /^\s*--\s*\+\w+\s+Statement(Begin|End)\b/i

/**
 * Fixes a failure from where a tool cuts a file into statements: in a quote or a comment. Undefined where it did not,
 * or could not.
 */
function cutFix(input: RuleInput, failure: ScriptFailure): string | undefined {
  const { title, statementBlock } = input.tool
  if (statementBlock === undefined || !failure.message.startsWith('unterminated')) return undefined
  if (failure.place === undefined || inBlock(input, failure.place)) return undefined
  const { begin, end } = statementBlock
  return `${title} ends a statement at each semicolon at the end of a line, in quotes as well: put this one between ${begin} and ${end}.`
}

/** A syntax error in a message whose dollar quotes the tool changes. */
function quotesFix(input: RuleInput, failure: ScriptFailure): string | undefined {
  const { place, sqlstate } = failure
  if (sqlstate !== SYNTAX || place === undefined) return undefined
  const message = scriptOf(input, failure)?.messages.find(({ lines }) => lines.includes(place.line))
  const text = input.files.find(({ path }) => path === place.file)?.text
  if (message === undefined || text === undefined) return undefined
  return input.tool.changedQuotes?.(text, { first: message.lines[0] ?? 1, last: message.lines.at(-1) ?? 1 })
}

/** For active_sql_transaction (25001): the statement runs only outside of a transaction, and is in one. */
function transactionFix(input: RuleInput, failure: ScriptFailure): string {
  const script = scriptOf(input, failure)
  const line = failure.place?.line ?? Infinity
  const own = script && statementsOf(script).filter(({ statement }) => refusesTransaction(statement) !== undefined)
  const alone = (own?.findLast(({ place }) => place().line <= line) ?? own?.[0])?.alone ?? true
  return outsideFix(input.tool.transactions, failure.direction, {
    wrapped: script === undefined || script.transaction === 'wrapped',
    alone,
  })
}

const scriptOf = ({ migrations }: RuleInput, { place, direction }: ScriptFailure): Script | undefined =>
  migrations.find((migration) => migration[direction]?.file === place?.file)?.[direction]

function inBlock({ files }: RuleInput, { file, line }: { readonly file: string; readonly line: number }): boolean {
  const text = files.find(({ path }) => path === file)?.text ?? ''
  const last = text
    .split('\n')
    .slice(0, line)
    .findLast((one) => BLOCK.test(one))
  return /begin/i.test(last ?? '')
}
