// What `create` did, for a terminal.
import { indent, inkOf, wrap } from './layout.js'

/** The result of the command, as far as it is shown. */
export type CreatedView = {
  readonly files: readonly string[]
  readonly derived:
    | {
        readonly word: 'same' | 'column-order' | 'not proved'
        readonly statements: number
        readonly notes: readonly string[]
        readonly loses: readonly string[]
        readonly problem: string | undefined
      }
    | undefined
}

const MARGIN = 10

/** One line for each file, then what came of the down. Ends with a line feed. */
export function renderCreated(view: CreatedView, { width, colour }: { width: number; colour: boolean }): string {
  const ink = inkOf(colour)
  const row = (word: string, text: string, paint: (text: string) => string): readonly string[] => {
    const [first = '', ...rest] = wrap(text, width - MARGIN)
    return [`${paint(word.padEnd(MARGIN))}${first}`, ...indent(MARGIN, rest)]
  }
  const { files, derived } = view
  const lines = files.flatMap((file) => row('created', file, ink.green))
  if (derived !== undefined) {
    const { problem, statements, word } = derived
    const order = word === 'column-order' ? ', but for the order of columns' : ''
    const count = `${statements} ${statements === 1 ? 'statement' : 'statements'}`
    const right = `the down has ${count}; up, down and up again leave the schema as it was${order}`
    lines.push(...(problem === undefined ? row('derived', right, ink.green) : row('no down', problem, ink.red)))
    for (const what of problem === undefined ? derived.loses : []) lines.push(...row('drops', what, ink.yellow))
    for (const note of derived.notes) lines.push(...row('note', note, ink.dim))
  }
  return `${lines.join('\n')}\n`
}
