// The statements in the body of a block or a routine.
import { scan } from './scan.js'

/** Words behind which a statement begins. */
const STARTS = new Set(['BEGIN', 'THEN', 'ELSE', 'LOOP', 'ATOMIC', 'DECLARE'])

/** The statements of PL/pgSQL or SQL, and what is between them: each text ends where a statement may begin. */
export function statementsInBody(body: string): readonly string[] {
  const statements: string[] = []
  let start = 0
  let depth = 0
  for (const { text, kind, start: at } of scan(body).tokens) {
    if (text === '(') depth++
    else if (text === ')') depth--
    const begins = kind === 'word' && STARTS.has(text.toUpperCase())
    if (depth > 0 || (text !== ';' && !begins)) continue
    statements.push(body.slice(start, at))
    start = at + text.length
  }
  return [...statements, body.slice(start)].map((one) => one.trim()).filter((one) => one !== '')
}
