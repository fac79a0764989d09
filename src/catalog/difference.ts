// What differs between two snapshots, object by object.

/**
 * `left behind`: there now, but not before; `lost`: there before, but not now; `changed`: other definition.
 * `parent` names the relation or type it belongs to (`table public.users`), undefined for the top ones.
 * `before` and `after` are the definitions in words (see describe.ts), undefined where there is none.
 * `class` is `column-order` when nothing but the position of columns differs.
 */
export type Difference = {
  readonly change: 'left behind' | 'lost' | 'changed'
  readonly class: 'real' | 'column-order'
  readonly kind: string
  readonly identity: string
  readonly parent: string | undefined
  readonly before: string | undefined
  readonly after: string | undefined
}

/** Two states compared, in the words of the report. */
export type Sameness = 'same' | 'column-order' | 'differs'

/** The strongest class among the differences. */
export const sameness = (differences: readonly Difference[]): Sameness =>
  differences.length === 0 ? 'same' : differences.every((d) => d.class === 'column-order') ? 'column-order' : 'differs'
