// Problems on live databases as workflow commands, which GitHub shows next to the lines of a change.
import type { LiveReport } from '../report/run-report.js'
import { reportWithoutSecrets } from '../report/redact.js'
import { commandOf, type Annotation } from './annotations.js'
import { outcomePhrase } from './words/run.js'
import { oneLine, visible } from './words/escape.js'

/** The runner keeps ten of each type for a step (actions/runner, ExecutionContext.cs). */
const MOST_ANNOTATIONS = 10

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
  return [...steps, ...stopped].slice(0, MOST_ANNOTATIONS).map(commandOf)
}
