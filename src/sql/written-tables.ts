// The tables of which a statement writes rows, as far as its own text shows.
import { NAME_PATTERN } from './quote.js'
import { codeOnly, type Statement } from './statements.js'

const NAME = String.raw`(?:ONLY\s+)?(?<name>${NAME_PATTERN}(?:\s*\.\s*${NAME_PATTERN})*)`
const ONE = new RegExp(NAME, 'gi')
const LISTED = NAME.replace('?<name>', '?:')
/** TRUNCATE accepts a list. `DO UPDATE SET` and `FOR UPDATE OF` name no table of their own. */
const WRITES = new RegExp(
  String.raw`\b(?:INSERT\s+INTO|MERGE\s+INTO|DELETE\s+FROM|(?<!\b(?:DO|FOR|KEY)\s+)UPDATE|TRUNCATE(?:\s+TABLE)?|COPY)\s+(${LISTED}(?:\s*\*?\s*,\s*${LISTED})*)`,
  'gi',
)
const VERBS = new Set('INSERT UPDATE DELETE MERGE TRUNCATE COPY WITH'.split(' '))

/** Names as written in the statement, with schema and quotes. DO blocks and functions are not searched. */
export function tablesWritten(statement: Statement): readonly string[] {
  if (!VERBS.has(statement.words[0] ?? '')) return []
  return [...codeOnly(statement.text).matchAll(WRITES)].flatMap(([, list = '']) =>
    [...list.matchAll(ONE)].flatMap(({ groups }) => groups?.['name'] ?? []),
  )
}
