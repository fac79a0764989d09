// Restores a backup into a scratch database and compares it with the snapshot that it was made of.
import { comparableAcrossMajors } from '../../../catalog/portable.js'
import { compareSnapshots } from '../../../catalog/compare-snapshots.js'
import { UserError } from '../../../model/errors.js'
import type { TableName } from '../../../state/history.js'
import type { Snapshot } from '../../../catalog/snapshot.js'
import { claimNames } from '../scratch/scratch-names.js'
import { openLink, type Link } from '../live/connection.js'
import type { Clients } from './clients.js'
import { countRows, readCatalogue } from './live.js'
import { makeRole, roleNames } from './clone.js'
import type { BackupTools } from './tools.js'
import { connectionTo, runProgram } from './program.js'

/** The catalogue of a database, and its numbers of rows if they were counted. */
export type RestoreCheck = { readonly catalogue: Snapshot; readonly rows: Readonly<Record<string, number>> | undefined }

/** Rejects with a UserError when the restore fails, or its result differs. */
export async function proveByRestoring(options: {
  archive: string
  name: string
  history: TableName | undefined
  seen: RestoreCheck
  /** The major of the live server. */
  major: number
  /** A connection to the live database, for the names of its roles. */
  link: Link
  common: {
    readonly clients: Clients
    readonly machine: BackupTools['machine']
    readonly signal: AbortSignal
  }
  tools: BackupTools
}): Promise<void> {
  const { archive, name, history, seen, common, tools } = options
  await tools.withScratch(options.major, async (cluster) => {
    const { major } = cluster.report
    const maintenance = await openLink(cluster.connection(cluster.maintenance))
    let scratch: string | undefined
    try {
      scratch = (await claimNames(maintenance, cluster))()
      if (cluster.kind === 'own') await borrowRoles(options.link, maintenance)
      await maintenance.send(`CREATE DATABASE "${scratch}" TEMPLATE template0`)
      const config = cluster.connection(scratch)
      await runProgram({
        ...common,
        name: 'pg_restore',
        connection: connectionTo(config),
        what: `${name}: the backup cannot be restored`,
        args: ['--no-owner', '--no-acl', '--no-tablespaces', '--exit-on-error', '-d', scratch, '--', archive],
        fix: NOT_HERE,
      })
      const restored = await openLink(config)
      try {
        const back = { catalogue: await readCatalogue(restored, major, history), rows: await countRows(restored) }
        refuseOther(name, { seen, back, like: major === options.major })
      } finally {
        await restored.close()
      }
    } finally {
      if (scratch !== undefined) {
        await maintenance.send(`DROP DATABASE IF EXISTS "${scratch}" WITH (FORCE)`).catch(() => undefined)
      }
      await maintenance.close()
    }
  })
}

const NOT_HERE =
  'Nothing was changed. If the scratch server lacks something, such as an extension, name a server that has it (--server). Or check the archive only by reading it (--prove-backup read).'

/** Policies name roles, and a scratch server has none of them. */
async function borrowRoles(live: Link, maintenance: Link): Promise<void> {
  for (const name of await roleNames(live)) await maintenance.send(makeRole(name))
}

function refuseOther(name: string, options: { seen: RestoreCheck; back: RestoreCheck; like: boolean }): void {
  const { seen, back, like } = options
  const [was, is] = [seen, back].map(({ catalogue }) => (like ? catalogue : comparableAcrossMajors(catalogue)))
  const rows = back.rows ?? {}
  const differences = compareSnapshots(was ?? new Map(), is ?? new Map()).map(
    ({ kind, identity }) => `${kind} ${identity}`,
  )
  const counted = Object.entries(seen.rows ?? {}).filter(([table, count]) => rows[table] !== count)
  const wrong = [
    ...differences,
    ...counted.map(([table, count]) => `${table} has ${rows[table] ?? 'no'} of ${count} rows`),
  ]
  if (wrong.length === 0) return
  throw new UserError({
    kind: 'environment',
    what: `${name}: the restored backup differs from the database: ${wrong.slice(0, 5).join(', ')}`,
    fix: 'Nothing was changed. Look at these differences. --prove-backup read accepts the archive without a restore, --backup external uses your own backup.',
  })
}
