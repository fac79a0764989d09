// Steps whose data no rollback brings back: they run only when that is accepted, version by version.
import { sameVersion } from '../model/version.js'
import { shellWord } from '../model/shell-quote.js'
import type { Refused } from './gate.js'
import type { Migration } from '../model/migration.js'
import type { Plan } from '../state/plan.js'
import type { Preview } from './preview.js'

/** A plan of a database, with what is known of its steps. */
type PreviewedPlan = {
  readonly read: { readonly config: { readonly name: string } }
  readonly plan: Pick<Plan, 'steps'>
  readonly preview: { readonly ahead: Pick<Preview, 'steps'> }
}

type Final = { readonly migration: Migration; readonly why: string }

/** The steps of a target that do not go back completely, and why. */
export const irreversibleSteps = ({ plan, preview }: Pick<PreviewedPlan, 'plan' | 'preview'>): readonly Final[] =>
  plan.steps.flatMap(({ migration }, at) => {
    const why = preview.ahead.steps[at]?.irreversible
    return why === undefined ? [] : [{ migration, why }]
  })

const notAccepted = (target: PreviewedPlan, accepted: readonly string[]): readonly Final[] =>
  irreversibleSteps(target).filter(({ migration }) => !accepted.some((one) => sameVersion(one, migration.version)))

/** For a rollback: what it does not restore. */
export const refuseIncomplete = (target: PreviewedPlan, accepted: readonly string[]): readonly Refused[] =>
  notAccepted(target, accepted).map(({ migration, why }) => ({
    rule: 'irreversible',
    what: `${target.read.config.name}: ${migration.id} cannot be rolled back completely: ${why}`,
    fix: `Accept that with --accept-irreversible ${shellWord(migration.version)}, or restore a backup.`,
  }))

/** For a deploy: what it loses for good. A migration that declares itself irreversible was accepted in its review. */
export const refuseLosing = (target: PreviewedPlan, accepted: readonly string[]): readonly Refused[] =>
  notAccepted(target, accepted)
    .filter(({ migration }) => migration.irreversible === undefined)
    .map(({ migration, why }) => ({
      rule: 'irreversible',
      what: `${target.read.config.name}: ${migration.id} cannot be rolled back completely: ${why}`,
      fix: `Read its data loss in the plan. Accept it with --accept-irreversible ${shellWord(migration.version)}. Where no option can be given, declare it: irreversible in migration-gate.yml, or -- migration-gate: irreversible because ... in the file.`,
    }))
