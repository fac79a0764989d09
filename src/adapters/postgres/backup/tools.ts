// What backups use, passed in so that a test can remove parts of it.
import type { Shell } from '../../../ports/host.js'
import type { Cluster } from '../cluster.js'
import type { Machine } from '../server/machine.js'

/**
 * `root` is where relative folders start. `withScratch` gives a scratch server while the body runs, of the major `like`
 * if there is one. `clientFolders`, `freeBytes` and `afterDump` are for tests: the folders of programs, the free room,
 * and a point in time at which a test damages the archive.
 */
export type BackupTools = {
  readonly root: string
  readonly machine: Machine
  readonly now: () => number
  readonly shell: Shell
  readonly withScratch: <T>(like: number, body: (cluster: Cluster) => Promise<T>) => Promise<T>
  readonly clientFolders?: readonly string[]
  readonly freeBytes?: number
  readonly afterDump?: (archive: string) => Promise<void>
}
