// What backups are made with, passed in so that a test can take things away.
import type { Shell } from '../../../ports/host.js'
import type { Cluster } from '../cluster.js'
import type { Machine } from '../server/machine.js'

/**
 * `root` is where relative folders start. `withScratch` gives a server of ours while the body runs, of the major `like` where
 * there is one. `clientFolders`, `freeBytes` and `afterDump` are for tests: where programs are, how much room there is, and a
 * point in time at which an archive can be damaged.
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
