// The result of `create` for a terminal.
import { provedOn } from '../../report/proved-on.js'
import { indent, inkOf, wrap } from './layout.js'

/** The part of the result that is shown. */
export type CreatedView = {
  readonly files: readonly string[]
  readonly derived:
    | {
        readonly word: 'same' | 'column-order' | 'function-layout' | 'not proved'
        readonly statements: number
        readonly notes: readonly string[]
        readonly loses: readonly string[]
        readonly problem: string | undefined
        readonly onRows: 'holds' | 'fails' | 'fails on some' | 'not tried'
      }
    | undefined
}

const MARGIN = 10

const EXCEPTIONS: Readonly<Record<string, string>> = {
  'column-order': ' (except the order of columns)',
  'function-layout': ' (except blanks and comments in functions)',
}

/** One line for each file, then the derived down. Ends with a line feed. */
export function renderCreated(view: CreatedView, { width, colour }: { width: number; colour: boolean }): string {
  const ink = inkOf(colour)
  const row = (word: string, text: string, paint: (text: string) => string): readonly string[] => {
    const [first = '', ...rest] = wrap(text, width - MARGIN)
    return [`${paint(word.padEnd(MARGIN))}${first}`, ...indent(MARGIN, rest)]
  }
  const { files, derived } = view
  const lines = files.flatMap((file) => row('created', file, ink.green))
  if (derived !== undefined) {
    const { problem, statements, word, onRows } = derived
    const except = EXCEPTIONS[word] ?? ''
    const count = `${statements} ${statements === 1 ? 'statement' : 'statements'}`
    const right = `the down has ${count}; ${provedOn(onRows === 'holds' ? {} : { onRows })}: up, down and up again restore the schema${except}`
    lines.push(...(problem === undefined ? row('derived', right, ink.green) : row('no down', problem, ink.red)))
    for (const what of problem === undefined ? derived.loses : []) lines.push(...row('drops', what, ink.yellow))
    for (const note of derived.notes) lines.push(...row('note', note, ink.dim))
  }
  return `${lines.join('\n')}\n`
}
