// Compares the live schema of a target with the one from its files on a scratch server.
import { driftOf, type Drift } from '../../catalog/drift.js'
import { portable, rolesIn } from '../../catalog/portable.js'
import { rolesNamed } from '../../catalog/portable-roles.js'
import { UserError } from '../../model/errors.js'
import { withSubstitute, type Migration } from '../../model/migration.js'
import { reachesCluster } from '../../sql/effects/cluster-wide.js'
import type { ServerSlot } from '../shared/scratch-server.js'
import { otherTables } from '../../tools/foreign-histories.js'
import type { ConnectedTarget } from './target.js'

/** Rejects with a UserError of kind `environment` when the files cannot be run there. */
export async function compareWithFiles(options: {
  readonly connected: ConnectedTarget
  readonly migrations: readonly Migration[]
  readonly server: ServerSlot
}): Promise<Drift> {
  const { connected, migrations } = options
  const { read, target, found } = connected
  const scripts = migrations.map((migration) => withSubstitute(migration, read.standIns).up)
  const missing = migrations[scripts.findIndex((script) => script === undefined)]
  if (missing !== undefined) throw cannot(connected, `${missing.id} has no up that can run here`)
  const steps = scripts.flatMap((script) => (script === undefined ? [] : [{ script, direction: 'up' as const }]))
  const server = await options.server.get(target.major)
  const bench = await server.openEnvironment({
    clusterWide: reachesCluster([...read.setup, ...steps.map(({ script }) => script)]),
    session: read.config.session,
    setup: read.setup,
    snapshots: 'full',
  })
  try {
    const scratch = await bench.open()
    const { done, failure } = await scratch.replay(steps)
    if (failure !== undefined) throw cannot(connected, `${migrations[done]?.id ?? ''} fails there: ${failure.message}`)
    const made = await scratch.snapshot()
    const live = await target.snapshot()
    const named = rolesNamed([...read.setup, ...steps.map(({ script }) => script)])
    const histories = otherTables(found)
    const view = { history: found, histories, roles: rolesIn([made]), ranBy: { database: target.database, named } }
    return driftOf({
      made: portable(made, view),
      live: portable(live, view),
      majors: [target.major, server.report.major],
    })
  } finally {
    await bench.close()
  }
}

const cannot = ({ check }: ConnectedTarget, why: string): UserError =>
  new UserError({
    kind: 'environment',
    what: `the live schema cannot be compared with the files: ${why}`,
    fix: `${check} shows what is wrong with the files.`,
  })
