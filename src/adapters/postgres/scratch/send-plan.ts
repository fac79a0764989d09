// Decides how to send a script: as one message together with our own statements, or message by message as its tool
// would.
import type { Script } from '../../../model/migration.js'
import { characters } from '../../../model/source.js'
import { refusesTransaction, transactionControl, wholeFileTransaction } from '../../../sql/transactions.js'
import { hasEffect, isOfKind, type Effect } from '../../../sql/statement-kinds.js'
import { endsInside } from '../../../sql/scan.js'
import { splitStatements, withoutComments, type Statement, statementsIn } from '../../../sql/statements.js'
import { provableChanges, type ProvableChanges } from '../guided-snapshots/provable-changes.js'

/**
 * `in one transaction`: the whole script runs inside our own transaction. `statement by statement`: each message runs
 * alone, inside our transaction if the tool would open one. `unknownChanges`: the script may change rights or run code
 * that does, so locks do not show everything. `writesRows` is a guess from the words.
 */
export type SendPlan = {
  readonly mode: 'in one transaction' | 'statement by statement'
  readonly texts: readonly string[]
  readonly unknownChanges: boolean
  /** Defined when locks and new OIDs show everything that the script changes. Computed on request of a change query. */
  readonly provableChanges: () => ProvableChanges | undefined
  /** Constraints of domains may change, which no lock shows. */
  readonly domains: boolean
  /** An object may get another name, also that of a column dropped in the same script. */
  readonly renames: boolean
  /** Settings or the role of the session may differ afterwards. */
  readonly setsSession: boolean
  readonly writesRows: boolean
  /** The script may draw numbers from sequences, which no rollback returns. */
  readonly drawsNumbers: boolean
  readonly temporary: boolean
  /** The session may hold a temporary slot or an origin afterwards, until it ends. */
  readonly holdsSlot: boolean
  readonly locksAdvisory: boolean
  /** A failed script is rolled back completely. */
  readonly atomic: boolean
}

/** Deferred constraints are checked before the change is read, at the end of a script and not at its COMMIT. */
export const CHECK_CONSTRAINTS = '\n;SET CONSTRAINTS ALL IMMEDIATE;'

const JOINT = '\n;\n'

const seen = new WeakMap<Script, SendPlan>()

/** Computed once for each script, because the proof runs it three times or more. */
export function planSending(script: Script): SendPlan {
  const known = seen.get(script)
  if (known !== undefined) return known
  const decided = decide(script)
  seen.set(script, decided)
  return decided
}

function decide(script: Script): SendPlan {
  const joined = script.messages.map((message) => message.text).join(JOINT)
  const [only] = script.messages
  const statements = only !== undefined && script.messages.length === 1 ? statementsIn(only) : splitStatements(joined)
  const unknownChanges = statements.some(mayChangeAnything)
  const has = (effect: Effect): boolean => statements.some((statement) => hasEffect(statement, effect))
  let provable: { readonly changes: ProvableChanges | undefined } | undefined
  const traits = {
    unknownChanges,
    provableChanges: () =>
      (provable ??= { changes: unknownChanges ? undefined : provableChanges(statements, withoutComments(joined)) })
        .changes,
    renames: /\brename\b/i.test(joined),
    domains: /\bdomain\b/i.test(joined),
    setsSession: has('session'),
    writesRows: has('rows'),
    drawsNumbers: /\b(?:next|set)val\b/i.test(joined) || has('numbers'),
    temporary: /\btemp(?:orary)?\b|\bdiscard\b|\bdeallocate\b/i.test(joined),
    holdsSlot: /_replication_slot|replication_origin_session/i.test(joined),
    locksAdvisory: /\badvisory_lock|\bpg_(?:try_)?advisory/i.test(joined),
  }
  const texts = script.messages.map((message) => message.text)
  const controls = statements.some((statement) => transactionControl(statement) !== undefined)
  const pair = wholeFileTransaction(statements)
  const discards = /\bdiscard\b/i.test(joined)
  const alone = script.transaction === 'message' && statements.length === 1 && statements.some(mustRunAlone)
  // Joined with the next one, a message that ends in a quote would be a text that no tool sends.
  const cut = texts.length > 1 && texts.some(endsInside)
  if (script.transaction === 'none' || discards || alone || cut || (controls && pair === undefined)) {
    const atomic =
      !controls && (script.transaction === 'wrapped' || (texts.length === 1 && !statements.some(mustRunAlone)))
    return { mode: 'statement by statement', texts, atomic, ...traits }
  }
  const text = pair === undefined ? joined : blank(blank(joined, pair.begin), pair.commit)
  return { mode: 'in one transaction', texts: [text], atomic: true, ...traits }
}

const mustRunAlone = (statement: Statement): boolean => refusesTransaction(statement) !== undefined

/** A query, a block or a call can run any code. So can a query that fills a table. */
const mayChangeAnything = (statement: Statement): boolean =>
  hasEffect(statement, 'unknown changes') || isOfKind(statement.text, 'unknownChanges')

const blank = (text: string, { start, end }: Statement): string =>
  text.slice(0, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ') + text.slice(end)

/** Where each message of a script starts in the joined text, counted in characters. */
export function messageAt(script: Script, position: number): { readonly index: number; readonly position: number } {
  let start = 0
  const last = script.messages.length - 1
  for (const [index, { text }] of script.messages.entries()) {
    const length = characters(text)
    if (position <= start + length || index === last) return { index, position: Math.min(position - start, length) }
    start += length + JOINT.length
  }
  return { index: 0, position }
}
