// Writes the text of a new migration's files in the form of its layout. Pure.
import type { LayoutName } from '../../model/migration.js'
import { splitStatements } from '../../sql/statements.js'
import { outsideTransaction } from '../../sql/transactions.js'
import type { NewName } from './file-names.js'

/** `comments`: one sentence for each line. `sql`: a script, or empty. */
export type NewScript = { readonly comments: readonly string[]; readonly sql: string }

export type NewFile = { readonly path: string; readonly text: string }

/**
 * Markers of a layout with both directions in one file. `section` starts a direction, `head` the file, `open` and `close`
 * enclose a statement with semicolons inside. `alone`: without a transaction.
 */
type Markers = {
  readonly section: (direction: 'up' | 'down', alone: boolean) => string
  readonly head: (alone: boolean) => string
  readonly open: string
  readonly close: string
}

const MARKERS: Readonly<Record<Exclude<LayoutName, 'pairs' | 'directories'>, Markers>> = {
  goose: {
    section: (direction) => `-- +goose ${direction === 'up' ? 'Up' : 'Down'}\n`,
    head: (alone) => (alone ? '-- +goose NO TRANSACTION\n' : ''),
    open: '-- +goose StatementBegin\n',
    close: '-- +goose StatementEnd\n',
  },
  'sql-migrate': {
    section: (direction, alone) =>
      `-- +migrate ${direction === 'up' ? 'Up' : 'Down'}${alone ? ' notransaction' : ''}\n`,
    head: () => '',
    open: '-- +migrate StatementBegin\n',
    close: '-- +migrate StatementEnd\n',
  },
  dbmate: {
    section: (direction, alone) => `-- migrate:${direction}${alone ? ' transaction:false' : ''}\n`,
    head: () => '',
    open: '',
    close: '',
  },
}

/** The marker of a down in a layout that keeps both directions in one file; undefined in one that does not. */
export const downMarker = (layout: LayoutName): string | undefined =>
  layout === 'pairs' || layout === 'directories' ? undefined : MARKERS[layout].section('down', false)

/** Comments and SQL as the layout writes them. */
export const scriptText = (layout: LayoutName, { comments, sql }: NewScript): string =>
  layout === 'pairs' || layout === 'directories'
    ? plainText({ comments, sql })
    : `${commentLines(comments)}${withStatementMarkers(sql, MARKERS[layout])}`

/** One file or two. A module holds only the comments of the scripts. */
export function newFiles(options: {
  readonly layout: LayoutName
  readonly name: NewName
  readonly up: NewScript
  readonly down: NewScript
}): readonly NewFile[] {
  const { layout, name, up, down } = options
  if (name.language === 'module') return [{ path: name.up, text: moduleText(up, down) }]
  if (layout === 'pairs' || layout === 'directories') {
    return [
      { path: name.up, text: plainText(up) },
      { path: name.down, text: plainText(down) },
    ]
  }
  const markers = MARKERS[layout]
  const section = (direction: 'up' | 'down', script: NewScript): string =>
    `${markers.section(direction, runsOutsideTransaction(script.sql))}${commentLines(script.comments)}${withStatementMarkers(script.sql, markers)}`
  const parts = [section('up', up), section('down', down)]
  return [{ path: name.up, text: `${markers.head(runsOutsideTransaction(up.sql))}${parts.join('\n')}` }]
}

const moduleText = (up: NewScript, down: NewScript): string =>
  (
    [
      ['up', up],
      ['down', down],
    ] as const
  )
    .map(
      ([direction, { comments }]) =>
        `${commentLines(comments, '//')}export async function ${direction}({ query }) {}\n`,
    )
    .join('\n')

const plainText = ({ comments, sql }: NewScript): string => `${commentLines(comments)}${withFinalNewline(sql)}`

/** Control characters and line separators in a name would end the comment early, so they become blanks. */
const commentLines = (comments: readonly string[], mark: '--' | '//' = '--'): string =>
  comments.map((line) => `${mark} ${line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}\n`).join('')

const withFinalNewline = (sql: string): string => (sql.trim() === '' ? '' : `${sql.trimEnd()}\n`)

/** Whether the script has a statement that cannot run inside of a transaction. */
const runsOutsideTransaction = (sql: string): boolean =>
  splitStatements(sql).some((statement) => outsideTransaction(statement) !== undefined)

/** Marks the begin and end of statements with semicolons inside, for tools that split files at semicolons. */
function withStatementMarkers(sql: string, { open, close }: Markers): string {
  if (open === '') return withFinalNewline(sql)
  const statements = splitStatements(sql)
  let at = 0
  const pieces = statements.map(({ text, end }) => {
    const piece = `${sql.slice(at, end).trim()}\n`
    at = end
    const whole = piece.trimEnd().endsWith(';') ? piece : `${piece.trimEnd()};\n`
    return text.includes(';') ? `${open}${whole}${close}` : whole
  })
  return `${pieces.join('')}${withFinalNewline(sql.slice(at))}`
}
