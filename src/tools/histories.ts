// The list of histories, and which one the proof of a chain uses.
import type { DatabaseConfig } from '../model/config.js'
import { UserError } from '../model/errors.js'
import type { History } from '../state/history.js'
import { type LayoutName, type Migration, versionedOf } from '../model/migration.js'
import { identifier } from '../sql/quote.js'
import { ours } from './pairs/own-history.js'
import { parseTableName } from './table-name.js'
import type { Refused, Tool } from './tool.js'
import { toolNamed, tools } from './tools.js'

/** The histories of all tools, and our own. */
export const histories: readonly History[] = [...new Set([...tools.flatMap((tool) => tool.histories.candidates), ours])]

/**
 * For a scratch database: the tool that the config names, else the layout's own, with a table whose schema always
 * exists. Folders of pairs get our own table. So do migrations that the tool could not record in full.
 */
export function historyOf(options: {
  readonly config: Pick<DatabaseConfig, 'history'>
  readonly layout: LayoutName
  readonly migrations: readonly Migration[]
}): History {
  const { kind, table } = options.config.history
  const own = kind === undefined ? toolNamed(options.layout).histories.scratch : historyNamed(kind)
  const history = own ?? ours
  if (history === ours || !versionedOf(options.migrations).every((migration) => isRecordable(history, migration)))
    return ours
  const name = table === undefined ? history.table : identifier(parseTableName(table, history).name)
  // A migration may change the search_path. That hides the table only from tools that follow the search_path.
  return { ...history, table: history.looks === 'in one schema' ? `public.${name}` : name }
}

/** The history of a tool; our own for a name that is not a tool. */
export const historyNamed = (kind: History['kind'] | undefined): History =>
  histories.find((one) => one.kind === kind) ?? ours

function isRecordable(history: History, migration: Migration): boolean {
  try {
    return history.record(history.table, migration) !== ''
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

/** Why these migrations cannot be applied or rolled back on a live database; undefined where they can. */
export function liveRefusal(tool: Pick<Tool, 'histories'>, migrations: readonly Migration[]): Refused | undefined {
  const refused = tool.histories.refusal(migrations)
  const repeated = migrations.find(({ repeat }) => repeat !== undefined)
  if (refused !== undefined || repeated === undefined) return refused
  return {
    holds: `migrations that run again whenever they change (${repeated.id}), which is not supported on live databases yet`,
    fix: 'Keep applying them with their own tool',
  }
}
