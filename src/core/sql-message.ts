// The statements of a message, split once: checks, dispatch and proof all ask for them.
import { splitStatements, type Statement } from './sql.js'

const split = new WeakMap<object, readonly Statement[]>()

/** As splitStatements; a message never changes. */
export function statementsIn(message: { readonly text: string }): readonly Statement[] {
  const known = split.get(message)
  if (known !== undefined) return known
  const statements = splitStatements(message.text)
  split.set(message, statements)
  return statements
}
