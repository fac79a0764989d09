// Puts steps in an order that PostgreSQL accepts.
import { namesIn } from './names.js'
import type { Names, Step } from './step.js'

type Ranked = { readonly step: Step; readonly frees: ReadonlySet<string>; readonly needs: ReadonlySet<string> }

/**
 * Before an object is removed, every object that uses it is freed of it. Before an object is made or changed, everything
 * it needs is made. Among the remaining steps the smallest rank comes first. Steps in a cycle are ordered by rank alone.
 */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  const ranked: readonly Ranked[] = steps
    .map((step, at) => ({ step, at }))
    .sort((a, b) => a.step.rank - b.step.rank || a.at - b.at)
    .map(({ step }) => ({ step, frees: namesIn(step.frees ?? ''), needs: namesIn(step.needs ?? '') }))
  const waits = ranked.map((one) =>
    ranked.flatMap((other, at) => (other !== one && goesBefore(other, one) ? [at] : [])),
  )
  const left = new Set(ranked.keys())
  const order: Step[] = []
  while (left.size > 0) {
    const free = [...left].find((at) => waits[at]?.every((other) => !left.has(other)))
    const [next = 0] = free === undefined ? left : [free]
    left.delete(next)
    order.push(...ranked.slice(next, next + 1).map(({ step }) => step))
  }
  return order
}

function goesBefore(other: Ranked, one: Ranked): boolean {
  const { removes, makes } = one.step
  return (
    (removes !== undefined && mentions(other.frees, removes)) ||
    (other.step.makes !== undefined && mentions(one.needs, other.step.makes)) ||
    (makes !== undefined && other.step.removes !== undefined && same(makes, other.step.removes))
  )
}

const mentions = (names: ReadonlySet<string>, wanted: Names): boolean => wanted.every((name) => names.has(name))

const same = (a: Names, b: Names): boolean => a.length === b.length && a.every((name, at) => name === b[at])
