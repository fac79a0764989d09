// A world in which nothing is outside: for tests that only read files, or bring what else they need.
import { createRepository } from '../../src/adapters/host/git/repository.js'
import { createInspection } from '../../src/adapters/postgres/inspect/open.js'
import type { World } from '../../src/commands/shared/context.js'

const refused = (what: string) => (): Promise<never> => Promise.reject(new Error(`no ${what} was meant to be needed`))

export const NOTHING: Omit<World, 'files'> = {
  repository: createRepository({ root: '/', environment: {} }),
  forge: undefined,
  clock: { now: () => 0, elapsed: () => 0, pause: () => Promise.resolve() },
  environment: {},
  startServer: refused('server'),
  targets: { open: refused('target') },
  modules: { call: refused('module') },
  inspection: createInspection(),
  backups: {
    take: refused('backup'),
    obstacles: refused('backup'),
    structure: refused('backup'),
    restore: refused('backup'),
    swap: refused('backup'),
    foresee: refused('backup'),
    undo: refused('backup'),
  },
  shell: refused('command'),
  origin: { event: undefined, fork: false, refProtected: undefined, ref: undefined },
  progress: { move: () => undefined },
  signal: new AbortController().signal,
  cores: 1,
  tool: { name: 'pg-migration-gate', version: '0.0.0' },
}
