// What a step did to a live database, and did not do in its dry run.
import { firstFew } from '../model/list-words.js'
import type { Impact, Touched } from './facts.js'
import { groupedBy } from './judge/grouped.js'
import { lockWords, waitWords } from './judge/lock-words.js'
import { isAtLeast, type LockMode } from './lock-modes.js'
import { foldedNames } from './partitions.js'

/**
 * Sentences, without an end: locks that clients wait for and that are stronger than those of the dry run, and files that are new.
 * `foreseen` are the facts of the dry run. Where it failed on made-up rows, they hold a part of the script, and nothing is said.
 */
export function unforeseen(foreseen: Impact, touched: readonly Touched[]): readonly string[] {
  if (foreseen.failsOnRows !== undefined || foreseen.statements.length === 0) return []
  const modes = new Map(foreseen.holds.map(({ relation, mode }) => [relation, mode]))
  const files = new Set(
    [...foreseen.rewritten, ...foreseen.changed.filter(isTruncated)].map(({ relation }) => relation),
  )
  const modeOf = ({ relation, partitionOf = relation }: Touched): LockMode | undefined =>
    modes.get(relation) ?? modes.get(partitionOf)
  const stronger = touched.filter((one) => {
    const known = modeOf(one)
    return waitWords(one.mode, one.kind) !== undefined && (known === undefined || !isAtLeast(known, one.mode))
  })
  const rewritten = touched.filter((one) => one.rewritten && !files.has(one.relation))
  return [
    ...groupedBy(stronger, (one) => JSON.stringify([one.mode, waitWords(one.mode, one.kind), modeOf(one)])).map(
      ([, group]) => {
        const [{ mode, kind }] = group
        const known = modeOf(group[0])
        const before = known === undefined ? 'no lock' : lockWords(known)
        return `${namesOf(group)}: ${waitWords(mode, kind) ?? ''} behind ${lockWords(mode)}; the dry run had ${before} there`
      },
    ),
    ...(rewritten.length === 0
      ? []
      : [`${namesOf(rewritten)}: all of it was written again or removed; in the dry run it was not`]),
  ]
}

const isTruncated = ({ truncated }: Impact['changed'][number]): boolean => truncated === true

const namesOf = (touched: readonly Touched[]): string => firstFew(foldedNames(touched))
