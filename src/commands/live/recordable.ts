// Whether the tool's table has a place for the version of every step: asked before the first one, since the others are done then.
import { UserError } from '../../model/errors.js'
import type { Stopped } from '../../report/run-report.js'
import type { Plan } from '../../state/plan.js'
import type { Opened } from './connect.js'

/** Why not; undefined where all can be written. */
export function unrecordable({ found, read }: Pick<Opened, 'found' | 'read'>, { steps }: Plan): Stopped | undefined {
  const { history, table } = found
  for (const step of steps) {
    try {
      if (step.direction === 'up') history.record(table, step.migration)
      // What is left is worked out when it is asked for.
      else history.remove(table, step.migration, step.left)
    } catch (error) {
      if (!(error instanceof UserError) || error.kind !== 'use') throw error
      return { kind: 'refused', what: `${read.config.name}: ${error.message}`, fix: error.fix }
    }
  }
  return undefined
}
