// The live schema held against the one that the files make on a scratch server.
import { majorsDifferNote, comparableAcrossMajors } from '../../catalog/portable-majors.js'
import { compareSnapshots } from '../../catalog/diff.js'
import type { Difference } from '../../catalog/difference.js'
import { UserError } from '../../model/errors.js'
import type { Migration } from '../../model/migration.js'
import { NOT_COMPARED, portable, rolesIn } from '../../catalog/portable.js'
import { rolesNamed } from '../../catalog/portable-roles.js'
import type { Snapshot } from '../../catalog/snapshot.js'
import { withSubstitute } from '../../model/migration.js'
import { reachesCluster } from '../../prove/cluster-wide.js'
import type { Opened, Stand } from './connect.js'
import type { ServerSlot } from '../shared/scratch-server.js'

/** What the live schema has more, less or otherwise than the files of what is applied make. */
export const findDrift = (options: {
  readonly opened: Opened
  readonly stand: Stand
  readonly server: ServerSlot
}): Promise<Drift> =>
  compareWithFiles({ ...options, migrations: options.stand.standing.applied.map(({ migration }) => migration) })

/** `notes` say what was not compared. */
export type Drift = { readonly differences: readonly Difference[]; readonly notes: readonly string[] }

/** Portable catalogues; `majors` are those of the live server and of the one on which the other was made. */
export function driftOf(options: {
  readonly made: Snapshot
  readonly live: Snapshot
  readonly majors: readonly [number, number]
}): Drift {
  const { made, live, majors } = options
  const like = majors[0] === majors[1]
  return {
    differences: like
      ? compareSnapshots(made, live)
      : compareSnapshots(comparableAcrossMajors(made), comparableAcrossMajors(live)),
    notes: [`the live schema was compared ${NOT_COMPARED}`, ...(like ? [] : [majorsDifferNote(...majors)])],
  }
}

/** Rejects with a UserError of kind `environment` when the files cannot be run there. */
export async function compareWithFiles(options: {
  readonly opened: Opened
  readonly migrations: readonly Migration[]
  readonly server: ServerSlot
}): Promise<Drift> {
  const { opened, migrations } = options
  const { read, target, found } = opened
  const scripts = migrations.map((migration) => withSubstitute(migration, read.standIns).up)
  const missing = migrations[scripts.findIndex((script) => script === undefined)]
  if (missing !== undefined) throw cannot(`${missing.id} has no up that could be run here`)
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
    if (failure !== undefined) throw cannot(`${migrations[done]?.id ?? ''} fails there: ${failure.message}`)
    const made = await scratch.snapshot()
    const live = await target.snapshot()
    const named = rolesNamed([...read.setup, ...steps.map(({ script }) => script)])
    const view = { history: found, roles: rolesIn([made]), ranBy: { database: target.database, named } }
    return driftOf({
      made: portable(made, view),
      live: portable(live, view),
      majors: [target.major, server.report.major],
    })
  } finally {
    await bench.close()
  }
}

const cannot = (why: string): UserError =>
  new UserError({
    kind: 'environment',
    what: `the live schema cannot be compared with the files: ${why}`,
    fix: 'pg-migration-gate check shows what is wrong with the files.',
  })
