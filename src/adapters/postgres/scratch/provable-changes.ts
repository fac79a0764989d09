// Scripts whose changes locks and new OIDs show completely, so that no counter of a catalogue has to be read.
import type { Statement } from '../../../sql/statements.js'

/**
 * What a script may have made or changed, of what takes a question of its own. `others`: rules, policies, parents,
 * options of the TOAST table.
 */
export type Narrow = {
  readonly triggers: boolean
  readonly comments: boolean
  readonly others: boolean
  readonly types: boolean
  readonly routines: boolean
}

const words = (text: string): RegExp => new RegExp(String.raw`^${text.replaceAll(' ', String.raw`\s+`)}\b`, 'i')

const MADE = '(?:table|(?:unique )?index|sequence|view|type|function|procedure|trigger|policy|rule)'

/** Statements that change relations, what hangs on them, types and routines, and nothing else without a lock on it. */
const STATEMENTS: readonly RegExp[] = [
  words(`create (?:or replace )?(?:constraint )?(?:unlogged )?${MADE}`),
  words(`drop (?:materialized )?${MADE}`),
  words('alter (?:table|index|sequence|(?:materialized )?view|type|function|procedure|trigger|policy|rule)'),
  words('comment on (?:table|column|sequence|(?:materialized )?view|type|function|procedure)'),
  words('(?:begin|start transaction|commit|end)'),
]

/** Brings more than it names: LIKE .. INCLUDING extended statistics, a range type routines and casts. */
const BRINGS_MORE = /\bincluding\b|\bas\s+range\b/i

/**
 * `code` is the text without comments. Undefined for scripts that hold anything else: writes of rows may fire any code,
 * GRANT takes no lock, a new materialized view runs its query, and so on.
 */
export function narrow(statements: readonly Statement[], code: string): Narrow | undefined {
  if (BRINGS_MORE.test(code) || !statements.every(({ text }) => STATEMENTS.some((one) => one.test(text))))
    return undefined
  return {
    triggers: /trigger|partition/i.test(code),
    comments: /comment/i.test(code),
    others: /\brule\b|policy|partition|inherit|toast/i.test(code),
    types: /\btype\b/i.test(code),
    routines: /function|procedure/i.test(code),
  }
}
