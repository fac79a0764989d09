// The results of the proof, for the rules that turn them into findings.
import type { Migration } from '../../model/migration.js'
import type { DatabaseReport, Proof } from '../../report/check-report.js'
import { noOpScript, type NoOp } from '../../sql/no-op.js'
import type { RuleInput, RuleFinding } from '../rule.js'
import { isRestored, nameOfObject, type Difference } from '../../catalog/difference.js'
import { startOf } from '../read-input.js'

/** `group` counts the migrations that were proved as one with this one, the last of them. */
export type Proved = { readonly migration: Migration; readonly proof: Proof; readonly group: number }

/** Every migration whose proof is reported, in order: of a group only the last one, which represents all. */
export const provedOf = (input: RuleInput): readonly Proved[] =>
  input.migrations.flatMap((migration) => {
    const proof = proofOf(input, migration.id)
    return proof === undefined || proof.toldAt !== undefined
      ? []
      : [{ migration, proof, group: groupSize(input, migration.id) }]
  })

/** How many migrations were proved as one and are reported at this one. */
const groupSize = ({ report }: RuleInput, id: string): number =>
  report.unit === 'each' ? 1 : 1 + report.migrations.filter(({ proof }) => proof?.toldAt === id).length

const byId = new WeakMap<DatabaseReport, ReadonlyMap<string, Proof | undefined>>()

/** The proof of one migration; undefined when nothing was to be proved. */
export function proofOf({ report }: RuleInput, id: string): Proof | undefined {
  const known = byId.get(report)
  if (known !== undefined) return known.get(id)
  const proofs = new Map(report.migrations.map((migration) => [migration.id, migration.proof]))
  byId.set(report, proofs)
  return proofs.get(id)
}

/** Whether the down does nothing. Another rule reports it then, unless a group was proved as one. */
export const hasIdleDown = ({ migration: { down }, group }: Proved): boolean =>
  group === 1 && down !== undefined && noOpScript(down.messages) !== undefined

/**
 * Whether the second up is a separate fact, and not the result of a down that did not restore. Seeds have a rule. A
 * migration that runs again on each change needs no down before it.
 */
export const restored = ({ migration, proof: { down } }: Proved): boolean =>
  migration.kind === 'schema' && (migration.repeat !== undefined || isRestored(down))

/** The migration that a chain stopped at. */
export const migrationNamed = (input: RuleInput, id: string | undefined): Migration | undefined =>
  input.migrations.find((migration) => migration.id === id)

/** More differences than this are counted. */
const SHOWN = 3

/** The first differences in words, on one line. */
export function differenceWords(differences: readonly Difference[]): string {
  const real = differences.filter((difference) => difference.class === 'real')
  const shown = (real.length > 0 ? real : differences).slice(0, SHOWN).map(inWords)
  const more = differences.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function inWords({ change, kind, identity, parent, before, after }: Difference): string {
  const owner = parent?.slice(parent.indexOf(' ') + 1)
  const hasOwner = owner === undefined || identity === owner || identity.startsWith(`${owner}.`)
  const words = `${change} ${nameOfObject({ kind, identity })}${hasOwner ? '' : ` of ${parent ?? ''}`}`
  if (before === undefined || after === undefined) return words
  return isShort(before) && isShort(after) ? `${words} (${before} -> ${after})` : words
}

const isShort = (text: string): boolean => text.length <= 60 && !text.includes('\n')

/** How a down does nothing, in the words of a finding. */
export const IDLE_WORDS: Readonly<Record<NoOp, string>> = {
  empty: 'the down is empty',
  comments: 'the down holds only comments',
  'select 1': 'the down holds only statements that change nothing',
  'empty transaction': 'the down is an empty transaction',
}

type Idle = { readonly kind: NoOp; readonly finding: Pick<RuleFinding, 'migration' | 'place'> }

/** Downs that do nothing: those that the proof found harmless (`note`), or all others (`error`). */
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
