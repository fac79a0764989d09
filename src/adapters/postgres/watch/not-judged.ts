// Sentences: what a watch could not find out about a script, and why.
import { firstFew } from '../../../model/list-words.js'
import { MANY_STATEMENTS } from './run-watched.js'

/**
 * `count`: statements in its largest transaction. `asLeft`: tables in which only the rows were tried that earlier scripts left.
 * `stopped`: the SQLSTATE with which it failed, where that is no finding.
 */
export function notJudged({
  count,
  asLeft,
  stopped,
}: {
  readonly count: number
  readonly asLeft: readonly string[]
  readonly stopped?: string | undefined
}): readonly string[] {
  return [
    ...(count > MANY_STATEMENTS ? [`a transaction of ${count} statements was looked at only at its end`] : []),
    ...(asLeft.length > 0 ? [`no other rows were tried in ${firstFew(asLeft)} than an earlier migration leaves`] : []),
    ...(stopped === undefined ? [] : [failureWords(stopped)]),
  ]
}

/** PostgreSQL, "Error Codes": query_canceled and lock_not_available. */
function failureWords(code = ''): string {
  if (code === '57014') return 'a statement takes longer than 30 seconds on the rows that were there'
  if (code === '55P03') return 'it waits for a lock that it holds itself, in another session or a prepared transaction'
  return `it fails here (SQLSTATE ${code})`
}
