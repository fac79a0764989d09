// Locks as sentences say them: who waits, behind which lock.
import type { Build, Impact, RelationKind } from '../facts.js'
import { isAtLeast, waitingFor, type LockMode } from '../lock-modes.js'

/** `an ACCESS EXCLUSIVE lock`. */
export const lockWords = (mode: LockMode): string => `${/^[AE]/.test(mode) ? 'an' : 'a'} ${mode} lock`

/** Relations that clients only read; but for their owner, who fills them. */
const READ_ONLY: ReadonlySet<RelationKind> = new Set<RelationKind>(['view', 'materialized view'])

/** `reads and writes wait`; undefined where the clients of such a relation go on. */
export function waitWords(mode: LockMode, kind: RelationKind | undefined): string | undefined {
  const waiting = waitingFor(mode)
  const isReadOnly = kind !== undefined && READ_ONLY.has(kind)
  if (waiting === 'everything') return isReadOnly ? 'reads wait' : 'reads and writes wait'
  return waiting === 'none' || isReadOnly ? undefined : 'writes wait'
}

/** Whether a client of such a relation waits for this lock. */
export const makesWait = (mode: LockMode, kind: RelationKind | undefined): boolean =>
  waitWords(mode, kind) !== undefined

/**
 * The lock that clients of a relation wait for while an index of it is built again: planning a query opens the indexes of its
 * tables, so a SELECT waits for the lock on the index as well (PostgreSQL, "REINDEX").
 */
export function lockWithIndex({ holds }: Impact, work: IndexWork): LockMode {
  if (work.what === 'built') return work.under
  const [, schema = ''] = /^(.*\.)[^.]*$/.exec(work.relation) ?? []
  const names = [work.index, `${schema}${work.index}`]
  const onIndex = holds.find(({ kind, relation }) => kind === 'index' && names.includes(relation))?.mode
  return onIndex !== undefined && isAtLeast(onIndex, work.under) ? onIndex : work.under
}

type IndexWork = Pick<Build, 'relation' | 'index' | 'under' | 'what'>
