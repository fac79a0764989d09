// What an up does to the schema as short phrases, taken from two snapshots and not from its SQL.
import type { Difference } from '../../catalog/difference.js'
import { showDifference } from './difference.js'
import { count } from './format.js'

/** `name` comes from the database and is escaped. `detail` is a definition of one line. */
export type SchemaEffect = { readonly verb: string; readonly name: string; readonly detail: string | undefined }

const VERBS = { 'left behind': 'adds', lost: 'drops', changed: 'changes' } as const

const verbOf = ({ change, was }: Difference): string => (was === undefined ? VERBS[change] : 'renames')

/** Up to this many objects of one kind are named; more are counted. */
const NAMED = 5
const LONGEST = 160

/** One effect for each object, in the order of the differences. Many objects of one kind become one effect. */
export function schemaEffects(does: readonly Difference[]): readonly SchemaEffect[] {
  const groups = new Map<string, Difference[]>()
  for (const difference of does) {
    const key = `${verbOf(difference)} ${difference.kind}`
    groups.set(key, [...(groups.get(key) ?? []), difference])
  }
  return [...groups].flatMap(([key, members]) =>
    members.length <= NAMED
      ? members.map(effectOf)
      : [
          {
            verb: `${key.slice(0, key.indexOf(' '))} ${count(members.length)} of kind`,
            name: key.slice(key.indexOf(' ') + 1),
            detail: undefined,
          },
        ],
  )
}

function effectOf(difference: Difference): SchemaEffect {
  const { change, name, parent, before, after, was } = showDifference(difference)
  const of = parent === undefined ? '' : ` of ${parent}`
  if (was !== undefined) return { verb: verbOf(difference), name: `${was.name}${of} to ${was.now}`, detail: undefined }
  const both = before !== undefined && after !== undefined ? `${before} → ${after}` : undefined
  const detail = change === 'changed' ? both : change === 'lost' ? undefined : after
  return {
    verb: VERBS[change],
    name: `${name}${of}`,
    detail: detail !== undefined && detail.length <= LONGEST ? detail : undefined,
  }
}
