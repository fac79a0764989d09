// The tables of which a statement writes rows, as far as its own text shows.
import { NAME_PATTERN } from '../quote.js'
import { codeOnly } from '../statements.js'

const NAME = String.raw`(?:ONLY\s+)?(?<name>${NAME_PATTERN}(?:\s*\.\s*${NAME_PATTERN})*)`
const ONE = new RegExp(NAME, 'gi')
const LISTED = NAME.replace('?<name>', '?:')
/** TRUNCATE accepts a list. `DO UPDATE SET`, `THEN UPDATE SET` and `FOR UPDATE OF` name no table of their own. */
const WRITES = new RegExp(
  String.raw`\b(INSERT\s+INTO|MERGE\s+INTO|DELETE\s+FROM|(?<!\b(?:DO|FOR|KEY|THEN)\s+)UPDATE|TRUNCATE(?:\s+TABLE)?|COPY)\s+(${LISTED}(?:\s*\*?\s*,\s*${LISTED})*)`,
  'gi',
)

/** `verb` is the first word, in upper case: INSERT, UPDATE, DELETE, MERGE, TRUNCATE or COPY. */
export type Write = { readonly verb: string; readonly table: string }

/** What one statement writes, with names as written in it: with schema and quotes. */
export const writesIn = (text: string): readonly Write[] =>
  [...codeOnly(text).matchAll(WRITES)].flatMap(([, verb = '', list = '']) =>
    [...list.matchAll(ONE)].flatMap(({ groups }) => {
      const table = groups?.['name']
      return table === undefined ? [] : [{ verb: verb.split(/\s/)[0]?.toUpperCase() ?? '', table }]
    }),
  )
