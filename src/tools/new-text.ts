// The text of new files: comments and SQL, for any tool.
import { splitStatements } from '../sql/statements.js'
import { refusesTransaction } from '../sql/transactions.js'
import type { NewScript } from './tool.js'

/** Comments, then the SQL as it is. */
export const plain = ({ comments, sql }: NewScript): string => `${commented(comments)}${ended(sql)}`

/** A comment ends with its line, also where a name in it holds a line end. */
export const commented = (comments: readonly string[], mark: '--' | '//' = '--'): string =>
  comments.map((line) => `${mark} ${line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}\n`).join('')

/** The SQL with one line end at its end; empty text for blank SQL. */
export const ended = (sql: string): string => (sql.trim() === '' ? '' : `${sql.trimEnd()}\n`)

/** Whether it has to run without a transaction around it. */
export const runsAlone = ({ sql, transaction }: NewScript): boolean =>
  transaction === 'none' || splitStatements(sql).some((statement) => refusesTransaction(statement) !== undefined)
