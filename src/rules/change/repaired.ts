// Merged migrations that get another name because the old one was broken: the rename is right.
import { sameNumber, type Edited } from '../../model/change.js'
import { filesOf, type Migration } from '../../model/migration.js'
import type { ChangeInput, RuleInput } from '../rule.js'
import { isLoneDown, once, twinsOf, type Twins } from '../read-input.js'
import { changeIn } from './merged.js'

/**
 * What was broken on the base branch. `twin`: others had its version. `follows`: it came after such twins, moved with
 * them, and the tool stopped at them. `style`: only the convention of the folder was broken, and the tool does not see the
 * difference. What the tool left out for its name was no migration, and is a new one under a good name.
 */
export type Repaired = { readonly edited: Edited } & (
  | { readonly broken: 'twin'; readonly twins: readonly Migration[]; readonly why: string }
  | { readonly broken: 'follows' }
  | { readonly broken: 'style' }
)

/** In the order of the tool. */
export const repairedIn = once((input: RuleInput): readonly Repaired[] => {
  const change = changeIn(input)
  if (change === undefined) return []
  const alone = change.renamed.flatMap((edited) => repairOf(edited, change, input) ?? [])
  const follows = followersOf(alone, change, input)
  return [...alone, ...follows].toSorted((a, b) => input.tool.order.compare(a.edited.before, b.edited.before))
})

function repairOf(edited: Edited, change: ChangeInput, input: RuleInput): Repaired | undefined {
  const { now, before } = edited
  const shared = twinsInBase(change).find(({ migrations }) => migrations.includes(before))
  if (shared !== undefined && !sameNumber(now, before)) {
    return { edited, broken: 'twin', twins: shared.migrations.filter((one) => one !== before), why: shared.why }
  }
  return isOfStyle(edited, change, input) ? { edited, broken: 'style' } : undefined
}

/** Migrations of the base that have one version. */
export const twinsInBase = ({ base, baseProblems }: ChangeInput): readonly Twins[] =>
  twinsOf({ migrations: base, problems: baseProblems })

/** Whether its version and its texts are the same, and only the convention of the folder asked for another name. */
function isOfStyle({ now, before, up, down }: Edited, change: ChangeInput, input: RuleInput): boolean {
  const { naming } = input.tool
  if (!sameNumber(now, before) || up !== undefined || down !== undefined) return false
  if (filesOf(before).some((file) => naming.knownBy(file) !== undefined)) return false
  const pattern = input.naming === undefined ? undefined : new RegExp(input.naming)
  const isWrong = (folder: Pick<RuleInput, 'migrations' | 'files'>, id: string): boolean =>
    naming.judge(folder, pattern).some(({ migration, wrong }) => migration === id && wrong === 'name')
  return isWrong({ migrations: change.base, files: [] }, before.id) && !isWrong(input, now.id)
}

/** Where the tool stopped at the twins, nothing that came after them ran either, as long as all keep their order. */
function followersOf(alone: readonly Repaired[], change: ChangeInput, input: RuleInput): readonly Repaired[] {
  const { compare } = input.tool.order
  const twins = alone.filter(({ broken }) => broken === 'twin').map(({ edited }) => edited.before)
  const first = twins.toSorted(compare)[0]
  if (first === undefined || !input.tool.records.stopsAtTwins) return []
  const moved = change.renamed.filter(
    ({ before, now, up }) =>
      up === undefined && compare(before, first) > 0 && !twins.includes(before) && !sameNumber(now, before),
  )
  const all = [...alone.map(({ edited }) => edited), ...moved].toSorted((a, b) => compare(a.before, b.before))
  const isOrdered = all.every(({ now }, at) => at === 0 || compare(all[at - 1]?.now ?? now, now) <= 0)
  return isOrdered ? moved.map((edited) => ({ edited, broken: 'follows' })) : []
}

/** What is gone from the base had no up, so no tool ever ran anything for it. */
export const loneDownsGone = ({ deleted }: ChangeInput, input: RuleInput): readonly Migration[] =>
  deleted.filter((gone) => isLoneDown(input, gone))
