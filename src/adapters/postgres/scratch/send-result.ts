// What came of sending one script: the shapes between sending, learning and explaining, and how answers are read.
import type { DatabaseError } from 'pg'
import type { UserError } from '../../../model/errors.js'
import type { Script } from '../../../model/migration.js'
import type { SnapshotChange } from '../../../catalog/snapshot.js'
import type { Dispatch } from './send-plan.js'
import type { Answers } from '../simple-query.js'
import type { CatalogueRow } from './catalogue-state.js'

/** What one transaction did, before it is known whether names travelled. */
export type Told = { readonly change: SnapshotChange; readonly rows: 'moved' | 'still' }

/** `index` is the message, `position` counts characters in it; both undefined when the server gave none. */
export type Failed = {
  readonly error: DatabaseError
  readonly index: number | undefined
  readonly position: number | undefined
  /** Set when the connection ended under the script: what to tell unless the script ends the next one as well. */
  readonly lost?: UserError
}

export type Sending = { readonly script: Script; readonly way: Dispatch; readonly look: Look; readonly record: string }
export type Look = 'guided' | 'full' | 'none'

/** What can be said without having looked. */
export const unseen = (way: Dispatch): Told => ({ change: new Map(), rows: way.writesRows ? 'moved' : 'still' })

/** Whether the server answers that only the whole snapshot tells what changed. */
export const asksForAll = (rows: readonly CatalogueRow[]): boolean => rows.some((row) => row.class === 'full')

export const merged = (first: SnapshotChange, second: SnapshotChange): SnapshotChange => new Map([...first, ...second])

/** The lines of an answer (see catalogue/line.ts). */
export const rowsOf = (answer: Answers[number] | undefined): readonly CatalogueRow[] => {
  const [text] = (answer?.rows[0] ?? []) as (string | null)[]
  if (text === null || text === undefined || text === '') return []
  return text.split('\n').map((line) => {
    const [name = '', id = '', unit, document] = line.split('\t')
    return {
      class: name,
      id,
      unit: unit === undefined ? null : (JSON.parse(unit) as string),
      document: document ?? null,
    }
  })
}
