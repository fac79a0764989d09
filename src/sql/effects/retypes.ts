// New types of columns, as an ALTER TABLE writes them.
import { listOf, nameIn, outlined } from '../clauses.js'
import { withoutQuotes } from './code-text.js'
import { NAME_PATTERN } from '../quote.js'
import { withoutComments, type Statement } from '../statements.js'

const NAME = String.raw`${NAME_PATTERN}(?:\s*\.\s*${NAME_PATTERN})*`
const RETYPE = new RegExp(String.raw`^ALTER\s+(?:COLUMN\s+)?(${NAME_PATTERN})\s+(?:SET\s+DATA\s+)?TYPE\s+([^]+)$`, 'i')

/** A new type of a column; `using` is the expression for its values, undefined for a plain cast. */
export type Retype = { readonly table: string; readonly column: string; readonly using: string | undefined }

/** The changes of types in an ALTER TABLE. */
export function retypesOf(statement: Pick<Statement, 'text' | 'words'>): readonly Retype[] {
  if (statement.words[0] !== 'ALTER' || statement.words[1] !== 'TABLE') return []
  const { text } = outlined(statement.text)
  const [head = '', table] =
    new RegExp(String.raw`^ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(${NAME})\s*\*?\s+`, 'i').exec(text) ?? []
  if (table === undefined) return []
  return listOf(text.slice(head.length)).flatMap((action): readonly Retype[] => {
    const [, column, rest = ''] = RETYPE.exec(action) ?? []
    if (column === undefined) return []
    const using = /(?<![\w$."])USING(?![\w$"])/i.exec(outlined(rest).outline)
    return [
      {
        table: table.replaceAll(/\s*\.\s*/g, '.'),
        column,
        using: using === null ? undefined : rest.slice(using.index + using[0].length).trim(),
      },
    ]
  })
}

/** The names of types that a text makes (CREATE TYPE, CREATE DOMAIN), without their schemas. */
export const typesMadeIn = (text: string): ReadonlySet<string> =>
  new Set(
    [
      ...withoutQuotes(withoutComments(text)).matchAll(
        new RegExp(String.raw`\bCREATE\s+(?:TYPE|DOMAIN)\s+(?:${NAME_PATTERN}\s*\.\s*)*(${NAME_PATTERN})`, 'gi'),
      ),
    ].map(([, name = '']) => nameIn(name)),
  )
