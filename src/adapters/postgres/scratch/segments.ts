// The parts of a script that its tool sends without a transaction around it: each shows its own change in the catalogue.
import type { Script } from '../../../model/migration.js'
import { codeOnly, statementsIn, type Statement } from '../../../sql/statements.js'
import { refusesTransaction, transactionControl } from '../../../sql/transactions.js'

/**
 * `transaction`: messages that run inside of a transaction; `own` says that the script has the BEGIN before them and the
 * COMMIT behind them. `index`: a statement about indexes that no transaction takes. `first` is the index of its
 * first message in the script, the BEGIN included.
 */
export type Segment =
  | { readonly kind: 'transaction'; readonly first: number; readonly own: boolean; readonly script: Script }
  | {
      readonly kind: 'index'
      readonly first: number
      readonly message: Script['messages'][number]
      readonly names: IndexNames
    }

/** What a statement about an index names: the table of CREATE, the index of DROP. */
export type IndexNames = { readonly of: 'table' | 'index'; readonly name: string }

/** Undefined for a script of which only the whole catalogue shows the change. */
export function segmentsOf(script: Script): readonly Segment[] | undefined {
  if (script.transaction === 'wrapped' || script.messages.length === 0) return undefined
  const segments: Segment[] = []
  let block: { readonly first: number; readonly messages: Script['messages'][number][] } | undefined
  for (const [at, message] of script.messages.entries()) {
    const statements = statementsIn(message)
    const [statement] = statements
    const control = statements.length === 1 && statement !== undefined ? transactionControl(statement) : undefined
    if (control === 'begin' && block === undefined) block = { first: at, messages: [] }
    else if (control === 'commit' && block !== undefined) {
      segments.push({ kind: 'transaction', first: block.first, own: true, script: partOf(script, block.messages) })
      block = undefined
    } else if (statements.some(isControl) || (block !== undefined && statements.some(refuses))) return undefined
    else if (block !== undefined) block.messages.push(message)
    else if (statements.some(refuses)) {
      const names = statements.length === 1 && statement !== undefined ? namesIn(statement) : undefined
      if (names === undefined) return undefined
      segments.push({ kind: 'index', first: at, message, names })
    } else if (NEEDS_BLOCK.test(message.text)) return undefined
    else segments.push({ kind: 'transaction', first: at, own: false, script: partOf(script, [message]) })
  }
  return block === undefined ? segments : undefined
}

export const partOf = (script: Script, messages: Script['messages']): Script => ({
  ...script,
  transaction: 'wrapped',
  messages,
})

const isControl = (statement: Statement): boolean => transactionControl(statement) !== undefined
const refuses = (statement: Statement): boolean => refusesTransaction(statement) !== undefined

/** What means something else, or fails, where no transaction block is open (PostgreSQL, "SET", "LOCK", "DECLARE"). */
const NEEDS_BLOCK =
  /\bset\s+(?:local|constraints|transaction)\b|\bset_config\b|\block\b|\bdeclare\s+\S+\s+.*\bcursor\b|\bsavepoint\b|\bon\s+commit\b|\bcall\b|\bdiscard\b|\bcopy\b/i

const NAME = String.raw`(?:"(?:[^"]|"")+"|[\w\u0080-\uffff$]+)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\w\u0080-\uffff$]+))?`
const CREATES = new RegExp(
  String.raw`^create\s+(?:unique\s+)?index\s+concurrently\s+(?:(?:if\s+not\s+exists\s+)?${NAME}\s+)?on\s+(?:only\s+)?(${NAME})`,
  'i',
)
const DROPS = new RegExp(
  String.raw`^drop\s+index\s+concurrently\s+(?:if\s+exists\s+)?(${NAME})\s*(?:cascade|restrict)?\s*$`,
  'i',
)

function namesIn({ text }: Statement): IndexNames | undefined {
  const code = codeOnly(text).trim()
  const table = CREATES.exec(code)?.[1]
  if (table !== undefined) return { of: 'table', name: table }
  const index = DROPS.exec(code)?.[1]
  return index === undefined ? undefined : { of: 'index', name: index }
}
