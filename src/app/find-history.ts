// Which table of a target holds the applied versions.
import type { DatabaseConfig } from '../core/config.js'
import { UserError } from '../core/errors.js'
import { sqlName, type History } from '../core/history.js'
import { candidatesFrom, candidatesQuery, type FoundTables } from '../histories/candidates.js'
import { detectHistory, toolsOf } from '../histories/detect.js'
import { parseTableName } from '../histories/table-name.js'
import type { Target, ToldTable } from '../ports/target.js'
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
  const named = [
    ...(table === undefined ? [] : [parseTableName(table, kind ?? 'ours').name]),
    ...options.target.told.map((told) => parseTableName(told.table, told.kind).name),
  ]
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
  readonly target: Pick<Target, 'told'>
  readonly candidates: FoundTables
  readonly read: ReadDatabase
  readonly stream: 'schema' | 'seed'
}): FoundHistory {
  const { candidates, read, stream } = options
  const { config, schema } = read
  const { migrations, layout } = schema
  const told = toldFor(options)
  const history = told === undefined ? config.history : { kind: told.kind, table: told.table }
  const named = told === undefined ? {} : { named: told.from }
  const detected = detectHistory({
    found: candidates,
    layout: layout.name,
    config: { history },
    migrations,
    stream,
    ...named,
  })
  if (detected.kind === 'conflict') {
    throw new UserError({ kind: 'use', what: `${config.name}: ${detected.what}`, fix: detected.fix })
  }
  const { exists, reason, others } = detected
  return {
    history: detected.history,
    exists,
    reason,
    schema: detected.table.schema,
    name: detected.table.name,
    table: sqlName(detected.table),
    notes: [
      ...others.map(
        (other) => `the database also has the history ${other.schema}.${other.name}, which does not count here`,
      ),
      ...options.target.told
        .filter((one) => one !== told && one.kind === 'golang-migrate')
        .map(({ from }) => `${from} does not count here: the config or the files say otherwise`),
    ],
  }
}

/** Where the config names no table: what the tool of these files is told elsewhere. */
function toldFor({ target, read }: Pick<Parameters<typeof historyAmong>[0], 'target' | 'read'>): ToldTable | undefined {
  const { kind, table } = read.config.history
  if (table !== undefined) return undefined
  const [usual] = toolsOf(read.schema.layout.name)
  return target.told.find((one) => one.kind === (kind ?? usual.kind))
}
