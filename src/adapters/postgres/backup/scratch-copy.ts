// An empty scratch database for a copy of a live one.
import type { ClientConfig } from 'pg'
import { claimNames } from '../scratch/scratch-names.js'
import { openLink, type Link } from '../live/connection.js'
import { makeRole, roleNames } from './clone.js'
import type { BackupTools } from './tools.js'

/** `again` drops the database and makes it empty again. */
export type ScratchCopy = {
  readonly config: ClientConfig
  readonly major: number
  readonly again: () => Promise<void>
}

/**
 * On a server of the live major, if there is one. `link` is a connection to the live database, whose roles exist on a
 * server of our own too. Drops the database afterwards. Rejects with a UserError if there is no server.
 */
export function withScratchCopy<T>(
  options: { readonly tools: BackupTools; readonly major: number; readonly link: Link },
  body: (copy: ScratchCopy) => Promise<T>,
): Promise<T> {
  return options.tools.withScratch(options.major, async (cluster) => {
    const maintenance = await openLink(cluster.connection(cluster.maintenance))
    let name: string | undefined
    const drop = async (): Promise<void> => {
      if (name !== undefined) await maintenance.send(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
    }
    try {
      name = (await claimNames(maintenance, cluster))()
      if (cluster.kind === 'own') await borrowRoles(options.link, maintenance)
      const create = `CREATE DATABASE "${name}" TEMPLATE template0`
      await maintenance.send(create)
      const again = async (): Promise<void> => {
        await drop()
        await maintenance.send(create)
      }
      return await body({ config: cluster.connection(name), major: cluster.report.major, again })
    } finally {
      await drop().catch(() => undefined)
      await maintenance.close()
    }
  })
}

/** Policies name roles, and a scratch server has none of them. */
async function borrowRoles(live: Link, maintenance: Link): Promise<void> {
  for (const name of await roleNames(live)) await maintenance.send(makeRole(name))
}
