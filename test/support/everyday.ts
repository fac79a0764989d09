// The everyday commands as functions, whose reports and refusals never show a password.
import { baseline as baselineIt } from '../../src/commands/migrate/baseline.js'
import { down as downIt } from '../../src/commands/migrate/down.js'
import { redo as redoIt } from '../../src/commands/migrate/redo.js'
import { seed as seedIt } from '../../src/commands/migrate/seed.js'
import { status as statusIt } from '../../src/commands/migrate/status.js'
import { up as upIt } from '../../src/commands/migrate/up.js'
import type { LiveReport } from '../../src/report/run-report.js'
import { renderJson } from '../../src/render/json.js'
import { refuseSecrets } from './canary.js'

/** Rejects when a password is in the report, or in the words of what the command rejects with. */
function watched<Asked extends unknown[]>(
  command: (...asked: Asked) => Promise<LiveReport>,
): (...asked: Asked) => Promise<LiveReport> {
  return async (...asked) => {
    try {
      const report = await command(...asked)
      refuseSecrets({ report: renderJson(report) })
      return report
    } catch (error) {
      refuseSecrets({ refusal: String(error) })
      throw error
    }
  }
}

export const up = watched(upIt)
export const down = watched(downIt)
export const redo = watched(redoIt)
export const seed = watched(seedIt)
export const status = watched(statusIt)
export const baseline = watched(baselineIt)
