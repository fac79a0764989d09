// The tables that SQL text creates, as far as the text shows.
import { NAME_PATTERN } from '../quote.js'
import { withoutComments } from '../statements.js'

const CREATES = new RegExp(
  String.raw`\bCREATE\s+(?:UNLOGGED\s+|FOREIGN\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(${NAME_PATTERN}(?:\s*\.\s*${NAME_PATTERN})*)`,
  'gi',
)
const PARTS = new RegExp(NAME_PATTERN, 'g')

/** Names without their schema, as in a catalogue. Bodies of DO blocks and functions are searched too. */
export function tablesCreated(text: string): readonly string[] {
  return [...withoutComments(text).matchAll(CREATES)].map(([, name = '']) => {
    const last = name.match(PARTS)?.at(-1) ?? name
    return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last.toLowerCase()
  })
}
