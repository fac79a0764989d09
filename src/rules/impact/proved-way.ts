// The files of a proved online way, as text to paste.
import { commandText } from '../../model/command.js'
import type { OnlineWay } from '../../report/check-report.js'

/** Comments and SQL: what it is, and each file under its path. */
export const provedWay = ({ files, migrations, order, behind }: OnlineWay): string =>
  [
    `-- Proved: ${migrations.length === 1 ? 'this migration leads' : `these ${String(migrations.length)} migrations lead`} to the same schema, no client waits, and each goes back.`,
    `-- ${commandText('check --fix')} writes the files.`,
    ...(order === undefined ? [] : ['-- Columns come in another order.']),
    ...(behind === undefined ? [] : [`-- All but the first run after ${behind}.`]),
    ...files.flatMap(({ path, text }) => ['', `-- ${path}`, text.trimEnd()]),
  ].join('\n')
