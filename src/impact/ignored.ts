// The facts without those about relations that the user does not care for.
import type { Impact, MigrationImpact } from './facts.js'

/** Whether a relation, by its name in facts, fits one of these patterns. `*` is any text; the schema may be left out where it is `public`. */
export function ignores(patterns: readonly string[]): (relation: string) => boolean {
  const all = patterns.map(patternOf)
  return (relation) => {
    const plain = relation.replaceAll('"', '')
    const names = plain.includes('.') ? [plain] : [plain, `public.${plain}`]
    return names.some((name) => all.some((pattern) => pattern.test(name)))
  }
}

const patternOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  )

/** The facts that are judged. */
export function withoutIgnored(
  { up, down, ...others }: MigrationImpact,
  isIgnored: (relation: string) => boolean,
): MigrationImpact {
  const judged = (impact: Impact): Impact => without(impact, isIgnored)
  return { ...others, ...(up && { up: judged(up) }), ...(down && { down: judged(down) }) }
}

function without({ failsOnRows, notRestored, ...impact }: Impact, isIgnored: (relation: string) => boolean): Impact {
  const kept = <T extends { readonly relation?: string }>(facts: readonly T[]): readonly T[] =>
    facts.filter(({ relation }) => relation === undefined || !isIgnored(relation))
  const fails = failsOnRows?.relation === undefined || !isIgnored(failsOnRows.relation)
  return {
    ...impact,
    relations: kept(impact.relations),
    holds: kept(impact.holds),
    rewritten: kept(impact.rewritten),
    scanned: kept(impact.scanned),
    built: kept(impact.built),
    changed: kept(impact.changed),
    broken: kept(impact.broken),
    answers: kept(impact.answers),
    access: kept(impact.access),
    lost: kept(impact.lost),
    left: kept(impact.left),
    unindexed: kept(impact.unindexed),
    order: impact.order.filter(({ first, second }) => !isIgnored(first) && !isIgnored(second)),
    ...(notRestored && { notRestored: kept(notRestored) }),
    ...(failsOnRows && fails && { failsOnRows }),
  }
}
