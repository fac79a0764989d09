// What each migration of a change does to a database in use, as a table: the first thing that a reviewer reads.
import type { Report } from '../../report/check-report.js'
import { shortened } from '../words/escape.js'
import { counted } from '../words/format.js'
import { risksOf, type MigrationRisks } from '../words/risks.js'
import { SYMBOLS } from '../words/verdict.js'
import { code, prose, table } from './escape.js'

const FIRST = 20

const SYMBOL = { error: SYMBOLS.FAIL, warning: '⚠️', none: SYMBOLS.PASS } as const

/** Empty where nothing was watched. After the first 20 the rest is counted. */
export function risksMarkdown(report: Report): readonly string[] {
  const all = risksOf(report)
  if (all.length === 0) return []
  const more = all.length - FIRST
  return [
    ...table(['', 'migration', 'in a database with rows and clients'], all.slice(0, FIRST).map(rowOf)),
    ...(more > 0 ? ['', `and ${counted(more, 'more migration')}`] : []),
    '',
  ]
}

const rowOf = ({ database, migration, level, risks }: MigrationRisks): readonly string[] => [
  SYMBOL[level ?? 'none'],
  `${code(shortened(database.name, 100))} ${code(shortened(migration.id, 200))}`,
  risks
    .map(({ word, about }) => `**${prose(word)}**${about === '' ? '' : `: ${prose(shortened(about, 300))}`}`)
    .join('<br>'),
]
