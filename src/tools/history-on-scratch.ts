// A tool's own table on a scratch database: made where migrations expect it, as the tool makes it before the first.
import type { DatabaseConfig } from '../model/config.js'
import type { History } from '../state/history.js'
import type { LayoutName, Migration, Script } from '../model/migration.js'
import { identifier } from '../sql/quote.js'
import { withoutComments } from '../sql/statements.js'
import { histories } from './histories.js'
import { parseTableName } from './table-name.js'
import { toolNamed } from './tools.js'

/** `sql` makes the table of that tool. */
export type Mentioned = { readonly kind: History['kind']; readonly sql: string }

/**
 * The tool's table, where a script names it and none makes it; undefined otherwise, since an unused table
 * costs time in every scratch database. `others` are scripts that run before the migrations. Which tool: the config's,
 * else the first of the layout's tools whose table is named. Throws a UserError (`use`) for an invalid name in the config.
 */
export function mentionedHistory(options: {
  readonly config: Pick<DatabaseConfig, 'history'>
  readonly layout: LayoutName
  readonly migrations: readonly Migration[]
  readonly others: readonly Script[]
}): Mentioned | undefined {
  const { config, layout, migrations, others } = options
  const { kind, table } = config.history
  const tools =
    kind === undefined ? toolNamed(layout).histories.candidates : histories.filter((one) => one.kind === kind)
  const texts = [...others, ...migrations.flatMap(({ up, down }) => [up ?? [], down ?? []].flat())].flatMap(
    ({ messages }) => messages.map(({ text }) => text),
  )
  for (const history of tools) {
    if (history.kind === 'ours') continue
    const { schema, name } = parseTableName(table ?? history.table, history)
    const word = mentions(name)
    const named = texts.filter((text) => word.test(text)).map(withoutComments)
    if (!named.some((text) => word.test(text))) continue
    if (named.some((text) => makes(name).test(text))) return undefined
    const home = schema ?? 'public'
    const first = schema === undefined ? '' : `CREATE SCHEMA IF NOT EXISTS ${identifier(schema)};\n`
    return { kind: history.kind, sql: `${first}${history.create(`${identifier(home)}.${identifier(name)}`)}` }
  }
  return undefined
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const mentions = (name: string): RegExp => new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`, 'i')

/** With IF NOT EXISTS nothing is made where the tool came first. */
const makes = (name: string): RegExp =>
  new RegExp(
    `\\bCREATE\\s+(?:UNLOGGED\\s+)?TABLE\\s+(?!IF\\s+NOT\\s+EXISTS\\b)(?:(?:"[^"]+"|[\\w$]+)\\s*\\.\\s*)?"?${escaped(name)}(?![\\w$])`,
    'i',
  )
