// Which tables a statement writes rows of, as far as its own text shows.
import { codeOnly, type Statement } from './sql.js'

const NAME = String.raw`((?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+))*)`
const WRITES = new RegExp(
  String.raw`\b(?:INSERT\s+INTO|MERGE\s+INTO|DELETE\s+FROM|UPDATE|TRUNCATE(?:\s+TABLE)?|COPY)\s+(?:ONLY\s+)?${NAME}`,
  'gi',
)
const VERBS = new Set('INSERT UPDATE DELETE MERGE TRUNCATE COPY WITH'.split(' '))

/** Names as they are written there, schema and quotes included. DO blocks and functions are not looked into. */
export function tablesWritten(statement: Statement): readonly string[] {
  if (!VERBS.has(statement.words[0] ?? '')) return []
  return [...codeOnly(statement.text).matchAll(WRITES)].flatMap(([, name]) => name ?? [])
}
