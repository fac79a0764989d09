// Scripts that their tool sends without a transaction, in the form in which an attempt runs them.
import type { Script } from '../../../model/migration.js'
import { literal } from '../../../sql/quote.js'
import { codeOnly, statementsIn } from '../../../sql/statements.js'
import { transactionControl } from '../../../sql/transactions.js'
import type { Session } from '../session.js'
import { partOf, segmentsOf, type IndexNames, type Segment } from './segments.js'
import { planSending } from './send-plan.js'

/**
 * A script for one transaction. `altered`: not all of it is what its tool sends. `written` has the same messages as they are
 * in the file, each of the same length. `builds`: the indexes that it makes or drops without CONCURRENTLY.
 */
type Together = {
  readonly script: Script
  readonly written: Script
  readonly altered: boolean
  readonly builds: readonly IndexNames[]
}

/**
 * All of it as one transaction, for an attempt that is rolled back; undefined where a statement takes none. Values of an
 * enum and pending triggers can still refuse to be in one transaction. An index that is built with locks has the same
 * entry in the catalogue as one that is built concurrently.
 */
function inOneTransaction(script: Script): Together | undefined {
  const segments = segmentsOf(script)
  if (segments === undefined || segments.some(cascades)) return undefined
  const messages = segments.flatMap((segment) =>
    segment.kind === 'transaction'
      ? segment.script.messages
      : [{ ...segment.message, text: withLocks(segment.message.text) }],
  )
  const builds = segments.flatMap((segment) => (segment.kind === 'index' ? [segment.names] : []))
  if (messages.length === 0) return undefined
  const written = segments.flatMap((segment) =>
    segment.kind === 'transaction' ? segment.script.messages : [segment.message],
  )
  return { script: partOf(script, messages), written: partOf(script, written), altered: builds.length > 0, builds }
}

/** PostgreSQL refuses CASCADE with CONCURRENTLY, and takes it without. */
const cascades = (segment: Segment): boolean =>
  segment.kind === 'index' && segment.names.of === 'index' && /\bcascade\b/i.test(codeOnly(segment.message.text))

/** With blanks for the word, so that every place stays what it is in the file. */
const withLocks = (text: string): string => {
  const at = codeOnly(text).search(/\bconcurrently\b/i)
  return `${text.slice(0, at)}${' '.repeat('concurrently'.length)}${text.slice(at + 'concurrently'.length)}`
}

/** Without a COMMIT at the very end, which only ends the transaction of its tool earlier. */
function withoutLastCommit(script: Script): Together | undefined {
  const last = script.messages.at(-1)
  if (script.transaction !== 'wrapped' || last === undefined) return undefined
  const statements = script.messages.flatMap((message) => statementsIn(message))
  const end = statements.at(-1)
  const controls = statements.filter((statement) => transactionControl(statement) !== undefined)
  if (controls.length !== 1 || controls[0] !== end || end?.words[0] !== 'COMMIT' || end !== statementsIn(last).at(-1))
    return undefined
  const messages = [...script.messages.slice(0, -1), { ...last, text: last.text.slice(0, end.start) }]
  const together = partOf(script, messages)
  return { script: together, written: together, altered: true, builds: [] }
}

const seen = new WeakMap<Script, { readonly together: Together | undefined }>()

/**
 * The script itself where its tool sends it in one transaction. Computed once for each script, because each form has a plan
 * of its own.
 */
export function togetherOf(script: Script): Together | undefined {
  const known = seen.get(script) ?? { together: formOf(script) }
  seen.set(script, known)
  return known.together
}

const formOf = (script: Script): Together | undefined =>
  planSending(script).mode === 'in one transaction'
    ? { script, written: script, altered: false, builds: [] }
    : (inOneTransaction(script) ?? withoutLastCommit(script))

/**
 * Whether CONCURRENTLY makes no difference for these indexes: PostgreSQL refuses it for partitioned tables and their
 * indexes ("CREATE INDEX", "DROP INDEX"). Ask for an `index` before the script, and for a `table` after it, which may make
 * it.
 */
export async function buildsAlike(
  builds: readonly IndexNames[],
  of: IndexNames['of'],
  { send }: Pick<Session, 'send'>,
): Promise<boolean> {
  const names = builds.flatMap((build) => (build.of === of ? [literal(build.name)] : []))
  if (names.length === 0) return true
  const found =
    await send(`SELECT count(*) FILTER (WHERE c.oid IS NULL), count(*) FILTER (WHERE c.relkind IN ('p', 'I'))
    FROM unnest(ARRAY[${names.join(', ')}]) name LEFT JOIN pg_catalog.pg_class c ON c.oid = to_regclass(name)`)
  const [missing, parted] = found.at(-1)?.rows[0] ?? []
  return parted === '0' && (missing === '0' || of === 'index')
}
