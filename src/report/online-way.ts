// A proved online way as words and as text to paste.
import { commandText } from '../model/command.js'
import type { OnlineWay } from './check-report.js'

/** What is proved, and what to know about it, in sentences. */
export function wayWords({ migrations, order, behind }: OnlineWay): readonly string[] {
  const several = migrations.length > 1
  return [
    several
      ? `Proved: these ${String(migrations.length)} migrations lead to the same schema, no client waits for them, and each down restores the schema.`
      : 'Proved: this migration leads to the same schema, no client waits for it, and its down restores the schema.',
    `${commandText('check --fix')} writes ${several ? 'them' : 'it'}.`,
    ...(order === undefined ? [] : ['The columns come in another order.']),
    ...(behind === undefined ? [] : [`All but the first run after ${oneLine(behind)}.`]),
  ]
}

/** The words as comments, then each file under its path. */
export const wayText = (way: OnlineWay): string =>
  [
    ...wayWords(way).map((sentence) => `-- ${sentence}`),
    ...way.files.flatMap(({ path, text }) => ['', `-- ${oneLine(path)}`, text.trimEnd()]),
  ].join('\n')

/** A comment ends with its line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
