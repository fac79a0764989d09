// What the steps of a plan have done so far: under which names the live database still has the objects, and which of its
// rows are other ones by then.
import { lastPart } from '../derive/names.js'
import { nameIn } from '../../sql/clauses.js'
import { inSuccession, reversed, type Fates } from '../identity.js'
import type { Snapshot } from '../snapshot.js'

/** Rows that something before has written: `columns` alone, or whole rows. `by` names what did. */
export type Change = {
  readonly table: string
  readonly columns: readonly string[] | 'rows'
  readonly by: string
}

/** What did it, within a step. */
export const EARLIER = 'an earlier statement'

/** `table` and `columns` are live names; `words` are the names that the author's text holds. */
export type Reads = {
  readonly table: string
  readonly columns: readonly string[]
  readonly words: ReadonlySet<string>
}

/** The live database before the first step, as far as the steps can tell (`start`), and what they did. */
export class Course {
  readonly start: Snapshot
  readonly #fates: Fates
  readonly #back: Fates
  readonly #changes: readonly Change[]
  /** Live names of tables that got new rows. */
  readonly #filled: readonly string[]

  constructor(
    start: Snapshot,
    fates: Fates = new Map(),
    changes: readonly Change[] = [],
    filled: readonly string[] = [],
  ) {
    this.start = start
    this.#fates = fates
    this.#back = reversed(fates)
    this.#changes = changes
    this.#filled = filled
  }

  /** The course after a step that does this to the objects. */
  after(fates: Fates): Course {
    return new Course(this.start, inSuccession(this.#fates, fates), this.#changes, this.#filled)
  }

  changed(changes: readonly Change[], filled: readonly string[] = []): Course {
    if (changes.length === 0 && filled.length === 0) return this
    return new Course(this.start, this.#fates, [...this.#changes, ...changes], [...this.#filled, ...filled])
  }

  /** From now on, what an earlier statement of the step did is what the step did. */
  signed(id: string): Course {
    const changes = this.#changes.map((change) => (change.by === EARLIER ? { ...change, by: id } : change))
    return new Course(this.start, this.#fates, changes, this.#filled)
  }

  /** What a unit of the start is by now (`relation public.users`); undefined for one that a step has removed. */
  unitNow(unit: string): string | undefined {
    return this.#fates.has(unit) ? this.#fates.get(unit)?.to : unit
  }

  /** The live name of a relation of now; undefined for one that a step has made. */
  liveTable(identity: string): string | undefined {
    const group = `relation ${identity}`
    const from = this.#back.get(group)?.to
    if (from !== undefined) return from.slice('relation '.length)
    const isKept = this.start.has(group) && (!this.#fates.has(group) || this.#fates.get(group)?.to === group)
    return isKept ? identity : undefined
  }

  /** The live name of a column of now, in SQL form; undefined for one that a step has made. */
  liveColumn(identity: string, column: string): string | undefined {
    const group = `relation ${identity}`
    const from = this.#back.get(group)
    const was = from?.columns.get(column)
    if (was !== undefined) return was
    const live = this.liveTable(identity)
    if (live === undefined) return undefined
    const gone = this.#fates.get(`relation ${live}`)?.columns
    if (gone?.has(column) === true) return undefined
    const known = this.start.get(`relation ${live}`) ?? ''
    return known.includes(`["column", ${JSON.stringify(`${live}.${column}`)}`) ? column : undefined
  }

  /** Whether a name of the author's text means another object on the live database: a step gave it to something else. */
  hasOtherNames(words: ReadonlySet<string>): boolean {
    return [...this.#fates].some(([group, { to, columns }]) => {
      const names = [
        ...(to === group ? [] : [group, ...(to === undefined ? [] : [to])].map((one) => lastPart(one))),
        ...[...columns].flatMap(([name, now]) => (now === undefined ? [] : [name, now])),
      ]
      return names.some((name) => words.has(nameIn(name)))
    })
  }

  /** What has written the rows that a question reads, so that it cannot be asked; undefined where it can. */
  writerOf({ table, columns, words }: Reads): string | undefined {
    const found = this.#changes.find((change) => {
      if (change.table !== table && !words.has(nameIn(lastPart(change.table)))) return false
      if (change.columns === 'rows') return true
      return change.columns.some((name) => columns.includes(name) || words.has(nameIn(name)))
    })
    if (found !== undefined) return found.by
    const filled = this.#filled.find((name) => name !== table && words.has(nameIn(lastPart(name))))
    return filled === undefined ? undefined : `what fills ${filled}`
  }
}
