// The renames that lead from one state to another by what the catalogue knows of each object (identity.ts), in an order in
// which no name is taken twice.
import type { Fates } from '../identity.js'
import type { CatalogueObject } from '../snapshot.js'
import type { Side, Unit } from './model.js'
import { extended, lastPart, parentOf, SET_ASIDE } from './names.js'
import { applied, columnOf, moved, renamedColumn, renamedSchema, renamedWhole, WORDS, type Rename } from './rename.js'
import { ownerOf } from './sequences.js'
import { RANK, step, type Step } from './step.js'

/** An object with another name: its kind, the key of its group in the goal, and its identity in both states. */
export type Renamed = {
  readonly kind: string
  readonly group: string
  readonly from: string
  readonly to: string
}

/** `fates` lead from `here` to `goal`. */
export function followRenames(goal: Side, here: Side, fates: Fates): RenameCourse {
  const course = new RenameCourse(goal, here)
  const named = [...fates].flatMap(([from, { to }]) => (to === undefined || to === from ? [] : [{ from, to }]))
  for (const { from, to } of named) course.take(renamedSchema(here.get(from), goal.get(to)))
  const whole = named.filter(({ to }) => WORDS[goal.get(to)?.top?.kind ?? ''] !== undefined)
  // A table takes its own sequences along.
  const isSequence = ({ to }: { to: string }): boolean => goal.get(to)?.top?.kind === 'sequence'
  course.bring([...whole.filter((one) => !isSequence(one)), ...whole.filter(isSequence)])
  for (const [from, { to, columns }] of fates) {
    const names = [...columns].flatMap(([name, now]) => (now === undefined ? [] : [{ name, now }]))
    if (to !== undefined && goal.has(to)) course.bringColumns(from, names)
  }
  return course
}

/** The renames in their order, and the state that each leaves. */
export class RenameCourse {
  readonly #goal: Side
  readonly #here: Side
  readonly steps: Step[] = []
  now: Side
  /** By group of the first state, its key now. */
  readonly #names: Map<string, string>

  constructor(goal: Side, here: Side) {
    this.#goal = goal
    this.#here = here
    this.now = here
    this.#names = new Map([...here.keys()].map((group) => [group, group]))
  }

  take(found: readonly Rename[]): void {
    for (const rename of found) {
      for (const [group, key] of this.#names) {
        const unit = this.now.get(key)
        if (unit !== undefined && rename.owns(unit)) this.#names.set(group, rename.named(key))
      }
      this.now = applied(this.now, this.#goal, rename)
      if (rename.sql !== undefined) this.steps.push(step(RANK.renamed, rename.sql))
    }
  }

  /** Gives relations and types their names. What is in the way is set aside, also where two exchange their names. */
  bring(wanted: readonly { readonly from: string; readonly to: string }[]): void {
    let open = wanted
    while (open.length > 0) {
      const left = open.filter(({ from, to }) => this.#names.get(from) !== to)
      const free = left.find(({ to }) => !this.now.has(to))
      if (free === undefined) {
        const blocked = left[0] && this.now.get(left[0].to)
        if (blocked === undefined || !this.#setAside(blocked)) return
      } else if (!this.#name(free.from, free.to)) return
      open = left
    }
  }

  #setAside({ unit, top }: Unit): boolean {
    if (top === undefined || WORDS[top.kind] === undefined) return false
    const aside = extended(lastPart(top.identity), SET_ASIDE)
    this.take([renamedWhole(unit, top, aside)])
    return true
  }

  #name(from: string, to: string): boolean {
    const wanted = this.#goal.get(to)?.top
    const unit = this.now.get(this.#names.get(from) ?? from)
    if (wanted === undefined || unit?.top === undefined) return false
    if (parentOf(wanted.identity) !== parentOf(unit.top.identity)) {
      this.take([moved(this.now, unit.unit, unit.top, parentOf(wanted.identity))])
    }
    const there = this.now.get(this.#names.get(from) ?? from)
    if (there?.top !== undefined && there.unit !== to) {
      this.take([renamedWhole(there.unit, there.top, lastPart(wanted.identity))])
    }
    return this.#names.get(from) === to
  }

  /** Gives columns their names in the same way. */
  bringColumns(group: string, wanted: readonly { readonly name: string; readonly now: string }[]): void {
    let open = wanted
    const unit = (): Unit | undefined => this.now.get(this.#names.get(group) ?? group)
    const has = (name: string): boolean => columnOf(unit(), name) !== undefined
    while (open.length > 0) {
      const free = open.find(({ name, now }) => has(name) && !has(now))
      const own = unit()
      if (free === undefined) {
        const [first] = open
        if (own === undefined || first === undefined || !has(first.name)) return
        const aside = extended(first.now, SET_ASIDE)
        this.take(renamedColumn(own, first.now, aside))
        open = open.map((one) => (one.name === first.now ? { ...one, name: aside } : one))
      } else {
        this.take(own === undefined ? [] : renamedColumn(own, free.name, free.now))
        open = open.filter((one) => one !== free)
      }
    }
  }

  /** What has another name in the end, without what a renamed schema or table brings with it. */
  renamed(fates: Fates): readonly Renamed[] {
    return [...fates].flatMap(([from, { to, columns }]): readonly Renamed[] => {
      const was = this.#here.get(from)?.top
      const is = to === undefined ? undefined : this.#goal.get(to)?.top
      if (was === undefined || is === undefined || to === undefined || this.#names.get(from) !== to) return []
      const own = { kind: is.kind, group: to, from: was.identity, to: is.identity }
      return [
        ...(was.identity === is.identity || this.#cameAlong(was, is) ? [] : [own]),
        ...[...columns].flatMap(([name, now]) =>
          now === undefined
            ? []
            : [{ kind: 'column', group: to, from: `${is.identity}.${name}`, to: `${is.identity}.${now}` }],
        ),
      ]
    })
  }

  /** The schema has another name, or the sequence moved with its table. */
  #cameAlong(was: CatalogueObject, is: CatalogueObject): boolean {
    if (lastPart(was.identity) !== lastPart(is.identity) || is.kind === 'schema') return false
    const isGone =
      !this.#goal.has(`schema ${parentOf(was.identity)}`) && this.#here.has(`schema ${parentOf(was.identity)}`)
    return isGone || ownerOf(is) !== undefined
  }
}
