// A script where the config says how it is sent, instead of the tool.
import type { Message, Script, TransactionMode } from '../model/migration.js'
import { scan } from '../sql/scan.js'
import { splitStatements } from '../sql/statements.js'
import { messageOf, scriptOf, type ScriptParts } from './script.js'

/**
 * A script of a tool, sent as the key `transaction` of the config wants. The checksum is that of the messages that the tool
 * sends: it identifies the text of the file, whatever the config says.
 */
export function configuredScript(parts: ScriptParts, configured: TransactionMode | undefined): Script {
  const script = scriptOf(parts)
  const messages = configuredMessages(parts.messages, { configured, alone: parts.transaction === 'none' })
  return { ...script, messages }
}

/**
 * `configured` is the key `transaction` of the database. With `message` nothing is cut, whatever the tool cuts; a script
 * that has to run outside of a transaction (`alone`) is then cut as the server would cut it. With `none` that holds for
 * every script.
 */
function configuredMessages(
  messages: readonly Message[],
  { configured, alone }: { readonly configured: TransactionMode | undefined; readonly alone: boolean },
): readonly Message[] {
  if (configured === undefined || configured === 'wrapped' || messages.length === 0) return messages
  const whole = joined(messages)
  return configured === 'none' || alone ? statementMessages(whole) : [whole]
}

/** sql-migrate drops the semicolon at which it cuts. */
const joined = (messages: readonly Message[]): Message => ({
  text: messages.map(({ text }) => ended(text.replace(/\n$/, ''))).join('\n'),
  lines: messages.flatMap(({ text, lines }) => (text.endsWith('\n') ? lines.slice(0, -1) : lines)),
  column: messages[0]?.column ?? 1,
})

/** With a semicolon behind the last code, in front of comments. */
function ended(text: string): string {
  const { regions, tokens } = scan(text)
  const last = tokens.at(-1)
  if (last === undefined || last.text === ';' || text.trimEnd().endsWith(';')) return text
  const end = regions.find(({ start }) => start === last.start)?.end ?? last.start + last.text.length
  return `${text.slice(0, end)};${text.slice(end)}`
}

/** A message for each statement, with the comments in front of it; what follows the last one belongs to it. */
function statementMessages(whole: Message): readonly Message[] {
  const { text, lines, column } = whole
  const statements = splitStatements(text)
  if (statements.length === 0) return [whole]
  return statements.map((_, index) => {
    const start = statements[index - 1]?.end ?? 0
    const end = index === statements.length - 1 ? text.length : (statements[index]?.end ?? text.length)
    const message = messageOf({ text, lines, start, end })
    return text.slice(0, start).includes('\n') ? message : { ...message, column: message.column + column - 1 }
  })
}
