// What an up does to the schema, in words: from two snapshots, not from reading SQL.
import type { Difference } from '../../catalog/difference.js'
import { tell } from './difference.js'
import { count } from './format.js'

/** `name` is text of the database; the other parts are words of ours. `detail` is a definition of one line. */
export type Deed = { readonly verb: string; readonly name: string; readonly detail: string | undefined }

const VERBS = { 'left behind': 'adds', lost: 'drops', changed: 'changes' } as const

/** So many objects of one kind are named; more are counted. */
const NAMED = 5
const LONGEST = 160

/** One deed for each object, in the order of the differences; many of one kind are one deed. */
export function deedsOf(does: readonly Difference[]): readonly Deed[] {
  const groups = new Map<string, Difference[]>()
  for (const difference of does) {
    const key = `${VERBS[difference.change]} ${difference.kind}`
    groups.set(key, [...(groups.get(key) ?? []), difference])
  }
  return [...groups].flatMap(([key, members]) =>
    members.length <= NAMED
      ? members.map(deed)
      : [
          {
            verb: `${VERBS[members[0]?.change ?? 'changed']} ${count(members.length)} of kind`,
            name: key.slice(key.indexOf(' ') + 1),
            detail: undefined,
          },
        ],
  )
}

function deed(difference: Difference): Deed {
  const { change, name, parent, before, after } = tell(difference)
  const of = parent === undefined ? '' : ` of ${parent}`
  const both = before !== undefined && after !== undefined ? `${before} → ${after}` : undefined
  const detail = change === 'changed' ? both : change === 'lost' ? undefined : after
  return {
    verb: VERBS[change],
    name: `${name}${of}`,
    detail: detail !== undefined && detail.length <= LONGEST ? detail : undefined,
  }
}
