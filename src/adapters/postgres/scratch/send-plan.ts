// How a script is sent: as one message together with our bookkeeping, or message by message as its tool would.
import type { Script } from '../../../model/migration.js'
import { characters } from '../../../model/place.js'
import { outsideTransaction, transactionControl, wholeFileTransaction } from '../../../sql/transactions.js'
import { scan } from '../../../sql/scan.js'
import { splitStatements, withoutComments, type Statement } from '../../../sql/statements.js'
import { statementsIn } from '../../../sql/statements.js'
import { narrow, type Narrow } from './provable-changes.js'

/**
 * `together`: the whole script runs inside a transaction of ours. `apart`: each message on its own, inside a transaction
 * of ours where the tool would open one. `wide`: the script may change rights or call code that does, so the search for
 * changes must not rely on locks. `writesRows` is a guess from the words, for scripts sent apart.
 */
export type Dispatch = {
  readonly way: 'together' | 'apart'
  readonly texts: readonly string[]
  readonly wide: boolean
  /** Defined where locks and new OIDs show everything that the script changes; found out when a look asks for it. */
  readonly narrow: () => Narrow | undefined
  /** Constraints of domains may change: no lock shows that. */
  readonly domains: boolean
  /** Something may get another name, also that of a column dropped in the same script. */
  readonly renames: boolean
  /** Settings or the role of the session may be others afterwards. */
  readonly setsSession: boolean
  readonly writesRows: boolean
  /** Numbers may be drawn from sequences, which no rollback gives back. */
  readonly drawsNumbers: boolean
  readonly temporary: boolean
  readonly locksAdvisory: boolean
  /** Everything of a failed script is rolled back. */
  readonly atomic: boolean
}

const JOINT = '\n;\n'

/** First words of statements that change the catalogue only in ways that locks and new OIDs show. */
const PLAIN = new Set(
  'BEGIN START COMMIT END ROLLBACK ABORT CREATE ALTER DROP COMMENT INSERT UPDATE DELETE TRUNCATE SET RESET SHOW LOCK ANALYZE REFRESH CLUSTER REINDEX SAVEPOINT RELEASE'.split(
    ' ',
  ),
)
/** Of those, the ones that leave the session as it is. */
const QUIET = new Set([...PLAIN].filter((word) => !['SET', 'RESET', 'INSERT', 'UPDATE', 'DELETE'].includes(word)))
const ROWS = new Set('INSERT UPDATE DELETE MERGE COPY TRUNCATE WITH SELECT DO CALL EXECUTE'.split(' '))
const WITHOUT_NEW_ROWS = new Set(['UPDATE', 'DELETE', 'TRUNCATE'])

const seen = new WeakMap<Script, Dispatch>()

/** Decided once for each script: the proof runs it three times and more. */
export function dispatch(script: Script): Dispatch {
  const known = seen.get(script)
  if (known !== undefined) return known
  const decided = decide(script)
  seen.set(script, decided)
  return decided
}

function decide(script: Script): Dispatch {
  const joined = script.messages.map((message) => message.text).join(JOINT)
  const [only] = script.messages
  const statements = only !== undefined && script.messages.length === 1 ? statementsIn(only) : splitStatements(joined)
  const wide = statements.some(mayChangeRights)
  let narrowed: { readonly is: Narrow | undefined } | undefined
  const traits = {
    wide,
    narrow: () => (narrowed ??= { is: wide ? undefined : narrow(statements, withoutComments(joined)) }).is,
    renames: /\brename\b/i.test(joined),
    domains: /\bdomain\b/i.test(joined),
    setsSession: statements.some((statement) => !QUIET.has(statement.words[0] ?? '')),
    writesRows: statements.some((statement) => ROWS.has(statement.words[0] ?? '')),
    drawsNumbers:
      /\b(?:next|set)val\b/i.test(joined) ||
      statements.some(({ words: [word = ''] }) => ROWS.has(word) && !WITHOUT_NEW_ROWS.has(word)),
    temporary: /\btemp(?:orary)?\b|\bdiscard\b|\bdeallocate\b/i.test(joined),
    locksAdvisory: /\badvisory_lock|\bpg_(?:try_)?advisory/i.test(joined),
  }
  const texts = script.messages.map((message) => message.text)
  const controls = statements.some((statement) => transactionControl(statement) !== undefined)
  const pair = wholeFileTransaction(statements)
  const discards = /\bdiscard\b/i.test(joined)
  const alone = script.transaction === 'message' && statements.length === 1 && statements.some(refusesTransaction)
  const cut = texts.length > 1 && texts.some(endsInside)
  if (script.transaction === 'none' || discards || alone || cut || (controls && pair === undefined)) {
    const atomic =
      !controls && (script.transaction === 'wrapped' || (texts.length === 1 && !statements.some(refusesTransaction)))
    return { way: 'apart', texts, atomic, ...traits }
  }
  const text = pair === undefined ? joined : blank(blank(joined, pair.begin), pair.commit)
  return { way: 'together', texts: [text], atomic: true, ...traits }
}

/**
 * A message that a tool has cut inside of a quote or a comment: the server refuses it, as it does for the tool. Together
 * with the next one it would be another text than anybody sends.
 */
const endsInside = (text: string): boolean =>
  /['"$]|\/\*/.test(text) &&
  scan(text).regions.some(({ kind, start, open }) => open && (kind !== 'comment' || text.startsWith('/*', start)))

const refusesTransaction = (statement: Statement): boolean => outsideTransaction(statement) !== undefined

/** A query, a block or a call can run any code; so can a query that fills a table. */
const mayChangeRights = (statement: Statement): boolean =>
  !PLAIN.has(statement.words[0] ?? '') ||
  /^(?:create\s+(?:\w+\s+)*table\b[^]*?\bas\s*(?:\(|select\b|with\b|table\b|values\b|execute\b)|drop\s+owned)/i.test(
    statement.text,
  )

const blank = (text: string, { start, end }: Statement): string =>
  text.slice(0, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ') + text.slice(end)

/** Where each message of a script starts in the text that is sent together, counted in characters. */
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
