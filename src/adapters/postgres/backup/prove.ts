// Restores a backup into a scratch database and compares it with the snapshot that it was made of.
import { comparableAcrossMajors } from '../../../catalog/portable.js'
import { compareSnapshots } from '../../../catalog/compare-snapshots.js'
import { UserError } from '../../../model/errors.js'
import type { TableName } from '../../../state/history.js'
import type { Snapshot } from '../../../catalog/snapshot.js'
import { openLink, type Link } from '../live/connection.js'
import type { Clients } from './clients.js'
import { countRows, readCatalogue, searchedSchemas } from './live.js'
import type { BackupTools } from './tools.js'
import { connectionTo } from './program.js'
import { restoreArchive } from './restore-archive.js'
import { withScratchCopy } from './scratch-copy.js'

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
  const { archive, name, history, seen, common, tools, link } = options
  await withScratchCopy({ tools, major: options.major, link }, async ({ config, major, again }) => {
    await restoreArchive({
      ...common,
      archive,
      jobs: 1,
      again,
      what: `${name}: the backup cannot be restored`,
      fix: NOT_HERE,
      connection: connectionTo(config),
      args: ['--no-owner', '--no-acl', '--no-tablespaces'],
      open: () => openLink(config),
      path: await searchedSchemas(link),
    })
    const restored = await openLink(config)
    try {
      const back = { catalogue: await readCatalogue(restored, major, history), rows: await countRows(restored) }
      refuseOther(name, { seen, back, like: major === options.major })
    } finally {
      await restored.close()
    }
  })
}

const NOT_HERE =
  'Nothing was changed. If the scratch server lacks something, such as an extension, name a server that has it (--server). If the archive itself is at fault, fix its cause in the database, or use your own backup: --backup external --backup-id ID.'

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
    fix: 'Nothing was changed. Look at these differences, then run again; or use your own backup: --backup external --backup-id ID.',
  })
}
