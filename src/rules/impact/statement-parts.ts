// The parts of a statement that a better way writes again: from the text that is in the file, for advice alone.
import { listOf, outlined } from '../../sql/clauses.js'
import { NAME_PATTERN } from '../../sql/quote.js'
import { withoutStrings } from '../../sql/statements.js'

/** The code of a statement on one line, without comments and the insides of strings; bodies in dollar quotes stay. */
export const codeOf = (text: string | undefined): string =>
  withoutStrings(text ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()

const LONGEST = 240

/**
 * The statement on one line, where it can be shown as it is: no longer than three lines of a terminal, and without a literal.
 */
export function shown(text: string | undefined): string | undefined {
  const code = codeOf(text)
  return text === undefined || code.length > LONGEST || /['$]/.test(code) ? undefined : code
}

/** One constraint that an ALTER TABLE adds, and nothing else: `name` is undefined where the server makes one up. */
export type AddedConstraint = { readonly table: string; readonly name: string | undefined; readonly rest: string }

const ADDS = new RegExp(
  String.raw`^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?((?:${NAME_PATTERN}\.)?${NAME_PATTERN}) ADD (?:CONSTRAINT (${NAME_PATTERN}) )?((?:FOREIGN KEY|CHECK|UNIQUE|PRIMARY KEY|EXCLUDE)\b.*)$`,
  'i',
)

/** Undefined where the statement does something else as well, or cannot be shown. */
export function addedConstraint(text: string | undefined): AddedConstraint | undefined {
  const [, table, name, rest] = ADDS.exec(shown(text) ?? '') ?? []
  return table === undefined || rest === undefined || listOf(rest).length > 1 ? undefined : { table, name, rest }
}

/** The columns in the first parentheses. */
export function firstList(text: string): string | undefined {
  const { text: plain, outline } = outlined(text)
  const [open, close] = [outline.indexOf('('), outline.indexOf(')')]
  return open < 0 || close < open ? undefined : plain.slice(open + 1, close)
}

/** The table and the columns that become NOT NULL. */
export function requiredColumns(text: string | undefined): readonly string[] {
  return [
    ...codeOf(text).matchAll(new RegExp(String.raw`\bALTER (?:COLUMN )?(${NAME_PATTERN}) SET NOT NULL\b`, 'gi')),
  ].map(([, column = '']) => column)
}
