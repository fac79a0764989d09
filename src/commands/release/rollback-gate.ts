// Decides whether a rollback may run: its previews, irreversible steps, and the typed confirmation.
import { numberOf } from '../../model/change.js'
import type { Migration } from '../../model/migration.js'
import { shellWord } from '../../model/shell-quote.js'
import { sameVersion } from '../../model/version.js'
import { refuseStranger, type Refused } from '../../release/gate.js'
import { findMigration, isNothing } from '../../state/plan.js'
import { irreversibleWhy } from '../../state/reversibility.js'
import type { Run } from '../live/run.js'
import type { PlannedTarget, PreviewedTarget } from '../live/target.js'
import type { RollbackRequest } from '../shared/request.js'

/** Every reason to refuse it. Empty: allowed. */
export const gateRollback = ({ request, world }: Run<RollbackRequest>, target: PreviewedTarget): readonly Refused[] => [
  ...refuseStranger(world.origin),
  ...target.preview.refused,
  ...untriedSteps(target, request),
  ...irreversibleSteps(target, request),
  ...confirmation(target, request),
]

function untriedSteps({ read, plan, preview }: PreviewedTarget, { proof }: RollbackRequest): readonly Refused[] {
  if (preview.untried === undefined || proof === 'none' || plan.steps.length === 0) return []
  const what = `${read.config.name}: a dry run of all downs was not possible: ${preview.untried}`
  const fix = 'Name a server for the dry run (--server URL). To run them without one: --no-proof.'
  return [{ rule: 'plan', what, fix }]
}

const irreversibleSteps = ({ read, plan }: PlannedTarget, { irreversible }: RollbackRequest): readonly Refused[] =>
  plan.steps.flatMap(({ migration }): readonly Refused[] => {
    const why = irreversibleWhy(migration)
    const isAccepted = irreversible.some((one) => sameVersion(one, migration.version))
    if (why === undefined || isAccepted) return []
    const what = `${read.config.name}: ${migration.id} cannot be rolled back completely: ${why}`
    const fix = `Accept that with --accept-irreversible ${shellWord(migration.version)}, or restore a backup.`
    return [{ rule: 'irreversible', what, fix }]
  })

function confirmation(target: PlannedTarget, { confirm }: RollbackRequest): readonly Refused[] {
  if (target.plan.steps.length === 0 || isConfirmed(target, confirm)) return []
  const fix = `To continue: --confirm ${shellWord(wordsFor(target))}`
  return [{ rule: 'confirmation', what: 'it is not confirmed', fix }]
}

/** The newest applied migration after the rollback. */
function newestAfter({ plan, status }: PlannedTarget): Migration | undefined {
  const left = plan.steps.at(-1)?.left ?? status.applied.map(({ migration }) => migration)
  return left.at(-1)
}

/** The text to type: the database and the target version, by its number if that is unique; `0` for none. */
function wordsFor(target: PlannedTarget): string {
  const { config, schema } = target.read
  const newest = newestAfter(target)
  const number = newest === undefined ? '0' : numberOf(newest)
  const isEnough = newest === undefined || findMigration(schema.migrations, number) === newest
  return `${config.name} ${isEnough ? number : newest.version}`
}

/** Accepts any way to write that version. */
function isConfirmed(target: PlannedTarget, confirm: string | undefined): boolean {
  const { config, schema } = target.read
  const [database, version = '', ...more] = (confirm ?? '').trim().split(/\s+/)
  if (database !== config.name || more.length > 0) return false
  const newest = newestAfter(target)
  return newest === undefined
    ? isNothing(schema.migrations, version)
    : findMigration(schema.migrations, version) === newest
}
