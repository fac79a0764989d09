// The differences of two snapshots, object by object.

export const DIFFERENCE_CLASSES = ['real', 'column-order', 'function-layout'] as const

export type DifferenceClass = (typeof DIFFERENCE_CLASSES)[number]

/**
 * `left behind`: exists now, but not before; `lost`: existed before, but not now; `changed`: other definition. `parent`
 * names the relation or type of the object (`table public.users`), undefined for the top ones. `before` and `after` are
 * the definitions in words (see describe.ts), undefined where there is none. `class` is `column-order` when only the
 * position of columns differs, and `function-layout` when only blanks and comments in the body of a function do.
 * `was` is the former identity of an object with a new name.
 */
export type Difference = {
  readonly change: 'left behind' | 'lost' | 'changed'
  readonly class: DifferenceClass
  readonly kind: string
  readonly identity: string
  readonly parent: string | undefined
  readonly before: string | undefined
  readonly after: string | undefined
  readonly was?: string
}

/** Kind and name, once where they are the same (`large objects`). */
export const nameOfObject = ({ kind, identity }: Pick<Difference, 'kind' | 'identity'>): string =>
  kind === identity ? kind : `${kind} ${identity}`

/** The result of comparing two states, in the words of the report. */
export type Sameness = 'same' | 'column-order' | 'function-layout' | 'differs'

/** The strongest class among the differences. */
export function sameness(differences: readonly Difference[]): Sameness {
  const classes = new Set(differences.map((difference) => difference.class))
  if (classes.has('real')) return 'differs'
  if (classes.has('column-order')) return 'column-order'
  return classes.has('function-layout') ? 'function-layout' : 'same'
}

/** Whether a state counts as restored: it is the same, or differs in what no program notices. */
export const isRestored = (word: string): word is Exclude<Sameness, 'differs'> =>
  word === 'same' || word === 'column-order' || word === 'function-layout'

/** The form in which PostgreSQL writes a constant in UTC. The fraction of a second shows that a person did not type it. */
const CONSTANT = /'(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{1,6})(?:\+00)?'(?=::timestamp)/g
/** How far a constant may be from `opened`: without a zone, it is in the zone of the session. */
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
