// The constants in a condition, as the catalogue writes it.

/** `text` is the value without quotes. `type`: what it is casted to, if anything. `pattern`: it is compared as one. */
export type Constant = {
  readonly text: string
  readonly type: string | undefined
  readonly pattern: 'like' | 'regex' | 'similar' | undefined
}

const CONSTANT =
  /(~~\*?|!~~\*?|~\*?|!~\*?|similar_to_escape\(|similar_escape\()?\s*\(*(?:(E?)'((?:[^'\\]|''|\\[\s\S])*)'|(?<![\w$"])(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w$"]))\)*(?:::("(?:[^"]|"")+"|[\w. ]+(?:\(\d+(?:,\d+)?\))?))?/g

const QUOTED_NAME = /"(?:[^"]|"")*"/g

/** As many are of use. */
const MOST = 60

/** In the order of the text, each once. PostgreSQL writes LIKE as ~~ (ruleutils.c). */
export function constantsIn(condition: string): readonly Constant[] {
  const found = new Map<string, Constant>()
  for (const [, operator, escapes, string, number, type] of withoutQuotedNames(condition).matchAll(CONSTANT)) {
    const text = number ?? (escapes === 'E' ? unescaped(string ?? '') : (string ?? '').replaceAll("''", "'"))
    const pattern = operator === undefined || number !== undefined ? undefined : patternOf(operator)
    const constant: Constant = { text, type: type?.trim(), pattern }
    found.set(JSON.stringify(constant), constant)
  }
  return [...found.values()].slice(0, MOST)
}

/** SIMILAR TO is a call (PostgreSQL, gram.y). */
const patternOf = (operator: string): Constant['pattern'] =>
  operator.startsWith('similar') ? 'similar' : operator.includes('~~') ? 'like' : 'regex'

/** A quote inside of a quoted name would begin a string. Names of types behind a cast stay. */
const withoutQuotedNames = (condition: string): string =>
  condition.replaceAll(QUOTED_NAME, (name) => (name.includes("'") ? '"x"' : name))

/** The deparser writes a backslash doubled in E'..' (ruleutils.c, simple_quote_literal). */
const unescaped = (text: string): string => text.replaceAll("''", "'").replaceAll('\\\\', '\\')
