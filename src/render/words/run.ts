// The results of a run on live databases as phrases, shared by every output format.
import type { ApprovalReport } from '../../release/gate.js'
import type { LiveReport, StepReport, TargetReport } from '../../report/run-report.js'
import { existingPhrase } from '../../state/existing-tables.js'
import { count, counted, duration, firstFew, utcTime } from './format.js'
import { oneLine } from './escape.js'

const WORDS = {
  pass: 'PASS',
  fail: 'FAIL',
  environment: 'ENVIRONMENT',
  unfinished: 'STOPPED',
  cancelled: 'CANCELLED',
} as const

export type RunVerdict = (typeof WORDS)[keyof typeof WORDS]

export const runVerdict = (report: LiveReport): RunVerdict => WORDS[report.verdict]

/** What was done to a target, or its migration status, in one phrase. */
export function targetPhrase(target: TargetReport, command: LiveReport['command']): string {
  const { steps, standing, stopped } = target
  const isIdle = steps.every(({ outcome }) => outcome === 'planned')
  if (steps.length > 0 && !(isIdle && stopped?.kind === 'refused')) return stepsPhrase(steps)
  if (stopped !== undefined) return STOPPED_WORDS[stopped.kind]
  if (command === 'restore') return target.swapped === undefined ? 'not restored' : SWAPPED_WORDS[target.swapped]
  if (command !== 'status') return 'nothing to do'
  return standing === undefined ? 'not read' : statusPhrase(standing)
}

const SWAPPED_WORDS = { restored: 'restored', 'put back': 'restore undone' } as const
const STOPPED_WORDS = { refused: 'refused', environment: 'not reached', 'not started': 'not started' } as const

/** The newest applied version, for the end of a line. */
export function currentVersion({ standing, steps }: TargetReport): string {
  if (standing === undefined) return steps.length > 0 ? 'version unknown' : ''
  const last = standing.applied.at(-1)
  return last === undefined ? 'nothing applied' : `at ${oneLine(last.version)}`
}

/** Neighbouring steps with the same outcome share a phrase. */
function stepsPhrase(steps: readonly StepReport[]): string {
  const groups: StepReport[][] = []
  for (const step of steps) {
    const last = groups.at(-1)
    if (last?.[0]?.outcome === step.outcome && last[0].direction === step.direction) last.push(step)
    else groups.push([step])
  }
  return groups.map(groupPhrase).join(' · ')
}

function groupPhrase(group: readonly StepReport[]): string {
  const [first] = group
  if (first === undefined) return ''
  const versions =
    group.length <= 3
      ? group.map(({ version }) => version).join(', ')
      : `${first.version} to ${group.at(-1)?.version ?? ''} (${count(group.length)})`
  return oneLine(`${versions} ${outcomePhrase(first)}`)
}

/** The outcome of a step: `failed, its changes are rolled back`. */
export function outcomePhrase({ outcome, direction, left }: StepReport): string {
  switch (outcome) {
    case 'planned':
      return direction === 'up' ? 'would be applied' : 'would be rolled back'
    case 'undone':
      return 'rolled back'
    case 'failed':
      return left.length === 0 ? 'failed, its changes are rolled back' : 'failed, some of its changes remain'
    case 'unknown':
      return 'may or may not be applied'
    case 'recorded':
      return direction === 'up' ? outcome : 'recorded as not applied'
    case 'applied':
    case 'not started':
      return outcome
  }
}

function statusPhrase(standing: NonNullable<TargetReport['standing']>): string {
  const problems = statusProblems(standing)
  const drift = standing.drift?.length === 0 ? ['no drift'] : []
  return oneLine([...(problems.length === 0 ? ['up to date'] : problems), ...drift].join(', '))
}

/** Why a database is not up to date, as phrases. */
function statusProblems(standing: NonNullable<TargetReport['standing']>): readonly string[] {
  const { pending, late, missing, edited, dirty, repeated, drift = [], existing } = standing
  const listed = (word: string, ids: readonly string[]): readonly string[] =>
    ids.length === 0 ? [] : [`${count(ids.length)} ${word} (${firstFew(ids, 3)})`]
  return [
    ...(dirty === undefined ? [] : [`dirty: ${dirty} started and did not finish`]),
    ...(existing === undefined ? [] : [existingPhrase(existing)]),
    ...listed('pending', pending),
    ...listed('out of order', late),
    ...listed(
      'applied without a file',
      missing.map(({ key }) => key),
    ),
    ...listed('edited since applied', edited),
    ...listed('recorded more than once', repeated),
    ...(drift.length === 0 ? [] : [`drift: ${counted(drift.length, 'difference')}`]),
  ]
}

/** The sentence after the verdict. */
export function runSentence(report: LiveReport): string {
  const { targets, counts, command } = report
  const planned = targets.flatMap(({ steps }) => steps).filter(({ outcome }) => outcome === 'planned').length
  switch (report.verdict) {
    case 'pass':
      if (command === 'status') return `${statusSentence(report)}${isBehind(report) ? ' (--check would fail)' : ''}`
      if (report.command === 'restore') return restoredSentence(report)
      if (planned > 0) return `${counted(planned, 'step')} would run ${inDatabases(targets)}`
      return counts.done === 0
        ? `nothing to do in ${counted(targets.length, 'database')}`
        : `${counted(counts.done, 'step')} done ${inDatabases(targets)}`
    case 'fail':
      if (report.approval !== undefined && report.approval.refused.length > 0) return refusedSentence(report.approval)
      return command === 'status' ? statusSentence(report) : `${failedTargets(report)}; nothing was changed`
    case 'environment':
      return `${firstEnvironmentProblem(report)}; nothing was changed`
    case 'cancelled':
      return `cancelled after ${counted(counts.done, 'step')}, ${count(counts.waiting)} not started`
    case 'unfinished':
      return `${failedTargets(report)}; ${counted(counts.done, 'step')} done, ${count(counts.waiting)} not started`
  }
}

/** The databases that have steps: `in 1 of 4 databases`. */
function inDatabases(targets: LiveReport['targets']): string {
  const touched = targets.filter(({ steps }) => steps.length > 0).length
  return `in ${touched === targets.length ? '' : `${count(touched)} of `}${counted(targets.length, 'database')}`
}

function restoredSentence({ targets }: LiveReport): string {
  const names = firstFew(
    targets.map(({ name }) => name),
    3,
  )
  const isUndone = targets.some(({ swapped }) => swapped === 'put back')
  return isUndone ? `the last restore of ${names} is undone` : `${names} restored from the backup`
}

const refusedSentence = ({ refused }: ApprovalReport): string =>
  `refused for ${counted(refused.length, 'reason')}; nothing was changed`

const targetsBehind = ({ targets }: LiveReport): LiveReport['targets'] =>
  targets.filter(({ standing }) => standing !== undefined && statusProblems(standing).length > 0)

const isBehind = (report: LiveReport): boolean => targetsBehind(report).length > 0

function statusSentence(report: LiveReport): string {
  const { targets } = report
  const behind = targetsBehind(report)
  const unread = targets.flatMap(({ name, stopped }) => (stopped === undefined ? [] : [`${name} (not read)`]))
  if (behind.length + unread.length === 0) {
    const compared = targets.some(({ standing }) => standing?.drift !== undefined)
    return `${counted(targets.length, 'database')} up to date${compared ? ', no drift' : ''}`
  }
  const named = [...behind.map((one) => `${one.name}${troubleOf(one)}`), ...unread]
  return `${count(named.length)} of ${counted(targets.length, 'database')} not up to date: ${firstFew(named, 5)}`
}

/** What is worse than a pending migration. */
function troubleOf({ standing }: TargetReport): string {
  const words = [
    ...(standing?.dirty === undefined ? [] : ['dirty']),
    ...(standing?.existing === undefined ? [] : ['no known history']),
    ...((standing?.drift ?? []).length === 0 ? [] : ['drift']),
  ]
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

function failedTargets({ targets }: LiveReport): string {
  const phrases = targets.flatMap(({ name, steps, stopped, place }) => {
    const at = steps.findIndex(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    const step = steps[at]
    if (step !== undefined) {
      const word = step.outcome === 'failed' ? 'failed' : 'has an unknown outcome'
      return [`${name} ${word} at step ${count(at + 1)} of ${count(steps.length)}`]
    }
    if (stopped === undefined || stopped.kind === 'not started') return []
    // The address is known only when the target was reached.
    const word =
      stopped.kind === 'environment' && place !== undefined ? 'stopped by the environment' : STOPPED_WORDS[stopped.kind]
    return [`${name}: ${word}`]
  })
  return phrases.length === 0 ? 'not every step ran' : phrases.join(', ')
}

/** Removes a leading `name: `, for places that show the name already. */
export const withoutName = (what: string, name: string): string =>
  what.startsWith(`${name}: `) ? what.slice(name.length + 2) : what

function firstEnvironmentProblem({ targets }: LiveReport): string {
  const [one, ...more] = targets.flatMap(({ name, stopped, steps }) => [
    ...(stopped?.kind === 'environment' ? [`${name}: ${withoutName(stopped.what, name).replace(/\.$/, '')}`] : []),
    ...steps.flatMap(({ failure, id }) =>
      failure?.environment === undefined ? [] : [`${name} ${id}: ${failure.environment}`],
    ),
  ])
  return `${one ?? 'the environment failed'}${more.length === 0 ? '' : ` (and ${count(more.length)} more)`}`
}

/** When, by whom and in what time a migration was applied: `2026-11-26 01:02 UTC, by ada as app, 12 ms`. */
export function appliedPhrase(applied: NonNullable<TargetReport['standing']>['applied'][number]): string {
  const { at, by, milliseconds } = applied
  return oneLine(
    [
      ...(at === undefined ? [] : [utcTime(at)]),
      ...(by === undefined ? [] : [`by ${by}`]),
      ...(milliseconds === undefined ? [] : [duration(milliseconds)]),
    ].join(', '),
  )
}
