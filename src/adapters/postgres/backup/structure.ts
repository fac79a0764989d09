// The structure of a live database as one SQL text.
import type { Backed } from '../../../ports/backup.js'
import { connect } from '../live/connect.js'
import { findClients } from './clients.js'
import { addressOf, explain } from './maintenance-session.js'
import { holdSnapshot, releaseSnapshot } from './live.js'
import { makeRole, roleNames } from './clone.js'
import type { BackupTools } from './tools.js'
import { connectionOf, readProgram } from './program.js'

/** Without owners and rights, only these objects name roles. pg_dump writes the names on their first line. */
const NAMES_ROLES = /^CREATE (?:POLICY|USER MAPPING) /

/** psql's own lines, which pg_dump writes since CVE-2025-8714. Any other backslash may be in the body of a function. */
const PSQL = /^\\(?:un)?restrict /

/** The text of a dump without the lines that only psql understands. */
export const withoutPsql = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !PSQL.test(line))
    .join('\n')

const wordIn = (name: string): RegExp =>
  new RegExp(`(?<![\\w$])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`)

/** See Backups.structure. Leaves out psql's own commands, and what a new database already has. */
export async function dumpStructure(
  about: Backed & { readonly scripts: readonly string[] },
  tools: BackupTools,
): Promise<string> {
  const { name, signal } = about
  const { machine } = tools
  const address = addressOf(about, tools)
  const link = await connect({ address, waitMs: 0, signal })
  try {
    const moment = await holdSnapshot(link)
    const clients = await findClients(machine, moment, tools.clientFolders)
    const text = await readProgram({
      clients,
      machine,
      signal,
      name: 'pg_dump',
      what: `${name}: its structure cannot be read`,
      connection: connectionOf(address.dsn, undefined, machine.environment),
      args: [
        '--schema-only',
        '--no-owner',
        '--no-acl',
        '--no-password',
        '--exclude-schema=migration_gate',
        `--snapshot=${moment.snapshot}`,
      ],
    })
    const lines = withoutPsql(text)
      .split('\n')
      .filter((line) => line !== 'CREATE SCHEMA public;')
    const texts = [...lines.filter((line) => NAMES_ROLES.test(line)), ...about.scripts]
    const named = (await roleNames(link)).filter((name) => texts.some((text) => wordIn(name).test(text)))
    return [...named.map(makeRole), ...lines].join('\n')
  } catch (error) {
    throw explain(error, address)
  } finally {
    await releaseSnapshot(link)
    await link.close()
  }
}
