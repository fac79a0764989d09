// The ScratchServer port on real clusters: scratch databases for the proof of one chain after another.
import { UserError } from '../../../model/errors.js'
import type { Clock } from '../../../ports/host.js'
import type { ScratchEnvironment, ScratchServer } from '../../../ports/scratch.js'
import type { Clusters } from '../cluster.js'
import { makeEnvironment } from './environment.js'

/** Closing it closes its environments first, then the clusters. */
export function createScratchServer(clusters: Clusters, clock: Pick<Clock, 'elapsed'>): ScratchServer {
  let line: Promise<unknown> = Promise.resolve()
  const open = new Set<ScratchEnvironment>()
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await Promise.allSettled([...open].map((environment) => environment.close()))
    await clusters.close()
  }
  return {
    report: clusters.main.report,
    openEnvironment: async (options) => {
      const { main, another } = clusters
      if (!options.clusterWide)
        return keep(open, await makeEnvironment({ cluster: main, fresh: undefined, options, clock }))
      if (another !== undefined) {
        return keep(open, await makeEnvironment({ cluster: await another(), fresh: another, options, clock }))
      }
      if (!clusters.disposable) throw notDisposable()
      const before = line
      let done: () => void = () => undefined
      line = new Promise<void>((resolve) => (done = resolve))
      await before
      try {
        const environment = await makeEnvironment({ cluster: main, fresh: undefined, options, clock })
        return keep(open, { ...environment, close: () => environment.close().finally(done) })
      } catch (error) {
        done()
        throw error
      }
    },
    close: () => (closing ??= close()),
  }
}

/** Closes once, even if asked several times. Closing the server waits for this to end. */
function keep(open: Set<ScratchEnvironment>, environment: ScratchEnvironment): ScratchEnvironment {
  let closing: Promise<void> | undefined
  const kept = { ...environment, close: () => (closing ??= environment.close().finally(() => open.delete(kept))) }
  open.add(kept)
  return kept
}

const notDisposable = (): UserError =>
  new UserError({
    kind: 'environment',
    what: 'These migrations change roles, tablespaces or settings of the whole server. A check must not do that on a server that others may use.',
    fix: 'If the server exists only for this run, set --disposable-server (input disposable-server: true). Or leave out --server, so that a private server is started.',
  })
