// The migrations that a change touches: the effects of each, and its SQL in both directions side by side.
import type { DatabaseReport, MigrationReport, Report } from '../../report/check-report.js'
import { count, counted } from '../words/format.js'
import { code, codeInHtml, fence, folded } from './escape.js'
import { stateOf } from '../words/check.js'
import { schemaEffects, type SchemaEffect } from '../words/effects.js'

/** The migrations whose SQL is shown. */
export type ShownSql = 'all texts' | 'texts of problems' | 'no text'

/** A folded part for each changed migration. */
export function migrationsMarkdown(report: Report, shown: ShownSql): readonly string[] {
  return report.databases.flatMap((database) =>
    database.migrations
      .filter(({ touched }) => touched !== undefined)
      .flatMap((migration) => migrationMarkdown(database, migration, shown)),
  )
}

const WORDS = { added: 'new', edited: 'edited', renamed: 'renamed' } as const

function migrationMarkdown(database: DatabaseReport, migration: MigrationReport, shown: ShownSql): readonly string[] {
  const { id, touched = 'added', does = [], sql } = migration
  const effects = schemaEffects(does)
  const text = shown === 'all texts' || (shown === 'texts of problems' && stateOf(migration) !== 'proved')
  const [first] = effects
  const brief = first === undefined ? 'no schema change' : inShort(first, effects.length - 1)
  const title = `${codeInHtml(`${database.name} ${id}`)} (${WORDS[touched]}) ${brief}`
  return folded(title, [
    ...(effects.length > 1 || first?.detail !== undefined ? [...effects.map((one) => `- ${inFull(one)}`), ''] : []),
    ...(text && sql !== undefined ? sideBySide(sql) : []),
  ])
}

const inShort = ({ verb, name }: SchemaEffect, more: number): string =>
  `${verb} ${codeInHtml(name)}${more === 0 ? '' : `, and ${counted(more, 'more change')}`}`

const inFull = ({ verb, name, detail }: SchemaEffect): string =>
  `${verb} ${code(name)}${detail === undefined ? '' : `: ${code(detail)}`}`

/** GitHub renders Markdown in a cell of an HTML table only between blank lines. */
const sideBySide = ({ up, down }: NonNullable<MigrationReport['sql']>): readonly string[] => [
  '<table>',
  '<tr><th>up</th><th>down</th></tr>',
  '<tr><td>',
  '',
  ...script(up),
  '',
  '</td><td>',
  '',
  ...(down === undefined ? ['none'] : script(down)),
  '',
  '</td></tr>',
  '</table>',
]

const MOST_LINES = 200

function script(text: string): readonly string[] {
  const lines = text.split('\n')
  const more = lines.length - MOST_LINES
  if (more <= 0) return fence(text, 'sql')
  return [...fence(lines.slice(0, MOST_LINES).join('\n'), 'sql'), '', `and ${count(more)} more lines`]
}
