// Findings, and problems on live databases, as workflow commands, which GitHub shows next to the lines of a change.
import { LEVELS, type Finding } from '../model/finding.js'
import type { Report } from '../report/check-report.js'
import { reportWithoutSecrets } from '../report/redact.js'
import { counted } from './words/format.js'
import { oneLine, shortened, visible } from './words/escape.js'
import type { LiveReport } from '../report/run-report.js'
import { outcomePhrase } from './words/run.js'

/** The runner keeps ten of each type for a step (actions/runner, ExecutionContext.cs). */
const PER_TYPE = 10
/** The runner cuts a message at 4,096 characters and does not say so. This is a bit less, so that the cut is marked. */
const MESSAGE = 4_000
const TITLE = 200

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const

/** A workflow command before it is written as one; title and message are visible text. */
type Annotation = Pick<Finding, 'level' | 'place'> & { readonly title: string; readonly message: string }

/** One command for each line, worst findings first, in the order of the report. Where there are more than the runner keeps, the last one says so. */
export function renderAnnotations(given: Report): readonly string[] {
  const report = reportWithoutSecrets(given)
  const all = [...runProblemAnnotations(report), ...report.findings.map(annotationOf)]
  return LEVELS.flatMap((level) => {
    const of = all.filter((annotation) => annotation.level === level)
    const more = of.length - PER_TYPE
    return of.slice(0, PER_TYPE).map((annotation, index) => {
      const rest =
        more > 0 && index === PER_TYPE - 1 ? `\n\nand ${counted(more, `more ${level}`)}: see the job summary` : ''
      return commandOf({ ...annotation, message: `${shortened(annotation.message, MESSAGE - rest.length)}${rest}` })
    })
  })
}

/** Problems of the run as a whole. Those of a database or a migration have a finding. */
const runProblemAnnotations = (report: Report): readonly Annotation[] =>
  report.problems.map(({ what, fix }) => ({
    level: 'error',
    place: undefined,
    title: 'environment',
    message: visible(`${what}\n${fix}`),
  }))

function annotationOf({ rule, level, database, migration, place, message, why, fix }: Finding): Annotation {
  const about = migration === undefined ? database : `${database} ${migration}`
  const parts = [message, why, fix === '' ? '' : `fix: ${fix}`].filter((part) => part !== '')
  return { level, place, title: oneLine(`${rule}: ${about}`), message: visible(parts.join('\n')) }
}

/** The annotation as a line that the runner understands. */
function commandOf({ level, place, title, message }: Annotation): string {
  const where =
    place === undefined
      ? []
      : [`file=${property(visible(place.file))}`, `line=${place.line.toString()}`, `col=${place.column.toString()}`]
  return `::${COMMANDS[level]} ${[...where, `title=${property(shortened(title, TITLE))}`].join(',')}::${data(message)}`
}

/** The escapes of actions/toolkit (packages/core/src/command.ts); `##[` would be a command of the older form. */
const data = (text: string): string =>
  text.replaceAll('##[', '## [').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** One command for each line: failed steps first, then what stopped a target. */
export function renderLiveAnnotations(given: LiveReport): readonly string[] {
  const { targets } = reportWithoutSecrets(given)
  const steps = targets.flatMap(({ name, steps }) =>
    steps
      .filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
      .map((step): Annotation => {
        const parts = [step.failure?.message, step.failure?.hint, ...step.left, step.fix]
        const text = parts.filter((one) => one !== undefined).join('\n')
        return {
          level: 'error',
          place: step.failure?.place,
          title: oneLine(`${name} ${step.id}: ${step.direction} ${outcomePhrase(step)}`),
          message: visible(text),
        }
      }),
  )
  const stopped = targets.flatMap(({ name, stopped }): readonly Annotation[] =>
    stopped === undefined || stopped.kind === 'not started'
      ? []
      : [
          {
            level: 'error',
            place: undefined,
            title: oneLine(name),
            message: visible(`${stopped.what}\n${stopped.fix}`),
          },
        ],
  )
  return [...steps, ...stopped].slice(0, PER_TYPE).map(commandOf)
}
