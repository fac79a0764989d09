// Which table of a target holds the applied versions.
import type { DatabaseConfig } from '../core/config.js'
import { UserError } from '../core/errors.js'
import { sqlName, type History } from '../core/history.js'
import { candidatesFrom, candidatesQuery, type FoundTables } from '../histories/candidates.js'
import { detectHistory } from '../histories/detect.js'
import { parseTableName } from '../histories/table-name.js'
import type { Target } from '../ports/target.js'
import type { ReadDatabase } from './read-database.js'

/** `table` is qualified and can stand in SQL as it is; `schema` and `name` are its parts as they are called. */
export type FoundHistory = {
  readonly history: History
  readonly table: string
  readonly schema: string
  readonly name: string
  readonly exists: boolean
  /** By what it was decided, and the histories that were passed over, as sentences. */
  readonly reason: string
  readonly notes: readonly string[]
}

/** The tables of a target that may be a history. */
export async function readCandidates(options: {
  readonly target: Target
  readonly config: Pick<DatabaseConfig, 'history'>
}): Promise<FoundTables> {
  const { kind, table } = options.config.history
  const named = table === undefined ? [] : [parseTableName(table, kind ?? 'ours').name]
  return candidatesFrom(await options.target.read(candidatesQuery(named)))
}

/** Rejects with a UserError (`use`) when the database leaves it open which history counts. */
export const findHistory = async (options: {
  readonly target: Target
  readonly read: ReadDatabase
  readonly stream: 'schema' | 'seed'
}): Promise<FoundHistory> =>
  historyAmong({ ...options, candidates: await readCandidates({ ...options, config: options.read.config }) })

/** As `findHistory`, among tables that were looked at before; throws instead. */
export function historyAmong(options: {
  readonly candidates: FoundTables
  readonly read: ReadDatabase
  readonly stream: 'schema' | 'seed'
}): FoundHistory {
  const { candidates, read, stream } = options
  const { config, schema } = read
  const { migrations, layout } = schema
  const detected = detectHistory({ found: candidates, layout: layout.name, config, migrations, stream })
  if (detected.kind === 'conflict') {
    throw new UserError({ kind: 'use', what: `${config.name}: ${detected.what}`, fix: detected.fix })
  }
  const { history, exists, reason, others } = detected
  return {
    ...{ history, exists, reason, schema: detected.table.schema, name: detected.table.name },
    table: sqlName(detected.table),
    notes: others.map(
      (other) => `the database also has the history ${other.schema}.${other.name}, which does not count here`,
    ),
  }
}
