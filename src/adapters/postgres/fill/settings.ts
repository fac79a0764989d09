// The settings of a session while it fills tables: what they were is set again afterwards.
import { literal } from '../../../sql/quote.js'
import { attempt, read, type Asking } from './attempt.js'

/** `unchecked`: triggers, and so foreign keys, say nothing of new rows. */
export type Settings = { readonly unchecked: boolean; readonly restore: () => Promise<void> }

const CHANGED = [
  'search_path',
  'session_replication_role',
  'statement_timeout',
  'jit',
  'datestyle',
  'timezone',
  'xmloption',
]

/** The search_path with which the catalogue writes each name with its schema. */
export const CATALOG_ONLY = `SELECT set_config('search_path', 'pg_catalog', true)`

/**
 * Inside of a transaction, and until its end. Triggers and rules are silent where the role may say so (session_replication_role).
 * A statement ends after `patience` milliseconds. Functions in checks and defaults find what they found before: pg_catalog is searched first, then the session's own path.
 */
export async function fillSettings(session: Asking, patience: number): Promise<Settings & { readonly begin: string }> {
  const [before = []] = await read(
    session,
    `SELECT ${CHANGED.map((name) => `current_setting(${literal(name)})`).join(', ')}`,
  )
  const set = (values: readonly (readonly [string, string])[]): string =>
    `SELECT ${values.map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, true)`).join(', ')}`
  const own = before[0] ?? ''
  await read(
    session,
    set([
      ['jit', 'off'],
      ['datestyle', 'ISO, YMD'],
      ['timezone', 'UTC'],
      ['xmloption', 'content'],
    ]),
  )
  const { refusal } = await attempt(session, set([['session_replication_role', 'replica']]))
  const changed = CHANGED.flatMap((name, at): (readonly [string, string])[] =>
    name === 'session_replication_role' && refusal !== undefined ? [] : [[name, before[at] ?? '']],
  )
  return {
    unchecked: refusal === undefined,
    begin: set([
      ['statement_timeout', String(patience)],
      ['search_path', own.trim() === '' || own === '""' ? 'pg_catalog' : `pg_catalog, ${own}`],
    ]),
    restore: async () => void (await read(session, set(changed))),
  }
}
