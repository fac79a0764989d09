// What stands in the folder of a migration, by the names of its files: directions, and the server that they are for.
import type { Direction, Migration } from '../core/migration.js'
import { dialectOf } from './dialects.js'
import { PRISMA_UP } from './prisma.js'

/** `dialect` is `postgres`, another server's word, or `any`. */
export type DirectoryFile = { readonly direction: Direction; readonly dialect: string }

/**
 * `up.sql`, `down.sql`, Prisma's `migration.sql`, and those of one server: `postgres.sql`, `up.postgres.sql`,
 * `postgres.down.sql`. Undefined for any other name.
 */
export function parseDirectoryFile(name: string): DirectoryFile | undefined {
  if (name === PRISMA_UP) return { direction: 'up', dialect: 'any' }
  const match = /^(?:(up|down)|(\w+)|(\w+)\.(up|down)|(up|down)\.(\w+))\.sql$/.exec(name)
  if (match === null) return undefined
  const direction = (match[1] ?? match[4] ?? match[5] ?? 'up') === 'down' ? 'down' : 'up'
  const server = match[2] ?? match[3] ?? match[6]
  if (server === undefined) return { direction, dialect: 'any' }
  const dialect = dialectOf(server)
  return dialect === undefined || dialect === 'any' ? undefined : { direction, dialect }
}

/** Of these names the one of a direction: a file for PostgreSQL goes before the one for all servers. */
export function nameFor(direction: Direction, names: readonly string[]): string | undefined {
  const own = (dialect: string): readonly string[] =>
    names.filter((name) => {
      const parsed = parseDirectoryFile(name)
      return parsed?.direction === direction && parsed.dialect === dialect
    })
  return own('postgres')[0] ?? own('any').find((name) => name !== PRISMA_UP) ?? own('any')[0]
}

/** Whether folders hold a file for each server, which no tool reads whose history is known here. */
export const areByServer = (migrations: readonly Migration[]): boolean =>
  migrations.some(({ up, down }) =>
    [up, down].some((script) => parseDirectoryFile(script?.file.split('/').at(-1) ?? '')?.dialect === 'postgres'),
  )
