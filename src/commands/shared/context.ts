// What a command gets: everything outside of the program.
import type { Origin } from '../../release/gate.js'
import type { Report } from '../../report/check-report.js'
import type { Backups } from '../../ports/backup.js'
import type { Files, Repository } from '../../ports/files.js'
import type { Forge } from '../../ports/forge.js'
import type { Clock, Progress } from '../../ports/host.js'
import type { Inspection } from '../../ports/inspect.js'
import type { Modules } from '../../ports/modules.js'
import type { ScratchServer } from '../../ports/scratch.js'
import type { Shell } from '../../ports/host.js'
import type { Targets } from '../../ports/target.js'

/**
 * `startServer` is called at most once, and only if there is something to prove. The caller closes the server. It
 * prefers the major version `like`, if available. `environment`: the variables that a migration file may use. `cores`:
 * of the machine.
 */
export type World = {
  readonly files: Files
  readonly repository: Repository
  readonly forge: Forge | undefined
  readonly clock: Clock
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly startServer: (like?: number) => Promise<ScratchServer>
  readonly targets: Targets
  readonly inspection: Inspection
  readonly backups: Backups
  readonly modules: Modules
  readonly shell: Shell
  readonly progress: Progress
  /** What started the run, according to GitHub. */
  readonly origin: Origin
  readonly signal: AbortSignal
  readonly cores: number
  readonly tool: Report['tool']
}
