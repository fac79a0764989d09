// The live schema held against the one that the files make on a scratch server.
import { compareSnapshots } from '../core/compare.js'
import type { Difference } from '../core/difference.js'
import { UserError } from '../core/errors.js'
import type { Migration } from '../core/migration.js'
import { clusterWide } from '../core/sql-cluster.js'
import { splitStatements } from '../core/sql.js'
import { portable, rolesIn } from '../core/portable.js'
import type { Opened, Stand } from './opened.js'
import type { ServerSlot } from './server-slot.js'

/** What the live schema has more, less or otherwise than the files of what is applied make. */
export const findDrift = (options: {
  readonly opened: Opened
  readonly stand: Stand
  readonly server: ServerSlot
}): Promise<readonly Difference[]> =>
  compareWithFiles({ ...options, migrations: options.stand.standing.applied.map(({ migration }) => migration) })

/** Rejects with a UserError of kind `environment` when the files cannot be run there. */
export async function compareWithFiles(options: {
  readonly opened: Opened
  readonly migrations: readonly Migration[]
  readonly server: ServerSlot
}): Promise<readonly Difference[]> {
  const { opened, migrations } = options
  const { read, target, found } = opened
  const scripts = migrations.map((migration) => read.standIns.get(migration.version)?.up ?? migration.up)
  const missing = migrations[scripts.findIndex((script) => script === undefined)]
  if (missing !== undefined) throw cannot(`${missing.id} has no up that could be run here`)
  const steps = scripts.flatMap((script) => (script === undefined ? [] : [{ script, direction: 'up' as const }]))
  const server = await options.server.get(target.major)
  const wide = steps.some(({ script }) =>
    script.messages.some(({ text }) => splitStatements(text).some((statement) => clusterWide(statement) !== undefined)),
  )
  const bench = await server.bench({
    clusterWide: wide,
    session: read.config.session,
    setup: read.setup,
    snapshots: 'full',
  })
  try {
    const scratch = await bench.open()
    const { done, failure } = await scratch.replay(steps)
    if (failure !== undefined) throw cannot(`${migrations[done]?.id ?? ''} fails there: ${failure.message}`)
    const [made, live] = [await scratch.snapshot(), await target.snapshot()]
    const view = { history: found, roles: rolesIn([made]) }
    return compareSnapshots(portable(made, view), portable(live, view))
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
