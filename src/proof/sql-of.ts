// The text of a migration for its report.
import type { Migration, Script } from '../core/migration.js'
import type { MigrationReport } from '../core/report.js'

/** No reviewer reads more than this of one script. */
const MOST_CHARACTERS = 64 * 1024

/** As the tool sends it, message by message. */
export const sqlOf = ({ up, down }: Pick<Migration, 'up' | 'down'>): NonNullable<MigrationReport['sql']> => ({
  up: up === undefined ? '' : textOf(up),
  down: down && textOf(down),
})

function textOf({ messages }: Script): string {
  const text = messages
    .map((message) => message.text.trim())
    .filter((message) => message !== '')
    .join('\n\n')
  if (text.length <= MOST_CHARACTERS) return text
  return `${text.slice(0, text.lastIndexOf('\n', MOST_CHARACTERS))}\n-- (cut here: ${text.length.toLocaleString('en')} characters)`
}
