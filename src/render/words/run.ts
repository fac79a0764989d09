// What a run on live databases came to, in words that every surface shares.
import type { ApprovalReport } from '../../release/gate.js'
import type { LiveReport, StepReport, TargetReport } from '../../report/run-report.js'
import { count, counted, duration, few } from './format.js'
import { oneLine } from './escape.js'

const WORDS = {
  pass: 'PASS',
  fail: 'FAIL',
  environment: 'ENVIRONMENT',
  unfinished: 'STOPPED',
  cancelled: 'CANCELLED',
} as const

export type LiveWord = (typeof WORDS)[keyof typeof WORDS]

export const liveWord = (report: LiveReport): LiveWord => WORDS[report.verdict]

/** What was done to a target, or how it stands, in one phrase. */
export function targetPhrase(target: TargetReport, command: LiveReport['command']): string {
  const { steps, standing, stopped } = target
  if (steps.length > 0) return stepsPhrase(steps)
  if (stopped !== undefined) return STOPPED[stopped.kind]
  if (command === 'restore') return target.swapped ?? 'not restored'
  if (command !== 'status') return 'nothing to do'
  return standing === undefined ? 'not read' : standingPhrase(standing)
}

const STOPPED = { refused: 'refused', environment: 'not reached', 'not started': 'not started' } as const

/** The newest applied version, for the end of a line. */
export function nowAt({ standing, steps }: TargetReport): string {
  if (standing === undefined) return steps.length > 0 ? 'not known where it stands' : ''
  const last = standing.applied.at(-1)
  return last === undefined ? 'nothing applied' : `at ${oneLine(last.version)}`
}

/** Neighbours with the same outcome are told together. */
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

/** `failed, its changes are rolled back`. */
export function outcomePhrase({ outcome, direction, left }: StepReport): string {
  switch (outcome) {
    case 'planned':
      return direction === 'up' ? 'would be applied' : 'would be taken back'
    case 'undone':
      return 'taken back'
    case 'failed':
      return left.length === 0 ? 'failed, its changes are rolled back' : 'failed, something of it stayed'
    case 'unknown':
      return 'is applied or not: nobody can say'
    case 'applied':
    case 'recorded':
    case 'not started':
      return outcome
  }
}

function standingPhrase(standing: NonNullable<TargetReport['standing']>): string {
  const { pending, late, missing, edited, dirty, repeated, drift } = standing
  const listed = (word: string, ids: readonly string[]): readonly string[] =>
    ids.length === 0 ? [] : [`${count(ids.length)} ${word} (${few(ids, 3)})`]
  const parts = [
    ...(dirty === undefined ? [] : [`${dirty} began and did not end`]),
    ...listed('pending', pending),
    ...listed('late', late),
    ...listed(
      'without a file here',
      missing.map(({ key }) => key),
    ),
    ...listed('edited since', edited),
    ...listed('recorded more than once', repeated),
    ...(drift === undefined || drift.length === 0
      ? []
      : [counted(drift.length, 'difference to the files', 'differences to the files')]),
  ]
  return oneLine(parts.length === 0 ? 'up to date' : parts.join(', '))
}

/** The sentence behind the verdict. */
export function liveSentence(report: LiveReport): string {
  const { targets, counts, command } = report
  const planned = targets.flatMap(({ steps }) => steps).filter(({ outcome }) => outcome === 'planned').length
  switch (report.verdict) {
    case 'pass':
      if (command === 'status')
        return `${statusSentence(report)}${isBehind(report) ? ' (with --check that fails)' : ''}`
      if (report.command === 'restore') return restoredSentence(report)
      if (planned > 0) return `${counted(planned, 'step')} ${inThose(targets)} would be done`
      return counts.done === 0
        ? `nothing to do in ${counted(targets.length, 'database')}`
        : `${counted(counts.done, 'step')} done ${inThose(targets)}`
    case 'fail':
      if (report.approval !== undefined && report.approval.refused.length > 0) return refusedSentence(report.approval)
      return command === 'status' ? statusSentence(report) : `${culprits(report)}; nothing was changed`
    case 'environment':
      return `${first(report)}; nothing was changed`
    case 'cancelled':
      return `cancelled after ${counted(counts.done, 'step')}, ${count(counts.waiting)} not started`
    case 'unfinished':
      return `${culprits(report)}; ${counted(counts.done, 'step')} done, ${count(counts.waiting)} not started`
  }
}

/** `in 1 of 4 databases`: those that have steps. */
function inThose(targets: LiveReport['targets']): string {
  const touched = targets.filter(({ steps }) => steps.length > 0).length
  return `in ${touched === targets.length ? '' : `${count(touched)} of `}${counted(targets.length, 'database')}`
}

function restoredSentence({ targets }: LiveReport): string {
  const names = targets.map(({ name }) => name)
  const putBack = targets.some(({ swapped }) => swapped === 'put back')
  return `${few(names, 3)} is the ${putBack ? 'one from before the last restore again' : 'restored one now'}`
}

const refusedSentence = ({ refused }: ApprovalReport): string =>
  `refused, for ${counted(refused.length, 'reason')}; nothing was changed`

const behindIn = ({ targets }: LiveReport): LiveReport['targets'] =>
  targets.filter(({ standing }) => standing !== undefined && standingPhrase(standing) !== 'up to date')

const isBehind = (report: LiveReport): boolean => behindIn(report).length > 0

function statusSentence(report: LiveReport): string {
  const { targets } = report
  const behind = behindIn(report)
  if (behind.length === 0) return `${counted(targets.length, 'database')} up to date`
  return `${count(behind.length)} of ${counted(targets.length, 'database')} not as the files are: ${few(
    behind.map(({ name }) => name),
    5,
  )}`
}

function culprits({ targets }: LiveReport): string {
  const said = targets.flatMap(({ name, steps, stopped, place }) => {
    const at = steps.findIndex(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    const step = steps[at]
    if (step !== undefined) {
      const word = step.outcome === 'failed' ? 'failed' : 'is in doubt'
      return [`${name} ${word} at step ${count(at + 1)} of ${count(steps.length)}`]
    }
    if (stopped === undefined || stopped.kind === 'not started') return []
    // Only of a target that was reached the place is known.
    const word =
      stopped.kind === 'environment' && place !== undefined ? 'stopped by its surroundings' : STOPPED[stopped.kind]
    return [`${name}: ${word}`]
  })
  return said.length === 0 ? 'not all was done' : said.join(', ')
}

/** Many sentences begin with the name, which stands before them already. */
export const withoutName = (what: string, name: string): string =>
  what.startsWith(`${name}: `) ? what.slice(name.length + 2) : what

function first({ targets }: LiveReport): string {
  const [one, ...more] = targets.flatMap(({ name, stopped, steps }) => [
    ...(stopped?.kind === 'environment' ? [`${name}: ${withoutName(stopped.what, name)}`] : []),
    ...steps.flatMap(({ failure, id }) =>
      failure?.environment === undefined ? [] : [`${name} ${id}: ${failure.environment}`],
    ),
  ])
  return `${one ?? 'the surroundings failed'}${more.length === 0 ? '' : ` (and ${count(more.length)} more)`}`
}

/** How a migration came to be applied: `2026-11-26 01:02 UTC by ada as app, 12 ms`. */
export function appliedPhrase(
  applied: NonNullable<TargetReport['standing']>['applied'][number],
  moment: (iso: string) => string,
): string {
  const { at, by, milliseconds } = applied
  return oneLine(
    [
      ...(at === undefined ? [] : [moment(at)]),
      ...(by === undefined ? [] : [`by ${by}`]),
      ...(milliseconds === undefined ? [] : [duration(milliseconds)]),
    ].join(', '),
  )
}
