// What a command is handed: everything outside of the program.
import type { Report } from '../core/report.js'
import type { Clock, Files, Modules, Forge, Progress, Repository, Server, Targets } from '../ports.js'

/**
 * `startServer` is called once at most, and only when there is something to prove; whoever calls it closes the server.
 * `environment` holds the variables that a migration file may refer to; `cores` are those of the machine.
 */
export type World = {
  readonly files: Files
  readonly repository: Repository
  readonly forge: Forge | undefined
  readonly clock: Clock
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly startServer: () => Promise<Server>
  readonly targets: Targets
  readonly modules: Modules
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly cores: number
  readonly tool: Report['tool']
}
