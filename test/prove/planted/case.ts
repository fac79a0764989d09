// The shape of a planted case: a pair of scripts, and what the proof must say about it.

/**
 * A difference that the proof must name, with kind and identity as the snapshot writes them. `majors` limits it to some
 * versions of PostgreSQL; `optional` is a consequence of another one that may be listed or folded into it.
 */
export type PlantedDifference = {
  readonly change: 'left behind' | 'lost' | 'changed'
  readonly kind: string
  readonly identity: string
  readonly majors?: readonly [number, number]
  readonly optional?: true
}

/**
 * `before` is the first migration of the chain (it has no down), `up` and `down` are the second one, which is judged.
 * `expect` is everything that differs after the down; parts of an object that is named as lost or left behind
 * (columns of a table) are not listed; `{owner}` in an identity is
 * the role of the session. `clusterWide` marks what reaches beyond its own database. `extension` must be
 * available on the server. `transaction: 'none'` is for statements that refuse to run inside of one; all three scripts run so.
 */
export type Planted = {
  readonly name: string
  readonly before?: string
  readonly up: string
  readonly down: string
  readonly expect: readonly PlantedDifference[] | 'same' | 'column-order'
  readonly majors?: readonly [number, number]
  readonly clusterWide?: true
  readonly extension?: string
  readonly transaction?: 'none'
}

export const NEWEST = 99

export const left = (kind: string, identity: string): PlantedDifference => ({ change: 'left behind', kind, identity })
export const lost = (kind: string, identity: string): PlantedDifference => ({ change: 'lost', kind, identity })
export const changed = (kind: string, identity: string): PlantedDifference => ({ change: 'changed', kind, identity })

/** Only from this major version on. */
export const from = (major: number, difference: PlantedDifference): PlantedDifference => ({
  ...difference,
  majors: [major, NEWEST],
})
export const optional = (difference: PlantedDifference): PlantedDifference => ({ ...difference, optional: true })

/** A down that undoes the rest of its up (a table named note) and forgets what is in `up`. */
export const forgotten = (planted: Omit<Planted, 'down'>): Planted => ({
  ...planted,
  up: `${planted.up}\nCREATE TABLE public.note (id integer);`,
  down: 'DROP TABLE public.note;',
})
