// What code that runs inside a statement does to rows, as far as its text shows: DO blocks, bodies of functions, calls.
import { callsIn, outlined } from '../clauses.js'
import { NAME_PATTERN } from '../quote.js'
import { rowChangesOf } from './row-changes.js'
import { codeOnly, dollarQuoted, splitStatements, withoutComments, type Statement } from '../statements.js'

/**
 * `writes` are the tables named after UPDATE, DELETE, TRUNCATE, MERGE and ON CONFLICT DO UPDATE anywhere, also in strings;
 * each with the columns that an UPDATE sets, where that is clear. `built`: such a statement is put together from parts, or a text from elsewhere is executed. `calls` are functions that it may
 * call, by their names without schema. `changes`: whether any such statement was found.
 */
export type CodeText = {
  readonly writes: readonly CodeWrite[]
  readonly built: boolean
  readonly calls: readonly string[]
  readonly changes: boolean
}

export type CodeWrite = { readonly table: string; readonly columns: readonly string[] | undefined }

const NAME = String.raw`${NAME_PATTERN}(?:\s*\.\s*${NAME_PATTERN})*`
const NO_NAME = String.raw`(?!(?:ON|OF|OR|AND|SET|TO|FROM|IN|IS|THEN|WHERE)\b)`
/** A name, or whatever a string goes on with where a name is due: `%I`, a quote, the end of the text. */
const OBJECT = String.raw`(?:ONLY\s+)?(?:${NO_NAME}(${NAME})|[%'|"$;)]|$)`
const CHANGES = [
  new RegExp(String.raw`\bDELETE\s+FROM\s+${OBJECT}`, 'gi'),
  new RegExp(
    String.raw`(?<!\b(?:FOR|ON|DO|OR|BEFORE|AFTER|OF|KEY|NO\s+KEY)\s+)\bUPDATE\s+${OBJECT}(?=[^;]*?\bSET\b)`,
    'gi',
  ),
  new RegExp(String.raw`\bTRUNCATE\s+(?:TABLE\s+)?${OBJECT}`, 'gi'),
  new RegExp(String.raw`\bMERGE\s+INTO\s+${OBJECT}`, 'gi'),
  new RegExp(String.raw`\bINSERT\s+INTO\s+${OBJECT}(?=[^;]*?\bON\s+CONFLICT\b[^;]*?\bDO\s+UPDATE\b)`, 'gi'),
]
const RAISE = /\bRAISE\b(?:'(?:[^']|'')*'|[^;'])*;/gi
const COMMENT_ON = /\bCOMMENT\s+ON\b[^;']*'(?:[^']|'')*'/gi

/** `text` is the code itself, with its strings. */
export function readCode(text: string): CodeText {
  const code = withoutComments(text).replaceAll(RAISE, ' ').replaceAll(COMMENT_ON, ' ')
  // A string is code only where something runs it. The body of a block or function is one as well.
  const [body = code] = bodiesOf(code)
  const runsText = RUNS_TEXT.test(body)
  const opened = runsText ? withoutQuotes(code) : codeOnly(body)
  const found = CHANGES.flatMap((pattern) => [...opened.matchAll(pattern)])
  return {
    writes: found.flatMap(({ index, 1: name }) =>
      name === undefined
        ? []
        : [{ table: name.replaceAll(/\s*\.\s*/g, '.'), columns: runsText ? undefined : columnsSet(body, index) }],
    ),
    built: found.some(([, name]) => name === undefined) || executesOther(body),
    calls: callsIn(opened).filter((name) => !SYNTAX.has(name)),
    changes: found.length > 0,
  }
}

/** The columns that the UPDATE at this place sets. */
function columnsSet(body: string, at: number): readonly string[] | undefined {
  const end = codeOnly(body).indexOf(';', at)
  const text = body.slice(at, end === -1 ? undefined : end)
  const [change] = /^UPDATE\b/i.test(text) ? rowChangesOf({ text, words: ['UPDATE'] }) : []
  return change?.kind === 'update' ? change.sets?.map(({ column }) => column) : undefined
}

const RUNS_TEXT = /\bEXECUTE\s+(?!FUNCTION\b|PROCEDURE\b|ON\b)|\b(?:query_to_xml\w*|dblink\w*|cursor_to_xml)\b/i

/** The body of a DO block or a function, which is a string itself. */
function bodiesOf(code: string): readonly string[] {
  const isBlock = /^\s*DO\b/i.test(code) || /^\s*(?:CREATE\b[^]*?\b)?AS\s+[$']/i.test(code)
  const body = isBlock ? (dollarQuoted(code) ?? /'((?:[^']|'')*)'/.exec(code)?.[1]?.replaceAll("''", "'")) : undefined
  return body === undefined ? [] : [body]
}

/** The text with the insides of its strings as code. */
export const withoutQuotes = (code: string): string =>
  code.replaceAll(/'|\$\w*\$/g, (quote) => ' '.repeat(quote.length))

/** Whether EXECUTE runs a text of which the code holds no part. */
function executesOther(code: string): boolean {
  const { outline, text } = outlined(code)
  return [...outline.matchAll(/\bEXECUTE\b(?!\s+(?:FUNCTION|PROCEDURE|ON)\b)/gi)].some((found) => {
    const from = found.index + found[0].length
    const argument = text.slice(from, text.indexOf(';', from) === -1 ? undefined : text.indexOf(';', from))
    if (argument.includes("'") || argument.includes('$')) return false
    const [name] = new RegExp(`^${NAME_PATTERN}`).exec(argument.trim()) ?? []
    const assigned = new RegExp(
      String.raw`(?<![\w$])${name ?? '^'}\s+(?:text|varchar|character\s+varying)?\s*:?=[^;]*['$]`,
      'i',
    )
    return name === undefined || !assigned.test(text)
  })
}

/** Words before a parenthesis that are no functions. */
const SYNTAX = new Set(
  `all and any array as by case cast check coalesce column conflict constraint cube default distinct else except exists
   extract filter foreign from group grouping having if in index inner intersect interval into is join key lateral left
   like limit loop materialized not nullif numeric on or order over overlay partition position primary range references
   returning returns right rollup row select set sets similar some substring table then trim treat union unique using
   values varchar varying when where while with within char character decimal bit time timestamp bigint integer`.split(
    /\s+/,
  ),
)

/** PL/pgSQL statements that run once, one after another, and change no rows themselves. */
const PLAIN = new Set(
  'ALTER ANALYZE COMMENT CREATE DELETE DROP GRANT INSERT LOCK MERGE NULL PERFORM RAISE REFRESH REVOKE SET TRUNCATE UPDATE WITH'.split(
    ' ',
  ),
)

/**
 * The statements of a DO block without branches, loops and handlers: they run as they are written. An EXECUTE of one
 * string counts as the statements in it. Undefined for any other block.
 */
export function plainBlock({ text, words }: Pick<Statement, 'text' | 'words'>): readonly Statement[] | undefined {
  if (words[0] !== 'DO') return undefined
  const body = dollarQuoted(text)
  if (body === undefined || /\bLANGUAGE\s+(?!'?plpgsql\b)/i.test(outlined(text).outline)) return undefined
  const [, , inner] =
    /^\s*(DECLARE\b(?:(?!\bBEGIN\b)[^])*)?BEGIN\b([^]*)\bEND\s*;?\s*$/i.exec(withoutComments(body)) ?? []
  if (inner === undefined) return undefined
  const statements: Statement[] = []
  for (const statement of splitStatements(inner)) {
    const [word = ''] = statement.words
    const executed = word === 'EXECUTE' ? executedText(statement.text) : undefined
    if (executed !== undefined) statements.push(...splitStatements(executed))
    else if (PLAIN.has(word)) statements.push(statement)
    else return undefined
  }
  return statements
}

/** The text of an EXECUTE of one string, without parameters. */
function executedText(text: string): string | undefined {
  const [, quoted] = /^EXECUTE\s+'((?:[^']|'')*)'\s*$/i.exec(text) ?? []
  if (quoted !== undefined && !quoted.includes('\\')) return quoted.replaceAll("''", "'")
  return /^EXECUTE\s+\$\w*\$[^]*\$\w*\$\s*$/i.test(text) ? dollarQuoted(text) : undefined
}
