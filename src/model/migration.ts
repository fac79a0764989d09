// What a migration is, whatever tool's files it was read from.
import type { Place } from './source.js'

/** The name of a layout, as `layout` in the config and in reports writes it. tools/tools.ts has the list. */
export type LayoutName = string

export type Direction = 'up' | 'down'

/**
 * How a script meets the server:
 * - `wrapped`: the tool opens one transaction around all messages and its history row;
 * - `message`: the tool opens none, but each message of several statements is one implicit transaction;
 * - `none`: each message is sent on its own and commits on its own.
 */
export type TransactionMode = 'wrapped' | 'message' | 'none'

/**
 * What the tool sends to the server in one go.
 * `lines[i]` is the line of the file that line `i` (from 0) of `text` stands on; `column` is where the first one starts.
 */
export type Message = { readonly text: string; readonly lines: readonly number[]; readonly column: number }

/**
 * The SQL of one direction. `checksum` is the SHA-256 (hex) of the messages' text, `sha384` the SHA-384 (hex) of the
 * file's bytes, where a tool that reads such files keeps it (sqlx).
 */
export type Script = {
  readonly file: string
  readonly transaction: TransactionMode
  readonly messages: readonly Message[]
  readonly checksum: string
  readonly sha384?: string
}

/** Said in the file (or the config): this migration cannot be taken back, on purpose. */
export type Irreversible = { readonly reason: string; readonly place: Place | undefined }

/** The tool refuses to read a direction: the script that is missing then is not missing, it is broken. */
export type Refusal = { readonly message: string; readonly place: Place | undefined }

/** A seed in JavaScript or TypeScript that exports `up` and `down`. `checksum` is the SHA-256 (hex) of the file. */
export type SeedModule = { readonly file: string; readonly checksum: string }

/**
 * One step of a chain. `version` is the text the tool identifies it by as written in the file name (`00004`), `id` what
 * people call it (`00004_add_source`). `up` is missing for a down file that stands alone; `down` when there is none.
 * `code` names the file of a migration written in a programming language, which cannot be run here unless it is a
 * `module`; then neither `up` nor `down` is there. `repeat: 'on change'`: the tool runs it behind all that have a version, and
 * again whenever its text has changed (Flyway's `R__`); its `version` is empty and it has no down.
 */
export type Migration = {
  readonly id: string
  readonly version: string
  readonly name: string
  readonly kind: 'schema' | 'seed'
  readonly up: Script | undefined
  readonly down: Script | undefined
  readonly code: string | undefined
  readonly module?: SeedModule | undefined
  readonly irreversible: Irreversible | undefined
  readonly refused?: Refusal | undefined
  readonly repeat?: 'on change' | undefined
}

/** Those that have a version, and so a place in the order and a way back. */
export const versionedOf = <M extends Pick<Migration, 'repeat'>>(migrations: readonly M[]): readonly M[] =>
  migrations.some(({ repeat }) => repeat !== undefined)
    ? migrations.filter(({ repeat }) => repeat === undefined)
    : migrations

/** Every file that it is made of, once: the up first, then the down, or the code. */
export const filesOf = ({
  up,
  down,
  code,
  module,
}: Pick<Migration, 'up' | 'down' | 'code' | 'module'>): readonly string[] => [
  ...new Set([up?.file, down?.file, code, module?.file].filter((file) => file !== undefined)),
]

// What is run in the place of a migration that is code.
/** By version: the scripts (up, and down if there is one) to run for a migration that is code. */
export type SqlSubstitutes = ReadonlyMap<string, Pick<Migration, 'up' | 'down'>>

/** The migration with the scripts that stand in for its code; as it is where nothing does, or where it is SQL itself. */
export function withSubstitute(migration: Migration, standIns: SqlSubstitutes): Migration {
  const instead = migration.code === undefined ? undefined : standIns.get(migration.version)
  return instead === undefined ? migration : { ...migration, ...instead }
}

// Folders whose migrations have no way back at all, by habit.
/** From here on, a folder without a single down is one fact, not one for each migration. */
const MANY = 5

/** Whether nobody writes downs here: nothing is gained by what a down of each could be. */
export function isUpOnly(migrations: readonly Pick<Migration, 'down' | 'repeat'>[]): boolean {
  const versioned = versionedOf(migrations)
  return versioned.length > MANY && versioned.every(({ down }) => down === undefined)
}
