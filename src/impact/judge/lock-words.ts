// Locks as sentences say them: who waits, behind which lock.
import { isAtLeast, waitingFor, type LockMode, type Waiting } from '../lock-modes.js'
import type { Impact } from '../facts.js'

/** `an ACCESS EXCLUSIVE lock`. */
export const lockWords = (mode: LockMode): string => `${/^[AE]/.test(mode) ? 'an' : 'a'} ${mode} lock`

/** `reads and writes wait`; undefined where clients go on. */
export function waitWords(waiting: Waiting): string | undefined {
  if (waiting === 'none') return undefined
  return waiting === 'everything' ? 'reads and writes wait' : 'writes wait'
}

/**
 * The lock that clients of a relation wait for while an index of it is built again: planning a query opens the indexes of its
 * tables, so a SELECT waits for the lock on the index as well (PostgreSQL, "REINDEX").
 */
export function lockWithIndex({ holds }: Impact, work: IndexWork): LockMode {
  const [, schema = ''] = /^(.*\.)[^.]*$/.exec(work.relation) ?? []
  const names = [work.index, `${schema}${work.index}`]
  const onIndex = holds.find(({ kind, relation }) => kind === 'index' && names.includes(relation))?.mode
  return onIndex !== undefined && isAtLeast(onIndex, work.under) ? onIndex : work.under
}

type IndexWork = { readonly relation: string; readonly index: string; readonly under: LockMode }

/** Whether a client of some kind waits for this lock. */
export const makesWait = (mode: LockMode): boolean => waitingFor(mode) !== 'none'

/** No client writes a materialized view or another view: there only reads wait. */
export function makesClientsWait({ relations }: Impact, name: string, mode: LockMode): boolean {
  const kind = relations.find(({ relation }) => relation === name)?.kind
  return kind === 'materialized view' || kind === 'view' ? waitingFor(mode) === 'everything' : makesWait(mode)
}
