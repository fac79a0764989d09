// Scripts that their tool sends without a transaction, in the form in which an attempt runs them.
import type { Script } from '../../../model/migration.js'
import { literal } from '../../../sql/quote.js'
import { codeOnly, statementsIn } from '../../../sql/statements.js'
import { transactionControl } from '../../../sql/transactions.js'
import type { Session } from '../session.js'
import { partOf, segmentsOf, type IndexNames, type Segment } from './segments.js'
import { planSending, type SendPlan } from './send-plan.js'

/**
 * A script for one transaction. `altered`: not all of it is what its tool sends. `builds`: the indexes that it makes or
 * drops without CONCURRENTLY.
 */
type Together = { readonly script: Script; readonly altered: boolean; readonly builds: readonly IndexNames[] }

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
      : [{ text: withLocks(segment.text), lines: [], column: 1 }],
  )
  const builds = segments.flatMap((segment) => (segment.kind === 'index' ? [segment.names] : []))
  if (messages.length === 0) return undefined
  return { script: partOf(script, messages), altered: builds.length > 0, builds }
}

/** PostgreSQL refuses CASCADE with CONCURRENTLY, and takes it without. */
const cascades = (segment: Segment): boolean =>
  segment.kind === 'index' && segment.names.of === 'index' && /\bcascade\b/i.test(codeOnly(segment.text))

function withLocks(text: string): string {
  const at = codeOnly(text).search(/\bconcurrently\b/i)
  return `${text.slice(0, at)}${text.slice(at + 'concurrently'.length)}`
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
  return { script: partOf(script, messages), altered: true, builds: [] }
}

/** The script itself where its tool sends it in one transaction. */
export const togetherOf = (script: Script): Together | undefined =>
  planSending(script).mode === 'in one transaction'
    ? { script, altered: false, builds: [] }
    : (inOneTransaction(script) ?? withoutLastCommit(script))

/**
 * Whether CONCURRENTLY makes no difference for these indexes: PostgreSQL refuses it for partitioned tables and their
 * indexes ("CREATE INDEX", "DROP INDEX"). The tables of the script itself are not known yet.
 */
export async function buildsAlike(
  builds: readonly IndexNames[],
  plan: SendPlan,
  { send }: Pick<Session, 'send'>,
): Promise<boolean> {
  if (builds.length === 0) return true
  if (plan.setsSession) return false
  const tables = builds.flatMap(({ of, name }) => (of === 'table' ? [literal(name)] : []))
  const names = builds.map(({ name }) => literal(name))
  const found = await send(`SELECT
    (SELECT count(*) FROM unnest(ARRAY[${tables.join(', ')}]::text[]) name WHERE to_regclass(name) IS NULL),
    (SELECT count(*) FROM pg_class WHERE oid = ANY (ARRAY(SELECT to_regclass(name) FROM unnest(ARRAY[${names.join(', ')}]) name)) AND relkind IN ('p', 'I'))`)
  return found.at(-1)?.rows[0]?.every((count) => count === '0') === true
}
