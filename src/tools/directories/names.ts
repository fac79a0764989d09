// Names of the files in the folder of a migration (direction, server, Prisma), and the contents of diesel's metadata.toml.
import type { Direction, Migration } from '../../model/migration.js'
import { dialectOf } from '../dialects.js'

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

/** Whether folders hold a file for each server, which no tool with a known history reads. */
export const areByServer = (migrations: readonly Migration[]): boolean =>
  migrations.some(({ up, down }) =>
    [up, down].some((script) => parseDirectoryFile(script?.file.split('/').at(-1) ?? '')?.dialect === 'postgres'),
  )

/**
 * Prisma's migrations are `<version>_<name>/migration.sql`, and by hand a `down.sql` beside it. This is the only name that Prisma
 * Migrate runs (https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories).
 */
export const PRISMA_UP = 'migration.sql'

/** Whether Prisma's own table records what is applied: this program never writes it. */
export const isPrismas = (migrations: readonly Migration[]): boolean =>
  migrations.some(({ up }) => up?.file.endsWith(`/${PRISMA_UP}`) === true)

/**
 * What diesel's metadata.toml beside a migration says. `says`: the key is set. `silent`: the file is well formed but
 * lacks the key, which diesel reads as false. `unreadable`: diesel cannot use the file and falls back to a transaction.
 * Rules of diesel_migrations 2.3.
 */
export type Metadata =
  | { readonly kind: 'says'; readonly transaction: boolean }
  | { readonly kind: 'silent' | 'unreadable' }

/** Reads metadata.toml. It has one key, so this is not a complete reader of TOML. */
export function parseMetadata(text: string): Metadata {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/^[ \t]+|[ \t]+$/g, ''))
  const table = lines.findIndex((line) => /^\[/.test(line))
  const top = table === -1 ? lines : lines.slice(0, table)
  const values = top.flatMap(
    (line) =>
      /^(?:"run_in_transaction"|'run_in_transaction'|run_in_transaction)[ \t]*=[ \t]*(.*)$/.exec(line)?.[1] ?? [],
  )
  const [value, again] = values.map((raw) => raw.replace(/[ \t]*#.*$/, ''))
  if (again !== undefined) return { kind: 'unreadable' }
  if (value === 'true' || value === 'false') return { kind: 'says', transaction: value === 'true' }
  if (value !== undefined) return { kind: 'unreadable' }
  const wellFormed = lines.every((line) => line === '' || /^(?:#|\[.+\]|[\w."'-]+[ \t]*=[ \t]*\S)/.test(line))
  return { kind: wellFormed ? 'silent' : 'unreadable' }
}
