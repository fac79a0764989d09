// Tools that keep both directions in one file, in sections that begin with a marker.
import type { ToolFacts } from '../model/tool.js'
import { splitStatements } from '../sql/statements.js'
import { commented, ended, runsAlone } from './new-text.js'
import type { NewScript, Written } from './tool.js'

/**
 * Lines without their ends: `section` begins a direction, `head` the file; `alone`: without a transaction. `block` is
 * around a statement with semicolons inside, for tools that cut files at these.
 */
export type Markers = {
  readonly section: (direction: 'up' | 'down', alone: boolean) => string
  readonly head?: (alone: boolean) => string | undefined
  readonly block?: NonNullable<ToolFacts['statementBlock']>
}

export function oneFile(markers: Markers): Written<'one file'> {
  const section = (direction: 'up' | 'down', script: NewScript): string =>
    `${markers.section(direction, runsAlone(script))}\n${text(script, markers)}`
  return {
    directions: { in: 'one file', downMarker: markers.section('down', false) },
    create: {
      names: ({ write }) => {
        const file = write('both')
        return { id: file.replace(/\.sql$/, ''), up: file, down: file }
      },
      script: (script) => text(script, markers),
      files: ({ up: path }, up, down) => {
        const head = markers.head?.(runsAlone(up))
        const sections = [section('up', up), section('down', down)].join('\n')
        return [{ path, text: head === undefined ? sections : `${head}\n${sections}` }]
      },
    },
  }
}

const text = ({ comments, sql }: NewScript, markers: Markers): string =>
  `${commented(comments)}${bracketed(sql, markers)}`

function bracketed(sql: string, { block }: Markers): string {
  if (block === undefined) return ended(sql)
  const statements = splitStatements(sql)
  let at = 0
  const pieces = statements.map(({ text: statement, end }) => {
    const piece = `${sql.slice(at, end).trim()}\n`
    at = end
    const whole = piece.trimEnd().endsWith(';') ? piece : `${piece.trimEnd()};\n`
    return statement.includes(';') ? `${block.begin}\n${whole}${block.end}\n` : whole
  })
  return `${pieces.join('')}${ended(sql.slice(at))}`
}
