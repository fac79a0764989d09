// Objects that have another name or schema in the other state: renamed instead of dropped and made again. Which object
// became which is known from the catalogue (identity.ts), for constraints and indexes from their definitions.
import { literal } from '../../sql/quote.js'
import type { Fates } from '../identity.js'
import type { CatalogueObject } from '../snapshot.js'
import { find, keyOf, ofKind, sameBut, text, texts, type Side, type Unit } from './model.js'
import { lastPart, renamedIn } from './names.js'
import { swapping, within, type Rename } from './rename.js'
import { followRenames } from './rename-course.js'
import type { Step } from './step.js'

/** `here` as it is after the renames, so that later steps see only the remaining differences. */
export type Renames = { readonly here: Side; readonly steps: readonly Step[] }

/**
 * `fates` lead from `here` to `goal`. `isSameType`: whether the type of a group is one object in both states, so that
 * another label is a renamed one. Constraints and indexes count as renamed where only their name differs: no row depends
 * on it.
 */
export function findRenames(
  goal: Side,
  here: Side,
  { fates, isSameType }: { readonly fates: Fates; readonly isSameType: (group: string) => boolean },
): Renames {
  const course = followRenames(goal, here, fates)
  for (const [group, wanted] of goal) {
    const own = course.now.get(group)
    if (own === undefined || own === wanted || JSON.stringify(own) === JSON.stringify(wanted)) continue
    if (isSameType(group)) course.take(labels(wanted, own))
    course.take(members(wanted, course.now.get(group) ?? own, 'constraint'))
    course.take(members(wanted, course.now.get(group) ?? own, 'index'))
  }
  return { here: course.now, steps: course.steps }
}

function labels(goal: Unit, here: Unit): readonly Rename[] {
  const wanted = texts(goal.top, 'labels')
  const now = texts(here.top, 'labels')
  if (wanted.length !== now.length) return []
  return wanted.flatMap((label, at) => {
    const other = now[at]
    if (other === undefined || other === label || wanted.includes(other) || now.includes(label)) return []
    const sql = `ALTER TYPE ${here.top?.identity ?? ''} RENAME VALUE ${literal(other)} TO ${literal(label)}`
    const swap = (text: string): string =>
      text === other ? label : text.replaceAll(`${literal(other)}::`, `${literal(label)}::`)
    return [within(here, { named: (identity) => identity, swap, sql })]
  })
}

/** Constraints or indexes of one relation that differ only in their name. */
function members(goal: Unit, here: Unit, kind: 'constraint' | 'index'): readonly Rename[] {
  const table = here.top
  if (table === undefined) return []
  const backing = new Set(ofKind(here, 'constraint').map((one) => lastPart(text(one, 'index') ?? '')))
  const free = ofKind(here, kind).filter((one) => find(goal, one) === undefined)
  const taken = new Set<string>()
  return ofKind(goal, kind)
    .filter((one) => find(here, one) === undefined)
    .flatMap((one) => {
      const same = free.find((other) => !taken.has(keyOf(other)) && isSameMember(one, other))
      if (same === undefined || (kind === 'index' && backing.has(lastPart(same.identity)))) return []
      taken.add(keyOf(same))
      const from = lastPart(same.identity)
      const to = lastPart(one.identity)
      const sql =
        kind === 'constraint'
          ? `ALTER TABLE ${table.identity} RENAME CONSTRAINT ${from} TO ${to}`
          : `ALTER INDEX ${same.identity} RENAME TO ${to}`
      return [within(here, { named: swapping(from, to), swap: swapping(from, to), sql })]
    })
}

/** The definition of an index begins with its own name. */
function isSameMember(goal: CatalogueObject, here: CatalogueObject): boolean {
  const from = lastPart(here.identity)
  const to = lastPart(goal.identity)
  const def = String(here.definition['def'])
  const renamed = here.kind === 'index' ? renamedIn(def, from, to) : def
  return renamed === String(goal.definition['def']) && sameBut(goal, here, 'def', 'index', 'inherited')
}
