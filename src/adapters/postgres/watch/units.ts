// A script as its tool sends it, cut into transactions, and these into statements.
import type { Script } from '../../../model/migration.js'
import { placeAt } from '../../../model/position.js'
import type { Place } from '../../../model/source.js'
import { statementsIn, type Statement } from '../../../sql/statements.js'
import { refusesTransaction, transactionControls } from '../../../sql/transactions.js'

/** A statement of a script, by its number from 1. */
export type ScriptStatement = {
  readonly number: number
  readonly text: string
  readonly statement: Statement
  readonly place: Place
}

/**
 * Statements that take effect together. `alone`: one that no transaction takes, or that commits on its way. `ends`: how the
 * script ends the transaction; `open`: it begins one and does not end it.
 */
export type Unit = {
  readonly statements: readonly ScriptStatement[]
  readonly alone: boolean
  readonly ends: 'commit' | 'rollback' | 'open'
}

/** The transactions of a script in its tool's own mode, without BEGIN and COMMIT. */
export function unitsOf(script: Script): readonly Unit[] {
  const placed = script.messages.flatMap((message, index) =>
    statementsIn(message).map((statement) => ({
      index,
      statement,
      place: { file: script.file, ...placeAt(message, statement.start) },
    })),
  )
  const controls = new Map(transactionControls(placed).map((one) => [one.statement, one.kind]))
  const units: Unit[] = []
  let own: ScriptStatement[] = []
  // `tool` and `script`: who has begun the open transaction.
  let open: 'tool' | 'script' | undefined = script.transaction === 'wrapped' ? 'tool' : undefined
  const close = (ends: Unit['ends'], alone = false): void => {
    if (own.length > 0) units.push({ statements: own, alone, ends })
    own = []
  }
  for (const [at, { index, statement, place }] of placed.entries()) {
    const next = placed[at + 1]
    const kind = controls.get(statement)
    if (kind === 'begin') {
      if (open === undefined) close('commit')
      open ??= 'script'
    } else if (kind !== undefined) {
      close(kind)
      open = undefined
    } else {
      const one = { number: at + 1, text: statement.text, statement, place }
      const isLone = open === undefined && commitsAlone(statement)
      if (isLone) close('commit')
      own.push(one)
      if (isLone) close('commit', true)
    }
    // Statements of one message are one implicit transaction.
    if (open === undefined && next?.index !== index) close('commit')
  }
  close(open === 'script' ? 'open' : 'commit')
  return units
}

/** A statement that no transaction takes. A procedure may commit where no transaction is open. */
const commitsAlone = (statement: Statement): boolean =>
  statement.words[0] === 'CALL' || refusesTransaction(statement) !== undefined
