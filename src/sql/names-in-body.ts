// What the body of a routine names, by the places in which SQL and PL/pgSQL take a relation, a routine or a type.
import { scan, type Token } from './scan.js'

/** As the server folds it. `schema` is undefined for a name that the search_path has to find. */
export type BodyName = { readonly schema: string | undefined; readonly name: string }

/**
 * `relations` are read (`FROM`, `JOIN`) or written. `types` are those of casts, collations, and all names with a schema
 * that are nothing else: a declared type, or a column of a table. `operators` are all of them, as written. `runsText`: it
 * executes statements that it builds from text. `setsPath`: it speaks of search_path. `makes`: it creates something.
 * `texts` are the contents of its strings.
 */
export type BodyNames = {
  readonly relations: readonly (BodyName & { readonly use: 'read' | 'write' })[]
  readonly routines: readonly BodyName[]
  readonly types: readonly BodyName[]
  readonly operators: readonly string[]
  readonly runsText: boolean
  readonly setsPath: boolean
  readonly makes: boolean
  readonly texts: readonly string[]
}

/** One level of parentheses. `opener`: the word in front of it. `list`: it is in a FROM list, where commas separate. */
type Frame = {
  readonly opener: string
  list: boolean
  next: 'read' | 'write' | undefined
}

type Walk = {
  readonly tokens: readonly Token[]
  readonly relations: (BodyName & { readonly use: 'read' | 'write' })[]
  readonly routines: BodyName[]
  readonly types: BodyName[]
  readonly operators: Set<string>
  /** Names that the body itself gives: of WITH queries and of cursors. */
  readonly own: Set<string>
  readonly frames: Frame[]
  /** The verb of the current statement, as far as a later word depends on it. */
  verb: string
  runsText: boolean
  makes: boolean
}

/** Their FROM separates arguments (PostgreSQL, "String Functions" and "Date/Time Functions"). */
const TAKE_FROM = new Set(['EXTRACT', 'SUBSTRING', 'TRIM', 'OVERLAY', 'POSITION'])
const ENDS_LIST = new Set(
  'WHERE GROUP ORDER HAVING LIMIT OFFSET UNION INTERSECT EXCEPT WINDOW RETURNING SET LOOP THEN FOR SELECT WITH VALUES'.split(
    ' ',
  ),
)
const VERBS = new Set('DELETE MERGE INSERT SELECT UPDATE EXECUTE RAISE OPEN FETCH MOVE CREATE'.split(' '))
/** Functions that execute a query (PostgreSQL, "Mapping Tables to XML", "Text Search Functions", tablefunc). */
const RUNS_TEXT = new Set(
  'query_to_xml query_to_xmlschema query_to_xml_and_xmlschema ts_stat ts_rewrite crosstab crosstab2 crosstab3 crosstab4 connectby'.split(
    ' ',
  ),
)
const OPERATOR = /[-+*/<>=~!@#%^&|`?]/

/** Comments count for nothing. Never fails: unknown words name nothing. */
export function namesInBody(body: string): BodyNames {
  const { tokens, regions } = scan(body)
  const walk: Walk = {
    tokens,
    relations: [],
    routines: [],
    types: [],
    operators: new Set(),
    own: new Set(),
    frames: [{ opener: '', list: false, next: undefined }],
    verb: '',
    runsText: false,
    makes: false,
  }
  for (let at = 0; at < tokens.length;) at = step(walk, at)
  const { own } = walk
  const foreign = (one: BodyName): boolean => one.schema !== undefined || !own.has(one.name)
  return {
    relations: walk.relations.filter(foreign),
    routines: walk.routines.filter(foreign),
    types: walk.types,
    operators: [...walk.operators],
    runsText: walk.runsText,
    setsPath: /\bsearch_path\b/i.test(body),
    makes: walk.makes,
    texts: regions
      .filter(({ kind }) => kind === 'string' || kind === 'dollar')
      .map(({ start, end }) =>
        body
          .slice(start, end)
          .replace(/^(?:'|\$\w*\$)/, '')
          .replace(/(?:'|\$\w*\$)$/, ''),
      ),
  }
}

const wordAt = ({ tokens }: Walk, at: number): string => {
  const token = tokens[at]
  return token?.kind === 'word' ? token.text.toUpperCase() : (token?.text ?? '')
}

/** Reads what is at `at`, and gives where the next one begins. */
function step(walk: Walk, at: number): number {
  const token = walk.tokens[at]
  const frame = walk.frames.at(-1)
  if (token === undefined || frame === undefined) return at + 1
  if (token.kind === 'sign') return sign(walk, at, frame)
  if (token.kind === 'word' && keyword(walk, at, frame)) return at + 1
  return name(walk, at, frame)
}

function sign(walk: Walk, at: number, frame: Frame): number {
  const { tokens, frames } = walk
  const text = tokens[at]?.text ?? ''
  if (text === '(') {
    const opener = wordAt(walk, at - 1)
    const joins = frame.next !== undefined && !/^(?:SELECT|WITH|VALUES)$/.test(wordAt(walk, at + 1))
    frames.push({ opener, list: joins, next: joins ? frame.next : undefined })
    frame.next = undefined
    return at + 1
  }
  if (text === ')') {
    if (frames.length > 1) frames.pop()
    return at + 1
  }
  if (text === ',') {
    if (frame.list) frame.next = 'read'
    return at + 1
  }
  if (text === ';') {
    frames.splice(0, frames.length, { opener: '', list: false, next: undefined })
    walk.verb = ''
    return at + 1
  }
  if (text === ':' && tokens[at + 1]?.text === ':') {
    const found = chain(walk, at + 2)
    if (found !== undefined) walk.types.push(found.name)
    return found?.end ?? at + 2
  }
  return OPERATOR.test(text) ? operator(walk, at) : at + 1
}

/** Signs without space between them. One that ends in + or - needs a sign that no SQL operator has (scan.l). */
function operator(walk: Walk, start: number): number {
  const { tokens } = walk
  let text = ''
  let at = start
  for (; OPERATOR.test(tokens[at]?.text ?? '') && tokens[at]?.start === (tokens[start]?.start ?? 0) + text.length; at++)
    text += tokens[at]?.text ?? ''
  const isTypeOf = text === '%' && /^(?:ROW)?TYPE$/.test(wordAt(walk, at))
  if (!isTypeOf) walk.operators.add(/[~!@#%^&|`?]/.test(text) ? text : text.replace(/(?<=.)[-+]+$/, ''))
  return at
}

/** Whether the word is a keyword here. */
function keyword(walk: Walk, at: number, frame: Frame): boolean {
  const word = wordAt(walk, at)
  const before = wordAt(walk, at - 1)
  const after = wordAt(walk, at + 1)
  if (before === '.' || after === '.') return false
  if (ENDS_LIST.has(word)) frame.list = false
  if (VERBS.has(word) && !(word === 'UPDATE' && /^(?:DO|FOR|KEY)$/.test(before))) walk.verb = word
  switch (word) {
    case 'FROM':
      if (before === 'DISTINCT' || TAKE_FROM.has(frame.opener) || /^(?:FETCH|MOVE)$/.test(walk.verb)) return true
      frame.list = true
      frame.next = before === 'DELETE' ? 'write' : 'read'
      return true
    case 'JOIN':
      frame.next = 'read'
      return true
    case 'USING':
      if (/^(?:DELETE|MERGE)$/.test(walk.verb) && after !== '(') frame.next = 'read'
      return true
    case 'INTO':
      if (/^(?:INSERT|MERGE)$/.test(before)) frame.next = 'write'
      return true
    case 'UPDATE':
      if (!/^(?:DO|FOR|KEY)$/.test(before)) frame.next = 'write'
      return true
    case 'TRUNCATE':
      frame.next = 'write'
      return true
    case 'TABLE':
      if (frame.next === undefined && /^(?:|\(|;|UNION|ALL|AS|QUERY)$/.test(before)) frame.next = 'read'
      return true
    case 'ONLY':
    case 'LATERAL':
      return true
    case 'ROWS':
      return frame.next !== undefined && after === 'FROM'
    case 'EXECUTE':
      if (!/^(?:FUNCTION|PROCEDURE)$/.test(after)) walk.runsText = true
      return true
    case 'CREATE':
      walk.makes = true
      return true
    case 'COLLATE': {
      const found = chain(walk, at + 1)
      if (found !== undefined) walk.types.push(found.name)
      return true
    }
    case 'CURSOR':
      own(walk, at - (before === 'SCROLL' ? (wordAt(walk, at - 2) === 'NO' ? 3 : 2) : 1))
      return true
    case 'AS':
      as(walk, at, frame)
      return true
    default:
      if (ENDS_LIST.has(word)) frame.next = undefined
      return ENDS_LIST.has(word) || VERBS.has(word)
  }
}

/** `CAST(x AS type)`, or `name [(columns)] AS [NOT] [MATERIALIZED] (` of a WITH query. */
function as(walk: Walk, at: number, frame: Frame): void {
  const { tokens } = walk
  if (frame.opener === 'CAST') {
    const found = chain(walk, at + 1)
    if (found !== undefined) walk.types.push(found.name)
    return
  }
  let next = at + 1
  while (/^(?:NOT|MATERIALIZED)$/.test(wordAt(walk, next))) next++
  if (tokens[next]?.text !== '(') return
  let named = at - 1
  if (tokens[named]?.text === ')') {
    while (named > 0 && tokens[named]?.text !== '(') named--
    named--
  }
  own(walk, named)
}

function own(walk: Walk, at: number): void {
  const token = walk.tokens[at]
  if (token !== undefined && token.kind !== 'sign') walk.own.add(folded(token))
}

function name(walk: Walk, at: number, frame: Frame): number {
  const found = chain(walk, at)
  if (found === undefined) return at + 1
  const { end } = found
  const isCall = walk.tokens[end]?.text === '('
  if (frame.next !== undefined) {
    const use = frame.next
    frame.next = undefined
    if (isCall && use === 'read') walk.routines.push(found.name)
    else walk.relations.push({ ...found.name, use })
    return end
  }
  // `) AS t (a, b)` and `) t (a, b)` name columns.
  if (isCall && RUNS_TEXT.has(found.name.name)) walk.runsText = true
  if (isCall && !/^(?:\)|AS|WITH)$/.test(wordAt(walk, at - 1))) walk.routines.push(found.name)
  else if (found.name.schema !== undefined) walk.types.push(found.name)
  return end
}

/** The dotted name that begins here: its last two parts, and where it ends. */
function chain(walk: Walk, start: number): { readonly name: BodyName; readonly end: number } | undefined {
  const { tokens } = walk
  const parts: string[] = []
  let at = start
  for (;;) {
    const token = tokens[at]
    if (token === undefined || token.kind === 'sign' || /^\d/.test(token.text)) break
    parts.push(folded(token))
    at++
    if (tokens[at]?.text !== '.') break
    at++
  }
  const last = parts.at(-1)
  return last === undefined ? undefined : { name: { schema: parts.at(-2), name: last }, end: at }
}

const folded = ({ text, kind }: Token): string =>
  kind === 'quoted' ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase()
