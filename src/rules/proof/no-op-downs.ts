// Downs that do nothing: found once for the two rules that report them.
import { noOpScript, type NoOp } from '../../sql/no-op.js'
import type { RuleFinding, RuleInput } from '../rule.js'
import { groupSize, proofOf } from './proof-results.js'
import { startOf } from '../read-input.js'

export const IDLE_WORDS: Readonly<Record<NoOp, string>> = {
  empty: 'the down is empty',
  comments: 'the down holds only comments',
  'select 1': 'the down holds only statements that change nothing',
  'empty transaction': 'the down is an empty transaction',
}

type Idle = { readonly kind: NoOp; readonly finding: Pick<RuleFinding, 'migration' | 'place'> }

/** Idle downs: those that the proof found harmless (`note`), or all others (`error`). */
export const idleDowns = (input: RuleInput, as: 'error' | 'note'): readonly Idle[] =>
  input.migrations.flatMap((migration) => {
    const { down, irreversible } = migration
    // The effects of the up are unknown.
    const isCode = migration.up === undefined && migration.code !== undefined
    if (down === undefined || irreversible !== undefined || isCode || judge(input, migration.id) !== as) return []
    const kind = noOpScript(down.messages)
    return kind === undefined ? [] : [{ kind, finding: { migration: migration.id, place: startOf(down) } }]
  })

/** Of a group that was proved as one, a member may do nothing as long as the others do all of it. */
function judge(input: RuleInput, id: string): 'error' | 'note' | undefined {
  const proof = proofOf(input, id)
  if (proof === undefined) return 'error'
  if (proof.toldAt !== undefined) return undefined
  if (groupSize(input, id) > 1) return proof.down === 'empty' ? 'error' : undefined
  return proof.down === 'same' ? 'note' : 'error'
}
