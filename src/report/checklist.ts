// The checklists of a deploy and of a rollback: what was done, with evidence, and what people have to do. Pure.
import type { Observation, LiveReport, TargetReport } from './run-report.js'
import { isCounted, isLoss } from '../catalog/data-loss.js'
import { firstFew } from '../model/list-words.js'
import type { DumpObstacle } from '../release/backup.js'
import type { StepAhead } from '../release/preview.js'

/** What the checklists need in addition to the report. */
export type ChecklistFacts = {
  readonly reason: string | undefined
  readonly retention: string | undefined
  /** The name of the required check that has passed. */
  readonly check: string | undefined
}

/** What is seen of an item that nothing was looked at for. */
export const FOR_PEOPLE = 'for people'

const open = (what: string, seen: string = FOR_PEOPLE): Observation => ({ what, result: 'open', seen })
const held = (what: string, seen: string): Observation => ({ what, result: 'held', seen })

/** The checklist of an executed deploy or rollback; empty for anything else. */
export function checklistOf(report: LiveReport, facts: ChecklistFacts): readonly Observation[] {
  const changed = report.targets.filter(({ steps }) => steps.some(({ outcome }) => outcome !== 'not started'))
  if (changed.length === 0) return []
  // A run that stopped half way took the backups of the rest too.
  const planned = report.targets.filter(({ steps }) => steps.length > 0)
  if (report.command === 'deploy') return ofDeploy(changed, planned, facts)
  return report.command === 'rollback' ? ofRollback(changed, planned, facts) : []
}

function ofDeploy(
  targets: readonly TargetReport[],
  planned: readonly TargetReport[],
  { check, retention }: ChecklistFacts,
): readonly Observation[] {
  const steps = targets.flatMap(({ ahead }) => ahead?.steps ?? [])
  const back = steps.filter(({ back: word }) => word === 'proved').length
  return [
    open('tested in development and staging'),
    back === steps.length
      ? held('rollback tested for each migration', `${back} of ${steps.length} rollbacks proved on a scratch server`)
      : open('rollback tested for each migration', `${back} of ${steps.length} rollbacks proved on a scratch server`),
    check === undefined ? open('integration tests passing') : held('integration tests passing', `the check "${check}"`),
    open('performance impact assessed', performanceSeen(targets)),
    dataLoss(targets, 'no rollback brings it back'),
    ...backupLines(planned),
    retention === undefined ? open('backup retention confirmed') : held('backup retention confirmed', retention),
    ...[
      'point-in-time recovery enabled',
      'team and stakeholders notified',
      'on-call engineer assigned',
      'maintenance mode',
    ].map((what) => open(what)),
    ...seenLines(targets),
    ...['monitoring and error logs checked', 'documentation updated'].map((what) => open(what)),
  ]
}

function ofRollback(
  targets: readonly TargetReport[],
  planned: readonly TargetReport[],
  { reason }: ChecklistFacts,
): readonly Observation[] {
  return [
    ...backupLines(planned),
    wasRehearsed(targets)
      ? held('dry run of the down migrations', 'on a scratch copy of the live structure')
      : open('dry run of the down migrations', NOT_REHEARSED),
    dataLoss(targets, 'as reported'),
    ...['team notified of the window', 'application writes stopped'].map((what) => open(what)),
    reason === undefined ? open('reason recorded', 'give it with --reason') : held('reason recorded', reason),
    ...seenLines(targets),
    ...['application logs checked', 'application writes resumed', 'migration files fixed if needed'].map((what) =>
      open(what),
    ),
  ]
}

/** Locks and durations were not looked at: what is known helps people to judge. */
function performanceSeen(targets: readonly TargetReport[]): string {
  if (!wasRehearsed(targets)) return NOT_REHEARSED
  const rewritten = new Set(
    targets.flatMap(({ name, ahead }) =>
      (ahead?.steps ?? []).flatMap((step) => step.rewrites.map((one) => `${name} ${one}`)),
    ),
  )
  const tables =
    rewritten.size === 0 ? 'no table is' : `${rewritten.size} ${rewritten.size === 1 ? 'table is' : 'tables are'}`
  return `${tables} rewritten; locks and durations were not looked at`
}

/** Stated only where each loss has a number, and all code was looked into. */
function dataLoss(targets: readonly TargetReport[], known: string): Observation {
  const steps = targets.flatMap(({ ahead }) => ahead?.steps ?? [])
  const what = 'data loss reported'
  const of = (found: readonly StepAhead[]): string =>
    `${found.length} of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`
  const losing = steps.filter(({ losses }) => losses.some(isLoss))
  const uncounted = steps.filter(({ losses }) => losses.some((loss) => isLoss(loss) && !isCounted(loss)))
  if (!wasRehearsed(targets)) return open(what, `only from the statements: ${NOT_REHEARSED}`)
  if (uncounted.length > 0)
    return open(what, `not counted for ${of(uncounted)}: ${firstFew(uncounted.map(({ id }) => id))}`)
  return held(
    what,
    losing.length === 0 ? 'none' : `${of(losing)} ${losing.length === 1 ? 'loses' : 'lose'} data, ${known}`,
  )
}

const wasRehearsed = (targets: readonly TargetReport[]): boolean =>
  targets.every(({ ahead }) => ahead?.rehearsed === true)

const NOT_REHEARSED = 'not all steps could be run on a scratch server'

/** Verified is a backup that was read back, or restored, and that nothing known keeps from being restored. */
function backupLines(targets: readonly TargetReport[]): readonly Observation[] {
  const taken = targets.flatMap(({ backup }) => backup ?? [])
  const own = taken.filter(({ kind }) => kind === 'external').length
  const each = `${taken.length} of ${targets.length} databases`
  if (taken.length < targets.length) return [open('backup completed', each)]
  if (own > 0) return [open('backup completed and verified', 'your own; it was not checked')]
  const withObstacle = (...kinds: readonly DumpObstacle['kind'][]): readonly string[] =>
    targets.filter(({ ahead }) => ahead?.dump?.some(({ kind }) => kinds.includes(kind))).map(({ name }) => name)
  const failing = withObstacle('fails')
  if (failing.length > 0)
    return [open('backup completed and verified', `pg_restore alone cannot restore that of ${firstFew(failing)}`)]
  const unknown = withObstacle('unknown')
  if (unknown.length > 0)
    return [open('backup completed and verified', `not judged whether that of ${firstFew(unknown)} can be restored`)]
  return [held('backup completed and verified', each)]
}

/** The checks of all targets, and the user's own test. */
function seenLines(targets: readonly TargetReport[]): readonly Observation[] {
  const all = targets.flatMap(({ seen = [] }) => seen)
  const count = (word: Observation['result']): number => all.filter(({ result }) => result === word).length
  const broken = count('broken')
  const unknown = count('open')
  const smoke = all.find(({ what }) => what === SMOKE_TEST)
  const isKnown = targets.every(({ steps }) => steps.every(({ outcome }) => outcome !== 'unknown'))
  const record = isKnown
    ? held('outcome recorded', "in the tool's history, and in our journal if there is one")
    : open('outcome recorded', 'the outcome of a step is unknown')
  return [
    all.length === 0
      ? open('schema verified', 'nothing was checked')
      : broken + unknown === 0
        ? held('schema verified', `${all.length} things were checked`)
        : open('schema verified', `of ${all.length} things, ${broken} failed, and ${unknown} are unknown`),
    smoke ?? open('smoke tests passed', '--smoke-test runs them'),
    record,
  ]
}

/** The text of the smoke test in a checklist. */
export const SMOKE_TEST = 'the smoke test succeeds'
