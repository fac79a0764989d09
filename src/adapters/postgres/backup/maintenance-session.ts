// A connection to the server of a database but not to the database itself, to create, rename and drop databases.
import { UserError } from '../../../model/errors.js'
import { isDatabaseError } from '../session.js'
import { brokenConnection } from '../live/connection.js'
import { connect, readAddress, type Address } from '../live/connect.js'
import { LostConnection, type Link } from '../live/connection.js'
import type { Backed } from '../../../ports/backup.js'
import type { BackupTools } from './tools.js'

/** The address of the live database. */
export const addressOf = ({ name, dsn, tls }: Backed, { machine }: BackupTools): Address =>
  readAddress({ name, variable: dsn, environment: machine.environment, tls })

/** Databases that every server has, the default one first. */
const MAINTENANCE = ['postgres', 'template1']

/** Always closes the connection. Turns a refusal of the server into a UserError. */
export async function withMaintenanceSession<T>(
  about: Backed,
  address: Address,
  body: (maintenance: Link) => Promise<T>,
): Promise<T> {
  const maintenance = await openMaintenanceSession(about, address)
  try {
    return await body(maintenance)
  } catch (error) {
    throw explain(error, address)
  } finally {
    await maintenance.close()
  }
}

async function openMaintenanceSession({ signal }: Backed, address: Address): Promise<Link> {
  let failure: unknown
  for (const dbname of MAINTENANCE) {
    if (dbname === address.dsn['dbname']) continue
    try {
      return await connect({ address: { ...address, dsn: { ...address.dsn, dbname } }, waitMs: 0, signal })
    } catch (error) {
      failure ??= error
    }
  }
  throw failure
}

/** Missing rights are the most common cause. */
export function explain(error: unknown, { place }: Address): unknown {
  if (error instanceof LostConnection) return brokenConnection(place, error)
  if (!isDatabaseError(error)) return error
  const fix =
    error.code === '42501'
      ? 'The role needs CREATEDB, and has to own the database: docs/restore.md has the SQL.'
      : "See the server's log, then run again."
  const what = `${place}: ${error.message} (SQLSTATE ${error.code ?? 'XX000'})`
  return new UserError({ kind: 'environment', what, fix, cause: error })
}
