// The differences of two snapshots, object by object.

/**
 * `left behind`: exists now, but not before; `lost`: existed before, but not now; `changed`: other definition. `parent`
 * names the relation or type of the object (`table public.users`), undefined for the top ones. `before` and `after` are
 * the definitions in words (see describe.ts), undefined where there is none. `class` is `column-order` when only the
 * position of columns differs. `was` is the former identity of an object with a new name.
 */
export type Difference = {
  readonly change: 'left behind' | 'lost' | 'changed'
  readonly class: 'real' | 'column-order'
  readonly kind: string
  readonly identity: string
  readonly parent: string | undefined
  readonly before: string | undefined
  readonly after: string | undefined
  readonly was?: string
}

/** The result of comparing two states, in the words of the report. */
export type Sameness = 'same' | 'column-order' | 'differs'

/** The strongest class among the differences. */
export const sameness = (differences: readonly Difference[]): Sameness =>
  differences.length === 0 ? 'same' : differences.every((d) => d.class === 'column-order') ? 'column-order' : 'differs'

/** The form in which PostgreSQL writes a constant in UTC. The fraction of a second shows that a person did not type it. */
const CONSTANT = /'(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{1,6})(?:\+00)?'(?=::timestamp)/g
/** A constant without a zone is in the zone of the session. */
const DAY = 24 * 60 * 60 * 1000

/**
 * Drops differences that are only timestamps of the current day. The same SQL makes such an object with another constant
 * each time (PostgreSQL, "Special Date/Time Inputs": now is converted when it is read). `opened` is when the database was
 * made, in milliseconds.
 */
export const withoutCreationTimes = (differences: readonly Difference[], opened: number): readonly Difference[] =>
  differences.filter(
    ({ before, after }) =>
      before === undefined ||
      after === undefined ||
      before === after ||
      masked(before, opened) !== masked(after, opened),
  )

const masked = (words: string, opened: number): string =>
  words.replaceAll(CONSTANT, (constant, day: string, time: string) =>
    Math.abs(Date.parse(`${day}T${time}Z`) - opened) < DAY ? "'now'" : constant,
  )
