// Finds pg_dump and pg_restore on this machine that are new enough for a server.
import { constants } from 'node:fs'
import { access, realpath } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../../model/errors.js'
import { runCommand } from '../server/command.js'
import { expand, PROGRAM_FOLDERS } from '../server/local.js'
import type { Machine } from '../server/machine.js'

/** Both programs are in `bin`, of one version. */
export type Clients = { readonly bin: string; readonly version: string; readonly major: number }

/** Where to look for clients. A test names fewer folders. */
const CLIENT_FOLDERS: readonly string[] = PROGRAM_FOLDERS

/** Debian's wrapper picks a version by its own rules. */
const WRAPPER = 'pg_wrapper'

/**
 * The oldest pair that is new enough. pg_dump refuses a server newer than itself. An archive needs a pg_restore that is
 * not older than the program that wrote it. Rejects with a UserError that lists the versions found.
 */
export async function findClients(
  machine: Machine,
  server: { major: number; version: string },
  folders: readonly string[] = CLIENT_FOLDERS,
): Promise<Clients> {
  const search = (machine.environment['PATH'] ?? '').split(':').filter((folder) => path.isAbsolute(folder))
  const places = [...search, ...(await Promise.all(folders.map(expand))).flat()]
  const real = await Promise.all(places.map((folder) => programFolder(folder)))
  const bins = [...new Set(real.filter((bin) => bin !== undefined))]
  const found = (await Promise.all(bins.map((bin) => probe(bin, machine)))).filter((one) => one !== undefined)
  const fitting = found.filter(({ major }) => major >= server.major).toSorted((a, b) => a.major - b.major)
  const [best] = fitting
  if (best !== undefined) return best
  const there = found.length === 0 ? 'there is none' : `there is only ${found.map(({ version }) => version).join(', ')}`
  throw new UserError({
    kind: 'environment',
    what: `a backup of PostgreSQL ${server.version} needs pg_dump ${server.major} or newer, and ${there}`,
    fix: `Install the client programs of PostgreSQL ${server.major} (postgresql-client-${server.major}), or name your own backup: --backup external --backup-id ID.`,
  })
}

async function programFolder(folder: string): Promise<string | undefined> {
  for (const name of ['pg_dump', 'pg_restore']) {
    const program = await realpath(path.join(folder, name)).catch(() => undefined)
    if (program === undefined || path.basename(program) === WRAPPER) return undefined
    if (
      !(await access(program, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      return undefined
  }
  return realpath(path.join(folder, 'pg_dump')).then((program) => path.dirname(program))
}

async function probe(bin: string, machine: Machine): Promise<Clients | undefined> {
  const { code, output } = await runCommand({ program: path.join(bin, 'pg_dump'), args: ['--version'], machine })
  const [, version] = /\(PostgreSQL\) (\S+)/.exec(output) ?? []
  return code === 0 && version !== undefined ? { bin, version, major: Number.parseInt(version, 10) } : undefined
}
