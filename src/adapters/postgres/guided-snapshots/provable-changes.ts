// Scripts whose changes locks and new OIDs show completely, so that no counter of a catalogue has to be read.
import { isOfKind } from '../../../sql/statement-kinds.js'
import type { Statement } from '../../../sql/statements.js'

/**
 * The parts that a script may have made or changed, and that take their own query. `others`: rules, policies, parents,
 * options of the TOAST table.
 */
export type ProvableChanges = {
  readonly triggers: boolean
  readonly comments: boolean
  readonly others: boolean
  readonly types: boolean
  readonly routines: boolean
}

/** These create more than they name: LIKE .. INCLUDING extended statistics, a range type routines and casts. */
const BRINGS_MORE = /\bincluding\b|\bas\s+range\b/i

/**
 * `code` is the text without comments. Undefined for a script with any other statement: writes of rows may run any
 * code, GRANT takes no lock, a new materialized view runs its query, and so on.
 */
export function provableChanges(statements: readonly Statement[], code: string): ProvableChanges | undefined {
  if (BRINGS_MORE.test(code) || !statements.every(({ text }) => isOfKind(text, 'provable'))) return undefined
  return {
    triggers: /trigger|partition/i.test(code),
    comments: /comment/i.test(code),
    others: /\brule\b|policy|partition|inherit|toast/i.test(code),
    types: /\btype\b/i.test(code),
    routines: /function|procedure/i.test(code),
  }
}
