// Finds what would keep a dump of a live database from being restored, before anything is changed.
import { UserError } from '../../../model/errors.js'
import type { DumpObstacle } from '../../../release/backup.js'
import type { Backed } from '../../../ports/backup.js'
import { isDatabaseError } from '../session.js'
import { connect, type Address } from '../live/connect.js'
import { lastRows, type Link } from '../live/connection.js'
import { needsProbe, obstaclesFrom, readFacts, type Facts } from '../restorability/obstacles.js'
import { openProbe } from '../restorability/probe.js'
import { findClients } from './clients.js'
import { searchedSchemas } from './live.js'
import { addressOf, explain } from './maintenance-session.js'
import { connectionOf, readProgram } from './program.js'
import { withScratchCopy } from './scratch-copy.js'
import { withoutPsql } from './structure.js'
import type { BackupTools } from './tools.js'

/** How long the copy of the schema waits for a table that another session has locked. */
const LOCK_MS = 5_000

/** See Backups.obstacles. */
export async function foreseeObstacles(about: Backed, tools: BackupTools): Promise<readonly DumpObstacle[]> {
  const address = addressOf(about, tools)
  const link = await connect({ address, waitMs: 0, signal: about.signal })
  try {
    const facts = await readFacts(link, await searchedSchemas(link))
    return needsProbe(facts)
      ? await onCopy({ about, tools, address, link, facts })
      : await obstaclesFrom(facts, { why: '' })
  } catch (error) {
    if (!isDatabaseError(error)) throw explain(error, address)
    const what = `the catalogue cannot be read (SQLSTATE ${error.code ?? 'XX000'})`
    return [{ kind: 'unknown', what, repair: [] }]
  } finally {
    await link.close()
  }
}

type Asking = {
  readonly about: Backed
  readonly tools: BackupTools
  readonly address: Address
  readonly link: Link
  readonly facts: Facts
}

/** Made-up values are tried on a copy without rows, never on the live database. */
async function onCopy({ about, tools, address, link, facts }: Asking): Promise<readonly DumpObstacle[]> {
  const { machine } = tools
  try {
    const [row] = lastRows(
      await link.send(`SELECT current_setting('server_version_num'), current_setting('server_version')`),
    )
    const server = { major: Math.floor(Number(row?.[0]) / 10_000), version: row?.[1] ?? '' }
    const schema = await readProgram({
      machine,
      clients: await findClients(machine, server, tools.clientFolders),
      signal: about.signal,
      name: 'pg_dump',
      what: 'its structure cannot be read',
      connection: connectionOf(address.dsn, undefined, machine.environment),
      args: [
        '--section=pre-data',
        '--no-owner',
        '--no-acl',
        '--no-password',
        '--exclude-schema=migration_gate',
        `--lock-wait-timeout=${LOCK_MS}`,
      ],
    })
    return await withScratchCopy({ tools, major: server.major, link }, async ({ config }) => {
      const probe = await openProbe(config, withoutPsql(schema), facts.path)
      try {
        return await obstaclesFrom(facts, probe)
      } finally {
        await probe.close()
      }
    })
  } catch (error) {
    if (!(error instanceof UserError) || error.kind === 'cancelled') throw error
    return obstaclesFrom(facts, { why: error.message.replaceAll(/\s*\n\s*/g, ' ') })
  }
}
